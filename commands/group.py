"""The commands together: what every one of them does with an unknown name and a missing package."""

from typing import Any

import typer
from typer.core import TyperGroup

from ..values.error import missing_extra
from .exits import ExitCode
from .writing import complain


class CommandGroup(TyperGroup):
    """The commands. In every command, an unknown name is bad usage, and a missing package names its extra."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer has no public type for the context of a group
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            missing = missing_extra(error, f"fieldline {ctx.invoked_subcommand}")
            if missing is None:
                raise
            complain(str(missing))
            raise typer.Exit(ExitCode.UNUSABLE) from error
        except LookupError as error:
            from ..application.names import UnknownName

            if not isinstance(error, UnknownName):
                raise
            raise typer.BadParameter(str(error)) from None
