"""What engines do differently or in a way of their own, said once an estate and not once a field.

A difference that changes a verdict is in that verdict's reason. What is said here changes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.condition_rules import rules_of
from ...lineage.engines import TITLES
from ...lineage.running import Running
from ...lineage.transform import varies
from ...lineage.transforms.fixed import PerhapsNull
from ...lineage.transforms.join import Concat
from ...lineage.transforms.moment import RoundedInstant
from ...values.valueset import ValueSet
from ..messages import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import KnownEngine
    from ...lineage.graph import Link
    from ..judging.context import Context

_OWN_WAYS: dict[KnownEngine, str] = {
    "oracle": "Oracle takes the empty text for null",
    "postgres": "PostgreSQL rejects a text with U+0000",
}
_DIGITS: dict[KnownEngine, str] = {
    "postgres": "microseconds",
    "redshift": "microseconds",
    "duckdb": "microseconds",
    "spark": "microseconds",
    "databricks": "microseconds",
    "bigquery": "microseconds",
    "python": "microseconds",
    "mysql": "whole seconds unless asked for more",
    "mariadb": "whole seconds unless asked for more",
    "sqlserver": "1/300 s or 100 nanoseconds",
    "oracle": "whole seconds or microseconds",
    "snowflake": "nanoseconds",
    "db2": "microseconds",
    "sqlite": "what is written",
    "node": "milliseconds",
    "java": "nanoseconds",
}
"""The fraction of a second that an instant keeps. PostgreSQL 15, 8.5; MySQL 8.0, 11.2.6; MariaDB, DATETIME; SQL Server
2022, datetime and datetime2; Oracle 19c, DATE and TIMESTAMP; Snowflake, BigQuery, Spark, Redshift, Db2: TIMESTAMP;
ECMA-262, Date; Java SE 17, Instant; Python, datetime."""


def engine_notes(context: Context) -> tuple[str, ...]:
    """The notes on an estate, each once."""
    return (*_steps(context), *_conditions(context), *_values(context))


def _steps(context: Context) -> Iterator[str]:
    graph = context.graph
    running = Running(graph.contracts)
    differing: set[str] = set()
    flows = 0
    for link in graph.links:
        runners = running.runners(link.flow)
        via = (step for step in link.flow.via if not isinstance(step, Concat))
        steps = (*(step for source in link.flow.sources for step in source.via), *via)
        run = (running.run_by(runners, (step,)) for step in steps if not isinstance(step, PerhapsNull))
        found = {step.name for (step,) in run if varies((step,))}
        found |= {link.join.name} if link.join and len(link.join.null_ways(runners)) > 1 else set()
        flows += bool(found)
        differing |= found
    if flows:
        steps_named = listed(sorted(differing))
        yield (
            f"engines do {steps_named} differently, in {count(flows, 'flow')}: where an answer depends on it, it is not "
            "decided, and names the text; elsewhere it is the same for all of them"
        )


def _conditions(context: Context) -> Iterator[str]:
    graph = context.graph
    running = Running(graph.contracts)
    compared = 0
    for condition, runners in {
        (link.when, running.runners(link.flow)): None for link in graph.links if link.when is not None
    }:
        compares = any(graph.fields[name].type == "text" for name in condition.compared)
        compared += compares and len({rules.collation for rules in rules_of(runners)}) > 1
    if compared:
        yield (
            f"engines compare texts differently, in {count(compared, 'condition')}: where an answer depends on it, it is "
            "not decided, and names the text; `collation` beside `engine` says which is meant"
        )


def _values(context: Context) -> Iterator[str]:
    contracts, graph = context.graph.contracts, context.graph
    by_engine: dict[KnownEngine, list[str]] = {}
    for system in contracts.systems:
        named = contracts.engine_of(system)
        if named is not None:
            by_engine.setdefault(named[0], []).append(system)
    fed = {link.target for link in graph.links}
    for engine, words in _OWN_WAYS.items():
        systems = [
            name for name in by_engine.get(engine, ()) if any(f.system == name and f.type == "text" for f in fed)
        ]
        if systems:
            yield f"{words}: {listed(systems)}. It is judged where the contract says so"
    moved = [link for link in graph.links if link.target.type == "datetime" == link.sources[0].type]
    ends = {contracts.engine_of(field.system) for link in moved for field in (*link.sources, link.target)}
    kept = {TITLES[each[0]]: _DIGITS[each[0]] for each in ends if each is not None}
    if len(set(kept.values())) > 1:
        words = listed([f"{title} {digits}" for title, digits in sorted(kept.items())])
        yield f"instants keep fractions of a second differently: {words}. That is not judged"
    coarser = sorted({link.target.system for link in graph.links if _loses_fractions(context, link)})
    if coarser:
        yield (
            f"fractions of a second that a field does not keep are rounded or cut: {listed(coarser)}. That is told as no "
            "loss; two instants that become equal in a unique field are a collision"
        )


def _loses_fractions(context: Context, link: Link) -> bool:
    """Whether an instant may arrive with a finer fraction of a second than the field at its end keeps."""
    if link.sources[0].type != "datetime":
        return False
    transforms = context.graph.storage(link.target.full_name).transforms
    held = ValueSet.of_type("datetime") & link.sources[0].accepts
    return any(isinstance(step, RoundedInstant) and not held <= step.apart for step in transforms)
