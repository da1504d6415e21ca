"""A bug in the server is told in a line without a value, and answered."""

import logging

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from fieldline.web.gate import Gate

from .apart import run_apart

TYPED = "Maximilian1234"


async def _broken(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/fine":
        await PlainTextResponse("fine")(scope, receive, send)
        return
    raise KeyError(TYPED)


def test_a_bug_is_a_line_and_an_answer_without_a_value(caplog: pytest.LogCaptureFixture) -> None:
    async def asked(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(Gate(_broken, is_local=True))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    with caplog.at_level(logging.ERROR, "fieldline.web"):
        answer = run_apart(asked("/broken"))
    assert (answer.status_code, answer.text) == (500, "Internal error: a bug in Fieldline.")
    assert answer.headers["X-Frame-Options"] == "DENY"
    (line,) = caplog.messages
    assert line.startswith("internal error (KeyError at test_bugs.py:")
    assert TYPED not in caplog.text
    assert run_apart(asked("/fine")).text == "fine"
