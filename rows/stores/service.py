"""A service over HTTP, asked by GET for single records in JSON, within limits of time and size.

It follows a redirect to no other server: the question holds a customer's number, and the head may hold a token. Variables
of the environment that name a proxy are not read.
"""

from __future__ import annotations

import json
from base64 import b64encode
from decimal import Decimal
from http.client import HTTPException
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from ...checker.diff.stored_rows import Unreadable
from ...checker.record.asking import MOST_RECORDS, FoundRecords
from ...contracts.store import ASKED_BY
from ...documents.variables import VariableError
from .held import fits, held_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from http.client import HTTPMessage

    from ...checker.record.asking import HeldValues, StoreQuestion
    from ...contracts.model import Entity
    from ...contracts.store import EntityStore, HttpStore
    from ...documents.variables import Variables
    from ...values.valueset import Value

_MOST_BYTES = 1 << 20
"""The longest answer that is read: a record, or a page of them."""
_PIECE = 1 << 16
_GONE = (404, 410)
"""The answers of a service that has no such record. Source: RFC 9110, 15.5.5 and 15.5.11."""


class RecordService:
    """The service that holds an entity's records."""

    def __init__(self, entity: Entity, store: EntityStore, place: HttpStore, variables: Variables) -> None:
        self._entity = entity
        self._store = store
        self._place = place
        self._variables = variables

    def find(self, question: StoreQuestion) -> FoundRecords:
        """The records that a question asks for. Raises Unreadable."""
        path = self._place.path_for(question.where)
        if path is None:
            raise Unreadable(f"{self._place} cannot be asked by {' and '.join(question.where)}")
        end = monotonic() + self._store.seconds
        found: dict[tuple[object, ...], HeldValues] = {}
        for asked in _paths(path, question):
            for record in self._records(asked, end):
                held = self._held(record)
                if fits(question, held):
                    found[tuple(held.items())] = held
        records = tuple(found.values())
        return FoundRecords(records[:MOST_RECORDS], more=len(records) > MOST_RECORDS)

    def fields(self) -> Sequence[str]:
        """All fields: a service does not say which it has. Raises Unreadable where nothing answers."""
        self._get("/", monotonic() + self._store.seconds)
        return list(self._entity.fields)

    def prepare(self, _names: Sequence[str]) -> None:
        """The service has what it needs."""

    def indexed(self) -> None:
        """What a service has is not known."""
        return

    def _records(self, path: str, end: float) -> list[Mapping[str, object]]:
        """The records in the answer to a path."""
        body = self._get(path, end)
        found: object = None if body is None else _json(body)
        for name in self._place.record:
            found = found.get(name) if isinstance(found, dict) else None
        each = found if isinstance(found, list) else [] if found is None else [found]
        records: list[Mapping[str, object]] = [record for record in each if isinstance(record, dict)]
        if len(records) < len(each):
            raise Unreadable("its answer holds no record where one must stand", "a JSON object, or a list of them")
        return records

    def _held(self, record: Mapping[str, object]) -> HeldValues:
        members = {name: _member(record, self._store.column(name)) for name in self._entity.fields}
        row = {name: found[0] for name, found in members.items() if found}
        return held_values(self._entity, {name: name for name in row}, row)

    def _get(self, path: str, end: float) -> bytes | None:
        """The body of an answer; None: there is no such thing. Raises Unreadable, without a part of the path."""
        request = self._request(path)
        opener = OpenerDirector()
        for handler in (HTTPHandler(), HTTPSHandler(), _SameServer(), HTTPDefaultErrorHandler(), HTTPErrorProcessor()):
            opener.add_handler(handler)
        body = b""
        try:
            with opener.open(request, timeout=max(0.001, end - monotonic())) as answer:
                while piece := answer.read1(_PIECE):
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise Unreadable(f"its answer is longer than {_MOST_BYTES >> 20} MiB")
                    if monotonic() > end:
                        raise Unreadable(f"it was not read within {self._store.seconds} s")
        except HTTPError as error:
            if error.code in _GONE:
                return None
            raise Unreadable(f"it answered with status {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise Unreadable(_reason(reason)) from None
        return body

    def _request(self, path: str) -> Request:
        try:
            address = urlsplit(self._variables.value(self._place.variable))
            token = None if self._place.token is None else self._variables.value(self._place.token)
        except VariableError as error:
            raise Unreadable(error.message, error.expected) from None
        except ValueError:
            raise Unreadable(f"{self._place.variable} holds no address", "http://… or https://…") from None
        if address.scheme not in {"http", "https"} or not address.hostname or address.query or address.fragment:
            raise Unreadable(f"{self._place.variable} holds no address of a service", "http://… or https://…")
        server = address.netloc.rpartition("@")[2]
        heads = {"Accept": "application/json", "User-Agent": "fieldline"}
        if token is not None:
            heads["Authorization"] = f"Bearer {token}"
        elif address.username is not None:
            pair = f"{unquote(address.username)}:{unquote(address.password or '')}"
            heads["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        whole = urlunsplit((address.scheme, server, address.path.rstrip("/"), "", "")) + path
        return Request(whole, headers=heads, method="GET")  # noqa: S310 - http and https alone, as said above


class _SameServer(HTTPRedirectHandler):
    """Follows a redirect on the same server, and to no other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        here, there = urlsplit(req.full_url), urlsplit(newurl)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise URLError("it leads to another server")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _paths(path: str, question: StoreQuestion) -> Iterator[str]:
    """The path with each of the values that are asked for, percent-encoded; a null is asked for by nobody."""
    filled = [path]
    for name in dict.fromkeys(ASKED_BY.findall(path)):
        texts = dict.fromkeys(_written(value) for value in _spellings(question, name) if value is not None)
        filled = [each.replace(f"{{{name}}}", quote(text, safe="")) for each in filled for text in texts if text]
    return iter(text for text in filled if not {".", ".."} & set(text.partition("?")[0].split("/")))


def _spellings(question: StoreQuestion, name: str) -> Iterator[Value]:
    """The values of a field; where others are alike, in small letters and in capitals as well."""
    for value in question.where[name]:
        yield value
        if question.alike and isinstance(value, str):
            yield from (value.strip(" "), value.strip(" ").lower(), value.strip(" ").upper())


def _written(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | str() | Decimal() | None:
            return str(value)
        case _:
            return value.isoformat()


def _member(record: Mapping[str, object], name: str) -> tuple[object, ...]:
    """A member, or one inside of another by a name with points; nothing where there is none."""
    if name in record:
        return (record[name],)
    first, point, rest = name.partition(".")
    inner = record.get(first)
    return _member(inner, rest) if point and isinstance(inner, dict) else ()


def _json(body: bytes) -> object:
    """The value of a JSON text. Raises Unreadable: also for a name that stands twice, and for half a character."""
    try:
        value: object = json.loads(
            body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_rejected, object_pairs_hook=_once
        )
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError):
        raise Unreadable("its answer is not JSON", "a JSON text in UTF-8, each name once") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError
    return members


def _rejected(_word: str) -> NoReturn:
    raise ValueError


def _reason(error: object) -> str:
    """Why nothing was heard, without the address, which holds what was asked for."""
    match error:
        case TimeoutError():
            return "it did not answer in time"
        case "it leads to another server":
            return "it leads to another server"
        case ConnectionRefusedError():
            return "nobody answers at its address"
        case _:
            return f"it could not be asked ({type(error).__name__})"
