"""The parts of the handbook that are made from the code: `python handbook/pages.py` writes them into `docs/`.

Whole pages are those of the rules, of the keys and of the JSON. In a page that people write, a table stands between
`<!-- made: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import step_tables
from schema_tables import key_sections
from walk import walk_svg

from fieldline.checker.verdict.rulebook import ALL_RULES
from fieldline.lineage.transforms import TRANSFORMS
from fieldline.reports.schemas import SCHEMAS
from fieldline.reports.text.rule import rule_page, rules_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

DOCS = Path(__file__).resolve().parents[1] / "docs"
_BLOCK = re.compile(r"(<!-- made: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_MADE = "<!-- This page is made from the code: python handbook/pages.py -->"
_FILES = {
    "estate": "Keys of `fieldline.yaml`",
    "contract": "Keys of a contract",
    "lineage": "Keys of a lineage file",
    "rules": "Keys of rules over records",
}
"""The schemas of the files that people write, with the titles of their pages."""
_OUTPUTS = {
    "findings": "fieldline check --output-format json",
    "diff": "fieldline diff --output-format json",
    "screen": "fieldline screen --output-format json",
    "trace": "fieldline trace --output-format json",
    "errors": "fieldline trace --error --output-format json",
    "rejects": "fieldline trace --rejects --output-format json",
    "record": "fieldline trace --stores --output-format json",
    "stores": "fieldline stores --output-format json",
    "reconcile": "fieldline reconcile --output-format json",
    "gate": "fieldline gate --output-format json",
    "validation": "fieldline validate --output-format json",
    "drift": "fieldline drift --output-format json",
    "audit": "fieldline audit --output-format json",
    "across": "fieldline audit --across --output-format json",
    "attempts": "fieldline attempts --output-format json",
    "graph": "fieldline graph --as json",
}
"""The schemas of what programs read, with the command that prints it."""

BLOCKS: Mapping[str, Callable[[], str]] = {
    "ledger": step_tables.ledger,
    "transform-options": lambda: key_sections(
        SCHEMAS["lineage"](), is_written=True, only=[*TRANSFORMS, "as"], level="###"
    ),
    "case": lambda: step_tables.texts_by_engine(
        [
            ("`upper` of `ß`", "upper", "ß"),
            ("`upper` of `ŉ`", "upper", "ŉ"),
            ("`lower` of `ΟΔΟΣ`", "lower", "ΟΔΟΣ"),
            ("`lower` of `İ`", "lower", "İ"),
        ]
    ),
    "words": lambda: step_tables.texts_by_engine(
        [
            ("`title` of `åsa BERG`", "title", "åsa BERG"),
            ("of `anna-maria`", "title", "anna-maria"),
            ("of `o'neil`", "title", "o'neil"),
            ("of `4ever`", "title", "4ever"),
        ]
    ),
    "blanks": lambda: step_tables.texts_by_engine(
        [
            (r"`trim` of `\x20x`", "trim", " x"),
            (r"of `\tx`", "trim", "\tx"),
            (r"of `\xa0x`", "trim", "\xa0x"),
            (r"of `\u{3000}x`", "trim", "\u3000x"),
            ("`{pad: 3}` of `abcde`", "{pad: {length: 3}}", "abcde"),
        ]
    ),
    "months": lambda: step_tables.texts_by_engine(
        [
            ("31 January 2026 + 1 month", "{shift: P1M}", date(2026, 1, 31)),
            ("28 February 2026 + 1 month", "{shift: P1M}", date(2026, 2, 28)),
        ]
    ),
    "equal": step_tables.equality_by_engine,
    "asked": step_tables.asked_engines,
}
"""The tables that stand in pages that people write, by name."""


def made_files() -> Iterator[tuple[Path, str]]:
    """Every file of the handbook that is made, or has a made part, with the text that it must have."""
    reference = DOCS / "reference"
    yield reference / "rules.md", rules_markdown(ALL_RULES)
    for rule in ALL_RULES:
        yield reference / "rules" / f"{rule.name}.md", rule_page(rule)
    for name, title in _FILES.items():
        note = f"`fieldline schema {name}` prints the JSON Schema (draft-07) with which editors check such a file."
        yield reference / "keys" / f"{name}.md", _page(title, note, name, is_written=True)
    for name, command in _OUTPUTS.items():
        note = f"`{command}` prints it; `fieldline schema {name}` prints its JSON Schema (draft-07)."
        yield reference / "json" / f"{name}.md", _page(f"JSON: {name}", note, name, is_written=False)
    yield DOCS / "pictures" / "nordbank.svg", walk_svg()
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        filled = _BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]()}\n\n{found[3]}", text)
        if filled != text or _BLOCK.search(text):
            yield page, filled


def _page(title: str, note: str, schema: str, *, is_written: bool) -> str:
    return f"# {title}\n\n{_MADE}\n\n{note}\n\n{key_sections(SCHEMAS[schema](), is_written=is_written)}\n"


def write() -> None:
    """Write what is not as it must be."""
    for path, text in made_files():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
