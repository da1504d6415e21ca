"""`fieldline serve`."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from .exits import ExitCode
from .options import HERE, AllowEnvOption, AttemptsKeyOption, EstatePath, variables
from .output import Output
from .writing import complain


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
            help="Keep the records that are refused, values encrypted: a file outside of the estate, or env:VARIABLE, "
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
    allow_env: AllowEnvOption = None,
) -> int:
    """Serve an estate's pages, and a form that traces a value.

    The pages follow the files: after a change, load the page again. Needs the extra `web`.
    """
    import socket

    from ..estate.layout import estate_root
    from ..estate.load import load_estate
    from ..web.kept import AttemptPlace
    from ..web.server import run_server

    if attempts is not None and Path(attempts).resolve().is_relative_to(estate_root(estate).resolve()):
        raise typer.BadParameter("keep attempts outside of the estate's folder: it is read again when a file changes")
    with Output("serve").reported_problems():
        kept = AttemptPlace.of(
            load_estate(estate, variables=variables(allow_env)).kept_attempts, attempts, attempts_key, attempts_days
        )
        if kept is not None:
            kept.opened()
    gc.enable()  # this one lives on
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    shown, number = listening.getsockname()[:2]
    complain(f"http://{f'[{shown}]' if ':' in shown else shown}:{number}/ shows {estate}. Ctrl+C ends it")
    run_server(estate, listening, variables(allow_env), attempts=kept)
    return ExitCode.CLEAN
