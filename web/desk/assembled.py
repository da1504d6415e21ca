"""The desk, put together: its database, its addresses, its door."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from starlette.middleware.sessions import SessionMiddleware

from ...cases.database import open_desk_database
from ...cases.held import HeldActions
from ...cases.incoming import IncomingEvents
from ...cases.lookups import Lookups
from ...cases.outgoing import OutgoingEvents
from ...cases.records import RecordNames
from ...cases.sessions import Sessions
from ...cases.store import CaseStore
from .asking import Asking
from .desk import Desk, DeskParts, Kept
from .held import Gates
from .housekeeping import Housekeeping
from .measured import Figures, Meter, measured_routes
from .programs import Programs, ProgramStores
from .refusals import Refusals
from .roots import KnownFaults
from .settings import LinkSignIn
from .shown import DeskPages
from .signing import Door
from .signing_in import SigningIn

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import FastAPI

    from ..kept import AttemptPlace
    from ..limits import Limits
    from ..live import LiveEstate
    from .settings import DeskSettings

_SECONDS_TO_SIGN_IN = 600


def add_desk(
    app: FastAPI,
    estate: LiveEstate,
    settings: DeskSettings,
    limits: Limits,
    attempts: AttemptPlace | None,
    say: Callable[[str], object],
) -> Callable[[], Coroutine[Any, Any, None]]:
    """Add the desk to an application, and put the whole of it behind the door; what is to run beside it.

    Raises Unreadable.
    """
    database = open_desk_database(settings.cases)
    sessions = Sessions(database)
    kept = Kept(CaseStore(database), RecordNames(database), Lookups(database), IncomingEvents(database))
    pages = DeskPages(settings, is_trial=isinstance(settings.sign_in, LinkSignIn))
    refusals = Refusals(estate, pages, settings, limits)
    signing_in = SigningIn(estate, sessions, pages, settings, limits, refusals)
    app.include_router(signing_in.routes())
    gates = Gates(estate, HeldActions(database), kept.records, limits)
    app.include_router(gates.routes())
    asking = Asking(estate, kept.records, settings)
    faults = KnownFaults(estate, kept.cases, pages)
    stores = ProgramStores(kept.cases, kept.records, kept.lookups)
    app.include_router(Programs(stores, asking, gates, settings, limits).routes())
    parts = DeskParts(gates, asking, faults, refusals)
    app.include_router(Desk(estate, kept, pages, settings, limits, attempts, parts).routes())
    estate.cost = faults.cost
    figures = Figures()
    app.include_router(measured_routes(figures, estate, database))
    app.add_middleware(
        SessionMiddleware,
        secret_key=secrets.token_urlsafe(32),
        session_cookie="fieldline-sign-in",
        max_age=_SECONDS_TO_SIGN_IN,
        path="/sign-in",
        https_only=settings.is_secure,
    )
    app.add_middleware(Door, settings=settings, sessions=sessions, refusals=refusals)
    app.add_middleware(Meter, figures=figures)  # outside the door: what is refused is counted too
    if signing_in.link is not None:
        say(
            f"open {settings.address}{signing_in.link.path} to sign in: a trial on this machine, and the link is good once"
        )
    return Housekeeping(settings, database, kept.cases, OutgoingEvents(database)).run
