"""The storage of a field: the arriving values it rejects, those it alters silently, those it accepts regardless.

Every constraint has an action for the values that do not meet it, and a field stores what it accepts in ways of its
own. The changes are made in this order:

    null for the empty text, characters replaced, blanks that do not fit dropped, cut, rounded, kept within bounds, emptied
    (here the constraints that reject are judged)
    blanks at the end dropped, filled up with blanks, a UUID in its one form
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, reduce
from operator import and_
from typing import TYPE_CHECKING, cast

from ..contracts.constraint import (
    Constraint,
    Digits,
    Encodable,
    FieldsCheck,
    FilledAlone,
    Length,
    OfType,
    OpaqueRule,
    Range,
    RequiredWhen,
    SecondDecimals,
    StoredAs,
    accepted,
)
from ..contracts.record_rules import is_about_types, of_other_types
from ..values.valueset import ValueSet
from ..values.weight import encodable_charset
from .transform import chain_preimage
from .transforms.cut import Truncate
from .transforms.edit import ReplaceOutside
from .transforms.moment import RoundedInstant
from .transforms.number import Clamped, Rounded
from .transforms.stored import ASCII_SPACES, CanonicalUuid, Emptied, EmptyAsNull, Fitted, Padded, Stripped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..contracts.constraint import OnViolation, Restriction
    from ..contracts.model import Field, KnownEngine
    from ..documents.names import FieldName
    from ..values.valueset import Value
    from .condition import Condition
    from .transform import Transform


@dataclass(frozen=True, slots=True)
class Rejection:
    """A constraint that rejects, with the arriving values it accepts."""

    constraint: Constraint
    accepts: ValueSet


@dataclass(frozen=True, slots=True)
class Doubt:
    """A constraint of which it is not known what it rejects."""

    constraint: Constraint
    sure: ValueSet | None
    """The arriving values that it accepts for certain; None: no such value."""


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A constraint that alters an arriving value, with the transform it applies."""

    constraint: Constraint
    transform: Transform


@dataclass(frozen=True)
class Storage:
    """The storage of one field."""

    rejections: tuple[Rejection, ...]
    changes: tuple[StoredChange, ...]
    """In order; an accepted value is stored after all of them."""
    doubts: tuple[Doubt, ...]
    ignored: tuple[Constraint, ...]
    """Constraints that are documented and not enforced."""
    conditional: tuple[tuple[Constraint, Condition], ...] = ()
    """Constraints that reject null where the record meets a condition."""
    checks: tuple[tuple[Constraint, Condition], ...] = ()
    """Constraints that reject a record that meets a condition: the opposite of the rule that is written."""

    @cached_property
    def transforms(self) -> tuple[Transform, ...]:
        """The changes alone."""
        return tuple(change.transform for change in self.changes)

    @cached_property
    def is_filled_up(self) -> bool:
        """Whether texts are filled up with blanks to the field's length."""
        return any(isinstance(step, Padded) for step in self.transforms)

    @property
    def opaque(self) -> tuple[Constraint, ...]:
        """Constraints that reject values not exactly known."""
        return tuple(doubt.constraint for doubt in self.doubts)

    def meets_checks(self, name: FieldName) -> ValueSet:
        """The arriving values of the field, of this name, that break none of the checks which read it alone.

        A check of which engines differ is left out.
        """
        met = ValueSet.everything()
        for _, denied in self.checks:
            if denied.fields == (name,) and not denied.perhaps and not denied.pairs:
                for alternative in denied.alternatives:
                    broken = reduce(and_, (values for _, values in alternative.values), ValueSet.everything())
                    met = met - chain_preimage(self.transforms, broken)
        return met

    def doubtful(self, value: Value) -> tuple[Constraint, ...]:
        """The constraints of which it is not known whether they reject an arriving value."""
        return tuple(each.constraint for each in self.doubts if each.sure is None or value not in each.sure)


def storage(field: Field, engine: KnownEngine | None = None) -> Storage:
    """The storage that a field's contract describes; `engine`: that of its system, where it is stated."""
    changes = sorted(_changes(field, engine), key=lambda change: _ORDER.index(type(change.transform)))
    altering = {id(change.constraint) for change in changes}
    first = [change.transform for change in changes if not isinstance(change.transform, _AFTERWARDS)]
    rejections: list[Rejection] = []
    doubts: list[Doubt] = []
    others = of_other_types(field)
    for constraint in field.constraints:
        if constraint.on_violation == "accept" or isinstance(constraint.restriction, RequiredWhen | FieldsCheck):
            continue
        if constraint.doubt is not None:
            rule = constraint.restriction.rule if isinstance(constraint.restriction, OpaqueRule) else ""
            sure = ValueSet.everything() - others if is_about_types(rule) else constraint.sure
            doubts.append(Doubt(constraint, None if sure is None else chain_preimage(first, sure)))
            if constraint.accepts is not ValueSet.everything():
                rejections.append(Rejection(constraint, chain_preimage(first, constraint.accepts)))
        elif id(constraint) in altering:
            rejections.append(Rejection(constraint, _beside_change(constraint, first) | _perhaps(field, constraint)))
        else:
            accepts = constraint.accepts | _perhaps(field, constraint) | others
            rejections.append(Rejection(constraint, chain_preimage(first, accepts)))
    return Storage(
        rejections=tuple(rejections),
        changes=tuple(changes),
        doubts=tuple(doubts),
        ignored=tuple(c for c in field.constraints if c.on_violation == "accept"),
        conditional=tuple(
            (c, cast("Condition", c.restriction.condition))  # the only kind there is
            for c in field.constraints
            if isinstance(c.restriction, RequiredWhen) and c.on_violation != "accept"
        ),
        checks=tuple(
            (c, cast("Condition", c.restriction.condition).denied)
            for c in field.constraints
            if isinstance(c.restriction, FieldsCheck)
        ),
    )


def receiving(stored: Storage, field: Field) -> Storage:
    """The storage of a field that flows lead to: where the system alone fills it, every value that arrives is rejected."""
    fill = field.fill
    if fill is None or fill.sent == "accepted":
        return stored
    alone = Constraint(fill.by, FilledAlone(fill.expression), fill.location)
    return replace(stored, rejections=(Rejection(alone, alone.accepts), *stored.rejections))


def _perhaps(field: Field, constraint: Constraint) -> ValueSet:
    """Numbers that meet a bound once they are rounded, where it is not known whether they are."""
    if not isinstance(constraint.restriction, Range | Digits):
        return ValueSet.nothing()
    for other in field.constraints:
        match other.on_violation, other.restriction:
            case "unknown", OfType("integer"):
                return Rounded(0).preimage(constraint.accepts)
            case "unknown", Digits(_, int(decimals)):
                return Rounded(decimals).preimage(constraint.accepts)
    return ValueSet.nothing()


_AFTERWARDS = (Stripped, Padded, CanonicalUuid)
"""The changes of a value that was accepted: constraints that reject are judged on what arrives."""
_ORDER: tuple[type, ...] = (
    EmptyAsNull,
    ReplaceOutside,
    Fitted,
    Truncate,
    Rounded,
    RoundedInstant,
    Clamped,
    Emptied,
    *_AFTERWARDS,
)


def _changes(field: Field, engine: KnownEngine | None) -> Iterable[StoredChange]:
    for constraint in field.constraints:
        made = None if constraint.on_violation in _PLAIN else _change(field, constraint, engine)
        if made is not None:
            yield StoredChange(constraint, made)
    for way in field.stored:
        if isinstance(way.restriction, StoredAs):
            yield from (StoredChange(way, made) for made in _way(field, way.restriction))


_PLAIN: frozenset[OnViolation] = frozenset(("reject", "accept", "unknown"))


def _change(field: Field, constraint: Constraint, engine: KnownEngine | None) -> Transform | None:
    """The change that a constraint makes; None where its action does not apply to it, so that it rejects."""
    match constraint.on_violation, constraint.restriction:
        case "truncate", Length(_, int(high), "bytes", str(encoding)):
            return Truncate(high, encoding)
        case "truncate", Length(_, int(high), unit):
            return Truncate(high, unit)
        case "replace", (Encodable(str(encoding)) | Length(_, int(), "bytes", str(encoding))):
            return ReplaceOutside(encodable_charset(encoding), "?")
        case ("round" | "truncate") as action, OfType("integer"):
            return Rounded(0, cut=action == "truncate")
        case ("round" | "truncate") as action, Digits(_, int(decimals)) if field.type == "decimal":
            return Rounded(decimals, cut=action == "truncate")
        case ("round" | "truncate") as action, SecondDecimals(fraction):
            return RoundedInstant(fraction, cut=action == "truncate", mirrored=engine == "postgres")
        case "clamp", Range(low, high, False):
            return Clamped(low, high)
        case "clamp", Digits(int(whole), _):
            most = _greatest(whole, _decimals(field))
            return Clamped(most.copy_negate(), most)
        case "empty", _:
            return Emptied(constraint.accepts | ValueSet.everything() - ValueSet.of_type(field.type))
        case _:
            return None


def _greatest(whole: int, decimals: int) -> Decimal:
    """The greatest number of so many digits: 999.99 of 3 and 2."""
    return Decimal((0, tuple(map(int, str(10 ** (whole + decimals) - 1))), -decimals))


def _decimals(field: Field) -> int:
    """The most decimals of a field's numbers; 0 where it does not say."""
    stated = [c.restriction.decimals for c in field.constraints if isinstance(c.restriction, Digits)]
    return min((most for most in stated if most is not None), default=0)


def _way(field: Field, stored: StoredAs) -> list[Transform]:
    # of several lengths, the one that is written first is the column's own; a check's drops no blanks
    lengths = _lengths(field.constraints)[:1] if stored.length is None else _length(stored.length)
    match stored.way:
        case "empty_as_null":
            return [EmptyAsNull()]
        case "stripped":
            return [Stripped()]
        case "uuid":
            return [CanonicalUuid()]
        case "uuid_upper":
            return [CanonicalUuid(upper=True)]
        case "fitted":
            return [Fitted(limit, unit) for limit, unit in lengths]
        case "fitted_spaces":
            return [Fitted(limit, unit, ASCII_SPACES) for limit, unit in lengths]
        case "padded":
            return [Padded(limit, unit) for limit, unit in lengths]


def _lengths(constraints: Iterable[Constraint]) -> list[tuple[int, str]]:
    """The greatest lengths of a field, each with its unit, in the order of the file."""
    return [length for constraint in constraints for length in _length(constraint.restriction)]


def _length(restriction: Restriction) -> list[tuple[int, str]]:
    """The greatest length that a restriction states, with its unit; none where it states none."""
    match restriction:
        case Length(_, int(high), "bytes", str(encoding)):
            return [(high, encoding)]
        case Length(_, int(high), unit):
            return [(high, unit)]
        case _:
            return []


def _beside_change(constraint: Constraint, transforms: list[Transform]) -> ValueSet:
    """The arriving values that meet the part of a constraint which its change cannot fix.

    A cut fixes only the length: every character must be encodable, and no cut makes a short value longer.
    """
    match constraint.on_violation, constraint.restriction:
        case "truncate", Length(low, _, unit, encoding):
            least = accepted(Length(low or 0, None, unit, encoding if unit == "bytes" else None))
            replacing = [made for made in transforms if isinstance(made, ReplaceOutside)]
            return chain_preimage(transforms if low else replacing, least)
        case "empty", _:
            return ValueSet.everything()
        case _, restriction:
            return chain_preimage(transforms, accepted(restriction))
