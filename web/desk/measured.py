"""Figures of the desk for Prometheus, and whether it is ready. No label holds a value of a record, nor who asked."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy import text

from ...checker.diff.stored_rows import Unreadable
from ..logs import log_request

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ...rows.durable import OwnDatabase
    from ..live import LiveEstate

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


class Figures:
    """What is counted, since the server was started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "fieldline_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "fieldline_request_seconds",
            "Seconds until a request was answered.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )


class Meter:
    """An application whose requests are counted, by the route that answered and not by the address."""

    def __init__(self, app: ASGIApp, *, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._figures.requests.labels(route, scope["method"], str(status)).inc()
            seconds = perf_counter() - start
            self._figures.seconds.labels(route).observe(seconds)
            log_request(route, scope["method"], status, seconds)


def measured_routes(figures: Figures, estate: LiveEstate, database: OwnDatabase) -> APIRouter:
    """`/metrics`, and `/readyz`, which says whether there is an estate to answer from, and a database."""

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)

    async def ready(_: Request) -> Response:
        reasons = [] if estate.is_read else ["the estate is not read"]
        try:
            await asyncio.to_thread(_ask, database)
        except Unreadable:
            reasons.append("the desk's database does not answer")
        return JSONResponse({"status": "waits" if reasons else "ok", "reasons": reasons}, 503 if reasons else 200)

    router = APIRouter(include_in_schema=False)
    router.add_api_route("/metrics", metrics, methods=["GET"], response_model=None)
    router.add_api_route("/readyz", ready, methods=["GET"], response_model=None)
    return router


def _ask(database: OwnDatabase) -> None:
    with database.reading() as connection:
        connection.execute(text("select count(*) from fieldline_cursors"))
