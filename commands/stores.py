"""`fieldline stores`."""

from .exits import ExitCode
from .options import (
    HERE,
    AllowEnvOption,
    AnswerFormat,
    Colour,
    ColourOption,
    EstatePath,
    FileOption,
    FormatOption,
    variables,
)
from .output import Output


def stores_command(
    estate: EstatePath = HERE,
    *,
    allow_env: AllowEnvOption = None,
    output_format: FormatOption = AnswerFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Check that the stores of an estate can be asked for a record.

    Tells which of them answer, which lack the key, and which index would help. Exit code 1: one of them does not answer,
    or needs something. Needs the extra `database` for tables, `rows` for files.
    """
    from ..estate.load import load_estate
    from ..rows.stores.checked import checked_stores

    output = Output("stores", output_format.value, output_file, color)
    with output.reported_problems():
        answer = checked_stores(load_estate(estate, variables=variables(allow_env)))
    output.write(answer)
    return ExitCode.CLEAN if answer.is_well else ExitCode.FINDINGS
