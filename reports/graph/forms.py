"""The forms a graph is written in, by the value of `fieldline graph --as`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..page.page import lineage_page
from .dot import graph_dot
from .graphml import graph_graphml
from .json import graph_json
from .mermaid import graph_mermaid
from .openlineage import graph_openlineage
from .svg import graph_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...checker.verdict.overview import Overview

FORMS: Mapping[str, Callable[[Overview], str]] = {
    "html": lineage_page,
    "mermaid": graph_mermaid,
    "dot": graph_dot,
    "graphml": graph_graphml,
    "json": graph_json,
    "openlineage": graph_openlineage,
    "svg": graph_svg,
}

ENDINGS: Mapping[str, str] = {
    ".html": "html",
    ".htm": "html",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".graphml": "graphml",
    ".json": "json",
    ".ndjson": "openlineage",
    ".svg": "svg",
}
"""The form for each ending of a file's name."""
