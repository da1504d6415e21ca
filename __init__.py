"""Fieldline: from what every system demands and how values travel, which values survive the whole journey.

Nothing is imported here before it is asked for: the repository's root is this package, and a command pays only for what it
uses. What an application uses is `load`, and `pandera_schema`; see `fieldline.application.library`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .application.library import load
    from .rows.pandera_schema import pandera_schema

__all__ = ["__version__", "load", "pandera_schema"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name == "load":
        from .application.library import load

        return load
    if name == "pandera_schema":
        from .rows.pandera_schema import pandera_schema

        return pandera_schema
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
