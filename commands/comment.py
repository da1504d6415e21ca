"""`fieldline comment`: a report as the comment of the pull request that a job runs for, in place of the one before.

Sources: GitHub's REST API, "Issue comments"; GitLab's REST API, "Notes API", merge requests; and what both say of the
variables in a job's environment. Nothing is asked of any other address, and no redirection is followed.
"""

import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

import typer

from ..values.error import FieldlineError
from .exits import ExitCode
from .options import path_word
from .writing import complain

_SECONDS = 30
_PER_PAGE = 100
_MOST_PAGES = 50
_MOST_BYTES = 20_000_000
"""Of one answer."""
_MARKER = re.compile(r"<!-- fieldline:[a-z]+:[0-9a-f]{12} -->")
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class CommentError(FieldlineError):
    """The comment cannot be put there, for the reason in the message."""


@dataclass(frozen=True, slots=True)
class _Thread:
    """The comments of one pull request."""

    comments: str
    """Their address."""
    one: str
    """What the address of one of them begins with."""
    method: str
    """The method that replaces one."""
    headers: Mapping[str, str]


def comment_command(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="A report in --output-format markdown.", parser=path_word)
    ],
) -> int:
    """Put a report on a pull request, in place of the one before.

    In a job of GitHub Actions: GITHUB_TOKEN, with the permission pull-requests: write. In a job of GitLab for a merge
    request: FIELDLINE_TOKEN, a project's access token with the scope api.
    """
    try:
        text, marker = _marked(report)
        done = _put(_thread(os.environ), text, marker)
    except (CommentError, OSError, UnicodeDecodeError) as error:
        complain(f"no comment was written: {error}")
        return ExitCode.UNUSABLE
    complain(done)
    return ExitCode.CLEAN


def _marked(report: Path) -> tuple[str, str]:
    """A report and its marker, the last line. Raises CommentError."""
    text = report.read_text(encoding="utf-8")
    marker = text.rstrip("\n").rpartition("\n")[2]
    if _MARKER.fullmatch(marker) is None:
        raise CommentError(f"{report} is no report in --output-format markdown: its last line is no marker")
    return text, marker


def _thread(variables: Mapping[str, str]) -> _Thread:
    """The pull request that the environment of a job names. Raises CommentError."""
    if variables.get("GITHUB_ACTIONS") == "true":
        token, repository = variables.get("GITHUB_TOKEN"), variables.get("GITHUB_REPOSITORY", "")
        number = re.fullmatch(r"refs/pull/(\d+)/(?:merge|head)", variables.get("GITHUB_REF", ""))
        if number is None or not token:
            raise CommentError("this job runs for no pull request" if number is None else "GITHUB_TOKEN is not set")
        issues = f"{_api(variables, 'GITHUB_API_URL')}/repos/{quote(repository)}/issues"
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
        return _Thread(f"{issues}/{number[1]}/comments", f"{issues}/comments", "PATCH", headers)
    if variables.get("GITLAB_CI") == "true":
        token, request = variables.get("FIELDLINE_TOKEN"), variables.get("CI_MERGE_REQUEST_IID", "")
        if not request.isdecimal() or not token:
            raise CommentError("FIELDLINE_TOKEN is not set" if request else "this job runs for no merge request")
        project = quote(variables.get("CI_PROJECT_ID", ""), safe="")
        notes = f"{_api(variables, 'CI_API_V4_URL')}/projects/{project}/merge_requests/{request}/notes"
        return _Thread(notes, notes, "PUT", {"PRIVATE-TOKEN": token})
    raise CommentError("this is neither a job of GitHub Actions nor one of GitLab")


def _api(variables: Mapping[str, str], name: str) -> str:
    """The address of the platform's API, which a token may be sent to. Raises CommentError."""
    address = variables.get(name, "").rstrip("/")
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise CommentError(f"{name} is no address that begins with https://")
    return address


def _put(thread: _Thread, text: str, marker: str) -> str:
    """Replace the comment that has the marker, or write a new one; gives what was done, in words. Raises CommentError."""
    for comment in _comments(thread):
        body, known = comment.get("body"), comment.get("id")
        if isinstance(body, str) and body.rstrip().endswith(marker) and isinstance(known, int):
            try:
                _ask(thread, thread.method, f"{thread.one}/{known}", {"body": text})
            except PermissionError:  # somebody else's, with the marker in it
                continue
            return "the comment was updated."
    _ask(thread, "POST", thread.comments, {"body": text})
    return "a comment was written."


def _comments(thread: _Thread) -> Iterator[dict[str, Any]]:
    for page in range(1, _MOST_PAGES + 1):
        comments = _ask(thread, "GET", f"{thread.comments}?per_page={_PER_PAGE}&page={page}")
        if not isinstance(comments, list):
            raise CommentError("the answer is no list of comments")
        yield from (comment for comment in comments if isinstance(comment, dict))
        if len(comments) < _PER_PAGE:
            return


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """A token is sent to the address that the job names, and to no other."""

    def redirect_request(self, *_: object) -> None:
        return None


def _ask(thread: _Thread, method: str, address: str, content: Mapping[str, str] | None = None) -> object:
    """The answer to a request. Raises PermissionError where it is refused as another's, CommentError otherwise."""
    data = None if content is None else json.dumps(content).encode()
    headers = {**thread.headers, "Content-Type": "application/json", "User-Agent": "fieldline"}
    request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310 - see _api
    try:
        with urllib.request.build_opener(_NoRedirection).open(request, timeout=_SECONDS) as answer:
            return json.loads(answer.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        if error.code in {403, 404} and method == thread.method:
            raise PermissionError(error.code, error.reason) from error
        raise CommentError(f"{method} is answered by {error.code} {error.reason}") from error
    except (urllib.error.URLError, HTTPException, ValueError, OSError) as error:
        raise CommentError(
            f"{urlsplit(address).hostname} gives no answer that can be read ({type(error).__name__})"
        ) from error
