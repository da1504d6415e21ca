"""Texts in several languages: what is read, and what is a problem, at its place."""

from __future__ import annotations

import pytest

from fieldline.documents.local_text import LocalText, LocalTextShape, filled
from fieldline.documents.problem import Problems
from fieldline.documents.yaml_events import MappingNode, read

PLAIN = LocalTextShape()
FILLED = LocalTextShape(("field", "limit", "by_when"))


def shaped(yaml: str, shape: LocalTextShape = FILLED) -> tuple[LocalText | None, list[str]]:
    problems = Problems()
    tree = read(f"text: {yaml}\n", "contracts/a.yaml", problems)
    assert isinstance(tree, MappingNode)
    text = shape.read(tree.entries[0][1], problems)
    return text, [
        f"{problem.location.line}:{problem.location.column} {problem.message} | {problem.suggestion}"  # type: ignore[union-attr]
        for problem in problems.all()
    ]


def test_a_plain_text_is_for_every_reader() -> None:
    text, problems = shaped("We correct it.")
    assert problems == []
    assert text is not None
    assert (str(text), text.within("fi"), text.written) == (
        "We correct it.",
        ("We correct it.", None),
        "We correct it.",
    )


def test_a_text_in_several_languages() -> None:
    text, problems = shaped("{fi: Korjaamme., en: We correct it.}")
    assert problems == []
    assert text is not None
    assert str(text) == "We correct it."
    assert text.within("fi") == ("Korjaamme.", "fi")
    assert text.within("sv") == ("We correct it.", "en")
    assert text.written == {"fi": "Korjaamme.", "en": "We correct it."}
    assert hash(text) == hash(LocalText(None, (("fi", "Korjaamme."), ("en", "We correct it."))))


def test_without_english_the_first_language_stands_in() -> None:
    text, _ = shaped("{sv: Vi rättar., fi: Korjaamme.}")
    assert text is not None
    assert (str(text), text.within("nl")) == ("Vi rättar.", ("Vi rättar.", "sv"))


@pytest.mark.parametrize(
    ("yaml", "problem"),
    [
        ("{en: a, de: b}", '1:15 unknown language "de" | nl'),
        ("{no: a}", '1:8 unknown language "no" | nb'),
        ("{Finnish: a}", '1:8 unknown language "Finnish" | fi'),
        ("{}", "1:7 an empty mapping | None"),
        ("[a]", "1:7 a list | None"),
        ("{en: [a]}", "1:12 a list | None"),
        ('"{feild} is wrong"', '1:7 unknown placeholder "{feild}" | {field}'),
        ('{en: "{fields}"}', '1:12 unknown placeholder "{fields}" | {field}'),
        ('"{0}"', '1:7 unknown placeholder "{0}" | None'),
        ('"{}"', '1:7 unknown placeholder "{}" | None'),
        ('"{field.__class__}"', '1:7 unknown placeholder "{field.__class__}" | None'),
        ('"{field!r}"', "1:7 a placeholder with a form | None"),
        ('"{field:>9}"', "1:7 a placeholder with a form | None"),
        ('"a } b"', "1:7 a brace that stands alone | None"),
        ('"a { b"', "1:7 a brace that stands alone | None"),
    ],
)
def test_what_is_wrong_is_a_problem_at_its_place(yaml: str, problem: str) -> None:
    text, problems = shaped(yaml)
    assert text is None
    assert len(problems) == 1
    place, _, words = problem.partition(" ")
    assert problems[0].startswith(place)
    message, _, suggestion = words.partition(" | ")
    assert message in problems[0]
    assert problems[0].endswith(f"| {suggestion}") or suggestion in {"None", "nl"}


def test_all_problems_are_told_at_once() -> None:
    assert len(shaped('{de: a, en: "{a} {b}", fi: "{"}')[1]) == 4


def test_braces_of_a_title_are_characters() -> None:
    text, problems = shaped('"{x"', PLAIN)
    assert problems == []
    assert str(text) == "{x"


def test_placeholders_are_filled_in_and_nothing_else() -> None:
    assert filled("{field}: {{x}} {limit}", {"field": "A", "limit": "{field}"}) == "A: {x} {field}"
    assert filled("{field} {by_when}", {"field": "A"}) is None
