"""The policy in `fieldline.yaml` and its baseline: read with its places, and what is wrong with it told at once."""

from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest

from fieldline.documents.problem import EstateError
from fieldline.estate.layout import estate_schema
from fieldline.estate.load import Estate, load_estate
from fieldline.estate.policy import Policy

KNOWN = "known:\n  - {rule: escape, about: web.e.a, fingerprint: aa}\n"


def load(folder: Path, policy: str, baseline: str | None = None, **options: bool) -> Estate:
    (folder / "contracts").mkdir()
    (folder / "contracts" / "a.yaml").write_text("system: a\nentities: {e: {fields: {f: {type: text}}}}\n")
    (folder / "fieldline.yaml").write_text(f"estate: a\nlineage: []\n{policy}")
    if baseline is not None:
        (folder / "known.yaml").write_text(baseline)
    return load_estate(folder, **options)


def problems(folder: Path, policy: str, baseline: str | None = None) -> list[str]:
    with pytest.raises(EstateError) as caught:
        load(folder, policy, baseline)
    return [
        f"{p.location}: {p.message}" + (f" | {p.suggestion}?" if p.suggestion else "") for p in caught.value.problems
    ]


def test_there_need_be_none(tmp_path: Path) -> None:
    assert load(tmp_path, "").policy == Policy()


def test_all_of_it_is_read(tmp_path: Path) -> None:
    policy = load(
        tmp_path,
        "rules: {loss: error, over-tight: off}\nfail_on: warning\nbaseline: known.yaml\nwaivers:\n"
        "  - rule: escape\n    entry: a.e\n    field: a.e.f\n    binding: b\n    owner: Web\n    reason: soon\n"
        "    expires: 2026-07-01\n",
        KNOWN,
    ).policy
    assert policy.levels == {"loss": "error", "over-tight": "off"}
    assert (policy.fail_on, policy.baseline) == ("warning", "known.yaml")
    (known,) = policy.known
    assert (known.fingerprint, known.rule, known.about, str(known.location)) == (
        "aa",
        "escape",
        "web.e.a",
        "known.yaml:2:5",
    )
    (waiver,) = policy.waivers
    assert (waiver.rule, waiver.entry, str(waiver.field), waiver.binding) == ("escape", "a.e", "a.e.f", "b")
    assert (waiver.owner, waiver.reason, waiver.expires) == ("Web", "soon", date(2026, 7, 1))
    assert str(waiver.location) == "fieldline.yaml:7:5"


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("rules: {los: error}\n", ['fieldline.yaml:3:9: unknown key "los" | loss?']),
        ("rules: {loss: fatal}\n", ['fieldline.yaml:3:15: "fatal" is not known here']),
        ("rules: {expired-waiver: off}\n", ['fieldline.yaml:3:9: unknown key "expired-waiver" | unused-waiver?']),
        ("fail_on: warn\n", ['fieldline.yaml:3:10: "warn" is not known here | warning?']),
        ("baseline: other.yaml\n", [
            'fieldline.yaml:3:11: the baseline "other.yaml" does not exist | fieldline check --write-baseline writes it?'
        ]),
        ("baseline: ../known.yaml\n", ['fieldline.yaml:3:11: "../known.yaml" cannot be a baseline']),
        ("baseline: known.json\n", ['fieldline.yaml:3:11: "known.json" cannot be a baseline']),
        (
            "waivers:\n  - {rule: escap, field: a.e, expires: soon}\n",
            [
                'fieldline.yaml:4:5: the key "owner" is missing',
                'fieldline.yaml:4:5: the key "reason" is missing',
                'fieldline.yaml:4:12: "escap" is not known here | escape?',
                'fieldline.yaml:4:26: "a.e" is not a field\'s full name',
                'fieldline.yaml:4:40: "soon" is not a date',
            ],
        ),
        (
            "waivers:\n  - {rule: escape, owner: W, reason: r, expires: 2026-07-01}\n",
            ["fieldline.yaml:4:5: this waiver does not say which findings it covers"],
        ),
        ("waivers: [{rule: loss, field: a.e.f, owner: W, reason: r, expires: 2026-02-30}]\n", [
            "fieldline.yaml:3:68: 2026-02-30 is not in the calendar"
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, policy: str, told: list[str]) -> None:
    assert problems(tmp_path, policy) == told


@pytest.mark.parametrize(
    ("baseline", "told"),
    [
        ("", ["known.yaml:1:1: the file is empty"]),
        ("- a\n", ["known.yaml:1:1: a list cannot stand here"]),
        (
            "known: [{rule: escape, about: a}]\n",
            ["known.yaml:1:9: one of the keys fingerprint, cause, harmless is missing"],
        ),
        (KNOWN + KNOWN[7:], ['known.yaml:3:36: the fingerprint "aa" occurs twice | remove one of the two?']),
        ("known: [\n", None),
    ],
)
def test_a_baseline_that_cannot_be_read_is_a_problem(tmp_path: Path, baseline: str, told: list[str] | None) -> None:
    found = problems(tmp_path, "baseline: known.yaml\n", baseline)
    assert found
    assert all(problem.startswith("known.yaml:") for problem in found)
    assert told is None or [problem.partition(" | ")[0] for problem in found] == [t.partition(" | ")[0] for t in told]


def test_its_problems_are_told_with_all_the_others(tmp_path: Path) -> None:
    (tmp_path / "lineage").mkdir()
    (tmp_path / "lineage" / "a.yaml").write_text("flows: [{from: a.e.f}]\n")
    assert len(problems(tmp_path, "rules: {los: off}\n".replace("lineage: []\n", ""))) == 1
    (tmp_path / "fieldline.yaml").write_text("estate: a\nrules: {los: off}\nbaseline: no.yaml\n")
    with pytest.raises(EstateError) as caught:
        load_estate(tmp_path)
    assert [problem.location.file for problem in caught.value.problems if problem.location] == [
        "fieldline.yaml",
        "fieldline.yaml",
        "lineage/a.yaml",
    ]


def test_a_baseline_outside_the_estate_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(KNOWN)
    folder = tmp_path / "estate"
    folder.mkdir()
    (folder / "known.yaml").symlink_to(tmp_path / "secret.yaml")
    assert problems(folder, "baseline: known.yaml\n") == [
        "known.yaml:1:1: this file is a link that leads out of the estate"
    ]


def test_where_a_new_baseline_is_to_be_written_the_old_one_is_not_read(tmp_path: Path) -> None:
    assert load(tmp_path, "baseline: known.yaml\n", "[[[", with_baseline=False).policy.known == ()


@pytest.mark.parametrize(
    ("document", "valid"),
    [
        ({"rules": {"loss": "off", "stale-baseline": "error"}, "fail_on": "never"}, True),
        ({"rules": {"los": "off"}}, False),
        ({"rules": {"loss": "fatal"}}, False),
        ({"waivers": [{"rule": "loss", "field": "a.b.c", "owner": "o", "reason": "r", "expires": "2026-07-01"}]}, True),
        ({"waivers": [{"rule": "loss", "field": "a.b.c", "owner": "o", "reason": "r"}]}, False),
    ],
)
def test_an_editor_says_the_same(document: dict[str, object], *, valid: bool) -> None:
    assert jsonschema_rs.is_valid(estate_schema(), {"estate": "a", **document}) == valid
