"""A file at an address, read over https and nothing else, with limits of size and time, and without credentials."""

from __future__ import annotations

from http.client import HTTPException
from typing import IO, TYPE_CHECKING
from urllib.error import URLError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from ..values.error import FieldlineError
from .yaml_events import MOST_BYTES

if TYPE_CHECKING:
    from http.client import HTTPMessage

_SECONDS = 30
"""The longest silence of a server."""


class DownloadError(FieldlineError):
    """A file cannot be fetched."""


def download(address: str) -> bytes:
    """The content of a file at an https address. Raises DownloadError."""
    if not address.startswith("https://"):
        raise DownloadError("it is not an https address")
    opener = OpenerDirector()
    handlers = (ProxyHandler(), HTTPSHandler(), _Redirects(), HTTPDefaultErrorHandler(), HTTPErrorProcessor())
    for handler in handlers:
        opener.add_handler(handler)
    try:
        with opener.open(Request(address), timeout=_SECONDS) as answer:  # noqa: S310 - https is all the opener speaks
            data: bytes = answer.read(MOST_BYTES + 1)
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise DownloadError(str(reason) or type(error).__name__) from error
    if len(data) > MOST_BYTES:
        raise DownloadError(f"it is larger than {MOST_BYTES >> 20} MiB")
    return data


class _Redirects(HTTPRedirectHandler):
    """Follows a server to another https address."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if not newurl.startswith("https://"):
            raise URLError(f"it leads to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)
