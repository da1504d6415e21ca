"""The formats that a contract is exported to, by the value of `fieldline export --as`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...application.names import chosen
from .answers import ExportAnswer
from .json_schema import json_schema_export
from .odcs import odcs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...contracts.model import System
    from ...estate.load import Estate
    from .export import Export

EXPORTS: Mapping[str, Callable[[System], Export]] = {"odcs": odcs, "json-schema": json_schema_export}


def export_contract(estate: Estate, system: str, target: str) -> ExportAnswer:
    """Export the contract of a system to a format, a key of `EXPORTS`. Raises UnknownName."""
    return ExportAnswer(system, target, EXPORTS[target](chosen(system, estate.contracts.systems, "system")))
