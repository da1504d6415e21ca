"""Titles in a language, and names in place of those that are not given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..contracts.model import Field
    from ..documents.local_text import SpokenLanguage
    from ..documents.names import FieldName
    from ..estate.directory import FoundBy


def title_within(field: Field, language: SpokenLanguage) -> str:
    """A field's title in a language; where it has none, its name, with blanks for underscores."""
    return field.name.replace("_", " ") if field.title is None else field.title.within(language)[0]


def kind_title(kind: FoundBy, fields: Mapping[FieldName, Field], language: SpokenLanguage) -> str:
    """What people look for a record by: in other languages than the estate's own by the title of its first field there."""
    title = fields[kind.fields[0]].title
    if language == "en" or title is None:
        return kind.kind
    return dict(title.by_language).get(language, kind.kind)
