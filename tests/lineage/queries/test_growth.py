"""What never ends is looked for once: a text that begins it thousands of times is read in time that grows as it does."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from fieldline.contracts.record_rules import _KEYED
from fieldline.estate.load import load_estate
from fieldline.formats.changelog.column_types import column_type
from fieldline.formats.changelog.contexts import runs_in
from fieldline.formats.ddl.engines.db2 import _of_program
from fieldline.formats.ddl.unknown import _LITERAL_SQL
from fieldline.formats.html import _Parser
from fieldline.lineage.link import _NAMES
from fieldline.lineage.queries.flows import _QUOTED
from fieldline.lineage.queries.hooks import HookChange, HookReader
from fieldline.lineage.queries.programs import changed_names
from fieldline.lineage.queries.rewriting import _FILLED_IN, readable
from fieldline.lineage.queries.sheets import _split
from fieldline.lineage.transforms.assign import _NUMBER, _WITH_EXPONENT
from fieldline.values.regex.parser import _FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_READER = HookReader(lambda _how, _names: None, {})
_TIMES = 60_000


def _hooks(text: str) -> list[HookChange]:
    return list(_READER.changes(text, "t"))


def _page(text: str) -> None:
    parser = _Parser("page.html")
    parser.feed(text)
    parser.close()


READERS: list[tuple[Callable[[str], object], str, str]] = [
    *((_hooks, "update t set a = 1 ", begin) for begin in ("/*", "{#", "{{ ", "{% ", "$a$ ", "$$", "'", "--", "{")),
    *((_hooks, "", begin) for begin in ("$a", "$", "''", "insert into ", "copy ", "create ", "ref(", "a.")),
    *((changed_names, "update t set a = 1 ", begin) for begin in ("/*", "'", "--")),
    (lambda text: readable(text, "postgres"), "select 1 ", "/* "),
    (lambda text: readable(text, "postgres"), "select 1 ", "${"),
    *((_FILLED_IN.search, "", begin) for begin in ("${", "{{", "${a")),
    (_of_program, "", "EXEC SQL "),
    (_LITERAL_SQL.search, "EXEC", " "),
    (_LITERAL_SQL.search, "", "EXEC ("),
    *((lambda text: runs_in(text, frozenset("a")), "a", begin) for begin in (" ", "!", "(", "a or ", "not ")),
    (lambda text: column_type(text, "postgres"), "a", " "),
    (_KEYED.findall, "", "a"),
    (_NAMES.findall, "", "a"),
    (_QUOTED.findall, "", "["),
    (_split, "a", " "),
    (_page, "<form><input name=a>", "<!-- "),
    (_page, "<form><input name=a>", "<!-- a> "),
    (_NUMBER.fullmatch, "", "1"),
    (_WITH_EXPONENT.fullmatch, "", "1"),
    (_FLAGS.match, "?", "a"),
]


@pytest.mark.parametrize(("read", "before", "again"), READERS)
def test_a_text_is_read_once_however_often_what_never_ends_begins(
    read: Callable[[str], object], before: str, again: str
) -> None:
    begun = time.process_time()
    read(before + again * (_TIMES // len(again)) + "!")
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("hook", ["update t set a = 1 /* ", "{{ this ", "{# update t set a = 1", "grant {% if"])
def test_a_hook_that_never_ends_may_change_anything(hook: str) -> None:
    assert _hooks(hook) != []


@pytest.mark.parametrize(
    ("hook", "changed"),
    [
        ("do $a$ update x set y = 1 $a$; grant select on t to all", [None]),
        ("select '$a$'; grant select on t to all", []),
        ("grant a on $b$c$b$ to all; update x set a = $$;$$", ["x"]),
        ("update x set a = $c$ ; update y set b = 1", ["x", "y"]),
    ],
)
def test_bodies_of_programs_are_no_statements(hook: str, changed: list[str | None]) -> None:
    assert [change.table for change in _hooks(hook)] == changed


def test_contexts_are_read_however_deep_they_nest() -> None:
    assert runs_in("!" * 2_000 + "a", frozenset("a"))
    assert not runs_in("!" * 2_001 + "a", frozenset("a"))
    assert runs_in("(" * 5_000 + "a and not b" + ")" * 5_000 + " or c", frozenset("a"))


@pytest.mark.parametrize(
    ("cell", "names"),
    [("a, b ;c", ["a", "b", "c"]), (" a \n\n b\n,c+d", ["a", "b", "c", "d"]), ("a,,b", ["a", "", "b"]), ("", [""])],
)
def test_names_of_a_cell_are_split_at_signs_and_lines(cell: str, names: list[str]) -> None:
    assert _split(cell) == names


@pytest.mark.parametrize("joined", [" and a > 1", " or a = 2"])
def test_a_check_of_a_thousand_conditions_is_read(tmp_path: Path, joined: str) -> None:
    """It left the reader as a RecursionError."""
    columns = f"create table t (a int check (a > 0{joined * 1_000}))"
    contracts = {"a.yaml": "system: a\nfrom: {sql: {files: a.sql, dialect: postgres}}\n"}
    _written(tmp_path, contracts, {"a.sql": columns})
    assert len(load_estate(tmp_path).contracts.fields) == 1


def test_keys_that_need_one_another_are_read_however_many(tmp_path: Path) -> None:
    """Each of them doubled the ways in which a record may have its keys."""
    names = [f"a{number}" for number in range(60)]
    needed = {name: [names[number - 1]] for number, name in enumerate(names)}
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}, "dependentRequired": needed}
    contracts = {"a.yaml": "system: a\nfrom: {json_schema: a.schema.json}\n"}
    _written(tmp_path, contracts, {"a.schema.json": json.dumps(schema)})
    begun = time.process_time()
    load_estate(tmp_path)
    assert time.process_time() - begun < 10


def _written(folder: Path, contracts: dict[str, str], others: dict[str, str]) -> None:
    (folder / "fieldline.yaml").write_text("estate: test\n", "utf-8")
    for name in ("contracts", "lineage"):
        (folder / name).mkdir()
    (folder / "lineage" / "flows.yaml").write_text("flows: []\n", "utf-8")
    for name, text in contracts.items():
        (folder / "contracts" / name).write_text(text, "utf-8")
    for name, text in others.items():
        (folder / name).write_text(text, "utf-8")
