"""Pages: laid out for a width, with or without colour, and harmless whatever is put on them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fieldline.reports.text.page import BAD, Look, Page, first_cells, last_cells

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text('ab [/]"\\\x1b\u202e\n\t漢é')


def lines(page: Page) -> list[str]:
    return page.render().split("\n")


def test_a_long_line_becomes_a_paragraph_whose_other_lines_hang() -> None:
    page = Page(Look(40))
    page.line("one two three four five six seven eight nine ten", indent=2, hang=4)
    assert lines(page) == ["  one two three four five six seven", "      eight nine ten", ""]


def test_a_value_in_quotes_is_never_broken_at_its_blanks() -> None:
    page = Page(Look(40))
    page.line('the screen accepts "a b  c d   " and so on and on')
    assert lines(page) == ['the screen accepts "a b  c d   " and so', "on and on", ""]


def test_a_blank_in_single_quotes_is_kept_too_and_an_apostrophe_is_no_quote() -> None:
    page = Page(Look(40))
    page.line("the customer's first name is joined by ' ' as the bank's rules demand of everybody")
    assert lines(page)[:2] == ["the customer's first name is joined by", "' ' as the bank's rules demand of"]


def test_a_word_longer_than_the_line_is_folded_and_nothing_of_it_is_lost() -> None:
    page = Page(Look(40))
    page.line("x" * 100, indent=2)
    assert "".join(line.strip() for line in lines(page)) == "x" * 100
    assert max(map(len, lines(page))) == 40


def test_a_column_that_yields_becomes_narrower_and_the_others_stay() -> None:
    page = Page(Look(60))
    page.table([("field", "value", "words " * 12), ("a.b.c", '"abc"', "few")], yields=(2,))
    assert lines(page)[0].startswith("field  value  words words words")
    assert all(cell_len(line) <= 60 for line in lines(page))
    assert lines(page)[-2] == 'a.b.c  "abc"  few'


def test_a_text_as_long_as_a_book_is_cut_with_its_length() -> None:
    page = Page(Look())
    page.line("w" * 100_000)
    assert "(100,000 characters)" in page.render()
    assert len(page.render()) < 2_000


def test_without_colour_there_is_no_escape_and_with_it_only_colours() -> None:
    page, coloured = Page(Look()), Page(Look(colour=True))
    for each in (page, coloured):
        each.line(("error", BAD), " and so on")
    assert page.render() == "error and so on\n"
    assert coloured.render() == "\x1b[1;31merror\x1b[0m and so on\n"


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _sample().render()
    for name, value in {"NO_COLOR": "1", "FORCE_COLOR": "1", "COLUMNS": "50", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert _sample().render() == before


def _sample() -> Page:
    page = Page(Look(colour=True))
    page.line(("word " * 30, BAD))
    return page


@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=5), width=st.integers(40, 140))
def test_whatever_is_put_on_a_page_is_visible_and_fits(texts: list[str], width: int) -> None:
    page = Page(Look(width))
    page.line(*texts, indent=3, hang=2)
    page.table([tuple(texts), tuple(reversed(texts))], indent=2, yields=range(len(texts)))
    told = page.render()
    assert told.endswith("\n")
    assert not [c for c in told if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}]
    assert [line for line in told.split("\n")[: -1 - len(texts)] if cell_len(line) > width] == []


@given(text=st.text("ab漢é😀", max_size=30), cells=st.integers(1, 30))
def test_a_cut_text_fits(text: str, cells: int) -> None:
    for cut in (first_cells(text, cells), last_cells(text, cells)):
        assert cell_len(cut) <= max(cells, 1)
    if cell_len(text) <= cells:
        assert first_cells(text, cells) == last_cells(text, cells) == text
