"""Every rule over records held against all records of the stores it speaks of, by polars.

Rules over the fields of one record are judged once for each distinct combination of their values; only records that break a
rule are kept, in files of a folder. Where what was asked for and what was done stand in two stores, these are joined by the
key that the flows bring from one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from ...checker.diff.stored_rows import Unreadable
from ...checker.judging.context import Context
from ...checker.record.crossing import by_reference, crossings
from ...checker.record.stop import WRONG_STATES
from ...documents.temporary import temporary_folder
from ...estate.movements import Directed
from ...lineage.graph import Graph
from ...values.budget import STANDARD
from ..engines.polars.by_value import by_distinct_value
from ..files import reading
from ..reconcile.columns import value_in
from ..reconcile.compare import reconcile
from ..reconcile.prepared import PreparedPair, given_column, held_column, key_column
from ..reconcile.whole import whole_store
from .answer import AcrossAnswer, AcrossRule, DeviationCount
from .channels import UNDECIDED, let_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from ...checker.record.crossing import Crossing
    from ...contracts.constraint import Constraint
    from ...contracts.model import Entity, Field
    from ...documents.names import EntityName, FieldName
    from ...estate.load import Estate
    from ...estate.movements import RecordMovement
    from ...estate.record_rules import Agreeing, Complete
    from ...lineage.condition import Condition
    from ...values.budget import Budget
    from ...values.valueset import Value
    from ..reconcile.answer import ReconciledPair
    from ..sources import Progress
    from .answer import AcrossKind

_KEY, _DEVIATION = "key", "deviation"
_KEY_SCHEMA = {"rule": pl.String, "kind": pl.String, "field": pl.String, "deviation": pl.String, "key": pl.String}


def audit_across(
    estate: Estate,
    now: datetime,
    progress: Progress,
    *,
    keys: Callable[[pl.LazyFrame], None] | None = None,
    budget: Budget = STANDARD,
) -> AcrossAnswer:
    """Hold the stored records against every rule over records, and against the rules between fields of their contracts.

    `keys` receives the keys of all records that break a rule, a row for each rule. Raises Unreadable only from `keys`: a
    store that cannot be read is told with its rules.
    """
    with temporary_folder() as folder:
        auditor = _Auditor(estate, folder, now, progress, budget)
        rules = [*auditor.complete(), *auditor.channels(), *auditor.movements(), *auditor.checks()]
        records = auditor.broken()
        if keys is not None:
            keys(auditor.lines())
    return AcrossAnswer(estate, sorted(rules, key=_urgency), records)


def _urgency(rule: AcrossRule) -> tuple[bool, bool, int, str]:
    is_critical = rule.impact is not None and rule.impact.is_critical
    return (not rule.counts, not is_critical, -rule.broken, str(rule.location))


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule, and what it makes of the values of a record."""

    kind: AcrossKind
    words: str
    constraint: Constraint | RecordMovement | Agreeing
    field: Field
    reads: tuple[FieldName, ...]
    when: Condition | None
    deviation: Callable[[dict[FieldName, Value]], str | None]

    def of(self, values: dict[FieldName, Value]) -> str | None:
        """What is wrong with a record; None: nothing, or it is not meant."""
        if self.when is not None and not self.when.holds(values):
            return None
        return self.deviation(values)


class _Auditor:
    def __init__(self, estate: Estate, folder: Path, now: datetime, progress: Progress, budget: Budget) -> None:
        self._estate, self._folder, self._now, self._progress, self._budget = estate, folder, now, progress, budget
        self._graph = Graph(estate.contracts, estate.flows)
        self._parts: list[Path] = []

    def lines(self) -> pl.LazyFrame:
        """The keys of all records that break a rule."""
        if not self._parts:
            return pl.LazyFrame(schema=_KEY_SCHEMA)
        return pl.scan_parquet(self._parts, glob=False)

    def broken(self) -> int:
        """The records that break a rule, each once; those without a key are one each time."""
        entity = pl.col("field").str.replace(r"\.[^.]*$", "").alias("entity")
        keyed = self.lines().filter(pl.col(_KEY).is_not_null()).select(entity, _KEY).unique()
        others = self.lines().filter(pl.col(_KEY).is_null())
        return sum(int(some.select(pl.len()).collect(engine="streaming").item()) for some in (keyed, others))

    # ------------------------------------------------------------------------------------- the fields of one record

    def movements(self) -> Iterator[AcrossRule]:
        """What was done, held against what was asked for."""
        for movement in self._estate.record_rules.movements:
            field = self._graph.fields[movement.field]
            kind: AcrossKind = "direction" if isinstance(movement, Directed) else "amount"
            reads = tuple(dict.fromkeys((*movement.reads, *(movement.when.fields if movement.when else ()))))
            rule = _Rule(kind, movement.sentence, movement, field, reads, movement.when, movement.deviation)
            yield self._judged(rule)

    def channels(self) -> Iterator[AcrossRule]:
        """What entries let in that must accept the same, and one of them would have rejected."""
        accepted = Context(self._estate, budget=self._budget).judge.accepted
        for each in let_in(self._graph, self._estate.record_rules.agreeing):
            deviation = each.deviation(self._graph, accepted, self._budget)
            rule = _Rule("channels", each.words, each.demand, each.stored, (each.stored.full_name,), None, deviation)
            yield _without_undecided(self._judged(rule))

    def checks(self) -> Iterator[AcrossRule]:
        """The rules between fields of every entity that has a store."""
        for entity in self._estate.contracts.entities.values():
            for field in entity.fields.values() if entity.store is not None else ():
                for constraint, denied in self._graph.storage(field.full_name).checks:
                    broken = _breaking(denied)
                    rule = _Rule("check", constraint.sentence, constraint, field, denied.fields, None, broken)
                    yield self._judged(rule)

    def _judged(self, rule: _Rule) -> AcrossRule:
        entities = tuple(dict.fromkeys(name.entity_name for name in rule.reads))
        own = rule.field.full_name.entity_name
        others = tuple(name for name in entities if name != own)
        names = (*others, own)
        try:
            with temporary_folder() as here:
                frame, total = self._rows(rule, own, others, here)
                counts = self._counted(rule, frame)
        except Unreadable as error:
            return _answered(rule, names, 0, (), error.message)
        return _answered(rule, names, total, counts, None)

    def _rows(self, rule: _Rule, own: EntityName, others: Sequence[EntityName], here: Path) -> tuple[pl.LazyFrame, int]:
        """The values of the fields that a rule reads, a row a record, with its key; and the number of records."""
        entity = self._entity(own)
        if others:
            return self._joined(rule, self._entity(others[0]), entity, here)
        store = whole_store(self._estate, entity, here, self._progress)
        _require(rule.reads, {own: store.columns})
        keys = [store.plain(name) for name in entity.key if name in store.columns]
        columns = [store.plain(name.field).alias(str(name)) for name in rule.reads]
        with reading(str(own)):
            total = int(store.frame.select(pl.len()).collect(engine="streaming").item())
        return store.frame.select(*columns, _key_of(keys).alias(_KEY)), total

    def _joined(self, rule: _Rule, other: Entity, entity: Entity, here: Path) -> tuple[pl.LazyFrame, int]:
        """The records of two stores side by side, by the key that the flows bring, or that a table names."""
        crossing, is_forward = self._crossing(other, entity)
        source_folder, target_folder, table_folder = here / "source", here / "target", here / "reference"
        for folder in (source_folder, target_folder, table_folder):
            folder.mkdir()
        source = whole_store(self._estate, crossing.source, source_folder, self._progress)
        target = whole_store(self._estate, crossing.target, target_folder, self._progress)
        _require(rule.reads, {crossing.source.full_name: source.columns, crossing.target.full_name: target.columns})
        _require(
            tuple(crossing.target.full_name.of(name) for name in crossing.key),
            {crossing.target.full_name: target.columns},
        )
        reference = None
        if crossing.reference is not None:
            table = self._entity(crossing.reference.entity)
            reference = whole_store(self._estate, table, table_folder, self._progress)
        named = tuple(name for name in rule.reads if name.entity_name == crossing.source.full_name)
        wanted = tuple(name for name in rule.reads if name.entity_name == crossing.target.full_name)
        pair = PreparedPair(
            crossing, source, target, reference, tuple(n.field for n in named), tuple(n.field for n in wanted)
        )
        keys = [f"join {name}" for name in crossing.key]
        ours = pair.source_frame().with_columns(
            [pl.col(key_column(name)).alias(key) for name, key in zip(crossing.key, keys, strict=True)]
        )
        theirs = pair.target_frame().with_columns(
            [column.alias(key) for column, key in zip(pair.held_keys, keys, strict=True)]
        )
        judged, prefix = (theirs, held_column) if is_forward else (ours, given_column)
        own = [pl.col(prefix(name)) for name in entity.key if prefix(name) in judged.collect_schema()]
        judged_with_key = judged.with_columns(_key_of(own).alias(_KEY))
        joined = (
            ours.join(judged_with_key, on=keys, how="inner")
            if is_forward
            else judged_with_key.join(theirs, on=keys, how="inner")
        )
        columns = [pl.col(given_column(name.field)).alias(str(name)) for name in named]
        columns += [pl.col(held_column(name.field)).alias(str(name)) for name in wanted]
        part = here / "joined.parquet"
        with reading(f"{crossing.source.full_name} or {crossing.target.full_name}"):
            joined.select(*columns, _KEY).sink_parquet(part)
            total = int(pl.scan_parquet(part).select(pl.len()).collect().item())
        return pl.scan_parquet(part), total

    def _crossing(self, other: Entity, entity: Entity) -> tuple[Crossing, bool]:
        """The flows between two entities, and whether they lead to the one that is judged."""
        references = self._estate.directory.xref
        for ends, is_forward in (((other, entity), True), ((entity, other), False)):
            found = crossings(self._graph, references, [ends[0]], [ends[1]], self._budget)
            plain = next((each for each in found if each.reference is None and each.fields_of_key), None)
            if plain is not None:
                return plain, is_forward
        named = by_reference(self._graph, references, other, entity)
        if named is not None:
            return named, True
        way = f"from {other.full_name} to {entity.full_name}, or back"
        message = f"no flow and no cross-reference brings the key of a record {way}"
        raise Unreadable(message)

    def _counted(self, rule: _Rule, frame: pl.LazyFrame) -> tuple[DeviationCount, ...]:
        """What is wrong with the records, most first; their keys go to a file."""
        fields = {str(name): self._graph.fields[name] for name in rule.reads}

        def judge(row: Mapping[str, Any]) -> str | None:
            return rule.of({field.full_name: value_in(row[name], field) for name, field in fields.items()})

        columns = pl.struct([pl.col(name) for name in fields])
        judged = columns.map_batches(by_distinct_value(judge, pl.String), return_dtype=pl.String, is_elementwise=True)
        bad = frame.select(judged.alias(_DEVIATION), _KEY).filter(pl.col(_DEVIATION).is_not_null())
        return self._written(rule.kind, rule.words, rule.field.full_name, bad)

    def _written(self, kind: str, words: str, field: FieldName, bad: pl.LazyFrame) -> tuple[DeviationCount, ...]:
        part = self._folder / f"{len(self._parts):06}.parquet"
        lines = bad.select(
            pl.lit(words).alias("rule"),
            pl.lit(kind).alias("kind"),
            pl.lit(str(field)).alias("field"),
            pl.col(_DEVIATION).cast(pl.String),
            pl.col(_KEY).cast(pl.String),
        )
        with reading("the stores"):
            lines.sink_parquet(part)
            grouped = pl.scan_parquet(part).group_by(_DEVIATION).agg(pl.len().alias("n"), pl.col(_KEY).min())
            rows = grouped.sort(["n", _DEVIATION], descending=[True, False]).collect(engine="streaming").rows()
        self._parts.append(part)
        return tuple(DeviationCount(words, many, key) for words, many, key in rows)

    def _entity(self, name: EntityName) -> Entity:
        return self._estate.contracts.entities[name]

    # --------------------------------------------------------------------------------------------- what must arrive

    def complete(self) -> Iterator[AcrossRule]:
        """What must arrive everywhere: each field of a meaning, held against the earliest stores that feed it."""
        for demand in self._estate.record_rules.complete:
            meant = [field for field in self._graph.fields.values() if field.same == demand.meaning]
            stored = [field for field in meant if self._entity(field.full_name.entity_name).store is not None]
            fed_from = {field.full_name: self._earliest(field, stored) for field in stored}
            for field in stored:
                for source in fed_from[field.full_name]:
                    yield self._arrived(demand, source, field)
            sources = {source.full_name for some in fed_from.values() for source in some}
            alone = [
                field
                for field in stored
                if not fed_from[field.full_name] and field.full_name not in sources and not self._is_entered(field)
            ]
            for field in alone or ([] if stored else meant[-1:]):
                place = field.full_name.entity_name
                words = f"{demand.meaning} arrives at {place}"
                rule = AcrossRule("complete", words, demand.location, (place,), field.full_name, 0, (), field.impact)
                yield _unread(rule, "no other store that is read feeds it")

    def _is_entered(self, field: Field) -> bool:
        """Whether its values begin there."""
        return self._entity(field.full_name.entity_name).kind == "entry"

    def _earliest(self, field: Field, stored: Sequence[Field]) -> list[Field]:
        """The fields that feed a field, and that no other of them feeds."""
        upstream = self._graph.upstream([field.full_name]) - {field.full_name}
        before = [each for each in stored if each.full_name in upstream]
        return [
            each
            for each in before
            if not any(
                other is not each and other.full_name in self._graph.upstream([each.full_name]) for other in before
            )
        ]

    def _arrived(self, demand: Complete, source: Field, field: Field) -> AcrossRule:
        names = (source.full_name.entity_name, field.full_name.entity_name)
        words = f"{demand.meaning} arrives at {names[1]} as {names[0]} holds it"
        rule = AcrossRule("complete", words, demand.location, names, field.full_name, 0, (), field.impact)
        lines: list[Path] = []

        def keep(frame: pl.LazyFrame) -> None:
            part = self._folder / f"reconciled {len(self._parts):06}.parquet"
            concerns = (pl.col("field") == field.name) | (pl.col("finding") == "missing")
            is_wrong = pl.col("state").is_in(sorted(WRONG_STATES))
            key = pl.coalesce("target_key", "source_key").alias(_KEY)
            kept = frame.filter(concerns & is_wrong).select(_deviation_words().alias(_DEVIATION), key)
            kept.sink_parquet(part)
            lines.append(part)

        try:
            answer = reconcile(
                self._estate,
                str(names[0]),
                str(names[1]),
                self._now,
                self._progress,
                keys=keep,
                within=demand.within,
                budget=self._budget,
            )
        except Unreadable as error:
            return _unread(rule, error.message)
        pair = next((p for p in answer.pairs if p.source.full_name == names[0]), None)
        if pair is None:
            return _unread(rule, next(iter(answer.unpaired.values()), "no flow brings its key"))
        counts = self._written("complete", words, field.full_name, pl.scan_parquet(lines[0]))
        judged = pair.matched + sum(each.records for each in pair.missing)
        return AcrossRule(
            "complete",
            words,
            demand.location,
            names,
            field.full_name,
            judged,
            counts,
            field.impact,
            _not_known(pair, field),
        )


def _deviation_words() -> pl.Expr:
    held = pl.when(pl.col("state") == "overdue").then(pl.lit("overdue")).otherwise(pl.lit("something else is held"))
    return (
        pl.when(pl.col("state") == "refused")
        .then(pl.lit("refused"))
        .when(pl.col("finding") == "missing")
        .then(pl.lit("the record is missing"))
        .otherwise(held)
    )


def _not_known(pair: ReconciledPair, field: Field) -> str | None:
    """Why it is not known of all records whether the value arrived."""
    reconciled = next((each for each in pair.fields if each.field.name == field.name), None)
    if reconciled is None:
        return f"{pair.source.full_name} does not feed it"
    if reconciled.unread is not None:
        return reconciled.unread
    counts = (*pair.missing, *reconciled.counts)
    unknown = sum(each.records for each in counts if each.state == "not known") + pair.several
    if not unknown:
        return None
    reasons = [each.reason for each in counts if each.state == "not known" and each.reason]
    why = reasons[0] if reasons else "other records have the same key"
    return f"not known of {unknown:,} of the records: {why}"


def _unread(rule: AcrossRule, reason: str) -> AcrossRule:
    return AcrossRule(rule.kind, rule.rule, rule.location, rule.entities, rule.field, 0, (), rule.impact, reason)


def _answered(
    rule: _Rule, names: tuple[EntityName, ...], total: int, counts: tuple[DeviationCount, ...], unread: str | None
) -> AcrossRule:
    place, field = rule.constraint.location, rule.field
    return AcrossRule(rule.kind, rule.words, place, names, field.full_name, total, counts, field.impact, unread)


def _without_undecided(rule: AcrossRule) -> AcrossRule:
    """What could not be decided is no deviation, but a reason why not all is known."""
    undecided = sum(each.records for each in rule.counts if each.deviation == UNDECIDED)
    if not undecided:
        return rule
    counts = tuple(each for each in rule.counts if each.deviation != UNDECIDED)
    return replace(rule, counts=counts, unread=f"{UNDECIDED}: {undecided:,} of the records")


def _breaking(denied: Condition) -> Callable[[dict[FieldName, Value]], str | None]:
    return lambda values: "broken" if denied.holds(values) else None


def _key_of(columns: Sequence[pl.Expr]) -> pl.Expr:
    """A key as one text: its parts with a comma between them; null where the store has none."""
    if not columns:
        return pl.lit(None, dtype=pl.String)
    return columns[0] if len(columns) == 1 else pl.concat_str(columns, separator=", ")


def _require(names: Sequence[FieldName], columns: Mapping[EntityName, Mapping[str, str]]) -> None:
    for name in names:
        if name.field not in columns[name.entity_name]:
            raise Unreadable(f"the store of {name.entity_name} does not hold {name.field}")
