"""Names as people write them: one of the known names, or an error with the nearest one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..documents.problem import nearest
from ..values.error import FieldlineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..contracts.model import Entity
    from ..estate.load import Estate

_T = TypeVar("_T")


class UnknownName(FieldlineError, LookupError):
    """Nothing of a kind (`system`, `rule`) has this name; the message names the nearest one, or all."""

    def __init__(self, name: str, kind: str, known: tuple[str, ...]) -> None:
        guess = nearest(name, known)
        hint = f"did you mean {guess}?" if guess else f"there are {', '.join(known)}"
        super().__init__(f"there is no {kind} {name!r}; {hint}")
        self.name = name
        self.kind = kind
        self.known = known


def chosen(name: str, known: Mapping[str, _T], kind: str) -> _T:
    """The one of that name; `kind` is the noun for a message. Raises UnknownName."""
    if name not in known:
        raise UnknownName(name, kind, tuple(known))
    return known[name]


def entry_named(estate: Estate, name: str) -> str:
    """The full name of an entry, found by its full name, by a field of it, or by its system's or its own name if unique.

    Raises UnknownEntry with the entries that the name fits, or with all.
    """
    from ..checker.requirement.screen import UnknownEntry

    entries = [entity for entity in estate.contracts.entities.values() if entity.kind == "entry"]
    full_names = tuple(entity.full_name for entity in entries)
    if name in map(str, full_names):
        return name
    fitting = [
        entity.full_name
        for entity in entries
        if name in {entity.system, entity.name, *(str(field.full_name) for field in entity.fields.values())}
    ]
    if len(fitting) == 1:
        return str(fitting[0])
    raise UnknownEntry(name, tuple(fitting) or full_names)


def entity_named(estate: Estate, name: str) -> Entity:
    """The entity of a full name; or of its own name, its title or its system's, where one alone has it.

    Raises UnknownName.
    """
    entities = estate.contracts.entities
    for full_name, entity in entities.items():
        if str(full_name) == name:
            return entity
    wanted = name.casefold()
    meant = [
        entity
        for entity in entities.values()
        if wanted in {each.casefold() for each in (entity.name, str(entity.title or ""), entity.system) if each}
        or wanted == str(estate.contracts.systems[entity.system].title or "").casefold()
    ]
    if len(meant) == 1:
        return meant[0]
    known = tuple(str(entity.full_name) for entity in meant) or tuple(map(str, entities))
    guess = nearest(name, known)
    raise UnknownName(name, "entity", (guess,) if guess else known[:8])
