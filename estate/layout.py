"""The layout of an estate's folder: `fieldline.yaml`, and the folders that it names for contracts and lineage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts import layout
from ..documents.shape import NAME, TEXT, Key, Keyed, ListOf, Named, shape_schema
from .calendars import CALENDARS
from .directory import FIND, REFERENCES, XREF
from .kept_attempts import KEPT_ATTEMPTS
from .policy import KEYS
from .record_rules import RECORD_RULES, RULES_FOLDER
from .systems import SYSTEMS

if TYPE_CHECKING:
    from pathlib import Path

    from ..documents.folder import Folder
    from ..documents.problem import Problems
    from ..documents.shape import Schema, ShapedRecord
    from ..documents.yaml_events import Node

FILE = "fieldline.yaml"
"""The file that makes a folder an estate."""

ESTATE_NAME = Key("estate", NAME, "The estate's name.", required=True)
ESTATE_TITLE = Key("title", TEXT, "Its title, for people.")
CONTRACTS = Key(
    "contracts",
    ListOf(TEXT, least=1, single=True),
    "The folders that hold the contracts, one file a system; contracts when left out. Left out beside systems, it need not "
    "be there.",
)
LINEAGE = Key(
    "lineage", ListOf(TEXT, single=True), "The folders that hold the flows; lineage when left out, [] for none."
)
DEFAULT_ENGINE = Key(
    "engine",
    layout.ENGINE.shape,
    "What runs the steps of flows where neither the flow nor its systems name an engine.",
)
DEFAULT_COLLATION = Key("collation", layout.COLLATION.shape, layout.COLLATION.doc)
NAMED_TYPES = Key(
    "types",
    Named(layout.FIELD, "type"),
    "Types of fields by a name of ours, for contracts to refer to: {is: email}.",
)
VARIABLES: Key[tuple[str, ...]] = Key(
    "env",
    ListOf(TEXT),
    "The environment variables that may be read, each of which holds the URL of a database; none when left out.",
)
ESTATE = Keyed(
    "estate",
    "An organisation's contracts and lineage, and how findings are treated.",
    (
        ESTATE_NAME,
        ESTATE_TITLE,
        CONTRACTS,
        SYSTEMS,
        LINEAGE,
        DEFAULT_ENGINE,
        DEFAULT_COLLATION,
        NAMED_TYPES,
        VARIABLES,
        RECORD_RULES,
        FIND,
        XREF,
        REFERENCES,
        KEPT_ATTEMPTS,
        CALENDARS,
        *KEYS,
    ),
)


def estate_schema() -> Schema:
    """The draft-07 JSON Schema of `fieldline.yaml`, for editors."""
    return shape_schema(ESTATE, "A Fieldline estate")


def estate_root(given: Path) -> Path:
    """The folder of an estate, which is named by itself or by its `fieldline.yaml`."""
    return given.parent if given.name == FILE else given


def read_estate_file(folder: Folder, problems: Problems) -> ShapedRecord | None:
    """What `fieldline.yaml` says; None after a problem was added."""
    tree = folder.read(folder.root / FILE)
    return None if tree is None else ESTATE.read(tree, problems)


def estate_trees(folder: Folder, record: ShapedRecord, key: Key[tuple[str, ...]], problems: Problems) -> list[Node]:
    """The trees of all files in the folders that a key of `fieldline.yaml` names."""
    usual = RULES_FOLDER if key is RECORD_RULES else key.name
    names = record.get(key) if record.has(key.name) else (usual,)
    may_be_absent = key is RECORD_RULES or (key is CONTRACTS and record.has(SYSTEMS.name))
    if may_be_absent and not record.has(key.name) and not folder.holds(usual):
        return []
    trees: list[Node] = []
    for name in names or ():
        before = len(problems)
        files = folder.yaml_files(name, record.where(key.name))
        if not files and len(problems) == before and key is CONTRACTS:
            problems.add(
                record.where(key.name), f"the folder {name} holds no contract", expected="*.yaml, one a system"
            )
        trees += [tree for file in files if (tree := folder.read(file)) is not None]
    return trees
