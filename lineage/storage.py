"""What a field does with the value that arrives: what it refuses, what it silently changes, what it takes regardless.

`on_violation` in a contract makes some constraints refuse and others alter: a truncating column turns its length limits
into a cut, a replacing one turns what its encoding does not hold into "?", an accepting one enforces nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..contracts.constraint import Encodable, Length, accepted
from ..values.weight import encodable_charset
from .transform import chain_preimage
from .transforms.cut import Truncate
from .transforms.edit import ReplaceOutside

if TYPE_CHECKING:
    from ..contracts.constraint import Constraint
    from ..contracts.model import Field
    from ..values.valueset import ValueSet
    from .transform import Transform


@dataclass(frozen=True, slots=True)
class Rejection:
    """A constraint that refuses: the values, as they arrive, that it lets in."""

    constraint: Constraint
    accepts: ValueSet


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A constraint that alters: what is done to a value that arrives."""

    constraint: Constraint
    transform: Transform


@dataclass(frozen=True, slots=True)
class Storage:
    """How one field takes a value."""

    rejections: tuple[Rejection, ...]
    changes: tuple[StoredChange, ...]
    """In order; a value that is not refused is stored after all of them."""
    opaque: tuple[Constraint, ...]
    """What refuses values, and nobody can tell which."""
    ignored: tuple[Constraint, ...]
    """What is documented and not enforced."""

    @property
    def transforms(self) -> tuple[Transform, ...]:
        """The changes alone."""
        return tuple(change.transform for change in self.changes)


def storage(field: Field) -> Storage:
    """How the field takes a value."""
    enforced = [c for c in field.constraints if field.on_violation != "accept" or c.name == "type"]
    changes = [StoredChange(c, change) for c in enforced if (change := _change(field, c)) is not None]
    altering = {id(change.constraint) for change in changes}
    transforms = [change.transform for change in changes]
    rejections = [
        Rejection(c, _beside_change(c, transforms) if id(c) in altering else chain_preimage(transforms, c.accepts))
        for c in enforced
        if c.doubt is None
    ]
    return Storage(
        rejections=tuple(rejections),
        changes=tuple(changes),
        opaque=tuple(c for c in enforced if c.doubt is not None),
        ignored=tuple(c for c in field.constraints if c not in enforced),
    )


def _change(field: Field, constraint: Constraint) -> Transform | None:
    """What a truncating or replacing field does about one constraint; None where it refuses."""
    match field.on_violation, constraint.restriction:
        case "truncate", Length(_, int(high), "bytes", str(encoding)):
            return Truncate(high, encoding)
        case "truncate", Length(_, int(high), "utf16"):
            return Truncate(high, "utf16")
        case "truncate", Length(_, int(high)):
            return Truncate(high)
        case "replace", Encodable(encoding):
            return ReplaceOutside(encodable_charset(encoding), "?")
        case _:
            return None


def _beside_change(constraint: Constraint, transforms: list[Transform]) -> ValueSet:
    """What a constraint still refuses though the value is changed to fit it.

    A cut helps against length alone: all of the value must be encodable, and one cannot cut a short one longer.
    """
    match constraint.restriction:
        case Length(low, _, unit, encoding):
            least = accepted(Length(low or 0, None, unit, encoding if unit == "bytes" else None))
            return chain_preimage(transforms, least) if low else least
        case restriction:
            return chain_preimage(transforms, accepted(restriction))
