"""`fieldline serve`."""

import gc
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .exits import ExitCode
from .options import HERE, AllowEnvOption, AttemptsKeyOption, EstatePath, variables
from .output import Output
from .writing import complain

if TYPE_CHECKING:
    from ..estate.load import Estate
    from ..web.desk.settings import DeskSettings


def serve_command(
    estate: EstatePath = HERE,
    *,
    host: Annotated[
        str,
        typer.Option(
            "--host", help="The address to listen at; other machines reach it only if it is not this machine's own."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="The port; 0: any that is free.")] = 8000,
    attempts: Annotated[
        str | None,
        typer.Option(
            "--attempts",
            metavar="PLACE",
            help="Keep the records that are rejected, values encrypted: a file outside of the estate, or env:VARIABLE, "
            "which holds the URL of a PostgreSQL. [default: as attempts in fieldline.yaml says]",
            show_default=False,
        ),
    ] = None,
    attempts_key: AttemptsKeyOption = None,
    attempts_days: Annotated[
        int | None,
        typer.Option(
            "--attempts-days",
            min=1,
            max=3_650,
            help="How long they are kept. [default: as fieldline.yaml says, or 90]",
            show_default=False,
        ),
    ] = None,
    desk: Annotated[
        Path | None,
        typer.Option(
            "--desk",
            metavar="FILE",
            help="The settings of the desk, on which people who are signed in find records and hand over what is wrong "
            "with them. Needs the extra `desk`.",
        ),
    ] = None,
    log_format: Annotated[
        Literal["text", "json"],
        typer.Option(
            "--log-format",
            envvar="FIELDLINE_LOG_FORMAT",
            help="text for people; json: a line for whatever happens, requests included, without personal data.",
        ),
    ] = "text",
    allow_env: AllowEnvOption = None,
) -> int:
    """Serve an estate's pages, a trace form, and the desk.

    The pages follow the files: after a change, load the page again. Needs the extra `web`.
    """
    import logging
    import os
    import socket

    from ..documents.problem import EstateError, Problem
    from ..estate.layout import estate_root
    from ..estate.load import load_estate
    from ..web.kept import AttemptPlace
    from ..web.logs import LOG_FORMAT, set_up_logs, writes_json
    from ..web.server import run_server

    if attempts is not None and Path(attempts).resolve().is_relative_to(estate_root(estate).resolve()):
        raise typer.BadParameter("keep attempts outside of the estate's folder: it is read again when a file changes")
    with Output("serve").reported_problems():
        loaded = load_estate(estate, variables=variables(allow_env))
        kept = AttemptPlace.of(loaded.kept_attempts, attempts, attempts_key, attempts_days)
        if kept is not None:
            kept.opened()
        settings = None if desk is None else _desk_settings(desk, loaded, host)
        if settings is None and any(entity.store is not None for entity in loaded.contracts.entities.values()):
            expected = "--desk FILE, with sign_in"
            raise EstateError(
                [Problem(None, "this estate has stores: nobody is served who is not signed in", expected)]
            )
    gc.enable()  # this one lives on
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    shown, number = listening.getsockname()[:2]
    place = f"http://{f'[{shown}]' if ':' in shown else shown}:{number}"
    if settings is not None and not settings.address:
        settings = replace(settings, address=place)
    os.environ[LOG_FORMAT] = log_format  # workers are processes of their own
    set_up_logs()
    say = logging.getLogger("fieldline.web").info if writes_json() else complain
    say(f"{place}/ shows {estate}. Ctrl+C ends it")
    with Output("serve").reported_problems():
        run_server(estate, listening, variables(allow_env), attempts=kept, desk=settings, say=say)
    return ExitCode.CLEAN


def _desk_settings(file: Path, estate: "Estate", host: str) -> "DeskSettings":
    """The settings, held to what they need: the provider's secret, the holidays of calendars. Raises EstateError.

    `host`: where the desk is to listen.
    """
    import os

    from ..cases.promise import unknown_countries
    from ..documents.problem import EstateError, Problem, nearest, shorten
    from ..web.desk.settings import SHORTEST_TOKEN, LinkSignIn, OidcSignIn, read_desk_settings
    from ..web.gate import names_loopback

    settings = read_desk_settings(file)
    problems = list(unknown_countries(list(estate.calendars.values())))
    by = settings.sign_in
    if isinstance(by, LinkSignIn) and not names_loopback(f"[{host}]" if ":" in host else host):
        message = f"a link signs people in on this machine alone, and the desk is to listen at {shorten(host)}"
        problems.append(Problem(None, message, "--host 127.0.0.1, or sign_in by oidc or a proxy"))
    if isinstance(by, OidcSignIn) and not os.environ.get(by.secret):
        message = f"the environment variable {shorten(by.secret)} is not set"
        problems.append(Problem(None, message, "the secret of the desk at the provider"))
    heard = settings.events
    for name in () if heard is None else filter(None, (heard.url, heard.token)):
        if not os.environ.get(name):
            problems.append(
                Problem(None, f"the environment variable {shorten(name)} is not set", "where events are sent")
            )
    systems = [system.name for system in estate.contracts.systems.values()]
    for name in sorted({name for opened in (settings.teams or {}).values() for name in opened} - set(systems)):
        message = f"the desk's teams name {shorten(name)}, which is no system of this estate"
        problems.append(Problem(None, message, suggestion=nearest(name, tuple(systems))))
    for name in settings.robots:
        if len(os.environ.get(name, "")) < SHORTEST_TOKEN:
            message = f"the environment variable {shorten(name)} holds no token of a robot"
            problems.append(Problem(None, message, f"at least {SHORTEST_TOKEN} characters that nobody can guess"))
    if problems:
        raise EstateError(problems)
    return settings
