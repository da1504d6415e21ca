"""The formats for findings that other programs read, each with its own form for input that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .codeowners import codeowners, codeowners_problems
from .github import github, github_problems
from .gitlab import gitlab, gitlab_problems
from .junit import junit, junit_problems
from .markdown import markdown, markdown_problems
from .sarif import sarif, sarif_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .answer import Answer, UnreadEstate


@dataclass(frozen=True, slots=True)
class FindingsWriter:
    """One format."""

    findings: Callable[[Answer], str]
    problems: Callable[[UnreadEstate], str]


FINDINGS_FORMATS: Mapping[str, FindingsWriter] = {
    "github": FindingsWriter(github, github_problems),
    "gitlab": FindingsWriter(gitlab, gitlab_problems),
    "sarif": FindingsWriter(sarif, sarif_problems),
    "junit": FindingsWriter(junit, junit_problems),
    "markdown": FindingsWriter(markdown, markdown_problems),
    "codeowners": FindingsWriter(codeowners, codeowners_problems),
}
"""By the value of `--output-format`."""
