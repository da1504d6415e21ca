"""The law of steps on whole columns: where polars is sure, it gives what the step gives; and it is sure of plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.engines import Runner
from fieldline.lineage.transform import NoValue, chain_outcomes
from fieldline.lineage.transforms.affix import Pad, Prefix, Suffix
from fieldline.lineage.transforms.case import Lower, Upper
from fieldline.lineage.transforms.cut import Substring, Truncate
from fieldline.lineage.transforms.edit import Keep, Remove, ReplaceCharacters, ReplaceOutside, ReplaceWord
from fieldline.lineage.transforms.fixed import Default, Identity
from fieldline.lineage.transforms.join import Concat
from fieldline.lineage.transforms.lookup import Map
from fieldline.lineage.transforms.part import After, Before, Split
from fieldline.lineage.transforms.spaces import CollapseSpaces, Trim
from fieldline.lineage.transforms.stored import CanonicalUuid, EmptyAsNull, Fitted, Padded, Stripped
from fieldline.values.charset import Charset

if TYPE_CHECKING:
    from fieldline.lineage.transform import Transform

pl = pytest.importorskip("polars")
from fieldline.rows.reconcile.steps import StepColumn, joined, stepped  # noqa: E402 - after polars is known to be there

POSTGRES, ORACLE, JAVA = (Runner(engine) for engine in ("postgres", "oracle", "java"))
DIGITS = Charset.of(("0", "9"))
STEPS: tuple[Transform, ...] = (
    Identity(),
    Default("x"),
    EmptyAsNull(),
    *(case.run_by((runner,)) for case in (Upper(), Lower()) for runner in (POSTGRES, ORACLE, JAVA)),
    Upper().run_by((POSTGRES, JAVA)),
    *(Trim(side) for side in ("both", "left", "right")),
    Trim("both", " 0-^]"),
    Trim().run_by((POSTGRES, JAVA)),
    CollapseSpaces(),
    *(Truncate(3, unit) for unit in ("code points", "utf16", "utf-8", "latin-1", "utf-16-le")),
    Truncate(0),
    Substring(2, 3),
    Substring(3),
    Prefix("A$1"),
    Suffix("é"),
    Pad(6, "0", "left"),
    Pad(4).run_by((ORACLE,)),
    ReplaceWord("aa", "a$0"),
    ReplaceCharacters((("a", "ä"), ("ä", "a"), (" ", ""))),
    Keep(DIGITS, "[0-9]"),
    Remove(DIGITS | Charset.of("-]^\\"), "some"),
    ReplaceOutside(Charset.of(("\0", "\xff")), "$"),
    Before("-"),
    After("aa"),
    Split("-", 2),
    Split(" ", 1),
    *(Map((("a", "1"), ("", "0"), ("é", "a")), otherwise) for otherwise in ("keep", "refuse", "null")),
    Map((("a", "1"),), "value", "z"),
    CanonicalUuid(),
    CanonicalUuid(upper=True),
    Fitted(3),
    Fitted(3, "utf-8", " \t\n\v\f\r"),
    Padded(5),
    Padded(5, "utf-8"),
    Stripped(),
)
PLAIN = "aAzZ0 9-"
ODD = PLAIN + "äÅéßœİıǆſΣς\t\n\r\0\xa0\u2003\u0301$\\^]𝒳👩‍👧"
UUIDS = ("0FFFABCD-0000-4000-8000-00000000ABCD", "{0fffabcd00004000800000000000abcd}", "0fff")
texts = st.none() | st.text(st.sampled_from(ODD), max_size=8) | st.sampled_from(UUIDS)


def _made(column: StepColumn, values: list[str | None]) -> list[tuple[str | None, bool]]:
    sure = pl.lit(value=True) if column.sure is None else column.sure
    frame = pl.DataFrame({"value": pl.Series(values, dtype=pl.String)})
    return frame.select(text=column.values, sure=sure).rows()


@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=3), st.lists(texts, min_size=1, max_size=12))
def test_where_polars_is_sure_it_gives_what_the_steps_give(steps: list[Transform], values: list[str | None]) -> None:
    column = stepped(StepColumn(pl.col("value")), steps)
    assert column is not None, steps
    for value, (text, sure) in zip(values, _made(column, values), strict=True):
        if sure:
            assert chain_outcomes(steps, value) == (text,), (steps, value)


@pytest.mark.parametrize("step", STEPS, ids=repr)
def test_polars_is_sure_of_plain_texts_or_the_step_fails_on_them(step: Transform) -> None:
    values = [None, "", "a", "aA9", "zaa-0", UUIDS[0]]
    column = stepped(StepColumn(pl.col("value")), [step])
    assert column is not None
    for value, (_, sure) in zip(values, _made(column, values), strict=True):
        outcomes = chain_outcomes([step], value)
        settled = len(outcomes) == 1 and not isinstance(outcomes[0], NoValue)
        odd_units = isinstance(step, Truncate) and step.unit == "utf-16-le"
        assert sure or not settled or odd_units, (step, value)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=8), st.sampled_from(["skip", "empty", "refuse"]))
def test_polars_joins_as_concat_does(rows: list[tuple[str | None, str | None]], nulls: str) -> None:
    join = Concat("-", nulls)  # type: ignore[arg-type] - one of its words
    column = joined([StepColumn(pl.col("one")), StepColumn(pl.col("two"))], join)
    frame = pl.DataFrame(rows, schema={"one": pl.String, "two": pl.String}, orient="row")
    sure = pl.lit(value=True) if column.sure is None else column.sure
    for row, (text, is_sure) in zip(rows, frame.select(column.values, sure=sure).rows(), strict=True):
        if is_sure:
            assert join.apply(row) == text
        else:
            assert isinstance(join.apply(row), NoValue)
