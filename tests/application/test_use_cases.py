"""The use cases that commands and the web share: names as people write them, versions, foreign contracts, problems."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fieldline.application.check import check_estate, new_baseline
from fieldline.application.diff import named_versions, versions_since
from fieldline.application.foreign import import_contract, live_contract
from fieldline.application.names import UnknownName, chosen, entry_named
from fieldline.application.problems import input_problems, problems_answer
from fieldline.application.repository import folder_in_repository
from fieldline.application.rules import explained
from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.checker.requirement.screen import UnknownEntry
from fieldline.checker.tracing.asked import UnknownField
from fieldline.documents.names import EntityName
from fieldline.documents.problem import EstateError, Problem
from fieldline.documents.variables import Variables
from fieldline.estate.load import load_estate
from fieldline.estate.versions import Version
from fieldline.reports.starter_estate import starter_files
from fieldline.values.budget import BudgetExceeded
from fieldline.values.error import FieldlineError

TODAY = date(2026, 1, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The starter estate in a folder of its own."""
    for name, text in starter_files().items():
        file = tmp_path / "estate" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "estate"


@pytest.mark.parametrize("name", ["website.signup", "website", "signup", "website.signup.company"])
def test_an_entry_is_found_by_each_of_its_names(folder: Path, name: str) -> None:
    assert entry_named(load_estate(folder), name) == "website.signup"


def test_a_name_that_fits_several_entries_is_answered_with_those(folder: Path) -> None:
    shop = (folder / "contracts" / "website.yaml").read_text().replace("system: website", "system: shop")
    (folder / "contracts" / "shop.yaml").write_text(shop)
    estate = load_estate(folder)
    with pytest.raises(UnknownEntry) as error:
        entry_named(estate, "signup")
    assert set(map(str, error.value.entries)) == {"shop.signup", "website.signup"}
    assert entry_named(estate, "shop") == "shop.signup"


def test_an_entity_that_is_no_entry_is_not_named(folder: Path) -> None:
    with pytest.raises(UnknownEntry) as error:
        entry_named(load_estate(folder), "billing")
    assert tuple(map(str, error.value.entries)) == ("website.signup",)


def test_an_unknown_name_is_answered_with_the_nearest_or_with_all() -> None:
    known = {"billing": 1, "crm": 2}
    assert chosen("crm", known, "system") == 2
    with pytest.raises(UnknownName, match=r"there is no system 'biling'; did you mean billing\?"):
        chosen("biling", known, "system")
    with pytest.raises(UnknownName, match="there is no system 'x'; there are billing, crm"):
        chosen("x", known, "system")


def test_two_words_name_folders_or_revisions_of_the_estate_that_the_other_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, revision = Version(str(folder), folder, None), Version("main", folder, "main")
    assert named_versions("main", str(folder), None) == (revision, here)
    assert named_versions(str(folder), "main", None) == (here, revision)
    assert named_versions("main", "main", folder) == (revision, revision)
    monkeypatch.chdir(folder)
    assert named_versions("a", "b", None) == (Version("a", Path(), "a"), Version("b", Path(), "b"))
    assert versions_since("main", folder) == (revision, replace(here, onto="main"))


def test_a_check_is_ruled_by_the_threshold_that_is_given(folder: Path) -> None:
    assert check_estate(folder, TODAY).ruling.fails
    assert not check_estate(folder, TODAY, "never").ruling.fails


def test_a_baseline_is_in_a_file_that_the_policy_names_inside_the_estate(folder: Path) -> None:
    unnamed = new_baseline(folder, TODAY)
    assert unnamed.file == folder / "baseline.yaml"
    before = (folder / "fieldline.yaml").read_bytes()
    assert unnamed.naming == before + b"baseline: baseline.yaml\n"
    unnamed.file.write_text("known: []\n")
    with pytest.raises(EstateError, match=r"names no baseline, and baseline\.yaml is there already"):
        new_baseline(folder, TODAY)
    with (folder / "fieldline.yaml").open("a") as file:
        file.write("baseline: known.yaml\n")
    answer = new_baseline(folder, TODAY)
    assert answer.file == folder / "known.yaml"
    assert answer.naming is None
    assert [ruled.finding.rule for ruled in answer.known] == ["escape"]
    answer.file.symlink_to(folder.parent / "elsewhere.yaml")
    with pytest.raises(EstateError, match="leads out of the estate"):
        new_baseline(folder, TODAY)


def test_an_estate_is_named_from_its_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / ".git").mkdir()
    assert folder_in_repository(folder) == folder_in_repository(folder / "fieldline.yaml") == "estate"
    monkeypatch.chdir(folder)
    assert folder_in_repository(Path()) == "estate"
    (folder / ".git").mkdir()
    assert folder_in_repository(folder) == ""


def test_a_foreign_contract_is_read_inside_one_folder_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "shop.json").write_text('{"title": "Customer", "properties": {"name": {"$ref": "../b.json"}}}')
    (folder / "b.json").write_text('{"type": "string", "maxLength": 3}')
    monkeypatch.chdir(folder)
    answer = import_contract("shop", "json_schema", "a/shop.json", {})
    assert [field.full_name for entity in answer.system.entities.values() for field in entity.fields.values()]
    assert answer.origin == "json_schema: a/shop.json"
    monkeypatch.chdir(folder / "contracts")
    with pytest.raises(EstateError):
        import_contract("shop", "json_schema", str(folder / "a" / "shop.json"), {})
    with pytest.raises(UnknownName, match="did you mean json_schema"):
        import_contract("shop", "json_shema", "a", {})


def test_a_live_contract_needs_the_variable_of_its_url(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOWHERE", raising=False)
    with pytest.raises(EstateError, match='"NOWHERE" is not set'):
        live_contract("shop", "NOWHERE", folder, Variables(frozenset({"NOWHERE"})))


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (EstateError([Problem(None, "one")]), Problem(None, "one")),
        (
            UnknownEntry("webste", (EntityName("website", "signup"),)),
            Problem(None, "webste is not the name of one entry", "one of website.signup", "website"),
        ),
        (UnknownEntry("x", ()), Problem(None, "x is not the name of one entry", "the estate has no entry at all")),
        (
            UnknownField("a.b", "a.b.c"),
            Problem(None, "no contract has the field a.b", "a field's full name: system.entity.field", "a.b.c"),
        ),
        (
            BudgetExceeded("states", 1000),
            Problem(None, "the question is too large (budget: gave up after 1,000 states; --effort raises it)"),
        ),
        (Unreadable("no", "yes"), Problem(None, "no", "yes")),
    ],
)
def test_exceptions_about_input_are_problems(error: FieldlineError, problem: Problem) -> None:
    assert input_problems(error) == (problem,)
    answer = problems_answer(error, "check", "estates/one")
    assert answer is not None
    assert (answer.command, answer.problems, answer.folder) == ("check", (problem,), "estates/one")


def test_an_exception_that_is_not_about_input_is_no_problem() -> None:
    assert input_problems(UnknownName("a", "rule", ("b",))) == ()
    assert problems_answer(UnknownName("a", "rule", ("b",)), "explain") is None


def test_one_rule_is_explained_or_all() -> None:
    assert len(explained(None).rules) > 10
    assert explained("escape").rule.name == "escape"
    with pytest.raises(UnknownName, match="did you mean escape"):
        explained("escap")
