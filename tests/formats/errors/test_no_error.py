"""What is no error is not read as one, and no text makes the reading slow."""

from __future__ import annotations

import importlib
import pkgutil
import re
from re import _constants as opcodes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.documents.problem import EstateError
from fieldline.formats import errors
from fieldline.formats.errors.read import LONGEST_ERROR, read_errors
from fieldline.formats.errors.reported import ErrorPattern

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_ERRORS = [
    "",
    "hello",
    "The name is too long.",
    "your password must not be null and void",
    "please check: is 'anna' too long, or is it a required property?",
    "the column 'login' cannot be sorted",
    'relation "person" does not exist',
    "ERROR: deadlock detected",
    "could not connect to server: Connection refused",
    'syntax error at or near "selct"',
    "ORA-00942: table or view does not exist",
    '{"detail": "Not Found"}',
    '{"type": "string_too_long", "count": 3}',
    '{"success": true, "expectation_config": {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"}}}',
    "SELECT * FROM person WHERE login = 'value too long for type'",
    "[CAST_INVALID_INPUT]",
    "conversion from `str` to `i64` failed",
    "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'login'",
]


@pytest.mark.parametrize("text", NO_ERRORS)
def test_another_text_is_no_error(text: str) -> None:
    assert read_errors(text) == ()


def test_a_text_that_is_too_long_is_a_problem_without_the_text() -> None:
    with pytest.raises(EstateError) as error:
        read_errors("secret" * LONGEST_ERROR)
    assert "1,200,000 characters" in str(error.value)
    assert "secret" not in str(error.value)


def _patterns() -> Iterator[str]:
    for module in pkgutil.iter_modules(errors.__path__):
        for value in vars(importlib.import_module(f"{errors.__name__}.{module.name}")).values():
            if isinstance(value, re.Pattern):
                yield value.pattern
            elif isinstance(value, tuple):
                for each in value:
                    if isinstance(each, ErrorPattern):
                        yield each.pattern
                    elif isinstance(each, tuple) and len(each) == 2 and isinstance(each[1], re.Pattern):
                        yield each[1].pattern


_REPEATS = {opcodes.MAX_REPEAT, opcodes.MIN_REPEAT, opcodes.POSSESSIVE_REPEAT}


def _loops(parsed: Any, inside: bool = False) -> Iterator[tuple[int, int, bool]]:  # noqa: ANN401 - of the standard library
    """Every repetition in a pattern: its most, and whether it backtracks inside of one that repeats, too."""
    for code, argument in parsed:
        if code in _REPEATS:
            least, most, body = argument
            repeats = most != 1
            if repeats:
                yield least, most, inside and code is not opcodes.POSSESSIVE_REPEAT
            yield from _loops(body, inside or repeats)
        elif isinstance(argument, tuple | list):
            for part in argument if isinstance(argument, tuple) else [argument]:
                if isinstance(part, parser.SubPattern):
                    yield from _loops(part, inside)
                elif isinstance(part, list):
                    for branch in part:
                        if isinstance(branch, parser.SubPattern):
                            yield from _loops(branch, inside)
        elif isinstance(argument, parser.SubPattern):
            yield from _loops(argument, inside)


def test_no_pattern_repeats_without_bound_or_backtracks_in_a_repetition() -> None:
    patterns = list(_patterns())
    assert len(patterns) > 100
    for pattern in patterns:
        for _least, most, is_nested in _loops(parser.parse(pattern, re.MULTILINE)):
            assert most is not opcodes.MAXREPEAT, pattern
            assert not is_nested, pattern


@pytest.mark.parametrize(
    "piece",
    [
        "invalid input syntax for type ",
        'duplicate key value violates unique constraint "a"\nDETAIL:  Key (a)=(',
        "Failed validating 'maxLength' in schema\n",
        "Duplicate entry '",
        "insert into a (b) values (",
        "a\n  b [type=string_too_long, input_value=",
        "\\'\"",
        "[{",
    ],
)
def test_the_longest_text_of_beginnings_is_read(piece: str) -> None:
    text = (piece * (LONGEST_ERROR // len(piece) + 1))[:LONGEST_ERROR]
    assert isinstance(read_errors(text), tuple)
