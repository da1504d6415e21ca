"""Files at addresses: over https alone, with limits, and no server leads elsewhere. The server is a real one."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldline.documents import download as download_module
from fieldline.documents.download import DownloadError, download

if TYPE_CHECKING:
    from collections.abc import Iterator

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""The key and the certificate of `localhost`, made for these tests and trusted by nobody else."""


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        to = {"/moved": "/file", "/down": "http://localhost/file", "/disk": "file:///etc/passwd", "/round": "/round"}
        if self.path in to:
            self.send_response(302)
            self.send_header("Location", to[self.path])
            self.end_headers()
        elif self.path in {"/file", "/large"}:
            body = b"x" * (5 if self.path == "/file" else 2_000)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif self.path == "/silent":
            self.server.silence.wait(20)  # type: ignore[attr-defined] # of the server below
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where a server answers whose certificate is trusted."""
    server = HTTPServer(("127.0.0.1", 0), _Answers)
    server.silence = threading.Event()  # type: ignore[attr-defined] # ends the answer that does not come
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"https://localhost:{server.server_address[1]}"
    server.silence.set()  # type: ignore[attr-defined] # see above
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_file_is_read_also_where_it_has_moved(address: str) -> None:
    assert download(f"{address}/file") == b"xxxxx"
    assert download(f"{address}/moved") == b"xxxxx"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/nothing", "Not Found"),
        ("/down", "which is not https"),
        ("/disk", "is not allowed"),
        ("/round", "redirect"),
    ],
)
def test_what_cannot_be_had_is_said(address: str, path: str, said: str) -> None:
    with pytest.raises(DownloadError, match=said):
        download(address + path)


def test_a_server_that_is_not_trusted_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(DownloadError, match="CERTIFICATE_VERIFY_FAILED"):
        download(f"{address}/file")


def test_size_and_silence_have_limits(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_module, "MOST_BYTES", 1_000)
    with pytest.raises(DownloadError, match="larger than"):
        download(f"{address}/large")
    monkeypatch.setattr(download_module, "_SECONDS", 0.2)
    with pytest.raises(DownloadError, match="timed out"):
        download(f"{address}/silent")


@pytest.mark.parametrize("other", ["http://localhost/x", "file:///etc/passwd", "ftp://localhost/x", "data:,x"])
def test_only_https_is_spoken(other: str) -> None:
    with pytest.raises(DownloadError):
        download(other)
