"""Code frames: the line a thing stands on, the thing underlined, whatever else is on the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from fieldline.documents.location import Location
from fieldline.reports.text.frame import Sources, put_frame
from fieldline.reports.text.page import Look, Page


def frame(text: str, line: int, column: int, *, length: int | None = None, width: int = 60) -> list[str]:
    page = Page(Look(width))
    put_frame(page, Sources({"a.yaml": text}), Location("a.yaml", line, column), length=length)
    return page.render().splitlines()


def test_the_word_at_the_place_is_underlined() -> None:
    assert frame("first\n  max_length: 3\n", 2, 3) == [
        "a.yaml:2:3",
        "     2 |   max_length: 3",
        "       |   ^^^^^^^^^^",
    ]


def test_so_many_characters_are_underlined_as_are_asked_for() -> None:
    assert frame("  max_length: 3\n", 1, 3, length=13)[-1] == "       |   ^^^^^^^^^^^^^"


def test_the_underline_stands_below_wide_and_escaped_characters() -> None:
    _, source, underline = frame("漢\x1b字: key\n", 1, 6)
    assert source == "     1 | 漢\\x1b字: key"
    assert cell_len(source[: source.index("key")]) == underline.index("^")


@pytest.mark.parametrize("column", [1, 149, 281, 297])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    text = "".join(f"{number:03} " for number in range(75))
    _, source, underline = frame(text, 1, column, length=3)
    assert cell_len(source) <= 60
    marked = "".join(shown for shown, mark in zip(source, underline, strict=False) if mark == "^")
    assert marked == text[column - 1 : column + 2]


def test_a_place_behind_the_end_of_a_line_is_still_underlined() -> None:
    assert frame("abc\n", 1, 4) == ["a.yaml:1:4", "     1 | abc", "       |    ^"]


def test_a_file_that_was_not_read_has_its_place_alone() -> None:
    page = Page(Look())
    put_frame(page, Sources({}), Location("b.yaml", 7, 1), "why")
    assert page.render() == "b.yaml:7:1  why\n"


@given(line=st.text('a漢\x1b\u202e "\\', max_size=80), column=st.integers(1, 90), length=st.none() | st.integers(1, 90))
def test_a_frame_of_any_line_fits(line: str, column: int, length: int | None) -> None:
    told = frame(line, 1, column, length=length, width=50)
    assert [text for text in told if cell_len(text) > 50] == []
    assert "^" in told[-1]
