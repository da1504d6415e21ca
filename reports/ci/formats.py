"""The formats for findings that other programs read, each with its way of saying that something could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .github import github, github_problems
from .gitlab import gitlab, gitlab_problems
from .junit import junit, junit_problems
from .markdown import markdown, markdown_problems
from .sarif import sarif, sarif_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .answer import Answer, Unread


@dataclass(frozen=True, slots=True)
class Format:
    """One format."""

    findings: Callable[[Answer], str]
    problems: Callable[[Unread], str]


FORMATS: Mapping[str, Format] = {
    "github": Format(github, github_problems),
    "gitlab": Format(gitlab, gitlab_problems),
    "sarif": Format(sarif, sarif_problems),
    "junit": Format(junit, junit_problems),
    "markdown": Format(markdown, markdown_problems),
}
"""By the word that `--output-format` takes."""
