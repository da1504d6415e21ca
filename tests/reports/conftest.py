"""Small estates, written down in a test and loaded for real."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.policy import rule_estate
from fieldline.estate.load import load_estate
from fieldline.reports.ci.answer import Answer, UnreadEstate
from fieldline.reports.text.check import check_headline

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.documents.problem import Problem
    from fieldline.estate.load import Estate


@pytest.fixture
def estate(tmp_path: Path) -> "Callable[..., Estate]":
    """Load an estate of contracts (by system: the fields of its one entity `e`) and flows.

    A system named `entry…` has an entry, any other a table.
    """

    def load(flows: str = "[]", **systems: str) -> "Estate":
        folder = tmp_path / f"estate{len(list(tmp_path.iterdir())) or ''}"
        (folder / "contracts").mkdir(parents=True)
        (folder / "lineage").mkdir()
        (folder / "fieldline.yaml").write_text("estate: test\n")
        (folder / "lineage" / "flows.yaml").write_text(f"flows: {flows}\n")
        for name, fields in systems.items():
            kind = "entry" if name.startswith("entry") else "table"
            text = f"system: {name}\nowner: {{team: T}}\nentities: {{e: {{kind: {kind}, fields: {fields}}}}}\n"
            (folder / "contracts" / f"{name}.yaml").write_text(text)
        return load_estate(folder)

    return load


TODAY = date(2026, 7, 1)


@pytest.fixture
def answer() -> "Callable[..., Answer]":
    """What `check` tells of an estate, as every format takes it."""

    def progress(estate: "Estate", folder: str = "", **more: Any) -> "Answer":  # noqa: ANN401 - members of Answer
        report = check(estate)
        ruling = rule_estate(estate, report.findings, TODAY)
        headline = check_headline(report, ruling, estate)
        return Answer("check", headline, ruling, estate, folder, report.summary.proved_fields, **more)

    return progress


@pytest.fixture
def unread() -> "Callable[..., UnreadEstate]":
    """What `check` tells of problems."""

    def progress(*problems: "Problem", folder: str = "") -> UnreadEstate:
        return UnreadEstate("check", "Check not run.", problems, folder)

    return progress


NASTY = (
    "\x1b[31m\x07\u202e\u2066</code><script>alert(1)</script> @everyone #123 GH-1 `x` ``` | || ::error::gone "
    "##[error]gone %0A http://evil.example www.evil.example a@b.example [x](http://evil.example) ![i](//e) $x$ {0} {{ "
    "]]> <!-- &amp; \ufffe\x85\u2028 e\u0301 👩‍👩‍👧"
)
"""Says something to a terminal, HTML, XML, Markdown, Mermaid, GitHub, GitLab, SARIF or a workflow."""


def quoted(text: str) -> str:
    """A text in YAML's double quotes, everything unusual escaped."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in text) + '"'


@pytest.fixture
def hostile(estate: "Callable[..., Estate]") -> "Estate":
    """An estate whose values, demands, transforms, owners and file names attack whoever reads the output."""
    loaded = estate(
        f"[{{from: entry.e.a, to: b.e.a, via: [{{suffix: {quoted(NASTY)}}}]}}, {{from: entry.e.c, to: b.e.c}}]",
        entry=f"{{a: {{type: text, max_length: 3}}, c: {{type: text, one_of: [{quoted(NASTY)}, ok]}}}}",
        b=f"{{a: {{type: text, not_one_of: [{quoted('abc' + NASTY)}], max_length: 900}}, c: {{type: text, one_of: [ok]}}}}",
    )
    contract = loaded.root / "contracts" / "b.yaml"
    contract.write_text(contract.read_text().replace("{team: T}", f"{{team: {quoted(NASTY)}}}"))
    contract.rename(contract.with_name(f"{NASTY.replace('/', '')[:60]}.yaml"))
    return load_estate(loaded.root)
