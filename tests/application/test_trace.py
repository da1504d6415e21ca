"""A record as somebody writes it on the command line."""

import pytest

from fieldline.application.trace import written_record
from fieldline.documents.problem import EstateError


def test_a_record_is_read_as_it_would_be_typed() -> None:
    text = '{"a": "null", "b": null, "c": 1.50, "d": 1e999999999, "e": true, "f": ""}'
    assert written_record(text) == {"a": "null", "b": None, "c": "1.50", "d": "1e999999999", "e": "true", "f": ""}


@pytest.mark.parametrize(
    "text", ["", "[]", "7", '{"a": [1]}', '{"a": {"b": 1}}', '{"a": 1, "a": 2}', "{'a': 1}", '{"a": 1']
)
def test_what_is_no_record_is_a_problem(text: str) -> None:
    with pytest.raises(EstateError):
        written_record(text)
