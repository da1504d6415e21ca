"""Steps of flows on whole columns, by polars: with exactly the outcome that the step itself has.

Each comes with the values of which that is sure. Of all others the step itself is asked, value by value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from ...lineage.transform import ways
from ...lineage.transforms.affix import Pad, Prefix, Suffix
from ...lineage.transforms.case import Case
from ...lineage.transforms.cut import Substring, Truncate
from ...lineage.transforms.edit import Keep, Remove, ReplaceCharacters, ReplaceOutside, ReplaceWord
from ...lineage.transforms.fixed import Default, Identity
from ...lineage.transforms.lookup import Map
from ...lineage.transforms.moment import RoundedInstant
from ...lineage.transforms.number import Rounded
from ...lineage.transforms.part import After, Before, Split
from ...lineage.transforms.spaces import CollapseSpaces, Trim
from ...lineage.transforms.stored import CanonicalUuid, EmptyAsNull, Fitted, Padded
from ...values.charset import WHITE_SPACE, Charset
from ...values.valueset import FRACTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...lineage.transform import Transform
    from ...lineage.transforms.join import Concat

_MOST_TRIMMED = 200
"""Different characters that polars is asked to remove at the ends."""
_LATIN = range(0x250)
"""Characters of which polars' upper and lower case are compared with a step's: those of European names."""
_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


@dataclass(frozen=True, slots=True)
class StepColumn:
    """What steps make of a column."""

    values: pl.Expr
    sure: pl.Expr | None = None
    """Of which rows that is right: true or false, never null; None: of all."""

    def and_sure(self, *conditions: pl.Expr | None) -> StepColumn:
        """The same, sure where these conditions are true, too; a condition that is null is true."""
        sure = self.sure
        for each in conditions:
            if each is not None:
                known = each.fill_null(value=True)
                sure = known if sure is None else sure & known
        return StepColumn(self.values, sure)


def stepped(column: StepColumn, steps: Iterable[Transform]) -> StepColumn | None:
    """Texts after some steps, in whatever way engines do them; None: polars cannot do one of them."""
    for step in steps:
        made = [_text_step(way, column.values) for way in ways(step)]
        first, *others = made
        if first is None:
            return None
        agreeing: list[pl.Expr | None] = []
        for other in others:
            if other is None:
                return None
            agreeing += [other.sure, other.values.eq_missing(first.values)]
        column = StepColumn(first.values, column.sure).and_sure(first.sure, *agreeing)
    return column


def rounded_alike(column: StepColumn, steps: Iterable[Transform]) -> StepColumn | None:
    """Canonical texts of numbers after some steps, sure of those that the steps leave as they are; None as above."""
    for step in steps:
        match step:
            case Identity():
                continue
            case Rounded(places) if places >= 0:
                longer = r"\." if places == 0 else rf"\.[0-9]{{{places + 1},}}$"
                column = column.and_sure(~column.values.str.contains(longer))
            case RoundedInstant(places):
                column = column.and_sure(column.values.str.contains(rf"\.[0-9]{{{places}}}0{{{FRACTION - places}}}\+"))
            case _:
                return None
    return column


def joined(parts: Sequence[StepColumn], join: Concat) -> StepColumn:
    """Texts one after the other."""
    values = [part.values.fill_null("") if join.kept == "empty" else part.values for part in parts]
    known = [part.sure for part in parts]
    if join.kept == "refuse":
        known += [part.values.is_not_null() for part in parts]
    text = pl.concat_str(values, separator=join.separator, ignore_nulls=True).fill_null("")
    return StepColumn(text).and_sure(*known)


def _text_step(step: Transform, text: pl.Expr) -> StepColumn | None:
    """One step, done in one way; null stays null, but for steps that are about null."""
    match step:
        case Identity():
            return StepColumn(text)
        case Default(instead):
            return StepColumn(text.fill_null(instead))
        case EmptyAsNull():
            return StepColumn(pl.when(text != "").then(text))
        case Case():
            return _cased(step, text)
        case Trim() if not step.blanks:
            return StepColumn(text)
        case Trim() if (dropped := trimmed_characters(step)) is not None:
            strip = {"left": text.str.strip_chars_start, "right": text.str.strip_chars_end}
            return StepColumn(strip.get(step.side, text.str.strip_chars)(dropped))
        case CollapseSpaces():
            return StepColumn(text.str.replace_all(f"[{_class(WHITE_SPACE)}]+", " "))
        case Truncate(limit) | Fitted(limit) | Padded(limit) | Substring(_, limit) if limit is None or limit >= 0:
            return _measured(step, text)
        case Prefix(added):
            return StepColumn(pl.lit(added) + text)
        case Suffix(added):
            return StepColumn(text + pl.lit(added))
        case Pad():
            pad = text.str.pad_start if step.side == "left" else text.str.pad_end
            padded = pad(step.length, step.filler)
            return StepColumn(padded.str.head(step.length) if step.cuts else padded)
        case ReplaceWord(word, instead):
            return StepColumn(text.str.replace_all(word, instead, literal=True))
        case ReplaceCharacters(pairs):
            found = dict(pairs)
            return StepColumn(text.str.replace_many(list(found), list(found.values())))
        case Keep(charset):
            return _dropped(~charset, "", text)
        case Remove(charset):
            return _dropped(charset, "", text)
        case ReplaceOutside(charset, instead):
            return _dropped(~charset, instead.replace("$", "$$"), text)
        case Before(delimiter):
            return StepColumn(text.str.splitn(delimiter, 2).struct.field("field_0"))
        case After(delimiter):
            rest = text.str.splitn(delimiter, 2).struct.field("field_1").fill_null("")
            return StepColumn(pl.when(text.is_not_null()).then(rest))
        case Split(delimiter, part):
            one = text.str.split(delimiter).list.get(part - 1, null_on_oob=True).fill_null("")
            return StepColumn(pl.when(text.is_not_null()).then(one))
        case Map(pairs, otherwise, value):
            return _looked_up(dict(pairs), otherwise, value, text)
        case CanonicalUuid(upper):
            written = text.str.to_uppercase() if upper else text.str.to_lowercase()
            return StepColumn(written).and_sure(text.str.contains(_UUID))
        case _:
            return None


def _measured(step: Truncate | Fitted | Padded | Substring, text: pl.Expr) -> StepColumn:
    """A step that counts characters; bytes and UTF-16 units are the same in texts of ASCII."""
    if isinstance(step, Substring):
        return StepColumn(text.str.slice(step.start - 1, step.length))
    plain = None
    if step.unit != "code points":
        plain = text.str.len_bytes() == text.str.len_chars()
        if any(step.weight.of(chr(point)) != 1 for point in range(128)):
            plain = pl.lit(value=False)
    if isinstance(step, Padded):
        return StepColumn(text.str.pad_end(step.limit, " ")).and_sure(plain)
    cut = text.str.head(step.limit)
    if isinstance(step, Fitted):
        is_blank = text.str.slice(step.limit).str.strip_chars(step.blanks) == ""
        cut = pl.when(is_blank).then(cut).otherwise(text)
    return StepColumn(cut).and_sure(plain)


def _cased(step: Case, text: pl.Expr) -> StepColumn:
    made = text.str.to_uppercase() if step.name == "upper" else text.str.to_lowercase()
    return StepColumn(made).and_sure(text.str.contains(f"^[{_class(cased_alike(step))}]*$"))


@cache
def cased_alike(step: Case) -> Charset:
    """The characters that polars writes in the step's case as the step does, wherever they stand."""
    series = pl.Series([chr(point) for point in _LATIN])
    ours = [step.write(character) for character in series]
    theirs = (series.str.to_uppercase() if step.name == "upper" else series.str.to_lowercase()).to_list()
    alike = zip(_LATIN, ours, theirs, strict=True)
    return Charset.ranges([(point, point) for point, own, other in alike if own == other])


def _dropped(charset: Charset, instead: str, text: pl.Expr) -> StepColumn:
    """Characters of a set replaced."""
    written = _class(charset)
    return StepColumn(text.str.replace_all(f"[{written}]", instead) if written else text)


def _looked_up(found: dict[str, str], otherwise: str, value: str, text: pl.Expr) -> StepColumn:
    is_known = text.is_in(list(found)).fill_null(value=True)
    image = text.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.String)
    match otherwise:
        case "keep":
            return StepColumn(pl.when(is_known).then(image).otherwise(text))
        case "null":
            return StepColumn(image)
        case "value":
            return StepColumn(pl.when(is_known).then(image).otherwise(pl.lit(value)))
        case _:
            return StepColumn(image).and_sure(is_known)


def _class(charset: Charset) -> str:
    """A set of characters as polars' regular expressions write it in brackets; empty: no text holds one of them.

    A text of polars holds no surrogates.
    """
    parts = (charset & _SCALAR).spans()
    return "".join(f"\\x{{{low:X}}}-\\x{{{high - 1:X}}}" for low, high in parts)


_SCALAR = Charset.ranges([(0, 0xD7FF), (0xE000, 0x10FFFF)])


def trimmed_characters(step: Trim) -> str | None:
    """The characters that a step removes at the ends, one after the other; None: too many to list."""
    if len(step.blanks) > _MOST_TRIMMED:
        return None
    return "".join(chr(point) for low, high in (step.blanks & _SCALAR).spans() for point in range(low, high))
