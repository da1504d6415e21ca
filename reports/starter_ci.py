"""The few lines that `fieldline init --ci` writes for a CI system: what a change does, judged where it is reviewed."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Literal, TypeAlias

from .text.page import GOOD, Page

if TYPE_CHECKING:
    from .text.page import Look

CiSystem: TypeAlias = Literal["github", "gitlab", "pre-commit"]

_FILES: dict[CiSystem, str] = {
    "github": ".github/workflows/fieldline.yml",
    "gitlab": ".gitlab-ci.yml",
    "pre-commit": ".pre-commit-config.yaml",
}
_GITHUB = """\
# What a pull request does to every entry of the estate: annotations at the changed lines, and a comment.
name: Fieldline
on: [pull_request, merge_group]
permissions: {{contents: read, pull-requests: write}}
jobs:
  fieldline:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: fieldline/fieldline@v0 # wherever the repository of Fieldline is
        with: {{estate: {estate}, comment: "true"}}
"""
_GITLAB = """\
# What a merge request does to every entry of the estate: in the Code Quality widget and the test report.
include:
  - component: $CI_SERVER_FQDN/fieldline/fieldline/fieldline@0.1.0 # wherever the repository of Fieldline is
    inputs:
      estate: {estate}
      package: ./tools/fieldline-0.1.0-py3-none-any.whl # a wheel or a checkout of Fieldline in this repository
"""
_PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      # What a commit does to every entry of the estate, against HEAD: what was there before fails nobody.
      - id: fieldline-diff
        name: fieldline diff
        entry: {estate}
        language: system
        pass_filenames: false
        always_run: true
"""
_TEXTS: dict[CiSystem, str] = {"github": _GITHUB, "gitlab": _GITLAB, "pre-commit": _PRE_COMMIT}


def ci_file(system: CiSystem, estate: str) -> tuple[str, str]:
    """The name of a CI system's file in a repository, and its text for the estate in that folder of it."""
    value = estate
    if system == "pre-commit":  # which splits the entry as a shell does
        value = f"fieldline diff --base HEAD --allow-new -- {shlex.quote(estate)}"
    return _FILES[system], _TEXTS[system].format(estate=json.dumps(value, ensure_ascii=False))


def ci_text(file: str, look: Look) -> str:
    """The line that says what was written."""
    page = Page(look)
    page.line((file, GOOD), " was written. Read it, and commit it.")
    return page.render()


def ci_not_written(file: str, text: str) -> str:
    """What to do by hand where the file is there already."""
    return f"{file} is there already, and was left as it is. These lines do it:\n\n{text}"
