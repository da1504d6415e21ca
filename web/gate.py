"""What every request passes: who may ask, in which form, how much and how long."""

from __future__ import annotations

import asyncio
import logging
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.routing import Match

from ..values.error import FieldlineError
from .bugs import bug_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .limits import Limits

_LOG = logging.getLogger("fieldline.web")
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""What is no page loads and runs nothing (Content Security Policy Level 3)."""
_PAGES_POLICY = "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
"""Every page says itself, in its head, which script and which style are its own."""


class Gate:
    """An application behind checks: it answers only to its own names, which are this machine's where nobody else is asked.

    So no page of another site gets an answer by pointing its own name here (DNS rebinding). HEAD is answered as GET.
    """

    def __init__(self, app: ASGIApp, *, is_local: bool, host: str | None = None) -> None:
        """`is_local`: it listens to this machine alone. `host`: the name that it is reached by; None: not known."""
        self._app = app
        self._is_local = is_local
        self._host = host
        # a form of a page without a referrer is sent without an origin (Fetch, 3.1): the desk asks for both
        self._headers = _HEADERS if host is None else {**_HEADERS, "Referrer-Policy": "same-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        has_started = False

        async def with_headers(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                is_page = headers.get("Content-Type", "").startswith("text/html")
                headers["Content-Security-Policy"] = _PAGES_POLICY if is_page else _POLICY
            await send(message)

        app = self._app
        if not self._is_named(Headers(scope=scope).get("host", "")):
            app = PlainTextResponse("This machine is not called that.", 400)
        asked: dict[str, Any] = dict(scope)
        if scope["method"] == "HEAD":  # the server leaves out the content
            asked["method"] = "GET"
        try:
            await app(asked, receive, with_headers)
        except Exception as error:  # noqa: BLE001 - the outermost edge: a bug is told as one, without its values
            _LOG.error("%s", bug_line(error))
            if not has_started:
                await PlainTextResponse("Internal error: a bug in Fieldline.", 500)(asked, receive, with_headers)
        except asyncio.CancelledError:  # the server stops, and has waited long enough
            if not has_started:
                await PlainTextResponse("The server stops.", 503)(asked, receive, with_headers)

    def _is_named(self, host: str) -> bool:
        if self._is_local and names_loopback(host):
            return True
        return not self._is_local if self._host is None else host.lower() == self._host.lower()


def names_loopback(host: str) -> bool:
    """Whether the header Host (RFC 9110, 7.2) holds a name or an address that every machine gives itself."""
    name, bracket, port = host.rpartition("]")
    if not bracket:
        name, _, port = host.partition(":")
    elif name[:1] != "[" or port[:1] not in {"", ":"}:
        return False
    port = port.removeprefix(":")
    if port and not (port.isascii() and port.isdigit()):
        return False
    return name.lower() == "localhost" or (bool(name) and is_loopback(name.removeprefix("[")))


def is_loopback(address: str) -> bool:
    """Whether an address, such as 127.0.0.2 or ::1, reaches this machine alone."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped.is_loopback
    return parsed.is_loopback


class Refused(FieldlineError):
    """A request that is not answered, with its status and the reason."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def allowed_methods(routes: Iterable[BaseRoute], scope: Scope) -> str:
    """The methods of an address, as the header Allow lists them (RFC 9110, 10.2.1)."""
    here = [route for route in routes if route.matches(scope)[0] is not Match.NONE]
    path = getattr(here[0], "path", None)  # the routes behind the first one are of any page
    methods = {method for route in here if getattr(route, "path", None) == path for method in _methods(route)}
    return ", ".join(sorted(methods))


def _methods(route: BaseRoute) -> set[str]:
    methods = set(getattr(route, "methods", None) or ())
    return methods | {"HEAD"} if "GET" in methods else methods


async def body_of(request: Request, media_type: str, limits: Limits) -> str:
    """The body of a request, as text. Raises Refused and ClientDisconnect.

    A body that is too long is read to its end before it is refused: a client that still sends would not see the answer.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bytearray()
    length = 0
    try:
        async with asyncio.timeout(limits.request_seconds):
            async for part in request.stream():
                length += len(part)
                if length <= limits.body_bytes:
                    body += part
    except TimeoutError:
        raise Refused(408, f"the request did not arrive within {limits.request_seconds:g} seconds") from None
    if length > limits.body_bytes:
        raise Refused(413, f"too long: at most {limits.body_bytes:,} bytes")
    if given != media_type:
        raise Refused(415, f"expected: Content-Type: {media_type}")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refused(422, "not in UTF-8") from None
