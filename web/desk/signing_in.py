"""The addresses at which people sign in and out. The desk has no passwords: somebody else vouches for who it is."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ...documents.local_text import LANGUAGE_NAMES
from ..gate import body_of
from .settings import LinkSignIn, OidcSignIn
from .signing import OneTimeLink, cookie_header, has_form_key, secret_of, signed_person

if TYPE_CHECKING:
    from ...cases.sessions import Person, Sessions
    from ...documents.local_text import SpokenLanguage
    from ..limits import Limits
    from ..live import LiveEstate
    from .refusals import Refusals
    from .settings import DeskSettings
    from .shown import DeskPages


class SigningIn:
    """Signing in, by whatever the settings name."""

    def __init__(
        self,
        estate: LiveEstate,
        sessions: Sessions,
        pages: DeskPages,
        settings: DeskSettings,
        limits: Limits,
        refusals: Refusals,
    ) -> None:
        self._refusals = refusals
        self._estate = estate
        self._sessions = sessions
        self._pages = pages
        self._settings = settings
        self._limits = limits
        sign_in = settings.sign_in
        self.link = OneTimeLink(sign_in) if isinstance(sign_in, LinkSignIn) else None
        self._provider: Any = _provider(sign_in) if isinstance(sign_in, OidcSignIn) else None

    def routes(self) -> APIRouter:
        """What is asked at which address."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/sign-in", self._invite, methods=["GET"], response_model=None)
        router.add_api_route("/sign-out", self._sign_out, methods=["POST"], response_model=None)
        router.add_api_route("/language", self._speak, methods=["POST"], response_model=None)
        if self.link is not None:
            router.add_api_route("/sign-in/link/{key}", self._by_link, methods=["GET"], response_model=None)
        if self._provider is not None:
            router.add_api_route("/sign-in/start", self._start, methods=["GET"], response_model=None)
            router.add_api_route("/sign-in/done", self._done, methods=["GET"], response_model=None)
        return router

    async def _invite(self, request: Request) -> Response:
        return self._page(request, HTTPStatus.OK)

    def _page(self, request: Request, status: int, word: str = "") -> Response:
        about = {"how": self._settings.way_in, "word": word, "typed": "", "is_admin": False}
        language = self._refusals.language(request.headers)
        text = self._pages.page("desk_sign_in.html", self._estate.title, None, about, language=language)
        return HTMLResponse(text, status)

    async def _by_link(self, request: Request) -> Response:
        """The link signs in once; opened a second time, by whomever, it does not."""
        person = None if self.link is None else self.link.person(str(request.path_params["key"]))
        if person is None:
            return self._page(request, HTTPStatus.FORBIDDEN, "link_used")
        return await self._signed_in(request, person)

    async def _start(self, request: Request) -> Response:
        response: Response = await self._provider.authorize_redirect(request, f"{self._settings.address}/sign-in/done")
        return response

    async def _done(self, request: Request) -> Response:
        """The provider sends people here. Whatever is wrong with its answer, nobody is signed in."""
        from authlib.common.errors import AuthlibBaseError
        from httpx import HTTPError

        by = cast("OidcSignIn", self._settings.sign_in)
        try:
            token = await self._provider.authorize_access_token(request)
        except (AuthlibBaseError, HTTPError, ValueError, KeyError):
            return self._page(request, HTTPStatus.FORBIDDEN, "not_signed_in")
        claims: dict[str, Any] = dict(token.get("userinfo") or {})
        person = signed_person(
            str(claims.get("sub", "")),
            str(claims.get("name") or claims.get("email") or ""),
            _texts(claims.get(by.roles)),
            _texts(claims.get(by.teams)),
        )
        if person is None:
            return self._page(request, HTTPStatus.FORBIDDEN, "no_role")
        return await self._signed_in(request, person)

    async def _signed_in(self, request: Request, person: Person) -> Response:
        language = self._refusals.language(request.headers)
        secret, _ = await asyncio.to_thread(self._sessions.begin, person, language, datetime.now(UTC))
        response = RedirectResponse("/desk" if person.may("agent") else "/index.html", HTTPStatus.SEE_OTHER)
        response.headers.append("Set-Cookie", cookie_header(secret, self._settings))
        return response

    async def _sign_out(self, request: Request) -> Response:
        secret, form = await self._own(request)
        if form is None or secret is None:
            return self._page(request, HTTPStatus.FORBIDDEN)
        await asyncio.to_thread(self._sessions.end, secret)
        response = self._page(request, HTTPStatus.OK, "signed_out")
        response.headers.append("Set-Cookie", cookie_header("", self._settings))
        return response

    async def _speak(self, request: Request) -> Response:
        """The language of the pages, for this session."""
        secret, form = await self._own(request)
        if form is None or secret is None:
            return self._page(request, HTTPStatus.FORBIDDEN)
        language, here = form.get("language", ""), form.get("here", "")
        if language in LANGUAGE_NAMES:
            spoken = cast("SpokenLanguage", language)
            await asyncio.to_thread(self._sessions.speak, secret, request.state.session, spoken)
        is_ours = here.startswith("/desk") and here.isprintable() and "\\" not in here
        return RedirectResponse(here if is_ours else "/desk", HTTPStatus.SEE_OTHER)

    async def _own(self, request: Request) -> tuple[str | None, dict[str, str] | None]:
        """The secret of the session, and a form that was made for it; None: for another one."""
        body = await body_of(request, "application/x-www-form-urlencoded", self._limits)
        try:
            form = {name: values[0] for name, values in parse_qs(body, max_num_fields=8).items()}
        except ValueError:
            return None, None
        is_own = has_form_key(request.state.session, form.get("form_key", ""))
        return secret_of(request.headers, self._settings), form if is_own else None


def _texts(claim: object) -> list[str]:
    """A claim that may be one text, with blanks between words, or a list of texts."""
    if isinstance(claim, str):
        return claim.split()
    return [each for each in claim if isinstance(each, str)] if isinstance(claim, list) else []


def _provider(by: OidcSignIn) -> Any:  # noqa: ANN401 - Authlib publishes no types
    from authlib.integrations.starlette_client import OAuth

    return OAuth().register(
        "desk",
        client_id=by.client,
        client_secret=os.environ.get(by.secret),
        server_metadata_url=f"{by.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
    )
