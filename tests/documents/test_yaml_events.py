"""The YAML reader: text stays text, every place is kept, and nothing a file holds gets past it."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fieldline.documents.location import Location
from fieldline.documents.problem import PER_FILE, Problems
from fieldline.documents.yaml_events import (
    FAST,
    MOST_BYTES,
    MOST_DEPTH,
    MappingNode,
    Node,
    RejectedNode,
    ScalarNode,
    SequenceNode,
    read,
)

Parser = type[Any]
PARSERS = [pytest.param(FAST, id="libyaml"), pytest.param(yaml.BaseLoader, id="PyYAML")]


def problems_of(source: str | bytes, parser: Parser = FAST) -> list[tuple[str, str]]:
    """Places and messages."""
    problems = Problems()
    read(source, "f.yaml", problems, parser=parser)
    return [(str(problem.location), problem.message) for problem in problems.all()]


def tree(source: str | bytes, parser: Parser = FAST) -> Node:
    problems = Problems()
    found = read(source, "f.yaml", problems, parser=parser)
    assert problems.all() == ()
    assert found is not None
    return found


def plain(node: Node) -> object:
    match node:
        case ScalarNode(value):
            return value
        case SequenceNode(items):
            return [plain(item) for item in items]
        case MappingNode(entries):
            return {key.value: plain(value) for key, value in entries}
        case RejectedNode():
            return ...


@pytest.mark.parametrize("parser", PARSERS)
def test_libyaml_is_used_where_it_is_there(parser: Parser) -> None:
    assert yaml.__with_libyaml__
    assert FAST is yaml.CBaseLoader
    assert plain(tree("a: [1, {b: c}]", parser)) == {"a": ["1", {"b": "c"}]}


@pytest.mark.parametrize(
    "written",
    [
        *("no", "NO", "yes", "true", "012", "00123", "1_000", "1e3", "+46701234567", "22:22"),
        *("2024-01-01", "2024-13-01", "~", "null", "0x1F", ".inf", "=", "<<x"),
    ],
)
@pytest.mark.parametrize("parser", PARSERS)
def test_every_scalar_stays_the_text_that_was_written(written: str, parser: Parser) -> None:
    node = tree(f"key: {written}", parser)
    assert plain(node) == {"key": written}


def test_places_are_those_of_an_editor() -> None:
    node = tree('# a comment\nå: 1\n"k" :\n  - "it\'s"\n  - x: |\n      block\n')
    assert isinstance(node, MappingNode)
    (first, one), (second, items) = node.entries
    assert isinstance(items, SequenceNode)
    assert (str(first.location), str(one.location)) == ("f.yaml:2:1", "f.yaml:2:4")
    assert (str(second.location), second.plain, second.length) == ("f.yaml:3:1", False, 3)
    quoted, inner = items.items
    assert isinstance(quoted, ScalarNode)
    assert (str(quoted.location), quoted.length, quoted.plain) == ("f.yaml:4:5", 6, False)
    assert quoted.place(3) == Location("f.yaml", 4, 9)
    assert isinstance(inner, MappingNode)
    block = inner.entries[0][1]
    assert isinstance(block, ScalarNode)
    assert (block.value, block.plain, block.length, str(block.place(2))) == ("block\n", False, 1, "f.yaml:5:8")


def test_a_place_inside_a_text_with_escapes_is_the_start_of_the_text() -> None:
    node = tree('"a\\tb"')
    assert isinstance(node, ScalarNode)
    assert (node.value, str(node.place(2))) == ("a\tb", "f.yaml:1:1")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_count_alike(end: str) -> None:
    node = tree(end.join(["a: 1", "b: |", "  x", "  y", "c: 2", ""]))
    assert isinstance(node, MappingNode)
    assert plain(node) == {"a": "1", "b": "x\ny\n", "c": "2"}
    assert str(node.entries[2][0].location) == "f.yaml:5:1"


def test_a_byte_order_mark_is_passed_over() -> None:
    node = tree(b"\xef\xbb\xbfa: 1\n")
    assert isinstance(node, MappingNode)
    assert str(node.entries[0][0].location) == "f.yaml:1:1"


CLOSE_BRACE = "a comma or the closing } is missing"


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", [("f.yaml:1:1", "the file is empty")]),
        ("# only a comment\n", [("f.yaml:1:1", "the file is empty")]),
        ("a: 1\nb: 2\na: 3\n", [("f.yaml:3:1", 'the key "a" stands twice')]),
        ("{a: 1, 'a': 2}", [("f.yaml:1:8", 'the key "a" stands twice')]),
        ("a: &x 1\nb: *x", [("f.yaml:1:4", "the anchor &x is not read"), ("f.yaml:2:4", "the alias *x is not read")]),
        ("a: 1\n<<: {b: 2}\n", [("f.yaml:2:1", "the merge key << is not read")]),
        ("a: !!int 1", [("f.yaml:1:4", 'the tag "tag:yaml.org,2002:int" is not read')]),
        ("!python/object:os.system [x]", [("f.yaml:1:1", 'the tag "!python/object:os.system" is not read')]),
        ("a: 1\n---\nb: 2\n", [("f.yaml:2:1", "a second document begins here")]),
        ("[a, b]: c", [("f.yaml:1:1", "a list or mapping cannot be a key")]),
        ("a: \0", [("f.yaml:1:4", "a NUL character stands in the file")]),
        ("a: 1\nb: x\x1b[31m", [("f.yaml:2:5", "the invisible character U+001B stands in the file")]),
        ("a: x\u2028y", [("f.yaml:1:5", "the invisible character U+2028 stands in the file")]),
        ("a: x\ufeff", [("f.yaml:1:5", "the invisible character U+FEFF stands in the file")]),
        ("a: '\ud800'", [("f.yaml:1:5", "the invisible character U+D800 stands in the file")]),
        ("a: [1, 2", [("f.yaml:1:4", "broken YAML: what opens here is never closed")]),
        ("a: [{1, 2\n \n", [("f.yaml:1:5", "broken YAML: what opens here is never closed")]),
        ("a: {b: 1\nc: 2\n", [("f.yaml:2:2", f"broken YAML: {CLOSE_BRACE}, for what opens in line 1, column 4")]),
        ("a: 'x\nb: 2\n", [("f.yaml:1:4", "broken YAML: the quote that opens here is never closed")]),
        ("a: b: c", [("f.yaml:1:5", "broken YAML: a colon stands where no key can be")]),
        ("a: 1\n b: 2", [("f.yaml:2:3", "broken YAML: a colon stands where no key can be")]),
        ("a:\n\tb: 1", [("f.yaml:2:1", "broken YAML: a tab stands where spaces must indent")]),
        ("a: @home", [("f.yaml:1:4", "broken YAML: this character cannot begin a text")]),
        ('"a": 1\n"b" 2\n', [("f.yaml:2:1", "broken YAML: the colon after the key that begins here is missing")]),
    ],
)
def test_what_is_refused_and_where(source: str, expected: list[tuple[str, str]], parser: Parser) -> None:
    assert problems_of(source, parser) == expected


def test_a_wrong_escape_is_shown_where_it_stands() -> None:
    assert problems_of('a: "x\\q"') == [("f.yaml:1:6", "broken YAML: this backslash escape is unknown")]
    assert problems_of('a: "\\ud800"') == [("f.yaml:1:7", "broken YAML: this escape is no Unicode character")]


@pytest.mark.parametrize("escape", ["\\q", "\\ud800", "\\U99999999", "\\U00110000"])
def test_a_wrong_escape_is_a_problem_of_the_slow_parser_too(escape: str) -> None:
    (found,) = problems_of(f'a: "{escape}"', yaml.BaseLoader)
    assert "escape" in found[1]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"a: 1\nb: caf\xe9\n", ("f.yaml:2:7", "the byte 0xE9 is not UTF-8")),
        (b"\xff\xfea\0:\0", ("f.yaml:1:1", "the file is in UTF-16")),
        (b"\xfe\xff\0a\0:", ("f.yaml:1:1", "the file is in UTF-16")),
        (b"a: \xed\xa0\x80", ("f.yaml:1:4", "the byte 0xED is not UTF-8")),
        (b"a" * (MOST_BYTES + 1), ("f.yaml:1:1", "the file is larger than 32 MiB")),
    ],
    ids=["latin-1", "UTF-16 little", "UTF-16 big", "a surrogate", "huge"],
)
def test_bytes_that_are_no_text(source: bytes, expected: tuple[str, str]) -> None:
    assert problems_of(source) == [expected]


def test_problems_of_one_file_come_together() -> None:
    source = "a: &x 1\na: *x\nb: {c: 1, c: 2}\nd: !t e\n<<: {}\nf: [1\n"
    assert problems_of(source) == [
        ("f.yaml:1:4", "the anchor &x is not read"),
        ("f.yaml:2:1", 'the key "a" stands twice'),
        ("f.yaml:2:4", "the alias *x is not read"),
        ("f.yaml:3:11", 'the key "c" stands twice'),
        ("f.yaml:4:4", 'the tag "!t" is not read'),
        ("f.yaml:5:1", "the merge key << is not read"),
        ("f.yaml:6:4", "broken YAML: what opens here is never closed"),
    ]


def test_the_first_place_of_a_doubled_key_is_named() -> None:
    problems = Problems()
    read("a: 1\nb: 2\na: 3\n", "f.yaml", problems)
    (problem,) = problems.all()
    assert problem.expected == "each key once; the first stands at f.yaml:1:1"


def test_nesting_is_read_up_to_the_limit_and_no_deeper() -> None:
    tree("[" * MOST_DEPTH + "]" * MOST_DEPTH)
    expected = [(f"f.yaml:1:{MOST_DEPTH + 1}", f"nested more than {MOST_DEPTH} levels deep")]
    assert problems_of("[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)) == expected


def bomb(levels: int) -> str:
    """Each level holds nine of the one before."""
    lines = ["a0: &a0 [x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("[" * 10_000, "nested more than 64 levels deep", id="open lists"),
        pytest.param("[" * 10_000 + "]" * 10_000, "nested more than 64 levels deep", id="closed lists"),
        pytest.param("- " * 25_000, "nested more than 64 levels deep", id="dashes"),
        pytest.param("{a: " * 10_000 + "}" * 10_000, "nested more than 64 levels deep", id="mappings"),
        pytest.param("? " * 10_000, "nested more than 64 levels deep", id="keys"),
        pytest.param(bomb(9), "the anchor &a0 is not read", id="aliases that expand"),
        pytest.param("a: &a\n  b: *a\n", "the anchor &a is not read", id="an alias inside its anchor"),
        pytest.param("*a " * 100_000, None, id="aliases without end"),
        pytest.param("{" + "a, " * 50_000 + "}", 'the key "a" stands twice', id="a key 50,000 times"),
        pytest.param("<<: {}\n" * 50_000, "the merge key << is not read", id="merge keys without end"),
        pytest.param("a: " + "\x01" * 1_000_000, "the invisible character U+0001 stands in the file", id="controls"),
        pytest.param("x" * 1_000_000 + ": 1", None, id="a very long key"),
        pytest.param("'" + "x\n" * 100_000, "broken YAML: the quote that opens here is never closed", id="a quote"),
    ],
)
def test_what_is_meant_to_break_readers_is_read_to_an_end(source: str, message: str | None, parser: Parser) -> None:
    found = problems_of(source, parser)
    assert len(found) <= PER_FILE + 1
    assert message is None or found[0][1] == message


@pytest.mark.slow
def test_a_file_of_a_million_values_is_refused() -> None:
    assert problems_of("[" + "a," * 1_000_001 + "]") == [
        ("f.yaml:1:2000002", "the file holds more than 1,000,000 values")
    ]


YAML_PIECES = st.sampled_from(
    [
        *("a", "b: ", "- ", "? ", ": ", "\n", "  ", "    ", "\t", "[", "]", "{", "}", ",", "'", '"', "|", ">", "|2-\n"),
        *("\\", "\\x", "\\u12", "&a ", "*a", "!", "!!str ", "%YAML 1.1\n", "---\n", "...\n", "<<: ", "#", "@", "`"),
        *("\0", "\x85", "\u2028", "\ufeff", "😀"),
    ]
)


@given(st.lists(YAML_PIECES, max_size=40).map("".join))
def test_no_text_brings_anything_but_problems(source: str) -> None:
    for parser in (FAST, yaml.BaseLoader):
        check_reading(source, parser)


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_bring_anything_but_problems(source: bytes) -> None:
    check_reading(source, FAST)


def check_reading(source: str | bytes, parser: Parser) -> None:
    problems = Problems()
    found = read(source, "f.yaml", problems, parser=parser)
    assert found is not None or problems
    text = source if isinstance(source, str) else source.decode("utf-8", "replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems.all():
        assert problem.location is not None
        assert 1 <= problem.location.line <= len(lines)
        assert 1 <= problem.location.column <= len(lines[problem.location.line - 1]) + 1


JSON = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029\ufeff", exclude_categories=["Cc"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_what_was_written_is_read_back(value: object) -> None:
    for style in (True, False):
        source = yaml.safe_dump(value, allow_unicode=True, default_flow_style=style, default_style='"')
        assert plain(tree(source)) == value


# ------------------------------------------------------------------------------------ files of other standards


def foreign(source: str, parser: Parser) -> tuple[object, list[tuple[str, str]]]:
    """The tree of a file that may have aliases, and its problems."""
    problems = Problems()
    found = read(source, "f.yaml", problems, parser=parser, aliases=True)
    return None if found is None else plain(found), [
        (str(problem.location), problem.message) for problem in problems.all()
    ]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "source",
    [
        "a: &x 1\nb: *x",
        "a: &x {b: [1, &y 2]}\nc: *x\nd: [*y, *x]",
        "a: &x {m: 1, n: 2}\nb: {<<: *x, n: 3}",
        "a: &x {m: 1, n: 2}\nb: &y {n: 4, o: 5}\nc: {o: 6, <<: [*x, *y]}",
        "a: &x {m: &z {k: 1}}\nb: &y {<<: *x, n: *z}\nc: {<<: *y}",
        'a: {"<<": 1}',
        "a: &x\n  b: 1\n&k c: *k",
    ],
)
def test_aliases_and_merge_keys_of_a_foreign_file_stand_for_what_they_do_to_pyyaml(source: str, parser: Parser) -> None:
    class Texts(yaml.SafeLoader):
        """Merges as YAML 1.1 does, and reads every scalar as text."""

    Texts.yaml_implicit_resolvers = {"<": yaml.SafeLoader.yaml_implicit_resolvers["<"]}
    assert foreign(source, parser) == (yaml.load(source, Loader=Texts), [])  # noqa: S506 - a safe loader


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("a: *x", ("f.yaml:1:4", "the alias *x stands for nothing: no anchor before it has the name")),
        ("a: &a\n  b: *a", ("f.yaml:2:6", "the alias *a stands inside of what it stands for")),
        ("a: &x 1\nb: {<<: *x}", ("f.yaml:1:4", "the merge key << stands before something that is no mapping")),
        ("a: &x {}\nb: {<<: *x, <<: *x}", ("f.yaml:2:13", 'the key "<<" stands twice')),
        (
            "\n".join(f"a{i}: &a{i} [{f'*a{i - 1}' if i else ''}]" for i in range(80)),
            ("f.yaml:63:6", f"nested more than {MOST_DEPTH} levels deep"),
        ),
    ],
)
def test_an_alias_that_cannot_be_written_out_is_a_problem(
    source: str, problem: tuple[str, str], parser: Parser
) -> None:
    assert foreign(source, parser)[1] == [problem]


@pytest.mark.parametrize("parser", PARSERS)
def test_an_alias_is_the_last_anchor_of_its_name_before_it(parser: Parser) -> None:
    """YAML 1.2.2, chapter 3.2.2.2; PyYAML takes the name only once."""
    assert foreign("a: &x 1\nb: &x 2\nc: *x", parser) == ({"a": "1", "b": "2", "c": "2"}, [])


@pytest.mark.parametrize("parser", PARSERS)
def test_aliases_that_expand_are_rejected_before_they_are_large(parser: Parser) -> None:
    (problem,) = foreign(bomb(9), parser)[1]
    assert problem[1] == "the file holds more than 1,000,000 values"
    merges = "\n".join(["a0: &a0 {k: v}", *(f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: *a{i - 1}}}" for i in range(1, 40))])
    (problem,) = foreign(merges, parser)[1]
    assert problem[1] == "the file holds more than 1,000,000 values"
