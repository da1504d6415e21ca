"""A survey: the estate as a whole, every count agreeing with what screens and findings say."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from fieldline.checker.requirement.screen import screen
from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.overview import Overview, Verdicts, overview_of, overview_unjudged
from fieldline.estate.load import Estate, load_estate

from ...names import names

Load: TypeAlias = Callable[[dict[str, str]], Estate]


@pytest.fixture(scope="module")
def bank(examples: Path) -> Overview:
    return overview_of(load_estate(examples / "nordbank"))


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def loaded(files: dict[str, str]) -> Estate:
        for name, text in {"fieldline.yaml": "estate: test\n", **files}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return load_estate(tmp_path)

    return loaded


def test_its_findings_are_those_of_a_check(bank: Overview) -> None:
    assert bank.findings == check(bank.estate).findings


def test_its_obligations_are_those_of_the_screens(bank: Overview) -> None:
    for entity in bank.entries:
        asked = screen(bank.estate, str(entity.full_name))
        together = [replace(o, projections=()) for o in asked.together]
        expected = [o for field in asked.fields for o in field.obligations] + together
        assert [
            entry_obligation.obligation
            for entry_obligation in bank.obligations
            if entry_obligation.entry == entity.full_name
        ] == expected


def test_the_obligations_systems_make_are_those_entries_have_to_meet(bank: Overview) -> None:
    for verdict in ("proved", "refuted", "unknown"):
        made = sum(getattr(system_overview.makes, verdict) for system_overview in bank.systems)
        met = sum(getattr(system_overview.meets, verdict) for system_overview in bank.systems)
        assert (
            made == met == sum(entry_obligation.obligation.verdict == verdict for entry_obligation in bank.obligations)
        )


def test_only_obligations_that_bind_or_may_bind_narrow(bank: Overview) -> None:
    counted = sum(n.verdicts.proved + n.verdicts.refuted + n.verdicts.unknown for n in bank.narrowings)
    assert (
        counted
        == sum(entry_obligation.obligation.binds is not False for entry_obligation in bank.obligations)
        < len(bank.obligations)
    )


def test_the_bottleneck_that_narrows_most_comes_first(bank: Overview) -> None:
    worst = bank.bottlenecks[0]
    assert (str(worst.binding.field), worst.binding.constraint) == ("letters.label.name_line", "max_length")
    assert worst.fields == worst.not_met_by
    assert len(worst.fields) == 5
    assert [len(b.fields) for b in bank.bottlenecks] == sorted((len(b.fields) for b in bank.bottlenecks), reverse=True)


def test_systems_know_whom_they_feed(bank: Overview) -> None:
    told = {
        system_overview.system.name: (system_overview.fed_by, system_overview.feeds) for system_overview in bank.systems
    }
    assert told["iam"] == (("crm",), ("billing",))
    assert told["crm"] == (("branch", "partner", "web"), ("billing", "iam", "letters", "payments"))


def test_unjudged_it_says_nothing_of_right_or_wrong(bank: Overview) -> None:
    plain = overview_unjudged(bank.estate)
    assert plain.report is None
    assert (plain.obligations, plain.findings, plain.narrowings, plain.bottlenecks) == ((), (), (), ())
    assert {system_overview.meets for system_overview in plain.systems} | {s.makes for s in plain.systems} == {
        Verdicts()
    }
    assert [link.flow for link in plain.links] == [link.flow for link in bank.links]


def test_loose_ends_are_found(load: Load) -> None:
    table = "system: {0}\n{1}entities: {{t: {{fields: {{a: {{type: text}}, b: {{type: text}}}}}}}}\n"
    owner = "owner: {team: T}\n"
    estate = load(
        {
            "contracts/e.yaml": f"system: e\n{owner}entities: {{f: {{kind: entry, fields: {{a: {{type: text}}}}}}}}\n",
            "contracts/x.yaml": table.format("x", owner),
            "contracts/y.yaml": table.format("y", ""),
            "contracts/z.yaml": table.format("z", ""),
            "lineage/f.yaml": "flows: [{from: e.f.a, to: x.t.a}, {from: x.t.a, to: y.t.a}, {from: y.t.a, to: x.t.a}, "
            "{from: x.t.b, to: y.t.b}, {from: x.t.b, to: nowhere.t.b}]\n",
        }
    )
    system_overview = overview_of(estate)
    assert system_overview.unreached == names("x.t.b", "y.t.b")
    assert system_overview.cycles == (names("x.t.a", "y.t.a"),)
    assert [s.system.name for s in system_overview.systems if s.unowned] == ["y"]
    assert [str(end.name) for end in system_overview.dangling] == ["nowhere.t.b"]


def test_the_worst_verdict_is_never_hidden_by_a_better_one() -> None:
    assert Verdicts(9, 1, 5).worst == "refuted"
    assert Verdicts(9, 0, 1).worst == "unknown"
    assert Verdicts(9, 0, 0).worst == "proved"
    assert Verdicts().worst is None
