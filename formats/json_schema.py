"""JSON Schema, drafts 4 to 2020-12: each object's schema is an entity, its properties are fields.

Without `at`, a file's own schema is the entity, named after the file; where that describes no object, each of its
definitions that does. Sources: json-schema.org, the drafts' "Core" and "Validation".
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, cast

from ..documents.problem import shorten
from ..documents.shape import TEXT, Choice, Key, ListOf
from ..documents.tree import child, children, mapping, scalar, text
from ..documents.yaml_events import ScalarNode
from .jsonschema.admitted import Admission
from .jsonschema.documents import Documents
from .jsonschema.fields import Fields
from .source import Format, format_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..documents.problem import Problems
    from ..documents.yaml_events import MappingNode, Node
    from .jsonschema.admitted import Formats
    from .jsonschema.fields import Nulls
    from .source import ForeignSource

_FORMATS = Key(
    "formats",
    Choice("unknown", "enforced", "annotation"),
    "Whether `format` is enforced; unknown when left out, for the drafts leave it open.",
)
_NULLS = Key(
    "nulls",
    Choice("either", "left_out", "sent"),
    "How a record shows that a field has no value: by leaving it out, by null, or (when left out) either way.",
)
_AT = Key("at", ListOf(TEXT, least=1, single=True), "Pointers to the schemas that are read, such as #/$defs/person.")

_REF_ALONE = ("draft-03", "draft-04", "draft-05", "draft-06", "draft-07")


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    documents = Documents(source, problems)
    formats = cast("Formats", source.get(_FORMATS) or "unknown")
    nulls = cast("Nulls", source.get(_NULLS) or "either")
    entries: list[tuple[str | ScalarNode, Node]] = []
    names = _registered(documents)
    for file, root in documents.roots():
        dialect = text(child(root, "$schema")) or ""
        if _is_older(root, problems):
            continue
        is_alone = any(word in dialect for word in _REF_ALONE)
        admission = Admission(documents, formats, ref_alone=is_alone, undated=not dialect)
        fields = Fields(admission, nulls)
        for key, schema in _schemas(source, documents, file, root, fields, problems, names[file]):
            if source.wants(key.value):
                entries.append((key, _entity(key, schema, fields)))
    return mapping(entries, source.location)


def _is_older(root: Node, problems: Problems) -> bool:
    """Whether a schema is of a draft before the fourth, in which keywords have other meanings: a problem."""
    written = child(root, "$schema")
    older = _OLDER.search(text(written) or "")
    if older is None or not isinstance(written, ScalarNode):
        return False
    message = f"this is a JSON Schema of draft {older[1]}: its `required`, `extends` and `disallow` mean other things"
    expected = "a schema of draft 4 or newer"
    problems.add(written.location, message, expected=expected, length=written.length)
    return True


_OLDER = re.compile(r"json-schema\.org/draft-0([0-3])/")


def _schemas(
    source: ForeignSource, documents: Documents, file: str, root: Node, fields: Fields, problems: Problems, name: str
) -> Iterator[tuple[ScalarNode, Node]]:
    """The schemas that are entities, with their names."""
    pointers = source.get(_AT)
    if pointers is not None:
        for pointer in pointers:
            schema = documents.at(pointer, file)
            if schema is None:
                where = source.options.where(_AT.name)
                problems.add(where, f"nothing stands at {shorten(pointer)} in {file}", expected="#/$defs/name")
            else:
                yield scalar(pointer.rpartition("/")[2] or _stem(file), schema.location), schema
        return
    if fields.is_object(root):
        yield scalar(name, root.location), root
        return
    definitions = [entry for word in ("$defs", "definitions") for entry in children(child(root, word))]
    objects = [(key, schema) for key, schema in definitions if fields.is_object(schema)]
    if not objects and (len(source.files) > 1 or fields.is_list(root)):
        yield scalar(name, root.location), root  # a list, or among schemas of objects a text, anything: one value
    elif not objects:
        problems.add(
            root.location, "no schema of an object stands here", expected="properties, here or in a definition"
        )
    yield from objects


def _registered(documents: Documents) -> dict[str, str]:
    """The names of the files' own schemas: in a registry, those of one name are told apart by version and vendor.

    The newest version has the plain name, an older one its version, too: `login`, `login.1-0-0`.
    """
    alike: dict[str, list[tuple[str, Node]]] = {}
    for file, root in documents.roots():
        alike.setdefault(_schema_name(file, root), []).append((file, root))
    names: dict[str, str] = {}
    for name, group in alike.items():
        vendors: dict[str, list[tuple[str, Node]]] = {}
        for file, root in group:
            vendors.setdefault(_vendor(file, root) if len(group) > 1 else "", []).append((file, root))
        for vendor, versions in vendors.items():
            whole = f"{vendor}.{name}" if len(vendors) > 1 and vendor else name
            ordered = sorted(versions, key=lambda each: [int(part) for part in re.findall(r"\d+", _version(*each))])
            names |= {file: f"{whole}.{_version(file, root)}" for file, root in ordered[:-1]}
            names[ordered[-1][0]] = whole
    return names


def _version(file: str, root: Node) -> str:
    """The version of a schema: its own word for it, or the name of its file."""
    return text(child(child(root, "self"), "version")) or posixpath.basename(file).removesuffix(".json")


def _vendor(file: str, root: Node) -> str:
    """Who publishes a schema: its own word for it, or the first folder of its path that is no word for schemas."""
    parts = (part for part in file.split("/") if not _GENERIC.fullmatch(part))
    return text(child(child(root, "self"), "vendor")) or next(parts, "")


_GENERIC = re.compile(r"(?i)v?\d+(?:[._-]\d+)*|schema|jsonschema|json|latest|index|definition|schemas")
"""Names of files and folders that say nothing of what they describe: versions, and words for a schema."""


def _schema_name(file: str, root: Node) -> str:
    """A file's own name; in a registry's layout, where that is a version, the name in the schema, its `$id` or its path."""
    stem = _stem(file)
    if not _GENERIC.fullmatch(stem):
        return stem
    described = text(child(child(root, "self"), "name"))
    if described:
        return described
    identity = text(child(root, "$id")) or text(child(root, "id")) or ""
    parts = [*reversed(identity.split("/")), *reversed(file.split("/")[:-1])]
    stems = (_stem(part) for part in parts)
    return next((part for part in stems if part and ":" not in part and not _GENERIC.fullmatch(part)), stem)


def _stem(file: str) -> str:
    """`api/signup.schema.json` is signup."""
    return posixpath.basename(file).split(".")[0]


def _entity(key: ScalarNode, schema: Node, fields: Fields) -> MappingNode:
    title = child(schema, "title")
    head: list[tuple[str | ScalarNode, Node]] = [("kind", scalar("message", key.location))]
    if isinstance(title, ScalarNode) and title.value:
        head.append(("title", scalar(title.value, title.location)))
    found = fields.of([schema]) or fields.single(scalar("value", schema.location), [schema], None)
    return mapping([*head, ("fields", mapping(found, key.location))], key.location)


JSON_SCHEMA_FORMAT = Format(
    format_shape("json_schema", "JSON Schema, drafts 4 to 2020-12.", _FORMATS, _NULLS, _AT),
    (".json", ".yaml", ".yml"),
    _read,
)
