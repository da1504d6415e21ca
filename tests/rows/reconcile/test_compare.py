"""Two systems compared in bulk: the law against a comparison record by record, and what must be said of each case."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.application.names import UnknownName
from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.checker.judging.simulate import travel
from fieldline.documents.names import EntityName
from fieldline.estate.load import load_estate
from fieldline.lineage.graph import Graph
from fieldline.lineage.transform import NoValue
from fieldline.rows.sources import silent

from ...properties.strategies import tries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fieldline.rows.reconcile.answer import ReconcileAnswer, ReconciledPair
    from fieldline.values.valueset import Value

pl = pytest.importorskip("polars")
from fieldline.rows.reconcile import compare  # noqa: E402 - after polars is known to be there

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
Rows = list[dict[str, Any]]


def write_systems(
    root: Path, systems: Mapping[str, Mapping[str, Any]], flows: Sequence[Mapping[str, Any]], env: Sequence[str] = ()
) -> None:
    """An estate of systems with one entity `e` each: its keys, and `rows`, as a Parquet file unless it has a store."""
    for name in ("contracts", "lineage"):
        (root / name).mkdir()
    (root / "fieldline.yaml").write_text(
        json.dumps({"estate": "two", "engine": "postgres", "env": list(env)}), encoding="utf-8"
    )
    for system, entity in systems.items():
        own = {name: of for name, of in entity.items() if name != "rows"}
        if "rows" in entity:
            own.setdefault("store", {"file": f"{system}.parquet"})
            names = list(entity["fields"])
            _write_rows(root / own["store"]["file"], [{n: row.get(n) for n in names} for row in entity["rows"]], names)
        tree = {"system": system, "entities": {"e": own}}
        (root / "contracts" / f"{system}.yaml").write_text(json.dumps(tree), encoding="utf-8")
    (root / "lineage" / "flows.yaml").write_text(json.dumps({"flows": flows}), encoding="utf-8")


def _write_rows(file: Path, rows: Rows, names: list[str]) -> None:
    frame = pl.DataFrame(rows, schema=None if rows else dict.fromkeys(names, pl.String), infer_schema_length=None)
    frame = frame.with_columns([pl.col(name).cast(pl.String) for name, kind in frame.schema.items() if kind == pl.Null])
    if file.suffix == ".csv":
        frame.write_csv(file)
    else:
        frame.write_parquet(file)


def reconciled(
    root: Path, first: str = "a", second: str = "b", keys: Callable[[Any], None] | None = None
) -> ReconcileAnswer:
    return compare.reconcile(load_estate(root), first, second, NOW, silent, keys=keys)


def _only(answer: ReconcileAnswer) -> ReconciledPair:
    (pair,) = answer.pairs
    return pair


def _states(pair: ReconciledPair, field: str) -> dict[str, int]:
    (found,) = [each for each in pair.fields if each.field.name == field]
    return dict(sum((Counter({each.state: each.records}) for each in found.counts), Counter()))


# ------------------------------------------------------------------------------------------------------------- the law

STEPS: tuple[list[Any], ...] = (
    [],
    ["trim"],
    ["upper"],
    [{"truncate": 3}],
    ["lower", {"prefix": "x"}],
    [{"map": {"values": {"a": "1", "b": "2"}}}],
    [{"default": "none"}],
    [{"cast": {"to": "integer"}}],
    [{"opaque": "by a program"}],
)
VALUES = st.sampled_from([None, "a", "b", " a ", "ab", "Åb", "abcd", "12", "007", "ß"])
NUMBERS = st.sampled_from([None, 0, 1, -5, 12])
BOOLEANS = st.sampled_from([None, True, False])


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]], Rows, list[tuple[str, dict[str, Any]]]]:
    """Fields and flows, rows of one system, and rows of the other: some as the flows make them, some not."""
    steps = draw(st.sampled_from(STEPS[:-1]))
    key_steps = draw(st.sampled_from([[], ["upper"], [{"prefix": "k"}], [{"map": {"values": {"1": "1", "2": "3"}}}]]))
    when = draw(st.sampled_from([None, "a.e.land = 'FI'", "a.e.x = 'a'", "a.e.n > 0"]))
    key_when = draw(st.sampled_from([None, "a.e.land = 'FI'"]))
    opaque = draw(st.booleans())
    fields = {
        "no": {"type": "text"},
        "x": {"type": "integer" if "cast" in str(steps) else "text", **draw(st.sampled_from([{}, {"required": True}]))},
        "n": {"type": "decimal"},
        "both": {"type": "text", "max_length": 6, "on_violation": draw(st.sampled_from(["reject", "truncate"]))},
        "t": {"type": "boolean"},
        "land": {"type": "text", "one_of": ["FI", "SE"]},
    }
    flows: list[dict[str, Any]] = [
        {"from": "a.e.no", "to": "b.e.no", "via": key_steps, **({"when": key_when} if key_when else {})},
        {"from": "a.e.x", "to": "b.e.x", "via": steps, **({"when": when} if when else {})},
        {"from": "a.e.n", "to": "b.e.n"},
        {"from": ["a.e.x", "a.e.land"], "to": "b.e.both", "via": [{"concat": {"separator": "-"}}]},
        {"from": "a.e.t", "to": "b.e.t", "via": [{"opaque": "by a program"}] if opaque else []},
    ]
    row = st.fixed_dictionaries(
        {
            "no": st.sampled_from([None, "1", "2", "a", "ä", *"cdefghijklmnop"]),
            "x": VALUES,
            "n": NUMBERS,
            "t": BOOLEANS,
            "land": st.sampled_from(["FI", "SE", None, "??"]),
            "both": st.none(),
        }
    )
    changed = st.tuples(st.sampled_from(["no", "x", "n", "both", "t", "gone", "twice", "as made", "as made"]), row)
    ones = draw(st.lists(row, max_size=14))
    return fields, flows, ones, draw(st.lists(changed, min_size=len(ones), max_size=len(ones)))


class _Made:
    """What the flows make of records, one after the other."""

    def __init__(self, root: Path) -> None:
        estate = load_estate(root)
        self._graph = Graph(estate.contracts, estate.flows)

    def arriving(self, row: dict[str, Any], field: str) -> list[Any]:
        record = {EntityName("a", "e").of(name): value for name, value in row.items()}
        arrived = travel(self._graph, record).arrivals.get(EntityName("b", "e").of(field), ())
        return [each for each in arrived if each.link is not None]

    def rows(self, ones: Rows, changes: list[tuple[str, dict[str, Any]]]) -> Rows:
        """What the other system holds: what is made, with some changes."""
        rows: Rows = []
        for one, (what, drawn) in zip(ones, changes, strict=True):
            made = {name: self._stored(one, name) for name in ("no", "x", "n", "both", "t")}
            made |= {what: drawn[what]} if what in made else {}
            rows += [] if what == "gone" else [made, {**made}] if what == "twice" else [made]
        return rows

    def _stored(self, one: dict[str, Any], name: str) -> Value:
        stored = [each.stored for each in self.arriving(one, name) if not isinstance(each.stored, NoValue)]
        return stored[-1] if stored else None


def _by_hand(root: Path, ones: Rows, others: Rows) -> dict[str, Any]:
    """The same, one record after the other."""
    arriving = _Made(root).arriving
    carried = []
    withheld = 0
    for row in ones:
        keys = arriving(row, "no")
        if not keys:
            withheld += 1
            continue
        carried.append((keys[0].stored if len(keys) == 1 and keys[0].goes_on else None, row))
    ours = Counter(key for key, _ in carried if key is not None)
    theirs = Counter(row["no"] for row in others if row["no"] is not None)
    shared = {key for key in ours if key in theirs and (ours[key] > 1 or theirs[key] > 1)}
    held = {row["no"]: row for row in others}
    several = sum(key in shared for key, _ in carried) + sum(row["no"] in shared for row in others)
    matched = [(row, held[key]) for key, row in carried if key in held and key is not None and key not in shared]
    wrong: Counter[str] = Counter()
    agreeing = 0
    for one, other in matched:
        bad = {field for field in ("x", "n", "both", "t") if not _is_met(arriving(one, field), other[field])}
        wrong.update(bad)
        agreeing += not bad
    return {
        "withheld": withheld,
        "matched": len(matched),
        "several": several,
        "missing": sum(key is None or key not in theirs for key, _ in carried),
        "extra": sum(row["no"] is None or row["no"] not in ours for row in others),
        "wrong": dict(wrong),
        "agreeing": agreeing,
    }


def _is_met(arrivals: Sequence[Any], held: Value) -> bool:
    return not arrivals or any(
        arrival.value == held if arrival.is_rejected else arrival.stored == held
        for arrival in arrivals
        if not arrival.is_lost
    )


@tries(60)
@given(cases())
def test_the_counts_are_those_of_a_comparison_record_by_record(case: tuple[Any, Any, Rows, Any]) -> None:
    fields, flows, ones, changes = case
    with TemporaryDirectory() as folder:
        root = Path(folder)
        plain = {name: {"type": of["type"] if name in {"n", "t"} else "text"} for name, of in fields.items()}
        systems = {"a": {"key": "no", "fields": plain, "rows": ones}, "b": {"key": "no", "fields": fields, "rows": []}}
        write_systems(root, systems, flows)
        others = _Made(root).rows(ones, changes)
        _write_rows(root / "b.parquet", [{**row, "x": row["x"] and str(row["x"])} for row in others], list(fields))
        pair = _only(reconciled(root))
        by_hand = _by_hand(root, ones, others)
        opaque = [each.field.name for each in pair.fields if each.unread is not None]
        wrong = {each.field.name: sum(c.records for c in each.counts) for each in pair.fields if each.counts}
        assert {
            "withheld": pair.withheld,
            "matched": pair.matched,
            "several": pair.several,
            "missing": sum(each.records for each in pair.missing),
            "extra": pair.extra,
        } == {name: by_hand[name] for name in ("withheld", "matched", "several", "missing", "extra")}
        assert wrong == {name: n for name, n in by_hand["wrong"].items() if name not in opaque}
        if not opaque:
            assert pair.agreeing == by_hand["agreeing"]
        assert pair.is_open or not opaque


# --------------------------------------------------------------------------------------------------------------- cases

PLAIN: dict[str, Any] = {"no": {"type": "text"}, "x": {"type": "text"}}
FLOWS: list[dict[str, Any]] = [
    {"from": "a.e.no", "to": "b.e.no", "via": [{"prefix": "k"}], "lag": "PT24H"},
    {"from": "a.e.x", "to": "b.e.x", "by": "nightly batch", "lag": "PT24H"},
]


def _rows(*pairs: tuple[str | None, str | None]) -> Rows:
    return [{"no": no, "x": x} for no, x in pairs]


def test_what_is_joined_in_parts_is_what_is_joined_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ones = _rows(*((f"{i}", f"{i % 7}") for i in range(300)), (None, "x"), ("5", "again"))
    others = _rows(*((f"k{i}", "?" if i % 50 == 0 else f"{i % 7}") for i in range(20, 310)))
    write_systems(
        tmp_path,
        {"a": {"key": "no", "fields": PLAIN, "rows": ones}, "b": {"key": "no", "fields": PLAIN, "rows": others}},
        FLOWS,
    )
    whole = _only(reconciled(tmp_path))
    monkeypatch.setattr(compare, "MOST_JOINED", 40)
    parts = _only(reconciled(tmp_path))
    assert (whole.matched, whole.extra, sum(each.records for each in whole.missing)) == (280, 10, 22)
    assert (parts.fields, parts.missing, parts.extra, parts.matched, parts.agreeing) == (
        whole.fields,
        whole.missing,
        whole.extra,
        whole.matched,
        whole.agreeing,
    )


def test_the_clock_tells_what_is_late_and_what_is_under_way(tmp_path: Path) -> None:
    fields = {**PLAIN, "at": {"type": "datetime"}}
    rows = [
        {"no": "1", "x": "new", "at": "2026-05-04T09:00:00Z"},
        {"no": "2", "x": "new", "at": "2026-05-01T09:00:00Z"},
        {"no": "3", "x": "new", "at": "2026-05-01T09:00:00Z"},
        {"no": "4", "x": "new", "at": "2026-05-04T09:00:00Z"},
        {"no": "5", "x": "new", "at": "2026-05-01T09:00:00Z"},
    ]
    held = [{"no": f"k{n}", "x": "old", "at": f"2026-0{month}-01T00:00:00Z"} for n, month in ((1, 4), (2, 4), (3, 5))]
    held[2]["at"] = "2026-05-03T00:00:00Z"
    entity = {"key": "no", "changed": "at", "fields": fields}
    write_systems(tmp_path, {"a": {**entity, "rows": rows}, "b": {**entity, "rows": held}}, FLOWS)
    pair = _only(reconciled(tmp_path))
    assert _states(pair, "x") == {"not yet due": 1, "overdue": 1, "differs": 1}
    assert {each.state: each.records for each in pair.missing} == {"not yet due": 1, "overdue": 1}
    assert pair.agreeing == 1
    assert pair.fields[1].carriers == ("nightly batch",)


def test_a_record_that_a_system_refuses_is_refused_wherever_it_goes(tmp_path: Path) -> None:
    """On the way, and at the end: for a value, or for one that does not arrive."""
    short = {"no": {"type": "text"}, "x": {"type": "text", "max_length": 3}}
    lacking = {**PLAIN, "y": {"type": "text", "required": True}}
    flows = [
        *FLOWS,
        {"from": "b.e.no", "to": "c.e.no"},
        {"from": "b.e.x", "to": "c.e.x"},
        {"from": "a.e.no", "to": "d.e.no"},
        {"from": "a.e.x", "to": "d.e.x"},
    ]
    systems = {
        "a": {"key": "no", "fields": PLAIN, "rows": _rows(("1", "long"), ("2", "ok"), ("3", "long"))},
        "b": {"key": "no", "fields": short, "rows": _rows(("k2", "ok"), ("k3", "old"))},
        "c": {"key": "no", "fields": PLAIN, "rows": _rows(("k2", "ok"), ("k3", "old"))},
        "d": {"key": "no", "fields": lacking, "rows": []},
    }
    write_systems(tmp_path, systems, flows)
    for second in ("b", "c"):
        pair = _only(reconciled(tmp_path, "a", second))
        (missing,) = pair.missing
        assert (missing.state, missing.records, missing.reason) == ("refused", 1, "b.e.x rejects it (max_length)")
        assert _states(pair, "x") == {"refused": 1}
    (missing,) = _only(reconciled(tmp_path, "a", "d")).missing
    assert (missing.state, missing.records, missing.reason) == ("refused", 3, "the record arrives without y")


def test_what_is_not_known_is_never_called_equal(tmp_path: Path) -> None:
    flows = [FLOWS[0], {"from": "a.e.x", "to": "b.e.x", "via": [{"opaque": "scored by a model"}]}]
    systems = {name: {"key": "no", "fields": PLAIN, "rows": _rows((no, "x"))} for name, no in (("a", "1"), ("b", "k1"))}
    write_systems(tmp_path, systems, flows)
    answer = reconciled(tmp_path)
    (_, x) = _only(answer).fields
    assert x.unread == "a step that nobody described: scored by a model"
    assert not answer.is_well
    assert not _only(answer).is_wrong


def test_what_another_system_may_have_brought_is_not_held_against_anyone(tmp_path: Path) -> None:
    systems = {
        "a": {"key": "no", "fields": PLAIN, "rows": _rows(("1", "x"))},
        "b": {"key": "no", "fields": PLAIN, "rows": _rows(("k1", "y"), ("k2", "z"))},
        "c": {"key": "no", "fields": PLAIN},
    }
    others = [{"from": f"c.e.{name}", "to": f"b.e.{name}"} for name in PLAIN]
    write_systems(tmp_path, systems, [*FLOWS, *others])
    pair = _only(reconciled(tmp_path))
    assert _states(pair, "x") == {"not known": 1}
    assert (pair.extra, pair.elsewhere, pair.is_wrong) == (1, (EntityName("c", "e"),), False)


def test_the_keys_of_all_findings_go_to_the_one_who_asks(tmp_path: Path) -> None:
    systems = {
        "a": {"key": "no", "fields": PLAIN, "rows": _rows(("1", "x"), ("2", "x"), ("3", "x"), ("4", "x"), ("4", "y"))},
        "b": {"key": "no", "fields": PLAIN, "rows": _rows(("k1", "x"), ("k2", "y"), ("k4", "x"), ("k5", "x"))},
    }
    write_systems(tmp_path, systems, FLOWS)
    found: list[tuple[Any, ...]] = []
    names = ("finding", "field", "state", "source_key", "target_key")
    reconciled(tmp_path, keys=lambda frame: found.extend(frame.select(names).collect().rows()))
    assert sorted(found, key=str) == [
        ("differing", "x", "differs", "2", "k2"),
        ("extra", None, None, None, "k5"),
        ("missing", None, "differs", "3", "k3"),
        ("several", None, "not known", "4", None),
        ("several", None, "not known", "4", None),
        ("several", None, "not known", None, "k4"),
    ]


def test_the_flows_may_lead_from_the_second_to_the_first(tmp_path: Path) -> None:
    systems = {name: {"key": "no", "fields": PLAIN, "rows": _rows((no, "x"))} for name, no in (("a", "1"), ("b", "k1"))}
    write_systems(tmp_path, systems, FLOWS)
    pair = _only(reconciled(tmp_path, "b.e", "a"))
    assert (str(pair.source.full_name), str(pair.target.full_name), pair.agreeing) == ("a.e", "b.e", 1)


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    systems = {
        "a": {"key": "no", "fields": PLAIN, "store": {"file": "none.csv"}},
        "b": {"key": "no", "fields": PLAIN},
        "c": {"key": "no", "fields": PLAIN, "store": {"http": "C_API", "path": "/{no}"}},
    }
    write_systems(tmp_path, {}, [*FLOWS, {"from": "a.e.no", "to": "c.e.no"}], env=["C_API"])
    for name, entity in systems.items():
        tree = {"system": name, "entities": {"e": entity}}
        (tmp_path / "contracts" / f"{name}.yaml").write_text(json.dumps(tree), encoding="utf-8")
    for names, message in (
        (("a", "b"), r"there is no file none\.csv"),
        (("b", "c"), "no flow brings the key of a record from b to c, or back"),
    ):
        with pytest.raises(Unreadable, match=message):
            reconciled(tmp_path, *names)
    with pytest.raises(UnknownName, match="there is no system or entity 'bb'"):
        reconciled(tmp_path, "a", "bb")
    _write_rows(tmp_path / "none.csv", _rows(("1", "x")), ["no", "x"])
    for names, message in ((("a", "b"), "b.e has no store"), (("a", "c"), "answers for one record at a time")):
        with pytest.raises(Unreadable, match=message):
            reconciled(tmp_path, *names)
