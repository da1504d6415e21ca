"""`fieldline comment`: one comment a pull request, whatever number of runs; a server answers as the APIs do."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from .conftest import Run

MARK = "<!-- fieldline:diff:0123456789ab -->"


@dataclass
class Platform:
    """The comments of one pull request, and what was asked."""

    address: str = ""
    comments: list[dict[str, object]] = field(default_factory=list)
    foreign: set[int] = field(default_factory=set)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path, the token's header."""
    status: int = 0
    """What every request is answered with; 0: the answer."""
    location: str = ""


@pytest.fixture
def platform() -> Iterator[Platform]:
    known = Platform()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
            parts = urlsplit(self.path)
            known.asked.append((self.command, parts.path, token))
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else {}
            status, content = known.status or 200, {}
            if known.status:
                pass
            elif self.command == "GET":
                page, each = (int(parse_qs(parts.query)[key][0]) for key in ("page", "per_page"))
                content = known.comments[(page - 1) * each : page * each]
            elif self.command == "POST":
                known.comments.append({"id": len(known.comments) + 1, "body": body["body"]})
            else:
                number = int(parts.path.rpartition("/")[2])
                if number in known.foreign:
                    status = 403
                else:
                    next(c for c in known.comments if c["id"] == number)["body"] = body["body"]
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if known.location:
                self.send_header("Location", known.location)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    known.address = f"http://127.0.0.1:{server.server_port}"
    yield known
    server.shutdown()
    server.server_close()
    thread.join()


def job(platform: Platform, system: str) -> dict[str, str]:
    none = dict.fromkeys(("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_TOKEN", "FIELDLINE_TOKEN"), "")
    if system == "github":
        return none | {
            "GITHUB_ACTIONS": "true",
            "GITHUB_TOKEN": "secret",
            "GITHUB_REPOSITORY": "bank/estate",
            "GITHUB_REF": "refs/pull/12/merge",
            "GITHUB_API_URL": platform.address,
        }
    return none | {
        "GITLAB_CI": "true",
        "FIELDLINE_TOKEN": "secret",
        "CI_PROJECT_ID": "7",
        "CI_MERGE_REQUEST_IID": "12",
        "CI_API_V4_URL": f"{platform.address}/api/v4",
    }


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.md"
    file.write_text(f"**first** é\n\n{MARK}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_the_second_run_replaces_the_comment_of_the_first(
    fieldline: Run, platform: Platform, report: Path, system: str
) -> None:
    platform.comments += [{"id": number + 1, "body": f"talk {number}"} for number in range(120)]
    variables = job(platform, system)
    first = fieldline("comment", report, **variables)
    assert (first.returncode, first.stderr) == (0, "fieldline: a comment was written.\n")
    platform.comments.append({"id": 999, "body": "thanks"})
    report.write_text(f"**second**\n\n{MARK}\n", encoding="utf-8")
    second = fieldline("comment", report, **variables)
    assert (second.returncode, second.stderr) == (0, "fieldline: the comment was updated.\n")
    ours = [comment["body"] for comment in platform.comments if MARK in str(comment["body"])]
    assert ours == [f"**second**\n\n{MARK}\n"]
    paths = {
        "github": (
            "/repos/bank/estate/issues/12/comments",
            "/repos/bank/estate/issues/comments/121",
            "PATCH",
            "Bearer secret",
        ),
        "gitlab": (
            "/api/v4/projects/7/merge_requests/12/notes",
            "/api/v4/projects/7/merge_requests/12/notes/121",
            "PUT",
            "secret",
        ),
    }[system]
    assert platform.asked[-1] == (paths[2], paths[1], paths[3])
    assert {path for method, path, _ in platform.asked if method in {"GET", "POST"}} == {paths[0]}


def test_another_report_and_somebody_else_s_comment_are_left_alone(
    fieldline: Run, platform: Platform, report: Path
) -> None:
    other = MARK.replace("0123", "abcd")
    platform.comments += [{"id": 1, "body": f"x\n{other}\n"}, {"id": 2, "body": f"mine\n{MARK}"}]
    platform.foreign = {2}
    assert fieldline("comment", report, **job(platform, "github")).returncode == 0
    assert [comment["body"] for comment in platform.comments[:2]] == [f"x\n{other}\n", f"mine\n{MARK}"]
    assert platform.comments[2]["body"] == report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"GITHUB_REF": "refs/heads/main"}, "this job runs for no pull request"),
        ({"GITHUB_TOKEN": ""}, "GITHUB_TOKEN is not set"),
        ({"GITHUB_API_URL": "http://api.example"}, "GITHUB_API_URL is no address that begins with https://"),
        ({"GITHUB_ACTIONS": ""}, "this is neither a job of GitHub Actions nor one of GitLab"),
        ({"GITHUB_API_URL": "http://127.0.0.1:1"}, "127.0.0.1 gives no answer that can be read"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    fieldline: Run, platform: Platform, report: Path, change: dict[str, str], told: str
) -> None:
    done = fieldline("comment", report, **(job(platform, "github") | change))
    assert done.returncode == 2
    assert told in done.stderr
    assert "secret" not in done.stderr
    assert platform.comments == []


@pytest.mark.parametrize("status", [401, 500, 302])
def test_an_answer_that_is_none_is_said_and_no_redirection_gets_the_token(
    fieldline: Run, platform: Platform, report: Path, status: int
) -> None:
    platform.status, platform.location = status, f"{platform.address}/elsewhere"
    done = fieldline("comment", report, **job(platform, "github"))
    assert done.returncode == 2
    assert f"GET is answered by {status}" in done.stderr
    assert [path for _, path, _ in platform.asked] == ["/repos/bank/estate/issues/12/comments"]


@pytest.mark.parametrize("content", [b"", b"text\n", b"\xff\n", MARK.encode() + b"\nmore\n"])
def test_only_a_report_is_put_there(fieldline: Run, platform: Platform, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.md").write_bytes(content)
    assert fieldline("comment", tmp_path / "x.md", **job(platform, "github")).returncode == 2
    assert fieldline("comment", tmp_path / "absent.md", **job(platform, "github")).returncode == 2
    assert platform.asked == []


def test_the_report_of_a_diff_has_the_marker(fieldline: Run, platform: Platform, starter: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    change = (
        "diff",
        "--what-if",
        "billing.customer.company.max_length=18",
        starter,
        "--page-url",
        "https://ci.example/1.html",
    )
    for _ in range(2):
        fieldline(*change, "--output-format", "markdown", "-o", report)
        assert fieldline("comment", report, **job(platform, "github")).returncode == 0
    (comment,) = platform.comments
    assert "[The change, drawn](<https://ci.example/1.html>)" in str(comment["body"])
