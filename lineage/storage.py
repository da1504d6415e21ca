"""The storage of a field: the arriving values it rejects, those it alters silently, those it accepts regardless.

`on_violation` in a contract makes some constraints reject and others alter. A truncating column turns its length limits
into a cut; a replacing one turns every character outside its encoding into "?"; an accepting one enforces nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..contracts.constraint import Constraint, Encodable, FilledAlone, Length, accepted
from ..values.weight import encodable_charset
from .transform import chain_preimage
from .transforms.cut import Truncate
from .transforms.edit import ReplaceOutside

if TYPE_CHECKING:
    from ..contracts.model import Field
    from ..values.valueset import ValueSet
    from .transform import Transform


@dataclass(frozen=True, slots=True)
class Rejection:
    """A constraint that rejects, with the arriving values it accepts."""

    constraint: Constraint
    accepts: ValueSet


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A constraint that alters an arriving value, with the transform it applies."""

    constraint: Constraint
    transform: Transform


@dataclass(frozen=True, slots=True)
class Storage:
    """The storage of one field."""

    rejections: tuple[Rejection, ...]
    changes: tuple[StoredChange, ...]
    """In order; an accepted value is stored after all of them."""
    opaque: tuple[Constraint, ...]
    """Constraints that reject values not exactly known."""
    ignored: tuple[Constraint, ...]
    """Constraints that are documented and not enforced."""

    @property
    def transforms(self) -> tuple[Transform, ...]:
        """The changes alone."""
        return tuple(change.transform for change in self.changes)


def storage(field: Field) -> Storage:
    """The storage that a field's contract describes."""
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


def receiving(stored: Storage, field: Field) -> Storage:
    """The storage of a field that flows lead to: where the system alone fills it, every value that arrives is rejected."""
    fill = field.fill
    if fill is None or fill.sent == "accepted":
        return stored
    alone = Constraint(fill.by, FilledAlone(fill.expression), fill.location)
    return replace(stored, rejections=(Rejection(alone, alone.accepts), *stored.rejections))


def _change(field: Field, constraint: Constraint) -> Transform | None:
    """The change a truncating or replacing field makes for one constraint; None where it rejects."""
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
    """The arriving values that meet the part of a constraint which its change cannot fix.

    A cut fixes only the length: every character must be encodable, and no cut makes a short value longer.
    """
    match constraint.restriction:
        case Length(low, _, unit, encoding):
            least = accepted(Length(low or 0, None, unit, encoding if unit == "bytes" else None))
            return chain_preimage(transforms, least) if low else least
        case restriction:
            return chain_preimage(transforms, accepted(restriction))
