"""Values at the edges of a set: each of its cuts, one step either side, and these shifted as a chain of steps would.

    a set of days      [2024-05-01 .......... 2024-06-30]
    a cast to date     the instants of midnight in its zone, so the edges lie at midnight, and the zone's offset away
    drawn              2024-04-30, 2024-05-01, 2024-05-02, …;  2024-04-30T21:59:59.999999Z, 2024-04-30T22:00Z, …

A value drawn at random hardly ever lies there, and there is where an offset of the wrong sign, a `<` for a `<=` or a
length counted in another unit shows.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, TypeVar

from fieldline.lineage.transforms.convert import Cast, Reformat, parse_zone
from fieldline.lineage.transforms.dateformat import DateFormat
from fieldline.values.solve.atom import Measure
from fieldline.values.valueset import ValueSet

from .strategies import kind_of, needed_decimals, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fieldline.lineage.transform import Transform
    from fieldline.values.numberset import NumberSet
    from fieldline.values.textset import TextSet
    from fieldline.values.valueset import Value

_T = TypeVar("_T", int, str)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1) // _MICROSECOND
_LONGEST = 24
_MOST = 150
"""Edges that are tried of one set; of more, some are left out evenly."""


def edges(values: ValueSet, chain: Sequence[Transform] = ()) -> list[Value]:
    """Values near the cuts of a set, as they would lie before a chain of steps, too. Not all are members of anything."""
    days, instants = list(_cuts(values.days)), list(_microseconds(values.instants))
    offsets = {0, *(_offset(step.zone) for step in chain if isinstance(step, Cast))}
    days += (_EPOCH_DAY + (n + offset) // _DAY for n in instants for offset in offsets)
    midnights = [(day - _EPOCH_DAY) * _DAY - offset for day in days for offset in offsets]
    numbers = list(_numbers(values.numbers))
    dates = [date.fromordinal(n) for n in _beside(days, 1) if 1 <= n <= date.max.toordinal()]
    found: list[Value] = [
        *numbers,
        *dates,
        *(_EPOCH + n * _MICROSECOND for n in _beside([*instants, *midnights], 1) if _is_instant(n)),
        *(_time(n) for n in _beside(_microseconds(values.clock), 1) if 0 <= n < _DAY),
        *_texts(values.texts, chain),
        *(text for number in numbers for text in _spellings(number)),
        *(DateFormat.parse(layout).write(day) for layout in _layouts(chain) for day in dates if day.year >= 1000),
    ]
    distinct = list({(kind_of(value), value): value for value in found}.values())
    return distinct[:: 1 + len(distinct) // _MOST]


def _cuts(numbers: NumberSet) -> Iterator[int]:
    """The whole numbers at which a set of days begins or ends."""
    return (int(cut[0]) for cuts in numbers.bands[1] for cut in cuts if cut[0].is_finite())


def _microseconds(seconds: NumberSet) -> Iterator[int]:
    """The microseconds at which a set of seconds begins or ends."""
    return (int(cut[0].scaleb(6)) for cuts in seconds.bands[1] for cut in cuts if cut[0].is_finite())


def _beside(numbers: Iterable[int], step: int) -> list[int]:
    return sorted({n + shift for n in numbers for shift in (-step, 0, step)})


def _numbers(numbers: NumberSet) -> Iterator[Decimal]:
    """Each cut, and its neighbours among the numbers with no decimals, with as many as it has, and with one more."""
    cuts = sorted({cut[0] for cuts in numbers.bands[1] for cut in cuts if cut[0].is_finite()})
    with localcontext(prec=100):
        for cut in cuts:
            scales = (0, needed_decimals(cut), needed_decimals(cut) + 1)
            yield from {cut + sign * Decimal(1).scaleb(-scale) for scale in scales for sign in (-1, 0, 1)}


def _spellings(number: Decimal) -> Iterator[str]:
    """A number as people write it, plainly and otherwise."""
    text = plain(number)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    yield from (text, f"{sign}0{digits}", f"{text}0" if "." in text else f"{text}.0")
    if not sign:
        yield f"+{text}"


def _is_instant(number: int) -> bool:
    return Decimal(number).scaleb(-6) in ValueSet.of_type("datetime").instants


def _time(number: int) -> time:
    return (_EPOCH + number * _MICROSECOND).time()


def _offset(zone: str) -> int:
    offset = parse_zone(zone).utcoffset(None)
    return offset // _MICROSECOND


def _layouts(chain: Sequence[Transform]) -> Iterator[str]:
    for step in chain:
        match step:
            case Cast():
                yield step.layout
            case Reformat(source, target):
                yield from (source, target)


# --------------------------------------------------------------------------------------------------------------- texts


def _texts(texts: TextSet, chain: Sequence[Transform]) -> Iterator[str]:
    """Texts about as long as the set demands, and a shortest member and a shortest other, each with an edit at its ends."""
    pieces = [piece for step in chain for piece in _parameters(step, str) if 0 < len(piece) <= 4]
    shifts = {0, *map(len, pieces), *(n for step in chain for n in _parameters(step, int))}
    measures = [atom for atom in texts.atoms if isinstance(atom, Measure)]
    bounds = {0, *(atom.low for atom in measures), *(atom.high for atom in measures if atom.high is not None)}
    sizes = _beside((bound + sign * shift for bound in bounds for shift in shifts for sign in (-1, 1)), 1)
    for size in (n for n in sizes if 0 <= n <= _LONGEST):
        yield from (
            "a" * size,
            "0" * size,
            "é" * size,
            "😀" * (size // 2),
            "a" * (size - 1) + " ",
            " " + "a" * (size - 1),
        )
        yield from ((piece * size)[:size] for piece in pieces)
    for text in _shortest(texts):
        yield from (text, text[1:], text[:-1], f"{text}a", f"{text} ", f" {text}", f"{text}{text}")
        yield from (joined for piece in pieces for joined in (text + piece, piece + text, f"{text}{piece}{text}"))


def _shortest(texts: TextSet) -> Iterator[str]:
    for side in (texts, ~texts):
        witness = side.witness()
        if witness is not None:
            yield witness


def _parameters(step: Transform, kind: type[_T]) -> Iterator[_T]:
    """The numbers, or the texts, that a step was made with."""
    if is_dataclass(step):
        for each in fields(step):
            value = getattr(step, each.name)
            if isinstance(value, kind):
                yield value
