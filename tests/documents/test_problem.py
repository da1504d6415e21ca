"""Problems are collected, ordered by place and never lost; places order and print as editors expect."""

import random

from hypothesis import given
from hypothesis import strategies as st

from fieldline.documents.location import Location
from fieldline.documents.problem import PER_FILE, EstateError, Problem, Problems, nearest, shorten


def test_a_place_is_written_as_editors_read_it() -> None:
    place = Location("contracts/a.yaml", 3, 7)
    assert str(place) == "contracts/a.yaml:3:7"
    assert place.after(4) == Location("contracts/a.yaml", 3, 11)


def test_places_are_ordered_by_file_line_and_column_as_numbers() -> None:
    ordered = [Location("a", 2, 10), Location("a", 10, 2), Location("a", 10, 11), Location("b", 1, 1)]
    assert sorted(random.Random(0).sample(ordered, 4)) == ordered  # noqa: S311 - an order to undo, no secret


def test_problems_come_out_ordered_and_those_without_a_place_first() -> None:
    problems = Problems()
    problems.add(Location("b", 1, 1), "third")
    problems.add(Location("a", 9, 1), "second")
    problems.add(None, "first", expected="x", suggestion="y")
    assert [problem.message for problem in problems.all()] == ["first", "second", "third"]
    assert problems.all()[0] == Problem(None, "first", "x", "y", 1)
    assert len(problems) == 3


def test_of_one_file_only_so_many_are_kept_and_the_rest_counted() -> None:
    problems = Problems()
    problems.add(Location("b", 1, 1), "another file")
    for line in range(1, PER_FILE + 42):
        assert problems.is_full("a") == (line > PER_FILE)
        problems.add(Location("a", line, 1), "bad")
    found = problems.all()
    assert len(found) == PER_FILE + 2
    assert found[-2] == Problem(Location("a", PER_FILE + 1, 1), "41 more problems in this file are not shown")
    assert found[-1].message == "another file"


def test_the_error_says_all_of_them() -> None:
    error = EstateError([Problem(Location("a", 1, 2), "bad"), Problem(None, "worse")], {"a": "text"})
    assert str(error) == "a:1:2: bad\nworse"
    assert error.texts == {"a": "text"}


def test_what_was_probably_meant() -> None:
    keys = ("max_length", "max_bytes", "pattern")
    assert nearest("max_lenght", keys) == "max_length"
    assert nearest("MaxLength", keys) == "max_length"
    assert nearest("PATTERN", keys) == "pattern"
    assert nearest("owner", keys) is None
    assert nearest("x" * 100_000, keys) is None


@given(st.text(max_size=200))
def test_a_shortened_text_fits_a_line(text: str) -> None:
    short = shorten(text)
    assert len(short) <= 62
    assert text in short if len(text) <= 60 else short.endswith('…"')
