"""What a field does with the value that arrives: what it refuses, what it silently changes, what it takes regardless.

`on_violation` in a contract makes some constraints refuse and others alter: a truncating column turns its length limits
into a cut, a replacing one turns what its encoding does not hold into "?", an accepting one enforces nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..contracts.constraint import Encodable, Length
from ..contracts.values.weight import encodable_charset
from .transforms.cut import Truncate
from .transforms.edit import ReplaceOutside

if TYPE_CHECKING:
    from ..contracts.constraint import Constraint
    from ..contracts.model import Field
    from .transform import Transform


@dataclass(frozen=True, slots=True)
class Storage:
    """How one field takes a value."""

    changes: tuple[tuple[Transform, Constraint], ...]
    """What is done to the value first, and the constraint each comes from."""
    refusing: tuple[Constraint, ...]
    """What the value, so changed, must then meet."""
    ignored: tuple[Constraint, ...]
    """What is documented and not enforced."""

    @property
    def transforms(self) -> tuple[Transform, ...]:
        """The changes alone, in order."""
        return tuple(transform for transform, _ in self.changes)


def storage(field: Field) -> Storage:
    """How the field takes a value."""
    changes: list[tuple[Transform, Constraint]] = []
    refusing: list[Constraint] = []
    ignored: list[Constraint] = []
    for constraint in field.constraints:
        if field.on_violation == "accept" and constraint.name != "type":
            ignored.append(constraint)
            continue
        changes += ((transform, constraint) for transform in _changes(field, constraint))
        # A cut helps against length alone: a character the encoding does not hold is still refused, and so on.
        refusing.append(constraint)
    return Storage(tuple(changes), tuple(refusing), tuple(ignored))


def _changes(field: Field, constraint: Constraint) -> list[Transform]:
    """What a truncating or replacing field does about one constraint; nothing where it refuses."""
    match field.on_violation, constraint.demand:
        case "truncate", Length(_, int(high), "bytes", str(encoding)):
            return [Truncate(high, encoding)]
        case "truncate", Length(_, int(high), "utf16"):
            return [Truncate(high, "utf16")]
        case "truncate", Length(_, int(high)):
            return [Truncate(high)]
        case "replace", Encodable(encoding):
            return [ReplaceOutside(encodable_charset(encoding), "?")]
        case _:
            return []
