"""Values for a column: at the cuts of the sets that Fieldline computes for it, one step beside them, and at random."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from fieldline.contracts.constraint import Length, OneOf
from fieldline.formats.ddl.engines.engine import LONGEST_FITTED
from fieldline.lineage.storage import storage
from fieldline.values.budget import BudgetExceeded
from fieldline.values.valueset import ValueSet

from ..properties.boundaries import edges

if TYPE_CHECKING:
    from random import Random

    from fieldline.contracts.model import Field
    from fieldline.values.valueset import Value

_LETTERS = "abcABZz019 \n\t.%_-'\"\\åéßÅ日¥€😀\u0301\u00a0"
_USUAL = "ab1 é"
_BLANKS = ("", " ", "   ", "      ")
_HEX = "0123456789abcdefABCDEF"


def draws(field: Field, count: int, random: Random, *, own_type: bool) -> list[Value]:
    """About so many values for a column; `own_type`: only of its type, for an engine that stores every other as it is."""
    found: list[Value] = [None]
    known = [field.accepts, *(rejection.accepts for rejection in storage(field).rejections)]
    for values in dict.fromkeys(known):
        try:
            found += edges(values)
        except BudgetExceeded:  # a text of many thousand characters: values at random are left
            continue
    found = [value for value in found if _is_sent(value, field, own_type=own_type)]
    random.shuffle(found)
    found = found[: count // 2]
    while len(found) < count:
        value = _value(field, random)
        if _is_sent(value, field, own_type=own_type):
            found.append(value)
    return found


def _is_sent(value: Value, field: Field, *, own_type: bool) -> bool:
    """Whether a program sends such a value to a column of the type: a number to a number, a text to a text."""
    if value is None:
        return True
    if own_type or field.type not in {"integer", "decimal"}:
        return value in ValueSet.of_type(field.type) and _is_written(value)
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and _is_written(value)


def _is_written(value: Value) -> bool:
    """Whether drivers and engines agree on how it is sent at all."""
    match value:
        case bool():
            return True
        case int() | Decimal():
            return abs(value) < 10**30 and len(Decimal(value).as_tuple().digits) <= 36
        case datetime() | date():
            return 1900 <= value.year <= 2200
        case str():
            return not any(0xD800 <= ord(character) < 0xE000 for character in value)
        case _:
            return True


def _value(field: Field, random: Random) -> Value:
    match field.type:
        case "text":
            return _text(field, random)
        case "integer" | "decimal":
            return _number(random)
        case "boolean":
            return random.choice((True, False))
        case "date":
            return date(1990, 1, 1) + timedelta(days=random.randrange(20_000))
        case "time":
            return (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=_moment(random, 86_400))).time()
        case "datetime":
            return datetime(1998, 6, 1, tzinfo=UTC) + timedelta(microseconds=_moment(random, 10**8))


def _moment(random: Random, seconds: int) -> int:
    fraction = random.choice((0, 500_000, 999_999, 1_500, random.randrange(10**6)))
    return random.randrange(seconds) * 10**6 + fraction


def _text(field: Field, random: Random) -> str:
    limits = [c.restriction.high for c in field.constraints if isinstance(c.restriction, Length) and c.restriction.high]
    limits = [limit for limit in limits if limit <= LONGEST_FITTED]
    listed = [v for c in field.constraints if isinstance(c.restriction, OneOf) for v in c.restriction.values]
    kind = random.random()
    if listed and kind < 0.5:
        member = str(random.choice(listed))
        return random.choice((member, f"{member} ", member.upper(), member[:-1], f"{member}x"))
    if any(way.sentence.startswith("stored as a UUID") for way in field.stored) and kind < 0.8:
        return _uuid(random)
    limit = min([*limits, 8])
    if limits and random.random() < 0.4:
        limit = min(limits)
    size = max(0, random.choice((limit - 1, limit, limit + 1, random.randint(0, 3), random.randint(0, limit + 3))))
    letters = random.choice((_LETTERS, _USUAL, "a", "aé", "0123456789", "abcdefghij"))
    return "".join(random.choices(letters, k=size)) + random.choice(_BLANKS)


def _uuid(random: Random) -> str:
    digits = "".join(random.choices(_HEX, k=random.choice((31, 32, 32, 32, 32, 33))))
    between = random.choice(("", "-"))
    text = (
        digits
        if random.random() < 0.3
        else between.join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    )
    return random.choice((text, text, text, f"{{{text}}}", f"{text} ", text.lower()))


def _number(random: Random) -> Decimal | int:
    if random.random() < 0.3:
        return random.choice(
            (-1, 0, 1, 2, 7, 9, 10, 20, 99, 100, 127, 128, 255, 256, 32_767, 32_768, 2**31, 2**63, 10**20)
        )
    number = Decimal(random.randint(-(10 ** random.randint(1, 8)), 10 ** random.randint(1, 8)))
    tie = Decimal(5) * random.choice((0, 1))
    return (number * 10 + tie).scaleb(-random.randint(0, 6))
