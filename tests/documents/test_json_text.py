"""JSON is read as RFC 8259 has it: all of it and nothing else, with the place of every value and of every mistake."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.documents.json_text import check_json_lines, read_json, read_json_values
from fieldline.documents.problem import Problems
from fieldline.documents.yaml_events import MOST_DEPTH, MappingNode, RejectedNode, ScalarNode, SequenceNode, decode

if TYPE_CHECKING:
    from fieldline.documents.yaml_events import Node

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def problems_of(text: str) -> list[str]:
    problems = Problems()
    read_json(text, "f.json", problems)
    return [f"{each.location}: {each.message} | {each.expected}" for each in problems.all()]


def tree(text: str) -> Node:
    problems = Problems()
    node = read_json(text, "f.json", problems)
    assert len(problems) == 0
    assert node is not None
    return node


def plain(node: Node) -> Any:  # noqa: ANN401 - whatever JSON holds
    match node:
        case MappingNode(entries):
            return {key.value: plain(value) for key, value in entries}
        case SequenceNode(items):
            return [plain(item) for item in items]
        case ScalarNode(value, is_plain):
            return json.loads(value) if is_plain else value
    return None


@given(value=values, indent=st.sampled_from([None, 0, 2, "\t"]), ascii_only=st.booleans())
def test_what_is_written_is_read(value: Any, indent: int | str | None, ascii_only: bool) -> None:  # noqa: ANN401
    assert plain(tree(json.dumps(value, indent=indent, ensure_ascii=ascii_only))) == value


@given(text=st.text(alphabet='{}[]:,"\\/0123456789.eE+-aunltrfs \t\n\r\x00é\ud800', max_size=30))
def test_it_takes_what_the_standard_library_takes_and_nothing_else(text: str) -> None:
    def finite(word: str) -> None:
        raise ValueError(word)

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    try:
        value = json.loads(text, parse_constant=finite, object_pairs_hook=once)
        json.dumps(value, ensure_ascii=False).encode()  # no half of a character
    except ValueError:
        assert problems_of(text)
    else:
        assert problems_of(text) == []


def test_every_value_knows_its_place_and_numbers_stay_as_written() -> None:
    node = tree('{\n  "é": [0.10, 1e400,\n    "\\ud83d\\ude00"]}')
    assert isinstance(node, MappingNode)
    ((key, value),) = node.entries
    assert (str(key.location), key.length, isinstance(value, SequenceNode)) == ("f.json:2:3", 3, True)
    assert isinstance(value, SequenceNode)
    assert [(i.value, str(i.location)) for i in value.items if isinstance(i, ScalarNode)] == [
        ("0.10", "f.json:2:9"),
        ("1e400", "f.json:2:15"),
        ("😀", "f.json:3:5"),
    ]


def test_a_key_may_be_long_and_a_line_separator_is_a_character() -> None:
    assert plain(tree(json.dumps({"k" * 5_000: 1}))) == {"k" * 5_000: 1}
    assert plain(tree('["\u2028\x7f\ufeff"]')) == ["\u2028\x7f\ufeff"]


def test_a_byte_order_mark_is_left_out() -> None:
    problems = Problems()
    text = decode(b"\xef\xbb\xbf[1]", "f.json", problems)
    assert text is not None
    assert plain(tree(text)) == [1]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" \n", "f.json:1:1: the file is empty"),
        ("[1,", "f.json:1:4: broken JSON: the file ends"),
        ("[1,\n 2,]", "f.json:2:3: broken JSON: a comma stands before ]"),
        ('{"a": 1,}', "f.json:1:8: broken JSON: a comma stands before }"),
        ("[1 2]", '"2" stands where a value has ended | a comma or ]; the array begins at f.json:1:1'),
        ('{"a" 1}', "f.json:1:6: broken JSON: the colon after a key is missing"),
        ("{a: 1}", 'f.json:1:2: broken JSON: "a" stands where a key begins'),
        ("{'a': 1}", 'f.json:1:2: broken JSON: "\'" stands where a key begins'),
        ("[01]", 'f.json:1:2: broken JSON: "01" is no value'),
        ("[NaN]", 'f.json:1:2: broken JSON: "NaN" is no value'),
        ("[-Infinity]", 'f.json:1:2: broken JSON: "-Infinity" is no value'),
        ("[1.]", 'f.json:1:2: broken JSON: "1." is no value'),
        ("[+1]", 'f.json:1:2: broken JSON: "+1" is no value'),
        ("[１]", 'f.json:1:2: broken JSON: "１" is no value'),
        ("[True]", 'f.json:1:2: broken JSON: "True" is no value'),
        ('["a\tb"]', "f.json:1:4: broken JSON: the control character U+0009 stands in a text"),
        (r'["a\x"]', "f.json:1:4: broken JSON: this backslash escape is unknown"),
        (r'["\u12"]', "broken JSON: this escape lacks hexadecimal digits"),
        ('["a', "f.json:1:2: broken JSON: the quote that opens here is never closed"),
        (r'["\ud800"]', "f.json:1:2: an escape in this text is half a character"),
        ("[1] // no", "f.json:1:5: broken JSON: something follows the value"),
        ("\xa0[1]", 'f.json:1:1: broken JSON: "\xa0" begins no value'),
        ('{"a": 1,\n "a": 3}', 'f.json:2:2: the key "a" stands twice | each key once; the first stands at f.json:1:2'),
        ("[" * (MOST_DEPTH + 1), f"f.json:1:{MOST_DEPTH + 1}: nested more than {MOST_DEPTH} levels deep"),
        ("[" * 1_000_000, "levels deep"),
    ],
)
def test_a_mistake_is_one_problem_at_its_place(text: str, problem: str) -> None:
    (reported,) = problems_of(text)
    assert problem in reported


def test_after_a_key_that_stands_twice_the_rest_is_read() -> None:
    problems = Problems()
    node = read_json('{"a": 1, "a": 2, "b": 3}', "f.json", problems)
    assert isinstance(node, MappingNode)
    assert plain(node) == {"a": 1, "b": 3}
    assert not node.complete
    half = read_json(r'["\udc00", 1]', "f.json", problems)
    assert isinstance(half, SequenceNode)
    assert isinstance(half.items[0], RejectedNode)


def test_values_one_a_line_are_read_in_order_with_their_lines() -> None:
    problems = Problems()
    nodes = read_json_values('{"a": 1}\n\n{"a": 2}\r\n[3]\n', "f.ndjson", problems)
    assert [(plain(node), node.location.line) for node in nodes] == [({"a": 1}, 1), ({"a": 2}, 3), ([3], 4)]
    assert read_json_values('{"a": 1}\n{"a": }\n', "f.ndjson", problems) == ()
    assert str(problems.all()[0].location) == "f.ndjson:2:7"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (['{"a": 1}\n', "\n", ' {"a": [1, {"b": null}], "c": "\\u00e9"} \r\n', "[3]"], None),
        (["1\n", '{"a": 1, "b": {"c": "secret", "c": 2}}\n'], "2:31: the key … stands twice"),
        (['{"a": "secret", "\\u0061": 2}\n'], "1:17: the key … stands twice"),
        (['{"a": 1} {"a": 2}\n'], "1:10: broken JSON: something follows the value"),
        (['{"a": NaN}\n'], "1:7: broken JSON: … is no value"),
        (['{"a": secret}\n'], "1:7: broken JSON: … is no value"),
        (['{"a": "sec\tret"}\n'], "1:11: broken JSON: the control character U+0009 stands in a text"),
        (['{"a": "\\ud800"}\n'], "1:7: an escape in this text is half a character"),
        (["[" * 65 + "]" * 65 + "\n"], "1:65: nested more than 64 levels deep"),
        (["[" * 100_000 + "\n"], "1:65: nested more than 64 levels deep"),
        (['{"a":\n', "1}\n"], "broken JSON: the file ends"),
    ],
)
def test_lines_are_checked_up_to_the_first_that_is_no_json(lines: list[str], problem: str | None) -> None:
    problems = Problems()
    check_json_lines(lines, "f.ndjson", problems)
    reported = [f"{each.location}: {each.message}" for each in problems.all()]
    assert not any("secret" in each for each in reported)
    assert (len(reported), all(problem in each for each in reported)) == (1, True) if problem else reported == []


@given(text=st.text(alphabet='{}[]:,"\\/0123456789.eE+-aunltrfs \t\x00é\ud800', max_size=30))
def test_a_line_is_taken_exactly_where_its_text_is(text: str) -> None:
    problems = Problems()
    check_json_lines([text], "f.ndjson", problems)
    assert bool(problems) == bool(text.strip(" \t") and problems_of(text))
