"""Shapes: one description gives the reading, the complaints and the JSON Schema."""

from typing import Any

import jsonschema_rs
import pytest

from fieldline.documents.problem import Problems
from fieldline.documents.shape import (
    BOOLEAN,
    COUNT,
    ENCODING,
    NAME,
    TEXT,
    Choice,
    Either,
    Key,
    Keyed,
    ListOf,
    Named,
    Shape,
    ShapedRecord,
    Tag,
    Tagged,
    TextMap,
    shape_schema,
)
from fieldline.documents.yaml_events import read

BYTES = Key("bytes", COUNT, "How many bytes are kept.")
TRUNCATE = Keyed(
    "truncate",
    "Cuts what is too long.",
    (
        Key("code_points", COUNT, "How many characters are kept."),
        BYTES,
        Key("encoding", ENCODING, "What the bytes are counted in."),
    ),
    short="code_points",
    exactly_one=(("code_points", "bytes"),),
    needs={"bytes": ("encoding",), "encoding": ("bytes",)},
)
TRIM = Keyed("trim", "Removes blanks.", (Key("side", Choice("left", "right"), "Where."),))
PREFIX = Keyed("prefix", "Puts a text before.", (Key("text", TEXT, "The text.", required=True),), short="text")
STEP = Tagged("step", {"truncate": TRUNCATE, "trim": TRIM, "prefix": PREFIX, "upper": Keyed("upper", "Upper case.")})
OTHERWISE: Either[Any] = Either(Choice("keep", "null"), Keyed("otherwise", "A value.", (Key("value", TEXT, ""),)))

SHAPES: dict[str, Shape[Any]] = {
    "truncate": TRUNCATE,
    "step": STEP,
    "steps": ListOf(STEP, least=1, single=True),
    "names": ListOf(NAME),
    "map": TextMap(),
    "characters": TextMap(characters=True),
    "named": Named(TRIM, "thing"),
    "otherwise": OTHERWISE,
}


def reading(name: str, source: str) -> tuple[Any, list[str]]:
    problems = Problems()
    node = read(source, "f.yaml", problems)
    assert node is not None
    value = SHAPES[name].read(node, problems)
    lines = [
        f"{problem.location}: {problem.message}"
        + f" | {problem.expected}" * (problem.expected is not None)
        + f" | {problem.suggestion}" * (problem.suggestion is not None)
        for problem in problems.all()
    ]
    return value, lines


def plain(value: object) -> object:
    match value:
        case ShapedRecord():
            return value.plain()
        case Tag(name, options):
            return (name, options.plain())
        case tuple():
            return [plain(item) for item in value]
        case _:
            return value


GOOD: list[tuple[str, str, object, object]] = [
    ("truncate", "20", {"code_points": 20}, 20),
    ("truncate", "{code_points: 20}", {"code_points": 20}, {"code_points": 20}),
    (
        "truncate",
        "{bytes: 63, encoding: utf-8}",
        {"bytes": 63, "encoding": "utf-8"},
        {"bytes": 63, "encoding": "utf-8"},
    ),
    ("step", "trim", ("trim", {}), "trim"),
    ("step", "{trim: {}}", ("trim", {}), {"trim": {}}),
    ("step", "{trim: {side: left}}", ("trim", {"side": "left"}), {"trim": {"side": "left"}}),
    ("step", "{prefix: 007}", ("prefix", {"text": "007"}), {"prefix": "007"}),
    ("step", "{truncate: 3}", ("truncate", {"code_points": 3}), {"truncate": 3}),
    ("steps", "upper", [("upper", {})], "upper"),
    ("steps", "[upper, {prefix: x}]", [("upper", {}), ("prefix", {"text": "x"})], ["upper", {"prefix": "x"}]),
    ("names", "[]", [], []),
    ("names", "[a, b]", ["a", "b"], ["a", "b"]),
    ("map", '{A: 1, "": no}', {"A": "1", "": "no"}, {"A": 1, "": "no"}),
    ("characters", "{ä: ae, 😀: ''}", {"ä": "ae", "😀": ""}, {"ä": "ae", "😀": ""}),
    ("otherwise", "keep", "keep", "keep"),
    ("otherwise", "null", "null", None),
    ("otherwise", "{value: x}", {"value": "x"}, {"value": "x"}),
]


@pytest.mark.parametrize(("name", "source", "meaning", "json"), GOOD)
def test_what_fits_is_read_and_admitted_by_the_json_schema(
    name: str, source: str, meaning: object, json: object
) -> None:
    value, problems = reading(name, source)
    assert problems == []
    assert plain(value) == meaning
    assert jsonschema_rs.is_valid(shape_schema(SHAPES[name], "test"), json)


TRUNCATE_KEYS = "code_points, bytes, encoding"
TRUNCATE_EXPECTED = f"a whole number from 0 up to 2147483647, or a mapping with the keys {TRUNCATE_KEYS}"
OWN_DASH = "give each its own dash, and indent the options one level deeper"
BAD: list[tuple[str, str, object, list[str]]] = [
    ("truncate", "[1]", [1], [f"1:1: a list cannot stand here | {TRUNCATE_EXPECTED}"]),
    ("truncate", "{}", {}, [f"1:1: one of the keys code_points, bytes is missing | {TRUNCATE_EXPECTED}"]),
    (
        "truncate",
        "{code_points: 1, bytes: 2, encoding: ascii}",
        {"code_points": 1, "bytes": 2, "encoding": "ascii"},
        ['1:18: the key "bytes" cannot stand beside "code_points" | one of code_points, bytes'],
    ),
    (
        "truncate",
        "{bytes: 2}",
        {"bytes": 2},
        [f'1:2: the key "bytes" needs "encoding" beside it | encoding: {ENCODING.expected}'],
    ),
    (
        "truncate",
        "{code_point: 3, code_points: x}",
        {"code_point": 3, "code_points": "x"},
        [
            f'1:2: unknown key "code_point" | one of {TRUNCATE_KEYS} | code_points',
            f'1:30: "x" is not a whole number | {COUNT.expected}',
        ],
    ),
    ("step", "trimm", "trimm", [f'1:1: unknown step "trimm" | {STEP.expected} | trim']),
    ("step", "prefix", "prefix", [f"1:1: prefix needs options | prefix: {PREFIX.expected}"]),
    (
        "step",
        "{trim: }",
        {"trim": None},
        ["1:8: nothing stands here | a mapping with the keys side | write trim without the colon"],
    ),
    ("step", "{prefix: }", {"prefix": None}, [f"1:10: nothing stands here | {PREFIX.expected}"]),
    ("step", "{upper: {x: 1}}", {"upper": {"x": 1}}, ['1:10: unknown key "x" | no options']),
    ("step", "{upper: x}", {"upper": "x"}, ['1:9: "x" cannot stand here | no options']),
    ("step", "{}", {}, ["1:1: an empty mapping | one step an item"]),
    (
        "step",
        "{trim: {}, upper: {}}",
        {"trim": {}, "upper": {}},
        [f"1:1: trim and upper stand together | one step an item | {OWN_DASH}"],
    ),
    ("steps", "[]", [], [f"1:1: an empty list | {STEP.expected}, or a list of such; at least 1"]),
    ("names", "a", "a", [f'1:1: "a" cannot stand here | a list, each item {NAME.expected}']),
    (
        "names",
        "[a, 9, b, 8]",
        ["a", 9, "b", 8],
        [f'1:5: "9" is not a name | {NAME.expected}', f'1:11: "8" is not a name | {NAME.expected}'],
    ),
    ("map", "{}", {}, ["1:1: an empty mapping | a mapping from texts to texts"]),
    ("map", "{a: [b]}", {"a": ["b"]}, ["1:5: a list cannot stand here | text"]),
    (
        "characters",
        "{ab: c}",
        {"ab": "c"},
        ['1:2: "ab" is not one character | a mapping from single characters to texts'],
    ),
    (
        "named",
        "{9: {}, a: {side: up}}",
        {"9": {}, "a": {"side": "left"}},
        [f'1:2: "9" is not a name | {NAME.expected}', '1:19: "up" is not known here | one of left, right'],
    ),
    ("otherwise", "[keep]", ["keep"], [f"1:1: a list cannot stand here | {OTHERWISE.expected}"]),
]


@pytest.mark.parametrize(("name", "source", "json", "expected"), BAD)
def test_what_does_not_fit_is_said_and_refused_by_the_json_schema(
    name: str, source: str, json: object, expected: list[str]
) -> None:
    _, problems = reading(name, source)
    assert problems == [f"f.yaml:{line}" for line in expected]
    assert not jsonschema_rs.is_valid(shape_schema(SHAPES[name], "test"), json)


def test_a_record_tells_what_was_wrong_in_it() -> None:
    good = Key("good", TEXT, "")
    bad = Key("bad", ListOf(NAME), "")
    outer = Keyed("outer", "", (good, bad, Key("none", BOOLEAN, "")))
    problems = Problems()
    node = read("good: x\nbad: [a, 9]\n", "f.yaml", problems)
    assert node is not None
    record = outer.read(node, problems)
    assert record is not None
    assert (record.get(good), record.get(bad), record.plain()) == ("x", ("a",), {"good": "x", "bad": ("a",)})
    assert (record.flawed, record.sound) == (frozenset({"bad"}), False)
    assert (str(record.where("bad")), str(record.where("none"))) == ("f.yaml:2:1", "f.yaml:1:1")
    assert (record.has("bad"), record.has("none")) == (True, False)


def test_what_the_yaml_reader_refused_is_not_complained_about_twice() -> None:
    problems = Problems()
    node = read("a: &x 1\nb: *x\nc: {*x : 1}\nd: [*x]\ne: {<<: *x}\nf: [<<: {}]\n", "f.yaml", problems)
    assert node is not None
    before = len(problems)
    shapes: dict[str, Shape[Any]] = {"a": TEXT, "b": TEXT, "c": TextMap(), "d": ListOf(TEXT), "e": PREFIX}
    shapes["f"] = ListOf(STEP)
    record = Keyed("k", "", tuple(Key(name, shape, "") for name, shape in shapes.items())).read(node, problems)
    assert len(problems) == before
    assert record is not None
    assert (record.sound, "a" in record.flawed, "b" in record.flawed) == (False, False, True)


def test_a_key_that_does_not_exist_cannot_be_the_short_one() -> None:
    with pytest.raises(ValueError, match=r"k: no such key: \['b'\]"):
        Keyed("k", "", (Key("a", TEXT, ""),), short="b")


def test_alternatives_must_differ_in_kind() -> None:
    with pytest.raises(ValueError, match="both take a scalar"):
        Either(TEXT, NAME)


def test_two_different_shapes_cannot_have_one_name() -> None:
    first, second = Keyed("k", "one"), Keyed("k", "two")
    with pytest.raises(ValueError, match="two different shapes are named k"):
        shape_schema(Keyed("all", "", (Key("a", first, ""), Key("b", second, ""))), "test")
