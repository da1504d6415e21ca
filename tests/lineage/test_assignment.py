"""What a flow without a cast makes of a value for a field of another type: a database converts, and others do not."""

from pathlib import Path

import pytest

from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

VALUES = {
    "text": "one_of: ['5']",
    "integer": "one_of: [5]",
    "decimal": "one_of: [5.5]",
    "boolean": "one_of: [true]",
    "date": "one_of: [2024-05-01]",
    "time": "min: '08:15', max: '08:15'",
    "datetime": "min: '2024-05-01T20:15:00Z', max: '2024-05-01T20:15:00Z'",
}


def verdicts(folder: Path, value: str, target: str, engine: str | None) -> set[str]:
    """Of the escapes and conflicts, for a value that flows into a field."""
    files = {
        "fieldline.yaml": "estate: t\n",
        "contracts/a.yaml": "system: a\nowner: {team: A}\nentities:\n  e:\n    kind: entry\n    fields:\n"
        f"      v: {{type: {value}, required: true, {VALUES[value]}}}\n",
        "contracts/b.yaml": f"system: b\nowner: {{team: B}}\n{f'engine: {engine}' if engine else ''}\n"
        f"entities: {{t: {{fields: {{v: {{{target}}}}}}}}}\n",
        "lineage/l.yaml": "flows: [{from: a.e.v, to: b.t.v}]\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return {f.verdict for f in check(load_estate(folder)).findings if f.rule in {"escape", "conflict"}}


@pytest.mark.parametrize(
    ("value", "target", "named", "unnamed"),
    [
        # PostgreSQL 15 (10.4: an assignment converts to text), MariaDB 10.11, SQLite and DuckDB, run: 5 is stored as '5'
        ("integer", "type: text, max_length: 1", set(), {"refuted"}),
        ("integer", "type: text, max_length: 0", {"refuted"}, {"refuted"}),
        ("decimal", "type: text, max_length: 3", set(), {"refuted"}),
        ("date", "type: text, max_length: 10", set(), {"unknown"}),
        ("datetime", "type: text", {"unknown"}, {"unknown"}),
        ("time", "type: text", {"unknown"}, {"unknown"}),
        # 'true' in PostgreSQL, '1' in MariaDB
        ("boolean", "type: text", {"unknown"}, {"refuted"}),
        ("text", "type: boolean", {"unknown"}, {"refuted"}),
        ("text", "type: datetime", {"unknown"}, {"unknown"}),
        ("text", "type: time", {"unknown"}, {"unknown"}),
        ("text", "type: integer", set(), set()),
        # midnight of which zone, and whose day
        ("date", "type: datetime", set(), {"refuted"}),
        ("date", "type: datetime, min: '2024-04-30T10:00:00Z', max: '2024-05-01T12:00:00Z'", set(), {"refuted"}),
        ("date", "type: datetime, min: '2024-05-01T00:00:00Z'", {"unknown"}, {"refuted"}),
        ("date", "type: datetime, max: '2024-04-30T09:59:59Z'", {"refuted"}, {"refuted"}),
        ("datetime", "type: date", set(), {"refuted"}),
        ("datetime", "type: date, min: 2024-05-02", {"unknown"}, {"refuted"}),
        ("datetime", "type: date, min: 2024-05-03", {"refuted"}, {"refuted"}),
        ("boolean", "type: integer", {"unknown"}, {"refuted"}),
        # no engine makes a time of day of a day
        ("date", "type: time", {"refuted"}, {"refuted"}),
        ("integer", "type: date", {"refuted"}, {"refuted"}),
    ],
)
def test_a_database_converts_what_is_stored(
    value: str, target: str, named: set[str], unnamed: set[str], tmp_path: Path
) -> None:
    assert verdicts(tmp_path / "named", value, target, "postgres") == named
    assert verdicts(tmp_path / "unnamed", value, target, None) == unnamed
    assert verdicts(tmp_path / "node", value, target, "node") == unnamed


@pytest.mark.parametrize(
    ("engine", "from_date", "to_date"),
    [
        ("postgres", set(), set()),
        # a TIMESTAMP rejects a midnight that the session's zone leaves out: '2018-11-04' in America/Sao_Paulo, error 1292
        ("mariadb", {"unknown"}, set()),
        ("mysql", {"unknown"}, set()),
        ("oracle", {"unknown"}, {"unknown"}),
        ("sqlite", {"unknown"}, {"unknown"}),
    ],
)
def test_not_every_engine_has_every_midnight(
    engine: str, from_date: set[str], to_date: set[str], tmp_path: Path
) -> None:
    assert verdicts(tmp_path / "from", "date", "type: datetime", engine) == from_date
    assert verdicts(tmp_path / "to", "datetime", "type: date", engine) == to_date


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("date", "type: integer"),  # 20240501
        ("date", "type: decimal"),
        ("time", "type: integer"),
        ("integer", "type: date"),  # 20240501 is a day, 5 is none
        ("integer", "type: time"),
        ("date", "type: time"),
        ("time", "type: date"),
    ],
)
def test_in_mysql_a_date_is_a_number_of_its_digits(engine: str, value: str, target: str, tmp_path: Path) -> None:
    assert verdicts(tmp_path, value, target, engine) == {"unknown"}
