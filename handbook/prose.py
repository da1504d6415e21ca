"""The language of the README, the handbook and CONTRIBUTING, held to proselint's rules and to a few of our own.

`python handbook/prose.py` prints what breaks one and then exits with 1. Code, names and addresses count for nothing.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import proselint.checks
from proselint.config import DEFAULT
from proselint.registry import CheckRegistry
from proselint.registry.checks import Check, CheckResult
from proselint.tools import LintFile

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
MOST_WORDS = 40
"""Of a sentence. A longer one has a second idea."""
_NAME = re.compile(r"`[^`\n]*`")
_NOT_PROSE = (
    re.compile(r"^( *)```.*?^\1```$", re.DOTALL | re.MULTILINE),
    re.compile(r"<!-- made: .*?<!-- end -->", re.DOTALL),
    _NAME,
    re.compile(r"(?<=\])\([^)]*\)"),
    re.compile(r"^#+ [a-z]+(-[a-z]+)*$", re.MULTILINE),  # the title of a rule's page is the rule's name
)
_SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+|\n\s*\n|\n(?=\s*(?:[|#-]|[0-9]+\. ))")


class Pattern(NamedTuple):
    """A check for what a regular expression matches."""

    pattern: str

    def check(self, text: str, check: Check) -> Iterator[CheckResult]:
        """Every match, with the check's message."""
        for found in re.finditer(self.pattern, text, re.MULTILINE):
            yield CheckResult(check.path, check.message.format(found[0].strip()), found.span(), None)


class Longest(NamedTuple):
    """A check for sentences of more words than these; of a table, of its cells."""

    words: int

    def check(self, text: str, check: Check) -> Iterator[CheckResult]:
        """Every sentence that is longer."""
        start = 0
        for end in [*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)]:
            for cell in text[start:end].split("|"):
                if len(cell.split()) > self.words:
                    message = check.message.format(len(cell.split()))
                    yield CheckResult(check.path, message, (start + 1, start + 1), None)
            start = end


OURS = (
    Check(Longest(MOST_WORDS), path="house.length", message="A sentence of {} words: split it."),
    Check(
        Pattern(r"(?:^(?:[-*] |[0-9]+\. )?|(?<=[.;:] ))What [^?|\n]*(?=[.,:;\n])(?![^.|]*\?)"),
        path="house.what",
        message="A clause with 'what' as the subject: name the thing. '{}'",
    ),
    Check(Pattern(r"\b(?:[Ww]e|[Oo]urs?|[Uu]s)\b"), path="house.we", message="Say 'you' or 'Fieldline', not '{}'."),
    Check(Pattern(r"\bwill\b"), path="house.tense", message="Present tense, instead of '{}'."),
    Check(Pattern(r"\b(?:simply|obviously|easily|just|please note)\b"), path="house.filler", message="Leave out '{}'."),
    Check(Pattern(r"\b(?:etc\.|e\.g\.|i\.e\.|via)"), path="house.latin", message="English words for '{}'."),
    Check(Pattern(r"(?<!\| )\brefus(?:e|es|ed|al|ing)\b"), path="house.words", message="'{}': say reject."),
    Check(Pattern(r"\bdemand(?:s|ed)?\b"), path="house.words", message="'{}': say constraint, or obligation."),
    Check(Pattern(r"\blets? in\b"), path="house.words", message="'{}': say accept."),
    Check(Pattern(r"\b(?:is|are) told\b(?! apart)"), path="house.words", message="'{}': say who says it."),
    Check(Pattern(r"\bcomes? to rest\b|\bpullbacks?\b"), path="house.words", message="'{}': another word."),
)
"""The vocabulary, and the style guide's first rules: active voice needs a reader, these need none."""
SWITCHED_OFF = {
    "annotations": False,  # the linter of code looks for them
    "hedging": False,
    "misc.phrasal_adjectives": False,  # names of rules: newly-refused
    "misc.preferred_forms": False,  # words of other languages
    "restricted": False,
    "typography.symbols": False,  # quotation marks are straight, as in code
    "typography.diacritical_marks": False,
}


def pages() -> list[Path]:
    """The files that are read: all but the tables of keys, whose words are those of the schemas."""
    docs = [page for page in sorted((ROOT / "docs").rglob("*.md")) if page.parent.name not in {"json", "keys"}]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *docs]


def faults(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Line, column, rule and message of everything that breaks a rule."""
    for pattern in _NOT_PROSE:
        blank = "x" if pattern is _NAME else " "  # a name is a word of its sentence
        text = pattern.sub(lambda found, blank=blank: re.sub(r"[^\n]", blank, found[0]), text)  # type: ignore[misc]
    config = {**DEFAULT, "max_errors": 1_000}
    config["checks"] = {**SWITCHED_OFF, **DEFAULT["checks"], "house": True} | SWITCHED_OFF
    for result in LintFile("page", text).lint(config):  # type: ignore[arg-type]  # a mapping of the same keys
        line, column = result.pos
        message = result.check_result.message
        if result.check_result.check_path == "lexical_illusions" and ("\n\n" in message or "xx" in message):
            continue  # a heading and the first word below it; names
        yield line, column, result.check_result.check_path, result.check_result.message


def register() -> None:
    """Give proselint its checks, and ours."""
    registry = CheckRegistry()
    if not registry.checks:
        registry.register_many((*proselint.checks.__register__, *OURS))  # type: ignore[arg-type]  # kinds of checks of our own


def main() -> int:
    """Print what breaks a rule; 1 where something does."""
    register()
    found = 0
    for page in pages():
        for line, column, rule, message in faults(page.read_text(encoding="utf-8")):
            print(f"{page.relative_to(ROOT)}:{line}:{column} {rule}: {message}")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
