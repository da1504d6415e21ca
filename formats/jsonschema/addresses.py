"""The addresses of schemas: `$id` (`id` in draft 4, `$self` in OpenAPI 3.2), and what a reference means beside one.

Nothing is fetched: an address is the name of a schema that stands in a file of the estate. Sources: JSON Schema Core
2020-12, chapter 8.2; RFC 3986, chapter 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ...documents.tree import child, text
from ...documents.yaml_events import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from ...documents.yaml_events import Node


_SAID = frozenset(("$id", "$self", "id", "$ref"))
"""The keywords that say where a schema is, or which other one is meant."""


class Addresses:
    """The addresses in files of one source."""

    def __init__(self) -> None:
        # By address, without a fragment: the schema.
        self._schemas: dict[str, Node] = {}
        # By reference: the address it is relative to, where that is not the file's own, and the schema that has it.
        self._bases: dict[ScalarNode, tuple[str, Node]] = {}

    def add(self, file: str, tree: Node) -> None:
        """The addresses of a file."""
        old_word = text(child(tree, "openapi")) is None and text(child(tree, "swagger")) is None
        own_address = _of_file(file)
        waiting: list[tuple[Node, str, Node]] = [(tree, own_address, tree)]
        seen: set[int] = set()
        while waiting:
            node, base, resource = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, SequenceNode):
                waiting += [(each, base, resource) for each in node.items if not isinstance(each, ScalarNode)]
                continue
            if not isinstance(node, MappingNode):
                continue
            said = {key.value: each for key, each in node.entries if key.value in _SAID}
            if said:
                own = text(said.get("$id")) or (text(said.get("$self")) if node is tree else None)
                own = own or (text(said.get("id")) if old_word else None)
                if own and not own.startswith("#"):
                    base, resource = _joined(base, own).partition("#")[0], node
                    self._schemas.setdefault(base, node)
                ref = said.get("$ref")
                if isinstance(ref, ScalarNode) and base != own_address:
                    self._bases[ref] = base, resource
            waiting += [(each, base, resource) for _, each in node.entries if not isinstance(each, ScalarNode)]

    def meant(self, ref: ScalarNode) -> tuple[str, str]:
        """The address that a reference means, and its fragment."""
        base, _ = self._bases.get(ref, (_of_file(ref.location.file), None))
        address, _, fragment = _joined(base, ref.value).partition("#")
        return address, fragment

    def schema(self, ref: ScalarNode) -> Node | None:
        """The schema whose address a reference means; None where no file has it.

        Where it names none, it is the schema around it, whatever other files give themselves the same address.
        """
        if ref.value.startswith("#"):
            return self._bases[ref][1] if ref in self._bases else None
        return self._schemas.get(self.meant(ref)[0])


def _of_file(file: str) -> str:
    return f"file:///{file}"


def _joined(base: str, reference: str) -> str:
    """A reference, resolved; as it stands where it is none."""
    if reference.startswith("#"):
        return f"{base.partition('#')[0]}{reference}"
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference
