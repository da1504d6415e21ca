"""The web application: the pages that `docs` writes, and a form for the support agent on the telephone.

Nothing is kept and nothing is logged: traced values are customers' data. It sends no request to any other host, and its
pages carry no script but the lineage page's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ..application.problems import input_problems
from ..application.trace import trace_value
from ..checker.messages import field_title, system_title
from ..documents.variables import NO_VARIABLES
from ..reports.text.grounds import constraint_sentence
from ..reports.text.problems import problems_headline
from ..reports.text.trace import answer, fate, onward
from ..values.error import FieldlineError
from .current import Current
from .validate import answer_record

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from starlette.responses import Response

    from ..documents.problem import Problem
    from ..documents.variables import Variables
    from ..estate.load import Estate
    from .current import Reading

_LOCAL = ("127.0.0.1", "localhost", "[::1]")
_LONGEST_FORM = 256 * 1024
"""Bytes of a form, or of a record, that are read."""
_MOST_OFFERED = 2_000
"""Names of fields that the form offers."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True)
class _Form:
    """The content of the submitted form."""

    at: str = ""
    value: str = ""
    null: bool = False


def web_app(folder: Path, host: str, variables: Variables = NO_VARIABLES) -> FastAPI:
    """The application for the estate in a folder. `variables`: the environment variables that it may read besides its own.

    Where it listens to this machine alone, it answers only to this machine's names: no page of another site gets an
    answer by pointing its own name here (DNS rebinding).
    """
    app = FastAPI(title="Fieldline", docs_url=None, redoc_url=None)
    current = Current(folder, variables)
    if host in _LOCAL:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(_LOCAL))

    @app.middleware("http")
    async def add_headers(request: Request, follow: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await follow(request)
        response.headers.update(_HEADERS)
        return response

    @app.get("/trace", response_class=HTMLResponse)
    def ask(at: str = "") -> HTMLResponse:
        return _trace_page(current.reading(), _Form(at))

    @app.post("/trace", response_class=HTMLResponse)
    async def answer_form(request: Request) -> HTMLResponse:
        body = await _body(request)
        if body is None:
            return HTMLResponse("<!doctype html><title>Too long</title><p>The form is too long.", 413)
        return await run_in_threadpool(lambda: _trace_page(current.reading(), _read(body), answered=True))

    @app.post("/validate")
    async def validate(request: Request) -> JSONResponse:
        body = await _body(request)
        if body is None:
            return JSONResponse({"problem": "the record is too long"}, 413)
        return await run_in_threadpool(lambda: answer_record(current.reading(), body))

    @app.get("/{name:path}", response_class=HTMLResponse)
    def page(name: str) -> HTMLResponse:
        reading = current.reading()
        if reading.estate is None:
            return _problems(reading)
        found = reading.pages.get(name or "index.html")
        if found is None:
            return HTMLResponse(reading.frame.page("missing.html", "/", {}), 404)
        return HTMLResponse(found)

    current.reading()
    return app


async def _body(request: Request) -> bytes | None:
    """The body of the request; None: it is longer than is read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return None
    return body


def _read(body: bytes) -> _Form:
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=8)
    except ValueError:  # no form of ours has so many
        return _Form()
    return _Form(fields.get("at", [""])[0].strip(), fields.get("value", [""])[0], "null" in fields)


def _problems(reading: Reading) -> HTMLResponse:
    about = {"problems": reading.problems, "headline": problems_headline(reading.problems)}
    return HTMLResponse(reading.frame.page("problems.html", "/", about), 503)


def _trace_page(reading: Reading, question: _Form, *, answered: bool = False) -> HTMLResponse:
    estate = reading.estate
    if estate is None:
        return _problems(reading)
    about: dict[str, Any] = {"trace": None, "wrong": ()}
    if answered:
        try:
            about |= _traced(estate, question)
        except FieldlineError as error:
            about["wrong"] = [_sentence(problem) for problem in input_problems(error)]
            if not about["wrong"]:
                raise
    offered: Sequence[object] = list(estate.contracts.fields.values())[:_MOST_OFFERED]
    about |= {
        "at": question.at,
        "value": question.value,
        "null": question.null,
        "offered": offered,
        "system_title": partial(system_title, estate),
        "field_title": field_title,
        "ground": constraint_sentence,
    }
    text = reading.frame.page("trace.html", "/", about, form_action="'self'")
    return HTMLResponse(text, 422 if about["wrong"] else 200)


def _sentence(problem: Problem) -> str:
    meant = f" Did you mean {problem.suggestion}?" if problem.suggestion else ""
    expected = f"; expected: {problem.expected}" if problem.expected else ""
    return f"{problem.message}{expected}.{meant}"


def _traced(estate: Estate, question: _Form) -> dict[str, Any]:
    traced = trace_value(estate, question.at, None if question.null else question.value).trace
    fates = ((arrival, fate(arrival)) for arrival in onward(traced))
    return {
        "trace": traced,
        "answer": answer(traced, estate),
        "here": traced.field.full_name.entity_name,
        "onward": [(arrival, words if isinstance(words, str) else words[0]) for arrival, words in fates],
    }
