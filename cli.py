"""The command line: every command, and the outermost edge, where exceptions become messages and exit codes.

0   clean, or a question was answered
1   findings at or above --fail-on
2   bad usage, something that could not be read or written, or a package that is not installed: nothing is claimed
3   an internal error: a bug in Fieldline
"""

import gc
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from . import __version__
from .commands.attempts import attempts_command
from .commands.audit import audit_command
from .commands.check import check_command
from .commands.comment import comment_command
from .commands.diff import diff_command
from .commands.docs import docs_command
from .commands.drift import drift_command
from .commands.exits import ExitCode
from .commands.explain import explain_command
from .commands.export import export_command
from .commands.gate import gate_command
from .commands.graph import graph_command
from .commands.group import CommandGroup
from .commands.import_ import import_command
from .commands.init import init_command
from .commands.lock import lock_command
from .commands.publish import publish_command
from .commands.reconcile import reconcile_command
from .commands.schema import schema_command
from .commands.screen import screen_command
from .commands.serve import serve_command
from .commands.stores import stores_command
from .commands.trace import trace_command
from .commands.trace_modes.words import TraceWords
from .commands.validate import validate_command
from .commands.watchdog import Overrun
from .commands.writing import abandon, complain, plain, print_text

_USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]
"""The base class of errors in a command line. Typer does not export it, and may have its own copy of click."""


app = typer.Typer(
    cls=CommandGroup,
    help="Checks, before a value is entered, that every downstream system accepts it; or proves that one does not.",
    epilog="Exit codes: 0 clean, 1 findings, 2 bad usage or input (check not run), 3 a bug in Fieldline.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print_text(f"fieldline {__version__}\n")
        raise typer.Exit


@app.callback()
def _fieldline(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    _debug: Annotated[bool, typer.Option("--debug", help="On an internal error, show the traceback.")] = False,
) -> None:
    pass


_COMMANDS: Mapping[str, Callable[..., int]] = {
    "init": init_command,
    "check": check_command,
    "diff": diff_command,
    "comment": comment_command,
    "screen": screen_command,
    "trace": trace_command,
    "stores": stores_command,
    "reconcile": reconcile_command,
    "gate": gate_command,
    "validate": validate_command,
    "attempts": attempts_command,
    "drift": drift_command,
    "audit": audit_command,
    "lock": lock_command,
    "publish": publish_command,
    "import": import_command,
    "export": export_command,
    "graph": graph_command,
    "docs": docs_command,
    "serve": serve_command,
    "explain": explain_command,
    "schema": schema_command,
}
for _name, _command in _COMMANDS.items():
    app.command(_name, cls=TraceWords if _name == "trace" else None)(_command)


def main() -> None:
    """The command `fieldline`."""
    gc.disable()  # a command makes millions of objects and hardly a cycle; collection costs a tenth of the time
    sys.exit(_run())


def _run() -> int:
    try:
        return int(app(sys.argv[1:] or ["--help"], prog_name="fieldline", standalone_mode=False) or ExitCode.CLEAN)
    except _USAGE_ERROR as error:
        return _misused(error)
    except typer.Abort:
        return ExitCode.ABORTED
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        complain(f"{named}{error.strerror or error}")
        abandon(sys.stdout)
        return ExitCode.UNUSABLE
    except Overrun as error:
        complain(str(error))
        return ExitCode.BUG
    except Exception as error:  # noqa: BLE001 - the outermost edge: a bug is reported as one
        return _broken(error)


def _misused(error: Any) -> int:  # noqa: ANN401 - typer does not export the type of this error
    path = error.ctx.command_path if error.ctx else "fieldline"
    complain(f"{error.format_message()} (see {path} --help)")
    return ExitCode.UNUSABLE


def _broken(error: Exception) -> int:
    import traceback

    if "--debug" in sys.argv:
        lines = "".join(traceback.format_exception(error)).splitlines()
        print_text("".join(f"{plain(line)}\n" for line in lines), sys.stderr)
    place = traceback.extract_tb(error.__traceback__)[-1]
    complain(
        f"internal error ({type(error).__name__} at {Path(place.filename).name}:{place.lineno}). This is a bug in "
        "Fieldline, not in your estate, and the check was not run. Please report it, with the command you typed and the "
        "output of fieldline --debug for it: CONTRIBUTING.md explains how."
    )
    return ExitCode.BUG
