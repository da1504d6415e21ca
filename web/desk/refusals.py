"""What is refused, said to people on a page in their language, and to programs in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse

from ...sentences.desk import page_words
from ...sentences.speech import speech
from ..gate import Refused, body_of
from ..languages import preferred_language

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.responses import Response
    from starlette.types import Receive, Scope

    from ...cases.sessions import Session
    from ...documents.local_text import SpokenLanguage
    from ..limits import Limits
    from ..live import LiveEstate
    from .settings import DeskSettings
    from .shown import DeskPages

FORM_TYPE = "application/x-www-form-urlencoded"
_TYPED = ("text", "reason")
"""The fields of forms that hold what somebody has written."""


class Refusals:
    """The refusals of one desk."""

    def __init__(self, estate: LiveEstate, pages: DeskPages, settings: DeskSettings, limits: Limits) -> None:
        self._estate = estate
        self._pages = pages
        self._settings = settings
        self._limits = limits

    def language(self, headers: Headers) -> SpokenLanguage:
        """The language of somebody who is not signed in."""
        header = ", ".join(headers.getlist("accept-language"))
        return preferred_language(header) if header else self._settings.language

    def page(self, session: Session, word: str, status: int, typed: str = "") -> Response:
        """A page that says it. `word`: of `page_words`; `typed`: what was written, which is not lost."""
        about = {"word": word, "typed": typed, "is_admin": False}
        return HTMLResponse(self._pages.page("desk_message.html", self._estate.title, session, about), status)

    def answer(self, headers: Headers, word: str, status: int, session: Session | None = None) -> Response:
        """A page for a browser, a line in English for all else."""
        if not _wants_page(headers):
            return PlainTextResponse(page_words(speech("en"))[word], status)
        about = {"word": word, "typed": "", "is_admin": False}
        language = self.language(headers) if session is None else session.language
        text = self._pages.page("desk_message.html", self._estate.title, session, about, language=language)
        return HTMLResponse(text, status)

    async def not_signed_in(self, scope: Scope, headers: Headers, receive: Receive) -> Response:
        """The way in; what was sent in a form meanwhile is shown, so that nobody writes it again."""
        if not _wants_page(headers):
            return JSONResponse({"problem": "sign in"}, 401)
        if scope["method"] in {"GET", "HEAD"}:
            return RedirectResponse("/sign-in", 303)
        try:
            sent = await body_of(Request(scope, receive), FORM_TYPE, self._limits)
            typed = typed_text(parse_qs(sent, max_num_fields=20))
        except (Refused, ValueError):
            typed = ""
        about = {"how": self._settings.way_in, "word": "signed_out_meanwhile", "typed": typed, "is_admin": False}
        language = self.language(headers)
        text = self._pages.page("desk_sign_in.html", self._estate.title, None, about, language=language)
        return HTMLResponse(text, 401)


def typed_text(form: dict[str, list[str]]) -> str:
    """What somebody has written in a form."""
    return next((form[name][0] for name in _TYPED if form.get(name)), "")


def _wants_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")
