"""Automata as tables: walked column by column they accept what the languages accept, and only that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from fieldline.values.language import TEXTS, Language, complement, intersection, length
from fieldline.values.regex import parse
from fieldline.values.solve.minimal import canonical
from fieldline.values.solve.table import Product, product, table
from fieldline.values.weight import CODE_POINTS

from ...properties.strategies import LETTERS, Expression, every_text, expressions, tries

if TYPE_CHECKING:
    from collections.abc import Iterator


def accepted(walk: Product, longest: int) -> Iterator[tuple[int, str]]:
    """How long, and one text, of every way through the product that is accepted."""
    todo = [(walk.start, "")]
    while todo:
        state, text = todo.pop()
        if walk.accepts(state):
            yield len(text), text
        if len(text) < longest:
            todo += [(target, text + chr(low)) for target, _, low, _ in walk.leaving(state)]


@tries(60)
@given(one=expressions(), other=expressions())
def test_what_is_accepted_together_is_what_each_accepts(one: Expression, other: Expression) -> None:
    parts = [canonical(one.language), complement(canonical(other.language)), TEXTS]
    walk = product(intersection(*parts))
    if walk is None:  # one of them is empty, or too large
        return
    found = set(accepted(walk, 3))
    assert all(all(text in part for part in parts) for _, text in found)
    sizes = {size for size, _ in found}
    for text in every_text(LETTERS, 3):
        if all(text in part for part in parts):
            assert len(text) in sizes


@pytest.mark.parametrize("pattern", ["[a-z]{2}", "a|bc*", "[^x]*", "", "a(b|c)+d"])
def test_a_table_reads_a_text_as_the_language_does(pattern: str) -> None:
    language = canonical(parse(pattern, "ecma", "").language)
    walk = product(language)
    assert walk is not None
    for _, text in accepted(walk, 4):
        assert text in language


def test_what_counts_or_is_huge_has_no_table() -> None:
    counting: Language = length(CODE_POINTS, 3, 4_000)
    assert table(counting) is None
    assert product(intersection(counting, canonical(parse("a|b", "ecma", "").language))) is None
