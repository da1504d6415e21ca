"""Titles in a language, and names in place of those that are not given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..contracts.model import Field
    from ..documents.local_text import SpokenLanguage


def title_within(field: Field, language: SpokenLanguage) -> str:
    """A field's title in a language; where it has none, its name, with blanks for underscores."""
    return field.name.replace("_", " ") if field.title is None else field.title.within(language)[0]
