"""Fieldline: from every system's constraints and the flows between them, the values that every system accepts unaltered.

The repository's root is this package. Nothing is imported before its first use: a command, or an application, pays only
for the parts that it uses.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .application.gates import ActionGate
    from .application.library import Entry, LoadedEstate, Result, UnknownFields, Violation, load
    from .checker.record.gate import GateDecision, Passing
    from .checker.requirement.screen import UnknownEntry
    from .documents.location import Location
    from .documents.problem import EstateError, Problem
    from .rows.pandera_schema import pandera_schema
    from .rows.stores.stores import Stores
    from .values.error import FieldlineError, MissingExtra

__all__ = [
    "ActionGate",
    "Entry",
    "EstateError",
    "FieldlineError",
    "GateDecision",
    "LoadedEstate",
    "Location",
    "MissingExtra",
    "Passing",
    "Problem",
    "Result",
    "Stores",
    "UnknownEntry",
    "UnknownFields",
    "Violation",
    "__version__",
    "load",
    "pandera_schema",
]
__version__ = "0.1.0"

_HOMES = {
    "ActionGate": "application.gates",
    "Entry": "application.library",
    "EstateError": "documents.problem",
    "FieldlineError": "values.error",
    "GateDecision": "checker.record.gate",
    "LoadedEstate": "application.library",
    "Location": "documents.location",
    "MissingExtra": "values.error",
    "Passing": "checker.record.gate",
    "Problem": "documents.problem",
    "Result": "application.library",
    "Stores": "rows.stores.stores",
    "UnknownEntry": "checker.requirement.screen",
    "UnknownFields": "application.library",
    "Violation": "application.library",
    "load": "application.library",
    "pandera_schema": "rows.pandera_schema",
}
"""The module of every exported name."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .values.error import needing_extras

    with needing_extras(f"fieldline.{name}"):
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
