"""An entry's requirement as a pandera schema: the same verdicts, as `SchemaErrors` with every failure case.

    schema = fieldline.pandera_schema(fieldline.load("my-estate").entry("web.signup"))
    schema.validate(frame, lazy=True)

pandera is a form of it and not its meaning: every check is one clause, and names the constraint it comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..values.error import needing_extras
from .engines.polars.expressions import Columns

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandera.polars as pa
    import polars as pl
    from pandera.polars import PolarsData

    from ..application.library import Entry
    from ..checker.requirement.requirement import Clause, Requirement, Uniqueness

    _Check = Callable[[PolarsData], pl.LazyFrame]


def pandera_schema(entry: Entry) -> pa.DataFrameSchema:
    """The schema of frames whose rows are records of the entry. Other columns are not checked.

    Unknown parts of the requirement are in `schema.metadata["not_known"]`.
    """
    with needing_extras("pandera_schema"):
        import pandera.polars as pa

    requirement = entry.requirement
    types = {field.name: field.type for field in entry.entity.fields.values()}
    own: dict[str, list[Any]] = {name: [] for name in types}
    together: list[Any] = []
    for clause in requirement.clauses:
        check = pa.Check(_meeting(requirement, clause), error=entry.words[clause], ignore_na=False)
        (own[clause.fields[0]] if len(clause.fields) == 1 and not clause.guards else together).append(check)
    for unique in requirement.unique:
        check = pa.Check(_differing(requirement, unique), error=entry.taken(unique), ignore_na=False)
        own[unique.field].append(check)
    columns = {  # a field without a column is null in every row
        name: pa.Column(None, checks, nullable=True, required=None not in requirement.values[name])
        for name, checks in own.items()
    }
    doubts = tuple(f"{' + '.join(doubt.fields)}: {doubt.reason}" for doubt in requirement.not_known)
    return pa.DataFrameSchema(
        columns, checks=together, metadata={"not_known": doubts}, name=str(entry.entity.full_name)
    )


def _meeting(requirement: Requirement, clause: Clause) -> _Check:
    return lambda data: data.lazyframe.select(_columns(requirement, data.lazyframe).meets(clause))


def _differing(requirement: Requirement, unique: Uniqueness) -> _Check:
    """Each copy beyond the first fails; null is equal to nothing."""

    def differs(data: PolarsData) -> pl.LazyFrame:
        key = _columns(requirement, data.lazyframe).key(unique)
        return data.lazyframe.select(key.is_null() | key.is_first_distinct())

    return differs


def _columns(requirement: Requirement, frame: pl.LazyFrame) -> Columns:
    kinds = {name: kind for name, kind in frame.collect_schema().items() if name in requirement.entity.fields}
    return Columns(kinds, requirement)
