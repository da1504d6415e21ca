"""The input and the output of a reader of a foreign format, and the description of a format."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, get_args

from ..contracts.model import Kind
from ..contracts.other_words import KIND_WORDS
from ..documents.shape import TEXT, Choice, Key, Keyed, ListOf, TextMap
from ..documents.variables import NO_VARIABLES, Variables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import MappingNode

_T = TypeVar("_T")

FILES = Key(
    "files",
    ListOf(TEXT, least=1, single=True),
    "Files, folders, or patterns such as schema/*.sql, relative to the estate's folder; read in this order.",
    required=True,
)
ONLY = Key("only", ListOf(TEXT, least=1, single=True), "The entities that are read, by the source's names.")
AS = Key(
    "as",
    TextMap(),
    "Names of our own for the source's entities, and (written entity.field) for fields: {source: ours}.",
)
KIND_OPTION = Key(
    "kind", Choice(*get_args(Kind), also=KIND_WORDS), "The kind of the entities, in place of the format's own."
)


@dataclass(frozen=True, slots=True)
class ForeignSource:
    """One foreign source, as its reader gets it."""

    files: Mapping[str, str]
    """The texts by their names relative to the estate's folder, in the order they are read; lines end in `\\n`."""
    options: ShapedRecord
    """The options in the contract, by the keys of the format's own shape."""
    location: Location
    """Where the contract names it: for problems of the source as a whole."""
    other: Callable[[str], str | None]
    """The text of another file of the estate, by its name relative to the estate's folder; None where there is none."""

    variables: Variables = NO_VARIABLES
    """The environment variables that may be read."""
    met: list[str] = field(default_factory=list)
    """The entities that the reader came across."""
    engines: list[str] = field(default_factory=list)
    """The database engine whose tables the reader read, where it knows."""

    def get(self, option: Key[_T]) -> _T | None:
        """An option; None where the contract does not give it."""
        return self.options.get(option)

    def wants(self, name: str) -> bool:
        """Whether an entity is read at all: a reader need not look at the others, or report problems in them."""
        self.met.append(name)
        only = self.options.get(ONLY)
        return only is None or name in only


Read: TypeAlias = "Callable[[ForeignSource, Problems], MappingNode]"
"""The entities a source describes, as the node under `entities` of a contract file would be."""


@dataclass(frozen=True, slots=True)
class Format:
    """A foreign format."""

    shape: Keyed
    """Its name, its description and its options; made by `format_shape` where it reads files."""
    suffixes: tuple[str, ...]
    """The endings of its files in a folder; none where it reads no files."""
    read: Read

    @property
    def name(self) -> str:
        """Its word in `from:` and on the command line."""
        return self.shape.name


def format_shape(name: str, doc: str, *options: Key[Any]) -> Keyed:
    """The shape of a format that reads files: `{name: path}`, or `{name: {files: path, only: …, …}}`."""
    return Keyed(name, doc, (FILES, ONLY, AS, KIND_OPTION, *options), short="files")


UNNAMED_SYSTEM = "_"
"""The system of what a source names without a system, where the source says none."""


def own_name(text: str) -> str:
    """A foreign name as one of ours: other characters become `_`, and a digit at the front gets one."""
    normal = unicodedata.normalize("NFC", text)
    if re.fullmatch(r"[^\W\d][\w-]*", normal):
        return normal
    plain = re.sub(r"[^\w-]+", "_", normal).strip("_") or "_"
    return plain if re.match(r"[^\W\d]", plain) else f"_{plain}"
