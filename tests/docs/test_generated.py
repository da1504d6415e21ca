"""The pages that are made from the code are what the code makes today, and no option is left untold."""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import typer
import yaml

from fieldline.checker.diff.rules import DIFF_RULES
from fieldline.checker.rule import Rule
from fieldline.checker.rules import POLICY_RULES, RULES
from fieldline.cli import app
from fieldline.contracts.read import read_contracts
from fieldline.documents.problem import Problems
from fieldline.documents.readings import Readings
from fieldline.documents.yaml_events import read
from fieldline.estate.load import load_estate
from fieldline.estate.policy import Policy
from fieldline.estate.record_rules import record_rules_schema
from fieldline.formats.sources import CONTRACT
from fieldline.lineage.read import read_flows
from fieldline.reports.schemas import schema_document

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMANDS = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_is_made_from_the_code_is_what_the_code_makes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made by: make pages."""
    monkeypatch.syspath_prepend(str(root / "handbook"))
    from pages import made_files

    made = dict(made_files())
    assert [str(path) for path, text in made.items() if path.read_text(encoding="utf-8") != text] == []
    for folder in ("rules", "json", "keys"):
        written = set((DOCS / "reference" / folder).iterdir())
        assert written <= made.keys(), written - made.keys()


def test_the_pages_of_the_rules_have_the_same_headings() -> None:
    pages = sorted((DOCS / "reference" / "rules").glob("*.md"))
    headings = ["What it finds", "Why it matters", "Example", "How to fix it", "Options"]
    assert len(pages) == len(RULES) + len(POLICY_RULES) + len(DIFF_RULES)
    for page in pages:
        _, *sections = page.read_text(encoding="utf-8").split("\n## ")
        assert [section.partition("\n")[0] for section in sections] == headings, page.name
        assert all(section.partition("\n")[2].strip() for section in sections), page.name


@pytest.mark.parametrize(
    "name",
    [
        "diff",
        "findings",
        "screen",
        "trace",
        "graph",
        "record",
        "stores",
        "reconcile",
        "across",
        "gate",
        "rules",
        "estate",
    ],
)
def test_the_published_schema_is_what_the_command_prints(name: str) -> None:
    """Made by: fieldline schema NAME --output-file docs/NAME.schema.json."""
    assert (DOCS / f"{name}.schema.json").read_text(encoding="utf-8") == schema_document(name)


def test_every_command_and_every_option_is_told() -> None:
    group = typer.main.get_command(app)
    missing = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        if f"\n## {name}\n" not in COMMANDS:
            missing.append(name)
        options = [word for parameter in command.params for word in parameter.opts if word.startswith("--")]
        missing += [f"{name} {option}" for option in options if f"`{option}" not in COMMANDS]
    assert missing == []


def test_every_choice_of_an_option_is_told() -> None:
    for option, choices in {
        "--fail-on": ("error", "warning", "info", "never"),
        "--color": ("auto", "always", "never"),
        "--output-format": ("text", "json", "markdown", "github", "gitlab", "sarif", "junit"),
        "--as": ("html", "mermaid", "dot", "graphml", "json", "openlineage", "svg"),
    }.items():
        for choice in choices:
            assert f"`{option} {choice}`" in COMMANDS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_examples_of_a_rule_can_be_read(rule: Rule[Any]) -> None:
    parts = _parts(rule)
    assert parts
    for part in parts:
        problems = Problems()
        if part.startswith("rules:"):
            assert jsonschema_rs.is_valid(record_rules_schema(), yaml.safe_load(part))
        elif part.startswith("- "):
            tree = read("flows:\n" + _indented(part, 2), "lineage/a.yaml", problems)
            assert tree is not None
            read_flows([tree], problems)
        else:
            tree = read(_contract(part), "contracts/a.yaml", problems)
            assert tree is not None
            read_contracts([tree], CONTRACT, problems, Readings())
        assert problems.all() == ()


@pytest.mark.parametrize("rule", POLICY_RULES, ids=lambda rule: rule.name)
def test_the_examples_of_a_rule_about_the_policy_can_be_read(rule: Rule[Any], tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "a.yaml").write_text("system: a\nentities: {e: {fields: {f: {type: text}}}}\n")
    parts = _parts(rule)
    assert parts
    for part in parts:
        (tmp_path / "fieldline.yaml").write_text(f"estate: a\nlineage: []\n{part}")
        assert load_estate(tmp_path, with_baseline=False).policy != Policy()


def _parts(rule: Rule[Any]) -> list[str]:
    """The pieces of YAML of its explanation, one a file."""
    blocks = [block for block in rule.explanation.split("\n\n") if block.startswith("    ")]
    parts = [re.split(r"^ *# (?:contracts|lineage|rules)/.*\n", block, flags=re.MULTILINE) for block in blocks]
    return [re.sub("^    ", "", part, flags=re.MULTILINE) for block in parts for part in block if part.strip()]


def _contract(part: str) -> str:
    """A whole contract around some fields; around a contract without entities, some entities."""
    if part.startswith("system:"):
        return part.replace("entities: ...", "entities: {e: {fields: {f: {type: text}}}}")
    return "system: s\nentities:\n  e:\n    fields:\n" + _indented(part, 6)


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())
