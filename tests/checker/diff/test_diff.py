"""What a change does, case by case: the change, and everything that must be told about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.diff.diff import Diff, diff
from fieldline.documents.names import EntityName, FieldName
from fieldline.estate.load import load_estate

from ...properties.estates import Written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fieldline.checker.finding import Finding
    from fieldline.estate.load import Estate

Tree = dict[str, Any]
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
WEB = {"web": {"f": {"type": "text", "max_length": 40}}}
CHAIN = [{"from": "web.e.f", "to": "crm.e.f"}, {"from": "crm.e.f", "to": "db.e.f"}]


def text(**rule: object) -> Tree:
    return {"type": "text", **rule}


def estate(systems: Mapping[str, Mapping[str, Tree]], flows: list[Tree]) -> Written:
    """Systems of one entity `e`; `web` is an entry; each system has an owner of its own."""
    return Written(
        {
            name: {
                "system": name,
                "owner": {"team": f"team {name}"},
                "entities": {"e": {"kind": "entry" if name == "web" else "table", "fields": dict(fields)}},
            }
            for name, fields in systems.items()
        },
        flows,
    )


def compare(
    before: Mapping[str, Mapping[str, Tree]],
    after: Mapping[str, Mapping[str, Tree]],
    flows: list[Tree] | None = None,
    new_flows: list[Tree] | None = None,
) -> Diff:
    flows = CHAIN if flows is None else flows
    return diff(estate(before, flows).load(), estate(after, flows if new_flows is None else new_flows).load())


def told(found: Diff) -> list[tuple[str, str, str]]:
    """Rule, verdict, what it fails at."""
    return [
        (f.rule, f.verdict, f"{f.binding.field} {f.binding.constraint}" if f.binding else "") for f in found.findings
    ]


def causes(finding: Finding) -> list[str]:
    return [f"{change.name} {change.constraint}".strip() for change in finding.causes]


def movements(found: Diff) -> dict[str, str]:
    return {str(shift.field): shift.movement for shift in found.requirements}


# --------------------------------------------------------------------------------------------------- equal means equal


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text(pattern=UUID, max_length=36, min_length=36), text(pattern=UUID, max_length=36)),
        (text(pattern=UUID), text(pattern=UUID, max_length=36)),
        (text(pattern="[A-Z]{2}[0-9]{2}"), text(pattern="([A-Z][A-Z])([0-9][0-9])")),
        (text(pattern="[a-z]{1,80}"), text(pattern="[a-z]+", max_length=80)),
        (text(one_of=["a", "b"]), text(one_of=["b", "a"])),
        (text(one_of=["a", "b"]), text(pattern="a|b")),
        (text(max_length=50), text(max_length=50, max_bytes={"limit": 200, "encoding": "utf-8"})),
        (text(max_utf16=10), text(max_utf16=10, max_length=10)),
    ],
)
def test_a_rule_in_other_words_is_a_change_from_which_nothing_follows(before: Tree, after: Tree) -> None:
    found = compare(
        {**WEB, "crm": {"f": text()}, "db": {"f": before}}, {**WEB, "crm": {"f": text()}, "db": {"f": after}}
    )
    assert found.changes
    assert told(found) == []
    assert [shift.movement for shift in found.contracts] == ["equal"]
    assert movements(found) == {"web.e.f": "equal"}
    assert found.reviewers == ()


def test_a_column_widened_that_never_bound_moves_no_requirement() -> None:
    systems = {**WEB, "crm": {"f": text(max_length=20)}}
    found = compare({**systems, "db": {"f": text(max_length=30)}}, {**systems, "db": {"f": text(max_length=60)}})
    assert told(found) == []
    assert [shift.movement for shift in found.contracts] == ["loosened"]
    assert movements(found) == {"web.e.f": "equal"}


def test_a_narrowed_column_that_never_binds_is_reported_to_its_neighbour_at_most() -> None:
    systems = {**WEB, "crm": {"f": text(max_length=20)}}
    found = compare({**systems, "db": {"f": text(max_length=60)}}, {**systems, "db": {"f": text(max_length=30)}})
    assert told(found) == []
    assert movements(found) == {"web.e.f": "equal"}


def test_a_value_rejected_before_is_no_regression() -> None:
    """Values of more than 20 characters failed before; only those of 16 to 20 are news, and 16 the shortest."""
    systems = {**WEB, "crm": {"f": text()}}
    found = compare({**systems, "db": {"f": text(max_length=20)}}, {**systems, "db": {"f": text(max_length=15)}})
    assert [
        len(str((f.witness or {}).get(FieldName.read("web.e.f")))) for f in found.findings if f.rule == "newly-refused"
    ] == [16]
    again = compare(
        {**systems, "db": {"f": text(max_length=15)}},
        {**systems, "db": {"f": text(max_length=15, pattern="[\\s\\S]{0,15}")}},
    )
    assert told(again) == []


# ------------------------------------------------------------------------------------------------------- what it is owed to


def test_of_changes_that_concur_all_are_named() -> None:
    """The step that shortened values is gone, and the column is shorter: neither alone would have rejected this one."""
    cut = [CHAIN[0], {**CHAIN[1], "via": [{"truncate": 10}], "accept_loss": True}]
    systems = {**WEB, "crm": {"f": text()}}
    found = compare(
        {**systems, "db": {"f": text(max_length=20)}}, {**systems, "db": {"f": text(max_length=12)}}, cut, CHAIN
    )
    (regressions,) = (f for f in found.findings if f.rule == "newly-refused")
    assert causes(regressions) == ["db.e.f max_length", "crm.e.f -> db.e.f"]
    assert len(str((regressions.witness or {}).get(FieldName.read("web.e.f")))) == 13


def test_a_change_that_does_not_matter_is_not_named() -> None:
    systems = {**WEB, "crm": {"f": text()}}
    found = compare(
        {**systems, "db": {"f": text(max_length=20, not_one_of=["x"])}},
        {**systems, "db": {"f": text(max_length=12, not_one_of=["x", "y"])}},
    )
    owed = {f.binding.constraint: causes(f) for f in found.findings if f.rule == "newly-refused" and f.binding}
    assert owed == {"max_length": ["db.e.f max_length"], "not_one_of": ["db.e.f not_one_of"]}


def test_an_entry_that_lets_in_more_is_the_cause_itself() -> None:
    systems = {"crm": {"f": text()}, "db": {"f": text(max_length=12)}}
    found = compare({"web": {"f": text(max_length=12)}, **systems}, {"web": {"f": text(max_length=15)}, **systems})
    assert told(found) == [("newly-refused", "refuted", "db.e.f max_length")]
    assert causes(found.findings[0]) == ["web.e.f max_length"]
    assert "now accepts" in found.findings[0].message


def test_the_changed_line_is_where_to_look_first() -> None:
    systems = {**WEB, "crm": {"f": text()}}
    found = compare({**systems, "db": {"f": text(max_length=20)}}, {**systems, "db": {"f": text(max_length=12)}})
    assert found.findings[0].location.file == "contracts/db.yaml"
    assert [(r.owner.team, [*map(str, r.fields)]) for r in found.reviewers] == [
        ("team crm", ["crm.e.f"]),
        ("team db", ["db.e.f"]),
        ("team web", ["web.e.f"]),
    ]


# ---------------------------------------------------------------------------------------------------- other kinds of change


def test_a_column_that_truncates_instead_of_rejecting_is_a_regression() -> None:
    systems = {**WEB, "crm": {"f": text()}}
    found = compare(
        {**systems, "db": {"f": text(max_length=20)}},
        {**systems, "db": {"f": text(max_length=20, on_violation="truncate")}},
    )
    assert [(f.rule, causes(f)) for f in found.findings if f.rule != "neighbour-refuses"] == [
        ("newly-lost", ["db.e.f on_violation"]),
        ("resolved", ["db.e.f on_violation"]),
    ]


def test_a_column_that_becomes_unique_makes_values_collide() -> None:
    flows = [CHAIN[0], {**CHAIN[1], "via": ["lower"]}]
    systems = {**WEB, "crm": {"f": text(max_length=60)}}
    found = compare({**systems, "db": {"f": text()}}, {**systems, "db": {"f": text(unique=True)}}, flows)
    (finding,) = found.findings
    assert (finding.rule, finding.verdict, causes(finding)) == ("newly-colliding", "refuted", ["db.e.f unique"])
    assert finding.second is not None
    same = {**systems, "db": {"f": text(unique=True)}}
    assert told(compare(same, {**same, "db": {"f": text(unique=True, max_length=200)}}, flows)) == []


def test_a_flow_that_is_gone_and_a_field_that_must_be_filled() -> None:
    systems = {**WEB, "crm": {"f": text()}, "db": {"f": text(required=True)}}
    found = compare(systems, systems, CHAIN, CHAIN[:1])
    assert [rule for rule, _, _ in told(found)] == ["no-longer-delivered", "resolved"]


def test_a_field_renamed_under_a_flow_is_an_error_and_no_relief() -> None:
    systems = {**WEB, "crm": {"f": text()}}
    found = compare({**systems, "db": {"f": text(max_length=12)}}, {**systems, "db": {"g": text(max_length=12)}})
    assert found.findings[0].rule == "newly-dangling"
    assert sorted(f"{change.kind} {change.name}" for change in found.changes) == ["added db.e.g", "removed db.e.f"]


def test_a_screen_that_rejects_needlessly_is_reported_and_one_that_was_fixed_is_not() -> None:
    downstream = {"crm": {"f": text()}, "db": {"f": text(max_length=30)}}
    found = compare(
        {"web": {"f": text(max_length=40)}, **downstream}, {"web": {"f": text(max_length=20)}, **downstream}
    )
    assert [(rule, verdict) for rule, verdict, _ in told(found)] == [
        ("entry-narrowed", "refuted"),
        ("resolved", "proved"),
    ]
    mended = compare(
        {"web": {"f": text(max_length=40)}, **downstream}, {"web": {"f": text(max_length=30)}, **downstream}
    )
    assert [rule for rule, _, _ in told(mended)] == ["resolved"]


def test_neighbours_that_no_longer_agree_are_reported_though_no_entry_sends_such_a_value() -> None:
    systems = {"web": {"f": text(max_length=10)}, "crm": {"f": text(max_length=60)}}
    found = compare({**systems, "db": {"f": text(max_length=60)}}, {**systems, "db": {"f": text(max_length=40)}})
    assert told(found) == [("neighbour-refuses", "refuted", "db.e.f max_length")]
    assert found.findings[0].entry == EntityName("crm", "e")


def test_a_new_entry_is_judged_whole() -> None:
    downstream = {"crm": {"f": text(max_length=12)}}
    found = compare(downstream, {**WEB, **downstream}, [], [CHAIN[0]])
    assert told(found) == [("newly-refused", "refuted", "crm.e.f max_length")]
    assert sorted(causes(found.findings[0])) == ["web", "web.e.f -> crm.e.f"]


# ------------------------------------------------------------------------------------------------------ unknown is said


def test_downstream_of_a_step_that_is_not_described_a_tighter_rule_is_unknown_never_silent() -> None:
    flows = [CHAIN[0], {**CHAIN[1], "via": [{"opaque": "the old converter"}]}]
    systems = {**WEB, "crm": {"f": text()}}
    found = compare({**systems, "db": {"f": text(max_length=60)}}, {**systems, "db": {"f": text(max_length=50)}}, flows)
    assert ("newly-refused", "unknown") in {(rule, verdict) for rule, verdict, _ in told(found)}
    assert movements(found) == {"web.e.f": "unknown"}


def test_a_rule_in_words_that_is_new_is_unknown_and_one_that_stays_is_silent() -> None:
    systems = {**WEB, "crm": {"f": text(max_length=40)}}
    plain, worded = {**systems, "db": {"f": text()}}, {**systems, "db": {"f": text(opaque="CHECK (luhn(f))")}}
    found = compare(plain, worded)
    assert [(rule, verdict) for rule, verdict, _ in told(found) if rule == "newly-refused"] == [
        ("newly-refused", "unknown")
    ]
    assert [shift.movement for shift in found.contracts] == ["unknown"]
    assert causes(found.findings[0]) == ["db.e.f opaque"]
    moved = {**systems, "db": {"f": text(opaque="CHECK (luhn(f))", max_length=60)}}
    assert told(compare(worded, moved)) == []


def test_a_rule_that_keeps_its_words_is_new_where_what_it_hangs_on_changed() -> None:
    systems = {**WEB, "crm": {"f": text()}}
    before, after = ({**systems, "db": {"f": text(opaque=f"TRIGGER g [text {own * 8}]")}} for own in "ab")
    found = compare(before, after)
    assert ("newly-refused", "unknown") in {(rule, verdict) for rule, verdict, _ in told(found)}
    assert causes(found.findings[0]) == ["db.e.f opaque"]
    assert "[text" not in found.findings[0].message
    assert told(compare(before, before)) == []


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [("((f||'a'))", "((left(f,1)))", True), ("((f||'a'))", "((f||'a'))", False), ("((f||'a'))", None, False)],
)
def test_values_that_are_compared_in_other_words_may_collide(before: str, after: str | None, seen: bool) -> None:
    systems = {**WEB, "crm": {"f": text()}}
    one, other = (
        {**systems, "db": {"f": text(unique={"opaque": words} if words else True)}} for words in (before, after)
    )
    assert (
        ("newly-colliding", "unknown") in {(rule, verdict) for rule, verdict, _ in told(compare(one, other))}
    ) is seen


# ------------------------------------------------------------------------------------ what fails in more than one place


def test_a_value_truncated_in_a_second_place_has_lost_more() -> None:
    log = {"log": {"f": text(max_length=5, on_violation="truncate")}}
    flows = [{"from": "web.e.f", "to": "log.e.f"}, {"from": "web.e.f", "to": "db.e.f"}]
    before = {**WEB, **log, "db": {"f": text(max_length=40, on_violation="truncate")}}
    after = {**WEB, **log, "db": {"f": text(max_length=30, on_violation="truncate")}}
    found = compare(before, after, flows)
    (lost,) = [f for f in found.findings if f.rule == "newly-lost"]
    assert lost.binding is not None
    assert (lost.verdict, str(lost.binding.field), causes(lost)) == ("refuted", "db.e.f", ["db.e.f max_length"])
    assert len(str((lost.witness or {})[FieldName.read("web.e.f")])) == 31
    assert [f.rule for f in compare(after, before, flows).findings if f.rule == "newly-lost"] == []


def test_a_value_rejected_in_one_place_is_no_regression_in_another() -> None:
    strict = {"crm": {"f": text(max_length=20)}}
    flows = [{"from": "web.e.f", "to": "crm.e.f"}, {"from": "web.e.f", "to": "db.e.f"}]
    found = compare({**WEB, **strict, "db": {"f": text()}}, {**WEB, **strict, "db": {"f": text(max_length=30)}}, flows)
    assert [f for f in found.findings if f.rule == "newly-refused"] == []


# ------------------------------------------------------------------------------------ obligations that are not followed

LOOKUP = {"map": {"values": {"x": "ex"}, "otherwise": "keep"}}
PEOPLE = {"first": text(required=True, max_length=2), "last": text(required=True, max_length=2)}
JOINED = {"from": [{"field": "web.e.first", "via": [LOOKUP]}, "web.e.last"], "to": "db.e.name", "via": ["concat"]}


def joined_after_a_lookup(before: Mapping[str, Tree], after: Mapping[str, Tree], *flows: Tree) -> list[str]:
    """What fails newly where obligations have no form upstream, so that only their origins tell them apart."""
    changed = compare({"web": PEOPLE, "db": before}, {"web": PEOPLE, "db": after}, [JOINED], [JOINED, *flows])
    return [at for rule, verdict, at in told(changed) if (rule, verdict) == ("newly-refused", "refuted")]


def test_a_changed_constraint_that_is_not_followed_upstream_is_judged() -> None:
    assert joined_after_a_lookup({"name": text(max_length=4)}, {"name": text(max_length=3)}) == ["db.e.name max_length"]


def test_an_unchanged_one_is_not() -> None:
    assert joined_after_a_lookup({"name": text(max_length=3)}, {"name": text(max_length=3, title="Name")}) == []


def test_a_constraint_of_a_new_field_is_judged_though_another_has_the_same_form_upstream() -> None:
    fields = {"name": text(max_length=4)}
    added = {**fields, "alias": text(max_length=3)}
    assert joined_after_a_lookup(fields, added, {**JOINED, "to": "db.e.alias"}) == ["db.e.alias max_length"]


EVERY = {"from": "web.e.x", "to": "b.e.c"}
SOME = {**EVERY, "when": "web.e.x <> 'zz'"}
FEWER = {**EVERY, "when": "web.e.x NOT IN ('zz', 'yy')"}
BESIDE = {"from": "web.e.y", "to": "b.e.d"}
IN_TWO = {"web": {"x": text(max_length=9), "y": text(max_length=9)}, "b": {"c": text(), "d": text()}}


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ([EVERY, BESIDE], [SOME, BESIDE], ["zz"]),
        ([SOME, BESIDE], [FEWER, BESIDE], ["yy"]),
        ([SOME], [SOME, BESIDE], ["zz"]),  # the record did not arrive at all
        ([FEWER, BESIDE], [SOME, BESIDE], []),
        ([SOME, BESIDE], [SOME, BESIDE], []),
        ([EVERY, BESIDE], [{**SOME, "accept_loss": True}, BESIDE], []),
    ],
)
def test_a_value_that_a_condition_leaves_behind_from_now_on_is_lost(
    before: list[Tree], after: list[Tree], lost: list[str]
) -> None:
    found = compare(IN_TWO, IN_TWO, before, after)
    findings = [each for each in found.findings if each.rule == "newly-lost"]
    assert [next(iter((each.witness or {}).values())) for each in findings] == lost
    assert all(each.severity.name == "ERROR" and each.causes for each in findings)


def test_an_entry_that_sends_what_is_left_behind_loses_it() -> None:
    sent = [text(one_of=["aa"]), text(one_of=["aa", "zz"])]
    before, after = ({**IN_TWO, "web": {**IN_TWO["web"], "x": each}} for each in sent)
    found = compare(before, after, [SOME, BESIDE], [SOME, BESIDE])
    assert [rule for rule, *_ in told(found)].count("newly-lost") == 1


def test_a_condition_on_another_field_or_on_the_whole_record_is_told_and_is_no_loss() -> None:
    other = {**EVERY, "when": "web.e.y <> 'zz'"}
    for after, rule in (
        ([other, BESIDE], "newly-lost"),
        ([SOME, {**BESIDE, "when": SOME["when"]}], "no-longer-delivered"),
    ):
        found = compare(IN_TWO, IN_TWO, [EVERY, BESIDE], after)
        assert [(each.rule, each.severity.name) for each in found.findings] == [(rule, "INFO")]


def test_the_value_that_becomes_equal_to_another_is_named_beside_it() -> None:
    entry = {"web": {"x": text(one_of=["A", "B"])}, "b": {"c": text()}}
    before, after = ([{**EVERY, "via": [{"map": {"values": {"A": "1", "B": b}}}]}] for b in ("2", "1"))
    (finding,) = compare(entry, entry, before, after).findings
    assert finding.message.startswith('web.e.x: "A" now arrives as "1", as "B" does')


# ------------------------------------------------------------------------------------------------ engines, and silence


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"flow": {"engine": "sqlite"}}, {"flow": {"engine": "node"}}),
        (
            {"flow": {"engine": "postgres", "collation": "C"}},
            {"flow": {"engine": "postgres", "collation": "und-x-icu"}},
        ),
        ({"system": {"engine": "sqlite"}}, {"system": {"engine": "node"}}),
        ({"estate": {"engine": "sqlite"}}, {"estate": {"engine": "node"}}),
    ],
)
def test_another_engine_or_collation_is_a_change(before: Tree, after: Tree) -> None:
    """Node.js 20: `"ßß".toUpperCase()` is "SSSS"; SQLite's upper() knows ASCII alone."""

    def of(more: Tree) -> Written:
        flow = {"from": "web.e.f", "to": "db.e.f", "via": ["upper"], **more.get("flow", {})}
        written = estate({"web": {"f": text(max_length=3)}, "db": {"f": text(max_length=3)}}, [flow])
        contracts = {**written.contracts, "db": {**written.contracts["db"], **more.get("system", {})}}
        return Written(contracts, [flow], policy=more.get("estate", {}))

    found = diff(of(before).load(), of(after).load())
    assert ("newly-refused", "refuted", "db.e.f max_length") in told(found)
    assert diff(of(after).load(), of(after).load()).findings == ()
    (finding,) = [each for each in found.findings if each.rule == "newly-refused"]
    assert len(finding.causes) == 1


@pytest.mark.parametrize(("strict", "rule"), [("true", None), ("false", "newly-lost")])
def test_a_value_that_was_rejected_and_is_cut_now_is_a_new_loss(tmp_path: Path, strict: str, rule: str | None) -> None:
    """Blanks at the end were dropped before: that is another loss, and hides none."""

    def of(folder: Path, options: str) -> Estate:
        files = {
            "fieldline.yaml": "estate: t\n",
            "contracts/web.yaml": "system: web\nentities: {e: {kind: entry, fields: {f: {type: text, required: true}}}}\n",
            "contracts/db.yaml": f"system: db\nfrom: {{sql: {{files: t.sql, dialect: mariadb, strict: {options}}}}}\n",
            "t.sql": "create table t (f varchar(3)) charset utf8mb4;\n",
            "lineage/f.yaml": "flows: [{from: web.e.f, to: db.t.f}]\n",
        }
        for name, written in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(written, encoding="utf-8")
        return load_estate(folder)

    found = diff(of(tmp_path / "a", "true"), of(tmp_path / "b", strict))
    assert [each.rule for each in found.findings if each.rule == "newly-lost"] == ([rule] if rule else [])


def test_a_field_beside_the_changed_one_that_shares_a_target_further_on_is_not_doubted() -> None:
    """A new flow leads to where a flow of another field of the entry already led: of that field nothing has changed."""
    systems = {
        "web": {"x": text(max_length=3), "z": text(max_length=30)},
        "mid": {"t": text()},
        "end": {"u": text(max_length=10)},
    }
    flows = [{"from": "mid.e.t", "to": "end.e.u"}, {"from": "web.e.z", "to": "end.e.u"}]
    found = compare(systems, systems, flows, [*flows, {"from": "web.e.x", "to": "mid.e.t"}])
    assert told(found) == []
    assert movements(found) == {"web.e.x": "tightened"}


# ------------------------------------------------------------------- what is around a value, and not in its own contract

NUMBERS = {"n": {"type": "integer", "required": True, "min": 0, "max": 9}, "m": {"type": "integer", "required": True}}
KIND: Tree = {"k": text(required=True, one_of=["B"]), "p": text()}
TO_B = [{"from": f"web.e.{name}", "to": f"db.e.{name}"} for name in ("n", "m")]
TO_P = [{"from": f"web.e.{name}", "to": f"db.e.{name}"} for name in ("k", "p")]


def ruled(web: Tree, db: Tree, flows: list[Tree], *, web_check: str = "", db_check: str = "") -> Written:
    written = estate({"web": web, "db": db}, flows)
    contracts = dict(written.contracts)
    for name, check in (("web", web_check), ("db", db_check)):
        if check:
            entity = {**contracts[name]["entities"]["e"], "check": [check]}
            contracts[name] = {**contracts[name], "entities": {"e": entity}}
    return Written(contracts, flows)


def failing(before: Written, after: Written) -> list[tuple[str, str, str]]:
    return [each for each in told(diff(before.load(), after.load())) if each[0] != "resolved"]


def test_the_other_field_of_a_rule_is_judged_where_it_changes() -> None:
    web = {**NUMBERS, "m": {**NUMBERS["m"], "min": 20, "max": 29}}
    before = ruled(web, {"n": {"type": "integer"}, "m": {"type": "integer"}}, TO_B, db_check="m >= n")
    moved = [{**TO_B[0], "via": [{"add": 30}]}, TO_B[1]]
    after = Written(before.contracts, moved)
    assert [(rule, verdict) for rule, verdict, _ in failing(before, after)] == [("newly-refused", "refuted")]
    assert failing(after, before) == []


def test_the_condition_under_which_a_field_is_required_is_met_by_more_records() -> None:
    db = {"k": text(), "p": text(required={"when": "db.e.k = 'A'"})}
    before, after = (ruled({**KIND, "k": text(required=True, one_of=kinds)}, db, TO_P) for kinds in (["B"], ["A", "B"]))
    assert ("newly-refused", "refuted") in [(rule, verdict) for rule, verdict, _ in failing(before, after)]


@pytest.mark.parametrize("check", ["n <= m", ""])
def test_an_entrys_own_rule_that_is_dropped_lets_records_in(check: str) -> None:
    db = {"n": {"type": "integer"}, "m": {"type": "integer"}}
    before = ruled(NUMBERS, db, TO_B, web_check="n <= m", db_check="n <= m")
    after = ruled(NUMBERS, db, TO_B, web_check=check, db_check="n <= m")
    assert [rule for rule, *_ in failing(before, after)] == ([] if check else ["newly-refused"])


def test_a_filter_that_is_removed_lets_records_through() -> None:
    systems = {"web": {"f": text(required=True, max_length=5)}, "db": {"f": text(max_length=2)}}
    flow = {"from": "web.e.f", "to": "db.e.f"}
    filtered = [{**flow, "filter": "web.e.f in the list"}]
    found = compare(systems, systems, filtered, [flow])
    assert [(each.rule, each.verdict) for each in found.findings] == [("newly-refused", "refuted")]
    assert compare(systems, systems, filtered, filtered).findings == ()


def test_a_charset_that_was_not_known_and_is_small_now() -> None:
    """Before, it was not known whether "é" was stored; now it is rejected."""
    held = {"encodable": {"encoding": "ascii", "on_violation": "unknown"}}
    before = {"web": {"f": text(max_length=3)}, "db": {"f": text(**held)}}
    after = {"web": {"f": text(max_length=3)}, "db": {"f": text(encodable="ascii")}}
    flows = [{"from": "web.e.f", "to": "db.e.f"}]
    assert ("newly-refused", "refuted") in [(rule, verdict) for rule, verdict, _ in told(compare(before, after, flows))]


def test_a_slower_flow_breaks_a_promise() -> None:
    systems = {"web": {"f": text(same="post")}, "db": {"f": text(same="post")}}
    quick, slow = ([{"from": "web.e.f", "to": "db.e.f", "lag": lag}] for lag in ("PT1H", "P9D"))
    rules = [{"complete": "post", "within": "P7D"}]
    before, after = (Written(estate(systems, flows).contracts, flows, record_rules=rules) for flows in (quick, slow))
    (finding,) = diff(before.load(), after.load()).findings
    assert (finding.rule, causes(finding)) == ("newly-broken", ["web.e.f -> db.e.f lag"])
    assert diff(after.load(), before.load()).findings == ()


def test_a_record_that_is_still_rejected_with_its_other_fields_is_not_resolved() -> None:
    db = {"p": text(default="a"), "k": text()}
    flows = [{"from": "web.e.a", "to": "db.e.p"}, {"from": "web.e.k", "to": "db.e.k"}]
    before = ruled({"a": text(), "k": text()}, db, flows, db_check="p <> 'a'")
    found = diff(before.load(), Written(before.contracts, flows[1:]).load())
    assert not [each for each in found.findings if each.rule == "resolved"]


def test_a_value_that_a_flow_makes_into_one_that_a_condition_keeps_out_is_left_behind() -> None:
    both = {"f": text(), "p": text()}
    systems = {"web": {**both, "f": text(one_of=["a", "z"])}, "mid": both, "db": both}
    last = {"from": "mid.e.f", "to": "db.e.f", "when": "mid.e.f <> 'b'"}
    beside = [{"from": "web.e.p", "to": "mid.e.p"}, {"from": "mid.e.p", "to": "db.e.p"}]
    plain = {"from": "web.e.f", "to": "mid.e.f"}
    mapped = {**plain, "via": [{"map": {"values": {"z": "b"}, "otherwise": "keep"}}]}
    found = compare(systems, systems, [plain, last, *beside], [mapped, last, *beside])
    assert ("newly-lost", "refuted") in [(each.rule, each.verdict) for each in found.findings]
    assert compare(systems, systems, [mapped, *beside], [mapped, *beside]).findings == ()
