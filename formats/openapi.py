"""OpenAPI 2.0 and 3.0 to 3.2: each operation is an entity, its parameters and the properties of its body are fields.

An operation is named by its `operationId`, else by its method and path. Of a body's media types JSON is read, else the
first. What is `readOnly` is not sent, and no field. With `returns`, the responses, callbacks and webhooks are entities,
too; with `at`, the schemas pointed to are the entities instead. Sources: spec.openapis.org, versions 2.0, 3.0.4, 3.1.1
and 3.2.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from ..documents.problem import shorten
from ..documents.shape import BOOLEAN, TEXT, Choice, Key, ListOf
from ..documents.tree import child, children, items, mapping, scalar, sequence, text
from ..documents.yaml_events import MappingNode, ScalarNode
from .jsonschema.admitted import Admission
from .jsonschema.documents import Documents
from .jsonschema.fields import Fields
from .source import Format, format_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..documents.problem import Problems
    from ..documents.yaml_events import Node
    from .jsonschema.admitted import Formats
    from .jsonschema.fields import Nulls
    from .source import ForeignSource

_FORMATS = Key(
    "formats",
    Choice("unknown", "enforced", "annotation"),
    "Whether `format` is enforced; unknown when left out, for the standard leaves it open.",
)
_NULLS = Key(
    "nulls",
    Choice("either", "left_out", "sent"),
    "How a request shows that a field has no value: by leaving it out, by null, or (when left out) either way.",
)
_AT = Key(
    "at",
    ListOf(TEXT, least=1, single=True),
    "Pointers to schemas that are read in place of the operations, such as #/components/schemas/Customer.",
)
_RETURNS = Key(
    "returns",
    BOOLEAN,
    "Whether what the API sends is read, too: its responses, callbacks and webhooks, each an entity; false when left out.",
)

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_ERROR = re.compile(r"[45](?:\d\d|XX)")
"""The status of a response that tells an error."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _read(source: ForeignSource, problems: Problems) -> MappingNode:
    documents = Documents(source, problems)
    entries: list[tuple[str | ScalarNode, Node]] = []
    for file, root in documents.roots():
        version = text(child(root, "openapi")) or text(child(root, "swagger"))
        if version is None or not re.match(r"(?:2\.0|3\.[012])(?:\.|$)", version):
            version_words = "" if version is None else f" of version {shorten(version)}"
            expected = "openapi: 3.0, 3.1 or 3.2, or swagger: 2.0"
            problems.add(root.location, f"this is no OpenAPI document{version_words}", expected=expected)
            continue
        formats = cast("Formats", source.get(_FORMATS) or "unknown")
        admission = Admission(documents, formats, ref_alone=not version.startswith(("3.1", "3.2")))
        nulls = cast("Nulls", source.get(_NULLS) or "either")
        sent = Fields(admission, nulls, not_sent="readOnly")
        returned = Fields(admission, nulls, not_sent="writeOnly") if source.get(_RETURNS) else None
        reader = _Reader(source, documents, sent, returned)
        entries += reader.schemas(file, problems) if source.get(_AT) else reader.operations(root)
    return mapping(entries, source.location)


class _Reader:
    """Reads the entities of one document."""

    def __init__(self, source: ForeignSource, documents: Documents, fields: Fields, returned: Fields | None) -> None:
        self._source = source
        self._documents = documents
        self._fields = fields
        self._returned = returned
        # None: what the API sends is not read.
        self._identities: set[str] = set()
        # The `operationId`s so far.

    def schemas(self, file: str, problems: Problems) -> Iterator[tuple[ScalarNode, Node]]:
        """The schemas that the contract points to."""
        for pointer in self._source.get(_AT) or ():
            schema = self._documents.at(pointer, file)
            if schema is None:
                where = self._source.options.where(_AT.name)
                problems.add(
                    where, f"nothing stands at {shorten(pointer)} in {file}", expected="#/components/schemas/…"
                )
                continue
            key = scalar(pointer.rpartition("/")[2], schema.location)
            if self._source.wants(key.value):
                yield key, _entity(key, child(schema, "title"), self._fields.of([schema]))

    def operations(self, root: Node) -> Iterator[tuple[ScalarNode, Node]]:
        """Every operation with parameters or a body, and what the API sends where that is wanted."""
        for path, written in children(self._followed(child(root, "paths"))):
            item = self._item(written)
            if self._is_elsewhere(item):
                yield from self._not_read(path, item)
            for method, operation in self._of_item(item):
                key = self._key(method, path, operation)
                if self._is_elsewhere(operation):
                    yield from self._not_read(key, operation)
                    continue
                yield from self._operation(key, item, operation)
                if self._returned is not None:
                    yield from self._sent(key, operation)
        for name, written in children(child(root, "webhooks")) if self._returned is not None else ():
            item = self._item(written)
            for _, operation in self._of_item(item):
                yield from self._operation(name, item, operation)

    def _item(self, written: Node) -> Node:
        """A path: what stands there itself, over what it refers to."""
        target = self._followed(written)
        if target is None or target is written:
            return written
        own = [(key, node) for key, node in children(written) if key.value != "$ref"]
        given = {key.value for key, _ in own}
        return mapping([*own, *(entry for entry in children(target) if entry[0].value not in given)], target.location)

    def _key(self, method: ScalarNode, path: ScalarNode, operation: Node) -> ScalarNode:
        """The name of an operation: its `operationId`, where no operation before has it."""
        identity = child(operation, "operationId")
        if isinstance(identity, ScalarNode) and identity.value not in self._identities:
            self._identities.add(identity.value)
            return identity
        return _named(method, f"{method.value} {path.value}")

    def _is_elsewhere(self, node: Node | None) -> bool:
        """Whether a reference leads to a place that is never looked at."""
        ref = child(node, "$ref")
        return isinstance(ref, ScalarNode) and self._documents.is_elsewhere(ref)

    def _not_read(self, key: ScalarNode, node: Node | None) -> Iterator[tuple[ScalarNode, Node]]:
        """What stands on another machine: it is there, and what it accepts is not known."""
        if node is not None and self._source.wants(key.value):
            body = self._fields.single(_named(key, "body"), [node], None)
            yield _named(key, key.value), _entity(key, None, body)

    def _of_item(self, item: Node | None) -> Iterator[tuple[ScalarNode, Node]]:
        """The operations of a path, each with its method; one may stand in a file of its own, as in large APIs."""
        for method, stated in children(item):
            operation = self._followed(stated) if method.value in _METHODS else None
            if method.value in _METHODS and self._is_elsewhere(stated):
                operation = stated
            if operation is not None:
                yield method, operation
        yield from children(child(item, "additionalOperations"))  # 3.2: by methods that no key here is named after

    def _operation(self, key: ScalarNode, item: Node | None, operation: Node) -> Iterator[tuple[ScalarNode, Node]]:
        """What is sent to an operation."""
        if not self._source.wants(key.value):
            return
        fields = self._parameters(item, operation)
        fields += self._body(operation, {name.value for name, _ in fields})
        if fields:
            yield _named(key, key.value), _entity(key, child(operation, "summary"), fields)

    def _sent(self, key: ScalarNode, operation: Node) -> Iterator[tuple[ScalarNode, Node]]:
        """What an operation sends: the bodies of its responses that tell no error, and its calls back."""
        for status, written in children(child(operation, "responses")):
            name = _named(status, f"{key.value}.{status.value}")
            if _ERROR.fullmatch(status.value) or not self._source.wants(name.value):
                continue
            response = self._followed(written)
            schema = child(response, "schema")  # 2.0
            schema = self._content(response) if schema is None else schema
            fields = [] if schema is None or self._returned is None else self._of_body(schema, set(), self._returned)
            if fields:
                yield name, _entity(name, child(response, "description"), fields)
        for callback, written in children(child(operation, "callbacks")):
            for _, address in children(self._followed(written)):
                item = self._item(address)
                for _, inner in self._of_item(item):
                    yield from self._operation(_named(callback, f"{key.value}.{callback.value}"), item, inner)

    def _parameters(self, item: Node | None, operation: Node) -> list[tuple[ScalarNode, Node]]:
        """The operation's parameters, and those of its path that it does not give anew."""
        parameters: dict[tuple[str, str], Node] = {}
        for written in (*items(child(item, "parameters")), *items(child(operation, "parameters"))):
            parameter = self._followed(written)
            if self._is_elsewhere(written):
                last = (text(child(written, "$ref")) or "").rpartition("/")[2]
                named = [("name", scalar(last, written.location)), ("schema", written)]
                parameters[last, "elsewhere"] = mapping(named, written.location)
                continue
            name, place = text(child(parameter, "name")), text(child(parameter, "in"))
            if parameter is not None and name is not None and place is not None:
                parameters[name, place] = parameter
        names = [name for name, place in parameters if place != "body"]
        fields: list[tuple[ScalarNode, Node]] = []
        bodies = [child(parameter, "schema") for (_, place), parameter in parameters.items() if place == "body"]
        for (name, place), parameter in parameters.items():
            if place == "body":
                continue
            shown = name if names.count(name) == 1 else f"{place}.{name}"
            written_name = child(parameter, "name")
            key = (
                _named(written_name, shown)
                if isinstance(written_name, ScalarNode)
                else scalar(shown, parameter.location)
            )
            fields += self._fields.single(key, [self._schema(parameter)], _required(parameter))
        for schema in bodies:
            fields += self._of_body(schema, {key.value for key, _ in fields}, self._fields)
        return fields

    def _schema(self, parameter: Node) -> Node:
        """A parameter's schema: its own, that of its content, or (2.0) the parameter itself."""
        schema = child(parameter, "schema")
        if schema is None:
            content = children(child(parameter, "content"))
            schema = child(self._followed(content[0][1]), "schema") if content else None
        if schema is not None:
            return schema
        kept = [(k, v) for k, v in children(parameter) if k.value not in {"required", "name", "in", "description"}]
        return mapping(kept, parameter.location)

    def _body(self, operation: Node, taken: set[str]) -> list[tuple[ScalarNode, Node]]:
        written = child(operation, "requestBody")
        content = written if self._is_elsewhere(written) else self._content(self._followed(written))
        return self._of_body(content, taken, self._fields)

    def _content(self, body: Node | None) -> Node | None:
        """The schema of a body: of JSON, else of a form, else of what there is."""
        content = {key.value: node for key, node in children(child(body, "content"))}
        chosen = next((name for name in content if name.startswith("application/json") or name.endswith("+json")), None)
        chosen = chosen or next((name for name in _FORMS if name in content), None) or next(iter(content), None)
        media = None if chosen is None else self._followed(content[chosen])
        schema, item = child(media, "schema"), child(media, "itemSchema")
        if item is None:
            return schema
        stream = mapping([("type", scalar("array", item.location)), ("items", item)], item.location)  # 3.2
        return (
            stream if schema is None else mapping([("allOf", sequence([schema, stream], item.location))], item.location)
        )

    @staticmethod
    def _of_body(schema: Node | None, taken: set[str], reader: Fields) -> list[tuple[ScalarNode, Node]]:
        """The body's fields; one that a parameter is named like gets `body.` before it."""
        if schema is None:
            return []
        fields = reader.of([schema])
        if not fields:
            fields = reader.single(_named(scalar("body", schema.location), "body"), [schema], None)
        return [(_named(key, f"body.{key.value}") if key.value in taken else key, node) for key, node in fields]

    def _followed(self, node: Node | None) -> Node | None:
        """The target of a reference; the node itself where it is none."""
        ref = child(node, "$ref")
        return self._documents.follow(ref) if isinstance(ref, ScalarNode) else node


def _required(parameter: Node) -> ScalarNode | None:
    node = child(parameter, "required")
    return node if isinstance(node, ScalarNode) and node.value == "true" else None


def _named(key: ScalarNode, name: str) -> ScalarNode:
    return ScalarNode(name, plain=False, location=key.location, length=key.length)


def _entity(key: ScalarNode, title: Node | None, fields: list[tuple[ScalarNode, Node]]) -> MappingNode:
    head: list[tuple[str | ScalarNode, Node]] = [("kind", scalar("api", key.location))]
    if isinstance(title, ScalarNode) and title.value:
        head.append(("title", scalar(title.value, title.location)))
    return mapping([*head, ("fields", mapping(fields, key.location))], key.location)


OPENAPI_FORMAT = Format(
    format_shape(
        "openapi", "OpenAPI 2.0 and 3.0 to 3.2: operations and what they send.", _FORMATS, _NULLS, _AT, _RETURNS
    ),
    (".json", ".yaml", ".yml"),
    _read,
)
