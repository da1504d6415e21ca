"""Who may ask for what: every address but those of signing in belongs to somebody who is signed in."""

from __future__ import annotations

import asyncio
import hmac
import os
import secrets
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from ...cases.sessions import Person, desk_roles
from ...checker.diff.stored_rows import Unreadable
from .settings import SHORTEST_TOKEN, LinkSignIn, ProxySignIn

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ...cases.sessions import DeskRole, Session, Sessions
    from .refusals import Refusals
    from .settings import DeskSettings

OPEN_PATHS = ("/healthz", "/readyz", "/sign-in")
"""Addresses that nobody signs in for, with all below them."""

RIGHTS: tuple[tuple[str, DeskRole], ...] = (
    ("/desk/lookups.csv", "admin"),
    ("/desk/held-all", "steward"),
    ("/desk/link", "admin"),
    ("/desk/events", "admin"),
    ("/gates", "steward"),
    ("/metrics", "admin"),
    ("/desk", "agent"),
    ("/", "reader"),
)
"""What the beginning of an address asks for, the first that fits; each role may do what those before it may."""

_BEARER = "Bearer "
_GROUP = "fieldline-"
"""Before a role, among the groups that a proxy or a provider tells."""
_LONGEST_NAME = 200


def least_role(path: str) -> DeskRole:
    """The role that an address asks for."""
    return next(role for start, role in RIGHTS if path == start or path.startswith(f"{start.rstrip('/')}/"))


def signed_person(user: str, name: str, roles: list[str], groups: list[str]) -> Person | None:
    """Somebody that a proxy or a provider vouches for; None: without a name, or without a role here."""
    own = desk_roles([*roles, *(group.removeprefix(_GROUP) for group in groups if group.startswith(_GROUP))])
    if not user or not own or len(user) > _LONGEST_NAME or not user.isprintable():
        return None
    teams = tuple(group for group in groups if not group.startswith(_GROUP) and group.isprintable() and group)
    shown = name if name and name.isprintable() and len(name) <= _LONGEST_NAME else user
    return Person(user, shown, own, teams)


class Door:
    """An application behind a door."""

    def __init__(self, app: ASGIApp, *, settings: DeskSettings, sessions: Sessions, refusals: Refusals) -> None:
        self._app = app
        self._refusals = refusals
        self._settings = settings
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] not in {"GET", "HEAD"} and not self._is_ours(headers):
            await self._refusals.answer(headers, "other_site", 403)(scope, receive, send)
            return
        if any(path == start or path.startswith(f"{start}/") for start in OPEN_PATHS):
            await self._app(scope, receive, send)
            return
        if headers.get("authorization", "").startswith(_BEARER):
            await self._by_token(scope, headers, receive, send)
            return
        cookie: str | None = None
        try:
            secret = secret_of(headers, self._settings)
            session = None if secret is None else await asyncio.to_thread(self._sessions.session, secret, _now())
            if isinstance(self._settings.sign_in, ProxySignIn):
                session, cookie = await self._by_proxy(scope, headers, session)
        except Unreadable:
            await self._refusals.answer(headers, "unavailable", 503)(scope, receive, send)
            return
        if session is None:
            response = await self._refusals.not_signed_in(scope, headers, receive)
            await response(scope, receive, send)
            return
        scope.setdefault("state", {})["session"] = session
        if not session.person.may(least_role(path)):
            await self._refusals.answer(headers, "may_not", 403, session)(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and cookie is not None:
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, with_cookie)

    async def _by_token(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """A program asks: it gets answers to few questions, and sees no record."""
        given = headers["authorization"].removeprefix(_BEARER).encode()
        tokens = [os.environ.get(name, "").encode() for name in self._settings.robots]
        is_known = any([hmac.compare_digest(token, given) for token in tokens if len(token) >= SHORTEST_TOKEN])  # noqa: C419 - all of them, whichever fits: the time tells nothing
        path = scope["path"]
        if not is_known:
            await JSONResponse({"problem": "this token is not known"}, 401)(scope, receive, send)
        elif not _for_programs(scope["method"], path):
            await JSONResponse({"problem": "this is not for programs"}, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        """Whether a page of this site has sent it, or no page at all (RFC 6454, 7; Fetch Metadata)."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        return headers.get("origin", self._settings.address) == self._settings.address

    async def _by_proxy(
        self, scope: Scope, headers: Headers, session: Session | None
    ) -> tuple[Session | None, str | None]:
        """The session of whom the proxy names, and a cookie for a new one; nobody, where somebody else sends headers."""
        by = self._settings.sign_in
        client = scope.get("client")
        if not isinstance(by, ProxySignIn) or client is None or client[0] not in by.senders:
            return None, None
        if len(headers.getlist(by.user)) != 1:
            return None, None
        groups = [group.strip() for group in ",".join(headers.getlist(by.groups)).split(",")]
        person = signed_person(headers[by.user], headers.get(by.name, ""), [], groups)
        if person is None:
            return None, None
        if session is not None and session.person == person:
            return session, None
        secret, new = await asyncio.to_thread(self._sessions.begin, person, self._refusals.language(headers), _now())
        return new, cookie_header(secret, self._settings)


def _for_programs(method: str, path: str) -> bool:
    """Whether a program may ask for it."""
    if method == "POST":
        return path in {"/validate", "/desk/link", "/desk/events"} or path.startswith("/gates/")
    return path == "/metrics"


def secret_of(headers: Headers, settings: DeskSettings) -> str | None:
    """The secret in the cookie of a request."""
    found = SimpleCookie(headers.get("cookie", "")).get(_cookie_name(settings))
    return None if found is None else found.value


def cookie_header(secret: str, settings: DeskSettings) -> str:
    """The header that sets the cookie; an empty secret takes it away."""
    about = (
        "Path=/; HttpOnly; SameSite=Lax"
        + ("; Secure" if settings.is_secure else "")
        + ("" if secret else "; Max-Age=0")
    )
    return f"{_cookie_name(settings)}={secret}; {about}"


def _cookie_name(settings: DeskSettings) -> str:
    return "__Host-fieldline" if settings.is_secure else "fieldline"


def has_form_key(session: Session, given: str) -> bool:
    """Whether a form was made for this session."""
    return hmac.compare_digest(session.form_key.encode(), given.encode())


def _now() -> datetime:
    return datetime.now(UTC)


class OneTimeLink:
    """The link that signs in whoever opens it first, on this machine, for a trial."""

    def __init__(self, sign_in: LinkSignIn) -> None:
        self._person = Person("trial", "Trial", sign_in.roles)
        self._key: str | None = secrets.token_urlsafe(24)

    @property
    def path(self) -> str:
        """Its path; it is good once."""
        return f"/sign-in/link/{self._key}"

    def person(self, key: str) -> Person | None:
        """Who it signs in; None: another key, or it was opened before."""
        if self._key is None or not hmac.compare_digest(self._key.encode(), key.encode()):
            return None
        self._key = None
        return self._person


def session_of(request: Request) -> Session:
    """The session that the door has let in."""
    session: Session = request.state.session
    return session
