"""`fieldline serve`."""

import gc
from typing import Annotated

import typer

from .exits import ExitCode
from .options import HERE, AllowEnvOption, EstatePath, variables
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
    allow_env: AllowEnvOption = None,
) -> int:
    """Serve an estate's pages, and a form that traces a value.

    The pages follow the files: after a change, load the page again. Needs the extra `web`.
    """
    import socket

    from ..estate.load import load_estate
    from ..web.server import run_server

    with Output("serve").reported_problems():
        load_estate(estate, variables=variables(allow_env))
    gc.enable()  # this one lives on
    listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    shown, number = listening.getsockname()[:2]
    complain(f"http://{f'[{shown}]' if ':' in shown else shown}:{number}/ shows {estate}. Ctrl+C ends it")
    run_server(estate, listening, variables(allow_env))
    return ExitCode.CLEAN
