"""JSON Schema."""
from __future__ import annotations
from typing import TYPE_CHECKING
from .source import Format, format_shape
from .tree import mapping
if TYPE_CHECKING:
    from ..problem import Problems
    from ..yaml_events import MappingNode
    from .source import Source
def _read(source: Source, problems: Problems) -> MappingNode:
    return mapping((), source.location)
FORMAT = Format(format_shape("json_schema", "A JSON Schema."), (".json",), _read)
