"""The words of `fieldline trace`: each question is known by one of them, and none is silently left aside."""

import pytest
import typer

from fieldline.commands.trace_modes.words import trace_question


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ({"--at": "a.b.c", "--value": ["x"]}, "--value"),
        ({"--at": "a.b.c", "--null": True, "--value": None}, "--value"),
        ({"--record": "a.b"}, "--value"),
        ({"--record": "a.b/1", "--stores": True, "--now": "then"}, "--stores"),
        ({"--find": "anna", "--stores": True}, "--find"),
        ({"--error": "", "--at": "a.b.c"}, "--error"),
        ({"--rejects": "file", "--message-column": "m", "--time-column": "t", "--stores": False}, "--rejects"),
    ],
)
def test_a_question_is_known_by_its_word(words: dict[str, object], question: str) -> None:
    assert trace_question(words) == question


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"--error": "e", "--rejects": "f"}, "give either --error or --rejects"),
        ({"--error": "e", "--value": ["x"]}, "give either --error or --value"),
        ({"--rejects": "f", "--at": "a.b.c"}, "give either --rejects or --at"),
        ({"--find": "t", "--record": "a.b/1"}, "give either --find or --record"),
        ({"--stores": True, "--record": "a.b/1", "--null": True}, "give either --stores or --null"),
        ({"--value": ["x"], "--at": "a", "--now": "then"}, "--now goes with --find or --stores"),
        ({"--at": "a", "--value": ["x"], "--time-column": "t"}, "--time-column goes with --rejects"),
    ],
)
def test_words_of_two_questions_are_refused_by_name(words: dict[str, object], told: str) -> None:
    with pytest.raises(typer.BadParameter, match=f"^{told}$"):
        trace_question(words)
