"""Contracts of scripts, for the tests of this folder."""

from collections.abc import Mapping

from fieldline.contracts.model import Field
from fieldline.contracts.read import read_contracts
from fieldline.documents.location import Location
from fieldline.documents.problem import Problems
from fieldline.documents.readings import Readings
from fieldline.documents.tree import mapping, scalar
from fieldline.formats.ddl.cursor import Script
from fieldline.formats.ddl.engines.engine import Engine
from fieldline.formats.ddl.engines.registry import engine
from fieldline.formats.ddl.entities import entities
from fieldline.formats.ddl.migrations import in_order
from fieldline.formats.ddl.replay import replay_script
from fieldline.formats.source import own_name
from fieldline.formats.sources import CONTRACT

AT = Location("contracts/db.yaml", 1, 1)


def fields(script: str | Mapping[str, str], of: Engine | str) -> dict[str, Field]:
    """The fields of a script's tables by `table.column`; the script must be read without a problem."""
    found, problems = read(script, of)
    assert not problems, problems
    return found


def read(script: str | Mapping[str, str], of: Engine | str) -> tuple[dict[str, Field], list[str]]:
    """The fields by `table.column`, and every problem as `file:line:column: message`."""
    files = {"script.sql": script} if isinstance(script, str) else in_order(script)
    problems = Problems()
    schema = replay_script(
        (Script(text, name) for name, text in files.items()), of if isinstance(of, Engine) else engine(of), problems
    )  # type: ignore[arg-type]
    named = [(scalar(own_name(key.value), key.location), node) for key, node in entities(schema, AT).entries]
    tree = mapping((("system", scalar("db", AT)), ("entities", mapping(named, AT))), AT)
    contracts = read_contracts([tree], CONTRACT, problems, Readings())
    return (
        {f"{field.entity}.{field.name}": field for field in contracts.fields.values()},
        [f"{problem.location}: {problem.message}" for problem in problems.all()],
    )


def sentences(field: Field) -> list[str]:
    """What a field demands, in words."""
    return [constraint.sentence for constraint in field.constraints]
