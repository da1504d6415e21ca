"""A merge queue: each of twenty branches is judged as what it would be on main, whatever main did meanwhile."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from fieldline.application.diff import compare, named_versions, versions_since
from fieldline.reports.render import render

from ..repositories import Made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldline.application.answers import DiffAnswer

pytestmark = pytest.mark.needs_git

TODAY = date(2026, 1, 1)
FIELDS = range(1, 25)
LONGEST = {"web": 20, "crm": 60, "billing": 30}
ENTITIES = {"web": "signup", "crm": "person", "billing": "customer"}


def contract(system: str) -> str:
    kind = "entry" if system == "web" else "table"
    fields = "".join(
        f"      f{number:02}:\n        type: text\n        title: Field {number}\n        max_length: {LONGEST[system]}\n"
        for number in FIELDS
    )
    head = f"system: {system}\nowner: {{team: Team {system}}}\nentities:\n  {ENTITIES[system]}:\n"
    return f"{head}    kind: {kind}\n    fields:\n{fields}"


def flows() -> str:
    ways = (("web.signup", "crm.person"), ("crm.person", "billing.customer"))
    lines = [
        f"- from: {source}.f{number:02}\n  to: {target}.f{number:02}\n" for number in FIELDS for source, target in ways
    ]
    return "flows:\n" + "".join(lines)


def length(made: Made, system: str, number: int, most: int) -> None:
    """Change how long a field may be, wherever it stands now."""
    name = f"contracts/{system}.yaml"
    head, found, tail = (made.root / name).read_text().partition(f"      f{number:02}:\n")
    assert found
    before, key, after = tail.partition("max_length: ")
    _, newline, rest = after.partition("\n")
    made.write({name: f"{head}{found}{before}{key}{most}{newline}{rest}"})


def widens_the_column(made: Made, number: int) -> None:
    length(made, "billing", number, 35)


def shortens_a_column_that_stays_wide(made: Made, number: int) -> None:
    length(made, "crm", number, 50)


def adds_a_system(made: Made, number: int) -> None:
    text = f"system: s{number}\nentities: {{t: {{fields: {{x: {{type: text, max_length: 60}}}}}}}}\n"
    made.write({f"contracts/s{number}.yaml": text})
    flow = f"flows:\n- {{from: crm.person.f{number:02}, to: s{number}.t.x}}\n"
    made.write({f"lineage/s{number}.yaml": flow})


def retitles(made: Made, number: int) -> None:
    made.replace("contracts/crm.yaml", f"title: Field {number}\n", f"title: The field {number}\n")


def shortens_the_column(made: Made, number: int) -> None:
    length(made, "billing", number, 10)


def lets_the_entry_outgrow_the_column(made: Made, number: int) -> None:
    length(made, "web", number, 40)


def lets_the_entry_grow(made: Made, number: int) -> None:
    """Harmless as long as the column takes 30 characters, and main will make it 25."""
    length(made, "web", number, 30)


HARMLESS: list[Callable[[Made, int], None]] = [
    widens_the_column,
    shortens_a_column_that_stays_wide,
    adds_a_system,
    retitles,
]
BREAKING: dict[int, Callable[[Made, int], None]] = {
    5: shortens_the_column,
    11: lets_the_entry_outgrow_the_column,
    17: lets_the_entry_grow,
}


def judged(made: Made, *words: str) -> DiffAnswer:
    """What the pull request of the branch that is checked out says; or, of two words, what lies between."""
    versions = named_versions(words[0], None, made.root, {}) if words else versions_since("main", made.root, {})
    return compare(*versions, TODAY)


def test_exactly_those_branches_fail_that_break_something(tmp_path: Path) -> None:
    files = {f"contracts/{system}.yaml": contract(system) for system in LONGEST}
    made = Made(tmp_path / "made", {"fieldline.yaml": "estate: queue\n", "lineage/flows.yaml": flows(), **files})
    queue = range(1, 21)
    for number in queue:
        made.git("checkout", "--quiet", "-b", f"branch-{number}", "main")
        BREAKING.get(number, HARMLESS[number % len(HARMLESS)])(made, number)
        made.commit()
    failed: dict[int, DiffAnswer] = {}
    for number in queue:
        made.git("checkout", "--quiet", "main")
        meanwhile(made, number)
        made.git("checkout", "--quiet", f"branch-{number}")
        answer = judged(made)
        assert answer.notes == ()
        if answer.ruling.fails:
            failed[number] = answer
        else:
            made.git("checkout", "--quiet", "main")
            made.git("merge", "--quiet", "--no-edit", f"branch-{number}")
    assert list(failed) == list(BREAKING)
    for number, answer in failed.items():
        (finding,) = [each.finding for each in answer.ruling.open if each.finding.rule == "newly-refused"]
        assert str(finding.field) == f"web.signup.f{number:02}"
        assert [str(change.name) for change in finding.causes][-1].endswith(f".f{number:02}")

    made.git("checkout", "--quiet", "branch-17")
    assert not judged(made, "main...branch-17").ruling.fails, "by itself it breaks nothing"
    text = " ".join(render(failed[17], "text").split())
    assert "billing rejects it (billing.customer.f17: at most 25 characters)" in text


def meanwhile(made: Made, number: int) -> None:
    """What main does between two judgements: some of it breaks things, and is no branch's fault."""
    if number == 3:
        length(made, "billing", 22, 10)
    elif number == 9:
        length(made, "billing", 17, 25)
    elif number == 12:
        length(made, "web", 23, 45)
    elif number == 14:
        made.write({"README.md": "news\n"})
    made.commit()


def test_a_base_that_cannot_be_merged_is_replaced_by_the_merge_base_and_that_is_said(tmp_path: Path) -> None:
    files = {f"contracts/{system}.yaml": contract(system) for system in LONGEST}
    made = Made(tmp_path / "made", {"fieldline.yaml": "estate: queue\n", "lineage/flows.yaml": flows(), **files})
    made.git("checkout", "--quiet", "-b", "topic")
    length(made, "web", 1, 15)
    made.commit()
    made.git("checkout", "--quiet", "main")
    length(made, "web", 1, 45)
    made.commit()
    made.git("checkout", "--quiet", "topic")
    answer = judged(made)
    base = made.git("merge-base", "main", "topic")[:12]
    assert answer.notes == (
        (
            f"main cannot be merged with what is here: there is a conflict in contracts/web.yaml. Compared with {base} "
            "instead, from which the two went apart: what would fail only after the merge is not found"
        ),
    )
    assert [str(change.name) for change in answer.diff.changes] == ["web.signup.f01"]
    assert f"Compared with {base}" in " ".join(render(answer, "text").split())
    assert f"Compared with {base}" in render(answer, "json")
    assert f"Compared with <code>{base}" in render(answer, "markdown") or base in render(answer, "markdown")


def test_two_tips_are_compared_as_they_are_and_it_is_said_where_the_base_has_moved(tmp_path: Path) -> None:
    files = {f"contracts/{system}.yaml": contract(system) for system in LONGEST}
    made = Made(tmp_path / "made", {"fieldline.yaml": "estate: queue\n", "lineage/flows.yaml": flows(), **files})
    made.git("checkout", "--quiet", "-b", "topic")
    length(made, "web", 1, 15)
    made.commit()
    made.git("checkout", "--quiet", "main")
    length(made, "billing", 2, 35)
    made.commit()
    base = made.git("merge-base", "main", "topic")[:12]
    tips = compare(*named_versions("main", "topic", made.root, {}), TODAY)
    assert len(tips.diff.changes) == 2
    assert tips.notes == (
        (
            f"main has moved on by 1 commit since {base}, and it counts as undone here: fieldline diff main...topic "
            "leaves them out"
        ),
    )
    apart = judged(made, "main...topic")
    assert (len(apart.diff.changes), apart.notes) == (1, ())
    assert compare(*named_versions("topic~1", "topic", made.root, {}), TODAY).notes == ()
    folder = compare(*named_versions("topic", str(made.root), None, {}), TODAY)
    assert [note.partition(":")[2] for note in folder.notes] == [" fieldline diff --base topic leaves them out"]
