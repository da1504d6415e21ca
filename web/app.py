"""The web application: what is asked at which address. Workers answer. No value is logged."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from .. import __version__
from ..documents.variables import NO_VARIABLES
from ..sentences.desk import page_words
from ..sentences.phrase import Phrase
from ..sentences.speech import speech
from .answer import WebQuestion
from .described import (
    ASKED_FIELD,
    ASKED_PAGE,
    FORM,
    FORM_BODY,
    HEALTH,
    PAGES,
    RECORD_BODY,
    RECORDS,
    TRACE,
    Health,
    RecordVerdict,
)
from .gate import Gate, Refused, allowed_methods, body_of
from .languages import preferred_language
from .live import LiveEstate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
    from pathlib import Path

    from ..documents.local_text import SpokenLanguage
    from ..documents.variables import Variables
    from .answer import WebAnswer
    from .desk.settings import DeskSettings
    from .kept import AttemptPlace
    from .limits import Limits

_LOG = logging.getLogger("fieldline.web")
_FOR_PROGRAMS = ("/validate", "/desk/link", "/desk/events")
"""Addresses that are refused in JSON."""


def web_app(
    folder: Path,
    limits: Limits,
    variables: Variables = NO_VARIABLES,
    attempts: AttemptPlace | None = None,
    *,
    is_local: bool,
    desk: DeskSettings | None = None,
    say: Callable[[str], object] = _LOG.warning,
) -> FastAPI:
    """The application for the estate in a folder; `is_local`: it listens to this machine alone.

    `variables`: the environment variables that it may read besides its own. `attempts`: where refused records are kept.
    `desk`: the settings of the desk, with which every address belongs to somebody who is signed in; None: there is none.
    `say`: tells whoever starts it how to sign in. Raises Unreadable where the desk's database cannot be opened.
    """
    estate = LiveEstate(folder, limits, variables, attempts, has_desk=desk is not None)

    jobs: list[Callable[[], Coroutine[Any, Any, None]]] = []

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        estate.start()
        beside = [asyncio.create_task(job()) for job in jobs]
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            estate.end()

    app = FastAPI(title="Fieldline", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan)
    if desk is not None:
        from .desk.assembled import add_desk

        jobs.append(add_desk(app, estate, desk, limits, attempts, say))
    app.add_middleware(Gate, is_local=is_local, host=None if desk is None else desk.host)

    @app.exception_handler(Refused)
    async def refuse(request: Request, refused: Refused) -> Response:
        headers = {"Connection": "close"}
        if request.url.path in _FOR_PROGRAMS or request.url.path.startswith("/gates/"):
            return JSONResponse({"problem": str(refused)}, refused.status, headers)
        return _short_page(Phrase(f"{refused}."), refused.status, "en", headers)

    @app.exception_handler(HTTPException)
    async def not_here(request: Request, error: HTTPException) -> Response:
        language = _language(request)
        words = page_words(speech(language))
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = {"Allow": allowed_methods(app.routes, request.scope)}
            return _short_page(words["wrong_way"], 405, language, allowed)
        return _short_page(words["no_such"], error.status_code, language)

    @app.exception_handler(ClientDisconnect)
    async def hung_up(_: Request, __: ClientDisconnect) -> Response:
        _LOG.warning("fieldline: a client hung up before its request had arrived")
        return Response(status_code=400)

    async def answered(request: Request, question: WebQuestion) -> Response:
        return response(await estate.ask(question, request.is_disconnected), estate.age)

    def response(answer: WebAnswer, age: int | None) -> Response:
        headers = {} if answer.language is None else {"Content-Language": answer.language, "Vary": "Accept-Language"}
        if age is not None:
            headers["Age"] = str(age)
        if answer.retry_after is not None:
            headers["Retry-After"] = str(answer.retry_after)
        return Response(answer.text, answer.status, headers, media_type=answer.media_type)

    @app.get("/healthz", operation_id="health", response_model=Health, responses=HEALTH)
    async def health() -> dict[str, str]:
        """Whether the server runs. It answers whatever its workers do."""
        return {"status": "ok"}

    @app.get("/trace", operation_id="form", response_class=HTMLResponse, responses=FORM, openapi_extra=ASKED_FIELD)
    async def form(request: Request) -> Response:
        """The form that traces a value."""
        return await answered(request, WebQuestion("form", request.query_params.get("at", "")))

    @app.post(
        "/trace",
        operation_id="trace",
        response_class=HTMLResponse,
        responses=TRACE,
        openapi_extra=FORM_BODY,
    )
    async def trace(request: Request) -> Response:
        """Trace a value, from the form."""
        body = await body_of(request, "application/x-www-form-urlencoded", limits)
        return await answered(request, WebQuestion("trace", body))

    @app.post(
        "/validate",
        operation_id="validate",
        response_model=RecordVerdict,
        responses=RECORDS,
        openapi_extra=RECORD_BODY,
    )
    async def validate(request: Request) -> Any:  # noqa: ANN401 - FastAPI reads the annotation
        """Validate a record by an entry. Reasons are in the language that Accept-Language prefers, or else in English."""
        body = await body_of(request, "application/json", limits)
        language = preferred_language(", ".join(request.headers.getlist("accept-language")))
        return await answered(request, WebQuestion("record", body, language))

    @app.get("/problems", operation_id="problems", response_class=HTMLResponse, responses=PAGES)
    async def problems(request: Request) -> Response:
        """What keeps the files from being read as they are now, where the pages are of an earlier state."""
        unread = await estate.problems()
        if unread is None:
            language = _language(request)
            return _short_page(page_words(speech(language))["no_problem"], HTTPStatus.NOT_FOUND, language)
        return HTMLResponse(unread.page)

    @app.get(
        "/{name:path}",  # noqa: FAST003 - of a declared parameter FastAPI describes a 422 that never comes
        operation_id="page",
        response_class=HTMLResponse,
        responses=PAGES,
        openapi_extra=ASKED_PAGE,
    )
    async def page(request: Request) -> Response:
        """A page of the estate, as `fieldline docs` writes it."""
        session = getattr(request.state, "session", None)  # where there is a desk
        language: SpokenLanguage = "en" if session is None else session.language
        return response(await estate.page(request.path_params["name"], language), estate.pages_age)

    return app


def _language(request: Request) -> SpokenLanguage:
    """That of whoever is signed in, or the one that the browser prefers."""
    session = getattr(request.state, "session", None)
    if session is not None:
        return cast("SpokenLanguage", session.language)
    return preferred_language(", ".join(request.headers.getlist("accept-language")))


def _short_page(
    sentence: Phrase, status: int, language: SpokenLanguage, headers: Mapping[str, str] | None = None
) -> Response:
    head = f'<!doctype html><html lang="{language}"><meta name="viewport" content="width=device-width">'
    return HTMLResponse(f"{head}<title>Fieldline</title><main><h1>{sentence}</h1></main>", status, headers)
