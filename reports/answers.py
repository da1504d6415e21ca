"""Answers that need no use case: nothing is decided, something is written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..application.proposal import EstateProposal


@dataclass(frozen=True, slots=True)
class SchemaAnswer:
    """A JSON Schema."""

    name: str
    """A key of `SCHEMAS`."""


@dataclass(frozen=True, slots=True)
class CiAnswer:
    """The lines for a CI system, written by `fieldline init --ci`."""

    file: str
    """Their file, as it was written to."""


@dataclass(frozen=True, slots=True)
class ProposalAnswer:
    """The estate made of what is in a folder, written by `fieldline init --from`."""

    folder: str
    files: Sequence[str]
    """The names of its files in the folder."""
    proposal: EstateProposal


@dataclass(frozen=True, slots=True)
class StarterAnswer:
    """The first estate, written by `fieldline init`."""

    folder: str
    files: Sequence[str]
    """The names of its files in the folder."""
