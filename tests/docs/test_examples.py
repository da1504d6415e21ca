"""Every console example of the README and the handbook, run: what a page shows is what is printed.

A page is one session, in a folder that has the repository's `examples`. In a block marked `console` a line that begins
with `$ ` is a command; the lines after it are what it prints. A line `…` stands for any number of lines. A command with
`<<'EOF'` has the lines as its input that stand before the line `EOF`.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import jsonschema_rs
import pytest
import typer
import yaml

from fieldline.cli import app
from fieldline.estate.layout import estate_schema
from fieldline.estate.record_rules import record_rules_schema
from fieldline.formats.sources import contract_schema
from fieldline.lineage.read import lineage_schema
from fieldline.web.desk.settings import read_desk_settings

from ..forking.runs import Runs

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END = "\x1e"
"""Printed after each command."""


@dataclass(frozen=True)
class Example:
    command: str
    printed: list[str]


def examples(page: Path) -> list[Example]:
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        lines = block.splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        assert starts[:1] == [0], f"{page.name}: a console block begins with a command: {lines[0]}"
        for start, end in pairwise([*starts, len(lines)]):
            last = lines.index("EOF", start) if lines[start].endswith("<<'EOF'") else start
            command = "\n".join(lines[start : last + 1]).removeprefix("$ ")
            found.append(Example(command, lines[last + 1 : end]))
    return found


PAGES_WITH_EXAMPLES = [page for page in PAGES if examples(page)]


def as_pattern(printed: list[str]) -> str:
    return "".join("(?:.*\n)*" if line == "…" else re.escape(line) + "\n" for line in printed)


@pytest.mark.parametrize("page", PAGES_WITH_EXAMPLES, ids=lambda page: page.name)
def test_every_console_example_prints_what_its_page_shows(
    page: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, forked: Runs
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    command = forked.put_command(tmp_path_factory.mktemp("bin"))
    told = examples(page)
    script = "".join(f"{example.command}\nprintf '{END}'\n" for example in told)
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"],
        cwd=tmp_path,
        env={"PATH": f"{command.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    outputs = done.stdout.split(END)[:-1]
    assert len(outputs) == len(told)
    for example, output in zip(told, outputs, strict=True):
        shown = "\n".join([f"$ {example.command}", *example.printed, "", "prints now:", output])
        assert re.fullmatch(as_pattern(example.printed), output), shown


SESSION = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [p for p in PAGES if SESSION.search(p.read_text("utf-8"))], ids=lambda page: page.name)
def test_every_python_session_prints_what_its_page_shows(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    session = "".join(SESSION.findall(page.read_text(encoding="utf-8")))
    test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
    assert test.examples
    told: list[str] = []
    assert doctest.DocTestRunner().run(test, out=told.append).failed == 0, "".join(told)


def test_the_readme_and_the_commands_page_have_examples() -> None:
    assert {page.name for page in PAGES_WITH_EXAMPLES} >= {"README.md", "commands.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert named == {"demo", "test"}
    assert named <= targets


COMMAND = re.compile(r"^(?:\$ )?fieldline (?!-)(\S+)(.*)$", re.MULTILINE)
SHELL = re.compile(r"^ *```(?:sh|text)?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [p for p in PAGES if SHELL.search(p.read_text("utf-8"))], ids=lambda page: page.name)
def test_a_command_that_is_only_shown_exists_with_its_options(page: Path) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for block in SHELL.findall(page.read_text(encoding="utf-8")):
        for name, words in COMMAND.findall(dedent(block)):
            known = {option for parameter in commands[name].params for option in (*parameter.opts, "--help")}
            used = [
                word.partition("=")[0] for word in shlex.split(words.partition("|")[0]) if re.match(r"--?[a-z]", word)
            ]
            assert set(used) <= known, f"fieldline {name}{words}"


YAML = re.compile(r"^( *)```yaml\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
SCHEMAS = {
    "estate": estate_schema,
    "systems": estate_schema,
    "waivers": estate_schema,
    "system": contract_schema,
    "flows": lineage_schema,
    "from": lineage_schema,
    "rules": record_rules_schema,
    "gates": record_rules_schema,
}
"""By a key that the files of this kind have; an estate is also told by a part of it."""
PEOPLE = [page for page in PAGES if page.parent.name in {"tutorials", "how-to", "explanation"}] + [ROOT / "README.md"]


@pytest.mark.parametrize("page", PEOPLE, ids=lambda page: page.name)
def test_every_yaml_that_people_copy_is_admitted_by_its_schema(page: Path, tmp_path: Path) -> None:
    for _, block in YAML.findall(page.read_text(encoding="utf-8")):
        written = yaml.safe_load(dedent(block))
        if isinstance(written, list) and "uses" in written[0]:
            continue  # steps of another program's pipeline
        whole = {"flows": written} if isinstance(written, list) else written
        if "cases" in whole:
            (tmp_path / "desk.yaml").write_text(dedent(block), encoding="utf-8")
            assert read_desk_settings(tmp_path / "desk.yaml").cases == whole["cases"]
            continue
        kinds = [key for key in SCHEMAS if key in whole]
        assert kinds, f"{page.name}: {block}"
        about = whole if kinds[0] not in {"systems", "waivers"} else {"estate": "e", **whole}
        jsonschema_rs.validate(SCHEMAS[kinds[0]](), about)
