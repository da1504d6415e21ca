"""Random characters, texts, languages, sets, values and transforms, each set beside the plain definition it is held to.

A *model* pairs a set of the algebra with a predicate that says, from the definition alone, what must be a member. The
predicates know nothing of automata, inversion lists or atoms; languages are matched by listing all spans of a text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Generic, TypeVar, get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from fieldline.documents.days import DayShift
from fieldline.lineage.collations import BYTES, NO_CASE
from fieldline.lineage.engines import ANY_ENGINE, EngineWay, trim_ways
from fieldline.lineage.transforms.affix import Pad, Prefix, Suffix
from fieldline.lineage.transforms.arithmetic import Added, Divided, Multiplied, Remainder, RoundedTo, Within
from fieldline.lineage.transforms.case import Fold, Lower, Upper
from fieldline.lineage.transforms.convert import Cast, Reformat
from fieldline.lineage.transforms.cut import Last, Substring, Truncate
from fieldline.lineage.transforms.edit import Keep, Remove, ReplaceCharacters, ReplaceClass, ReplaceOutside, ReplaceWord
from fieldline.lineage.transforms.encode import EncodedIn, Escaped
from fieldline.lineage.transforms.fixed import Constant, Default, Identity
from fieldline.lineage.transforms.lines import Lines
from fieldline.lineage.transforms.lookup import Map
from fieldline.lineage.transforms.moment import RoundedInstant
from fieldline.lineage.transforms.null_if import NullIfAlike
from fieldline.lineage.transforms.number import Clamped, Rounded
from fieldline.lineage.transforms.part import After, Before, LastPart, Split
from fieldline.lineage.transforms.period import Period, PeriodEnd
from fieldline.lineage.transforms.shift import DateShift, MonthEnd
from fieldline.lineage.transforms.spaces import CollapseSpaces, Trim
from fieldline.lineage.transforms.stored import (
    ASCII_SPACES,
    CanonicalUuid,
    Emptied,
    EmptyAsNull,
    Fitted,
    Padded,
    Stripped,
)
from fieldline.lineage.transforms.title import TitleWay
from fieldline.lineage.transforms.transliterate import Table, Transliterated
from fieldline.lineage.transforms.written import FillDecimals
from fieldline.values import language
from fieldline.values.charset import Charset
from fieldline.values.numberset import NumberSet
from fieldline.values.textset import TextSet
from fieldline.values.trie import word_trie
from fieldline.values.valueset import Value, ValueSet
from fieldline.values.weight import CODE_POINTS, UTF16, Weight, codec_weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fieldline.lineage.transform import TextTransform, Transform
    from fieldline.values.language import Language

T = TypeVar("T")
V = TypeVar("V")

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
_USUAL = settings.get_profile("default").max_examples


def tries(count: int) -> settings:
    """So many examples; as many times as many as the profile that is loaded asks of every law."""
    return settings(max_examples=max(1, count * settings().max_examples // _USUAL), suppress_health_check=_SLOW)


LETTERS = "abé😀"
"""The small alphabet of the brute force: one, two and four bytes in UTF-8, one and two units in UTF-16."""
UNITS: tuple[Weight, ...] = (
    CODE_POINTS,
    UTF16,
    codec_weight("utf-8"),
    codec_weight("cp037"),
    codec_weight("utf-16-le"),
)


def every_text(alphabet: str, longest: int) -> Iterator[str]:
    """Every text over an alphabet, shortest first."""
    for size in range(longest + 1):
        yield from ("".join(characters) for characters in product(alphabet, repeat=size))


@dataclass(frozen=True)
class Model(Generic[T, V]):
    """A set of the algebra, and the definition of what it holds."""

    found: T
    holds: Callable[[V], bool]
    words: str

    def __repr__(self) -> str:
        return self.words


# ------------------------------------------------------------------------------------------------------------- characters

points = st.one_of(
    st.integers(0, 0x10FFFF),
    st.sampled_from(
        [0, 0x60, 0x61, 0x7F, 0x80, 0xFF, 0x100, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]
    ),
)


@st.composite
def charsets(draw: st.DrawFn) -> Model[Charset, int]:
    ranges = draw(st.lists(st.tuples(points, points), max_size=5))
    return Model(
        Charset.ranges(ranges),
        lambda point: any(low <= point <= high for low, high in ranges),
        f"ranges({ranges})",
    )


# -------------------------------------------------------------------------------------------------------------- languages

Spans = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Expression:
    """A language, and the spans (i, j) of a text that are members, listed from the definition."""

    language: Language
    spans: Callable[[str], Spans]
    words: str

    def __repr__(self) -> str:
        return self.words

    def holds(self, text: str) -> bool:
        return (0, len(text)) in self.spans(text)


def _all_spans(text: str) -> Spans:
    return frozenset((i, j) for i in range(len(text) + 1) for j in range(i, len(text) + 1))


def _chained(first: Spans, second: Spans) -> Spans:
    return frozenset((i, k) for i, j in first for start, k in second if start == j)


def _repeated(body: Spans, low: int, high: int | None, text: str) -> Spans:
    reached: Spans = frozenset((i, i) for i in range(len(text) + 1))
    found: Spans = reached if low == 0 else frozenset()
    for count in range(1, (low + len(text) + 1 if high is None else high) + 1):
        reached = _chained(reached, body)
        if count >= low:
            found |= reached
    return found


def _characters(characters: str, *, outside: bool) -> Expression:
    charset = ~Charset.of(characters) if outside else Charset.of(characters)
    return Expression(
        language.chars(charset),
        lambda text: frozenset((i, i + 1) for i, c in enumerate(text) if (c in characters) != outside),
        f"[{'^' * outside}{characters}]",
    )


def _words(words: tuple[str, ...]) -> Expression:
    return Expression(
        word_trie(words),
        lambda text: frozenset((i, j) for i, j in _all_spans(text) if text[i:j] in words),
        f"{words}",
    )


def _measured(weight: Weight, low: int, high: int | None) -> Expression:
    def fits(piece: str) -> bool:
        return low <= weight.of(piece) and (high is None or weight.of(piece) <= high)

    return Expression(
        language.length(weight, low, high),
        lambda text: frozenset((i, j) for i, j in _all_spans(text) if fits(text[i:j])),
        f"({low}..{high} {weight.name})",
    )


def _concat(first: Expression, second: Expression) -> Expression:
    return Expression(
        language.concat(first.language, second.language),
        lambda text: _chained(first.spans(text), second.spans(text)),
        f"{first}{second}",
    )


def _repeat(body: Expression, low: int, more: int | None) -> Expression:
    high = None if more is None else low + more
    return Expression(
        language.repeat(body.language, low, high),
        lambda text: _repeated(body.spans(text), low, high, text),
        f"({body}){{{low},{high}}}",
    )


def _either(first: Expression, second: Expression) -> Expression:
    return Expression(
        first.language | second.language, lambda text: first.spans(text) | second.spans(text), f"({first}|{second})"
    )


def _both(first: Expression, second: Expression) -> Expression:
    return Expression(
        first.language & second.language, lambda text: first.spans(text) & second.spans(text), f"({first}&{second})"
    )


def _without(first: Expression, second: Expression) -> Expression:
    return Expression(
        first.language - second.language, lambda text: first.spans(text) - second.spans(text), f"({first}-{second})"
    )


def _not(body: Expression) -> Expression:
    return Expression(~body.language, lambda text: _all_spans(text) - body.spans(text), f"~({body})")


small_texts = st.text(LETTERS, max_size=5)
counts = st.integers(0, 3)
optional_counts = st.none() | counts


def expressions(leaves: int = 7) -> st.SearchStrategy[Expression]:
    """Languages over LETTERS (and whatever lies outside, by complement), with their definition."""
    leaf = st.one_of(
        st.builds(_characters, st.text(LETTERS, min_size=1, max_size=3), outside=st.booleans()),
        st.builds(lambda texts: _words(tuple(texts)), st.lists(st.text(LETTERS, max_size=3), max_size=4)),
        st.builds(
            lambda weight, low, more: _measured(weight, low, None if more is None else low + more),
            st.sampled_from(UNITS),
            counts,
            optional_counts,
        ),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.builds(_concat, inner, inner),
            st.builds(_repeat, inner, counts, optional_counts),
            st.builds(_either, inner, inner),
            st.builds(_both, inner, inner),
            st.builds(_without, inner, inner),
            st.builds(_not, inner),
        ),
        max_leaves=leaves,
    )


# -------------------------------------------------------------------------------------------------------------- text sets


def _in_language(expression: Expression) -> Model[TextSet, str]:
    return Model(TextSet.language(expression.language), expression.holds, f"{expression}")


def _of_measure(weight: Weight, low: int, more: int | None) -> Model[TextSet, str]:
    high = None if more is None else low + more
    return Model(
        TextSet.measure(weight, low, high),
        lambda text: low <= weight.of(text) and (high is None or weight.of(text) <= high),
        f"{low}..{high} {weight.name}",
    )


def combine(inner: st.SearchStrategy[Model[T, V]]) -> st.SearchStrategy[Model[T, V]]:
    """Models joined by the operators of the algebra."""
    return st.one_of(
        st.builds(meet, inner, inner),
        st.builds(join, inner, inner),
        st.builds(minus, inner, inner),
        st.builds(outside, inner),
    )


def meet(a: Model[T, V], b: Model[T, V]) -> Model[T, V]:
    return Model(a.found & b.found, lambda v: a.holds(v) and b.holds(v), f"({a} & {b})")  # type: ignore[operator]


def join(a: Model[T, V], b: Model[T, V]) -> Model[T, V]:
    return Model(a.found | b.found, lambda v: a.holds(v) or b.holds(v), f"({a} | {b})")  # type: ignore[operator]


def minus(a: Model[T, V], b: Model[T, V]) -> Model[T, V]:
    return Model(a.found - b.found, lambda v: a.holds(v) and not b.holds(v), f"({a} - {b})")  # type: ignore[operator]


def outside(a: Model[T, V]) -> Model[T, V]:
    return Model(~a.found, lambda v: not a.holds(v), f"~{a}")  # type: ignore[operator]


def text_sets(leaves: int = 4) -> st.SearchStrategy[Model[TextSet, str]]:
    """Sets of texts over LETTERS, with their definition."""
    leaf = st.one_of(
        st.builds(_in_language, expressions(4)),
        st.builds(_of_measure, st.sampled_from(UNITS), st.integers(0, 4), st.none() | st.integers(0, 6)),
    )
    return st.recursive(leaf, combine, max_leaves=leaves)


# ---------------------------------------------------------------------------------------------------------------- numbers

BOUNDS = [
    *(Decimal(n) for n in ("0", "1", "-1", "2", "9", "10", "-10", "99", "100", "0.5", "-0.5", "0.05", "9.99", "10.01")),
    Decimal(12345678901234567890123456789012345),
    Decimal("-0.00000000000000000000000000000000001"),
    Decimal("1.00000000000000000000000000000000001"),
    Decimal("1E+3"),
]
numbers: st.SearchStrategy[Decimal] = st.one_of(
    st.sampled_from(BOUNDS),
    st.decimals(-20, 20, places=2),
    st.decimals(-20, 20, places=1),
    st.integers(-200, 200).map(Decimal),
    st.builds(
        lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(-(10**9), 10**9), st.integers(-12, 6)
    ),
)


def needed_decimals(number: Decimal) -> int:
    """How many decimals a number needs, read off its digits."""
    return len(f"{number:f}".partition(".")[2].rstrip("0"))


def _interval(low: Decimal | None, high: Decimal | None, *, lo_open: bool, hi_open: bool) -> Model[NumberSet, Decimal]:
    def holds(x: Decimal) -> bool:
        above = low is None or low < x or (low == x and not lo_open)
        below = high is None or x < high or (x == high and not hi_open)
        return above and below

    found = NumberSet.between(low, high, lo_open=lo_open, hi_open=hi_open)
    return Model(found, holds, f"{'(' if lo_open else '['}{low}, {high}{')' if hi_open else ']'}")


def number_sets(leaves: int = 4, *, spelled: bool = True) -> st.SearchStrategy[Model[NumberSet, Decimal]]:
    """Sets of numbers, with their definition; some of them told by how the number is spelled."""
    ends = st.none() | st.sampled_from(BOUNDS)
    leaf = st.one_of(
        st.builds(_interval, ends, ends, lo_open=st.booleans(), hi_open=st.booleans()),
        st.builds(
            lambda most: Model(NumberSet.scale(most), lambda x: needed_decimals(x) <= most, f"scale({most})"),
            st.integers(0, 3),
        ),
    )
    if spelled:
        leaf |= st.builds(_spelled, st.sampled_from("0179.-"), st.booleans())
    return st.recursive(leaf, combine, max_leaves=leaves)


def _spelled(character: str, first: bool) -> Model[NumberSet, Decimal]:
    one = language.literal(character)
    parts = (one, language.ALL) if first else (language.ALL, one)

    def holds(x: Decimal) -> bool:
        text = plain(x)
        return text.startswith(character) if first else text.endswith(character)

    found = NumberSet.spelled(TextSet.language(language.concat(*parts)))
    return Model(found, holds, f"{'begins' if first else 'ends'} with {character}")


def plain(number: Decimal) -> str:
    """A number's plain notation, the slow way."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if not text.strip("-0") else text


# ----------------------------------------------------------------------------------------------------------------- values

TEXT_ALPHABET = "abAB 01.-+_@/ßÄéİ😀\u2003\x00\n"
zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
dates = st.one_of(
    st.dates(),
    st.sampled_from([date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), date(1970, 1, 1), date(1900, 2, 28)]),
)
times = st.times() | st.sampled_from([time(0), time(23, 59, 59, 999_999)])
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30, 23), timezones=zones) | st.builds(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC), st.dates()
)


def _as_number_text(number: Decimal, sign: str, zeros: str, after: str) -> str:
    text = plain(abs(number))
    return sign + zeros + (text + after if "." in text else text)


texts = st.one_of(
    st.text(TEXT_ALPHABET, max_size=8),
    st.text("0123456789.-+", max_size=6),
    st.text(max_size=6),
    st.builds(
        _as_number_text,
        numbers,
        st.sampled_from(["", "+", "-"]),
        st.sampled_from(["", "0", "00"]),
        st.sampled_from(["", "0"]),
    ),
    st.builds(
        lambda day, notation: day.strftime(notation).zfill(8),
        st.dates(date(1000, 1, 1)),
        st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d%m%Y", "%Y%m%d"]),
    ),
    st.builds(
        lambda digits, layout: layout.format(digits),
        st.text("0123456789abcdefABCDEF", min_size=32, max_size=32),
        st.sampled_from(
            ["{0}", "{{{0}}}", "{0:.8}-{0:.4}-{0:.4}-{0:.4}-{0:.12}", "{{{0:.8}-{0:.24}}}", "{0:.4}-{0:.28}"]
        ),
    ),
    st.sampled_from(["", "true", "false", "True", "2024-02-30", "2024-02-29", "29.02.2023", "a b", "a", "x"]),
)
values: st.SearchStrategy[Value] = st.one_of(
    texts, texts, st.none(), numbers, st.integers(-500, 500), st.booleans(), dates, times, instants
)

Predicate = "Callable[[Value], bool]"


def kind_of(value: Value) -> str:
    """The kind of a value, as sets of values tell them apart."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "text"
        case int() | Decimal():
            return "number"
        case datetime():
            return "datetime"
        case date():
            return "date"
        case _:
            return "time"


def same_value(first: Value, second: Value) -> bool:
    """Whether two values are one: 1 and 1.0 are, 1 and true are not."""
    return kind_of(first) == kind_of(second) and first == second


def _exactly(chosen: list[Value]) -> Model[ValueSet, Value]:
    return Model(ValueSet.exactly(chosen), lambda v: any(same_value(v, c) for c in chosen), f"exactly({chosen!r})")


def _typed(name: str) -> Model[ValueSet, Value]:
    def holds(value: Value) -> bool:
        if name == "integer":
            return kind_of(value) == "number" and Decimal(value) == Decimal(value).to_integral_value()  # type: ignore[arg-type]
        return kind_of(value) == ("number" if name == "decimal" else name)

    return Model(ValueSet.of_type(name), holds, name)


def _texts_of(model: Model[TextSet, str]) -> Model[ValueSet, Value]:
    return Model(ValueSet.text(model.found), lambda v: isinstance(v, str) and model.holds(v), f"text {model}")


def _numbers_of(model: Model[NumberSet, Decimal]) -> Model[ValueSet, Value]:
    def holds(value: Value) -> bool:
        return kind_of(value) == "number" and model.holds(Decimal(value))  # type: ignore[arg-type]

    return Model(ValueSet.number(model.found), holds, f"number {model}")


def _ordered(low: Value, high: Value, *, lo_open: bool, hi_open: bool) -> Model[ValueSet, Value]:
    def holds(value: Value) -> bool:
        if kind_of(value) != kind_of(low):
            return False
        above = low < value or (low == value and not lo_open)  # type: ignore[operator]
        below = value < high or (value == high and not hi_open)  # type: ignore[operator]
        return above and below

    found = ValueSet.between(low, high, lo_open=lo_open, hi_open=hi_open)
    return Model(found, holds, f"{low}..{high} ({lo_open}, {hi_open})")


def value_sets(leaves: int = 4) -> st.SearchStrategy[Model[ValueSet, Value]]:
    """Sets of values of every type, with their definition."""
    pairs = [st.tuples(kind, kind).map(sorted) for kind in (dates, times, instants, numbers)]
    leaf = st.one_of(
        st.builds(_exactly, st.lists(values, max_size=3)),
        st.builds(_typed, st.sampled_from(["text", "integer", "decimal", "boolean", "date", "time", "datetime"])),
        st.builds(_texts_of, text_sets(2)),
        st.builds(_numbers_of, number_sets(2)),
        st.builds(
            lambda ends, lo_open, hi_open: _ordered(*ends, lo_open=lo_open, hi_open=hi_open),
            st.one_of(*pairs),
            st.booleans(),
            st.booleans(),
        ),
        st.just(Model(ValueSet.null_only(), lambda v: v is None, "null")),
        st.just(Model(ValueSet.everything(), lambda _: True, "everything")),
    )
    return st.recursive(leaf, combine, max_leaves=leaves)


# ------------------------------------------------------------------------------------------------------------- transforms

LAYOUTS = ("%Y-%m-%d", "%d.%m.%Y", "%d%m%Y", "%Y%m%d", "%m/%d/%Y", "%Y%%%m%d", "le %d %m de %Y")
SHORT_LAYOUTS = ("%y%m%d", "%d.%m.%y")
ZONES = ("Z", "UTC", "+02:00", "-11:30", "+14:00", "-00:00")
_SOME = "ab 0._-"
_short = st.text("ab 0@_", max_size=3)
_word = st.text("ab0", min_size=1, max_size=3)
_sets = st.text(_SOME + "éß", max_size=4)

sides = st.sampled_from(["both", "left", "right"])
pads = st.builds(Pad, st.integers(0, 6), st.sampled_from("0 aé😀"), st.sampled_from(["left", "right"]))
trims = st.builds(Trim, sides, st.none() | _sets) | st.builds(
    lambda side, way: Trim(side, ways=(way,)), sides, st.sampled_from(trim_ways(ANY_ENGINE))
)
truncates = st.builds(
    Truncate, st.integers(0, 6), st.sampled_from(["code points", "utf16", "utf-8", "cp037", "shift_jis"])
)
text_transforms: dict[str, st.SearchStrategy[TextTransform]] = {
    "trim": trims,
    "collapse_spaces": st.just(CollapseSpaces()),
    "upper": st.sampled_from((Upper(), *Upper().run_by(ANY_ENGINE).variants)),
    "lower": st.sampled_from((Lower(), *Lower().run_by(ANY_ENGINE).variants)),
    "casefold": st.just(Fold()),
    "title": st.builds(TitleWay, st.sampled_from(["C", "libc"])),
    "transliterate": st.builds(Transliterated, st.sampled_from(get_args(Table))),
    "lines": st.builds(Lines, st.integers(1, 4), st.integers(1, 3)),
    "prefix": st.builds(Prefix, _short),
    "suffix": st.builds(Suffix, _short),
    "replace": st.one_of(
        st.builds(ReplaceWord, _word, _short),
        st.builds(
            lambda table: ReplaceCharacters(tuple(sorted(table.items()))),
            st.dictionaries(st.sampled_from("abäß 0"), st.text("abs", max_size=2), min_size=1, max_size=3),
        ),
        st.builds(
            lambda text, instead: ReplaceOutside(Charset.of(text), instead), _sets, st.sampled_from(["?", "", "ab"])
        ),
        st.builds(
            lambda text, instead, runs: ReplaceClass(Charset.of(text), instead, text, runs),
            _sets,
            st.sampled_from(["?", "", "ab", "a"]),
            st.booleans(),
        ),
    ),
    "remove": st.builds(lambda text: Remove(Charset.of(text), text), _sets),
    "keep": st.builds(lambda text: Keep(Charset.of(text), text), _sets),
    "encode": st.builds(Escaped, st.sampled_from(["html", "xml", "json", "url", "form"])),
    "truncate": truncates | st.builds(Last, st.integers(0, 6)),
    "substring": st.builds(Substring, st.integers(1, 4), st.none() | st.integers(0, 4)),
    "before": st.builds(Before, st.one_of(_word, st.just(" "))),
    "after": st.builds(After, _word),
    "last_part": st.builds(LastPart, st.text("ab", min_size=1, max_size=3)),
    "split": st.builds(Split, _word, st.integers(1, 4)),
    "pad": pads | pads.map(lambda pad: replace(pad, ways=(EngineWay(rule=True),))),
}
"""The transforms that a finite machine computes, by their names."""

maps = st.builds(
    lambda table, otherwise, value: Map(tuple(table.items()), otherwise, value if otherwise == "value" else ""),
    st.dictionaries(st.text(LETTERS + "01 ", max_size=2), st.text(LETTERS + "01", max_size=2), max_size=4),
    st.sampled_from(["keep", "refuse", "null", "value"]),
    st.text(LETTERS, max_size=2),
)
first_years = st.sampled_from([1, 1950, 1970, 9900])
casts = st.builds(
    Cast,
    st.sampled_from(["integer", "decimal", "text", "boolean", "date", "datetime"]),
    st.sampled_from((*LAYOUTS, *SHORT_LAYOUTS)),
    st.sampled_from(ZONES),
    first_years,
)
_distances = st.builds(
    DayShift,
    st.sampled_from([0, 0, 1, -1, 2, 11, 12, -13, 48, 1200]),
    st.sampled_from([0, 0, 1, -1, 14, -14, 400]),
)
shifts = st.builds(
    lambda by, end: DateShift(by, (EngineWay(end),), stated=True), _distances, st.sampled_from(get_args(MonthEnd))
)
_fixed = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.sampled_from([1, -1, 2, 3, 5, 12, 99, -25, 124]),
    st.sampled_from([0, 0, 1, 2, -1, -2]),
)
transforms: dict[str, st.SearchStrategy[Transform]] = {
    **text_transforms,
    "identity": st.just(Identity()),
    "default": st.builds(Default, _short),
    "null_if": st.builds(NullIfAlike, _short, st.sampled_from([BYTES, NO_CASE, replace(BYTES, pads=True)])),
    "constant": st.builds(Constant, st.none() | _short),
    "map": maps,
    "cast": casts,
    "reformat": st.builds(Reformat, st.sampled_from(LAYOUTS), st.sampled_from((*LAYOUTS, *SHORT_LAYOUTS)))
    | st.builds(Reformat, st.sampled_from(SHORT_LAYOUTS), st.sampled_from((*LAYOUTS, *SHORT_LAYOUTS)), first_years),
    "shift": shifts,
    "encode": text_transforms["encode"] | st.builds(EncodedIn, st.sampled_from(["ascii", "latin-1", "utf-8", "cp037"])),
    "start_of": st.builds(PeriodEnd, st.sampled_from(get_args(Period))),
    "end_of": st.builds(PeriodEnd, st.sampled_from(get_args(Period)), st.just(True)),
    "add": st.builds(Added, _fixed | st.just(Decimal(0))),
    "multiply": st.builds(Multiplied, _fixed),
    "divide": st.builds(Divided, st.sampled_from([1, 2, 3, 10, 60, 100])),
    "remainder": st.builds(Remainder, st.sampled_from([1, 2, 3, 7, 10, 100])),
    "round": st.builds(RoundedTo, st.integers(0, 3), st.booleans()),
    "within": st.tuples(numbers, numbers).map(sorted).map(lambda ends: Within(*ends)),
}
"""Every exact transform on one value, by its name."""
_units = st.sampled_from(["code points", "utf16", "utf-8", "shift_jis"])
stored_texts: dict[str, st.SearchStrategy[TextTransform]] = {
    "fill decimals": st.builds(FillDecimals, st.integers(1, 3)),
    "fit": st.builds(Fitted, st.integers(0, 6), _units, st.sampled_from([" ", ASCII_SPACES])),
    "fill": st.builds(Padded, st.integers(0, 6), _units),
    "strip": st.just(Stripped()),
}
"""What storage does to every text by itself, as machines."""
_accepted = value_sets(2).map(lambda model: model.found)
stored_steps: dict[str, st.SearchStrategy[Transform]] = {
    **stored_texts,
    "uuid": st.builds(CanonicalUuid, st.booleans()),
    "empty_as_null": st.just(EmptyAsNull()),
    "emptied": st.builds(Emptied, _accepted),
    "round": st.builds(Rounded, st.integers(0, 3), st.booleans()),
    "round instants": st.builds(RoundedInstant, st.integers(0, 5), st.booleans(), st.booleans()),
    "clamp": st.one_of(
        st.builds(Clamped, st.just(None), st.sampled_from(BOUNDS)),
        *(st.tuples(kind, kind).map(sorted).map(lambda ends: Clamped(*ends)) for kind in (numbers, dates, instants)),
    ),
}
"""What storage does to a value by itself."""

any_text_transform: st.SearchStrategy[TextTransform] = st.one_of(*text_transforms.values(), *stored_texts.values())
any_transform: st.SearchStrategy[Transform] = st.one_of(*transforms.values(), *stored_steps.values())
text_chains = st.lists(any_text_transform, max_size=4).map(tuple)
chains = st.lists(any_transform, max_size=4).map(tuple)


def written(chain: tuple[TextTransform, ...], text: str) -> str:
    """What a chain of text transforms makes of a text."""
    return reduce(lambda found, step: step.write(found), chain, text)
