"""Checking: every rule over an estate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.budget import STANDARD
from ...values.interning import keeping
from ..judging.context import Context, inside_order
from ..judging.failures import verdict_with_proof
from ..partition import partition, side_by_side
from ..preconditions.obligation import FlowStep
from ..rules import RULES
from .engine_notes import engine_notes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ...contracts.model import Entity, Field
    from ...documents.names import FieldName
    from ...estate.load import Estate
    from ...values.budget import Budget
    from ..finding import Finding
    from ..preconditions.obligation import Obligation

Relation: TypeAlias = Literal["equal", "wider", "tighter", "both", "unknown", "free"]
"""The values an entry field accepts, against those that all downstream systems accept unaltered: the same; more; fewer;
some more and some fewer; not decided; nothing downstream."""


@dataclass(frozen=True, slots=True)
class EntryField:
    """One entry field against the systems downstream."""

    field: FieldName
    """Full name."""
    relation: Relation
    proved: int
    """Obligations from downstream that it meets."""
    refuted: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Summary:
    """An estate in numbers, and its entry fields."""

    systems: int
    fields: int
    flows: int
    entries: tuple[EntryField, ...]
    today: date | None = None
    """The day of the run, where a verdict may depend on it."""
    notes: tuple[str, ...] = ()
    """What engines do differently, or in a way of their own, that changes no verdict: each once an estate."""

    @property
    def proved_fields(self) -> tuple[FieldName, ...]:
        """The entry fields that are proved to meet every obligation on them."""
        return tuple(
            entry.field
            for entry in self.entries
            if entry.relation in {"equal", "tighter"} and not entry.refuted and not entry.unknown
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check."""

    findings: tuple[Finding, ...]
    """Worst first."""
    summary: Summary


def check(estate: Estate, budget: Budget = STANDARD) -> Report:
    """Check every entry of an estate against all downstream systems, and the estate itself for consistency."""
    return report_of(Context(estate, budget=budget))


@keeping()
def report_of(context: Context) -> Report:
    """The same, in a context that the caller shares."""
    parts = partition(context.graph)
    parts_checked = side_by_side(lambda part: _checked(context if len(parts) == 1 else context.restricted(part)), parts)
    findings = [finding for rule in RULES if not rule.is_of_fields for finding in rule.check(context)]
    entries: dict[FieldName, EntryField] = {}
    for findings_there, entries_there in parts_checked:
        findings += findings_there
        entries.update((entry.field, entry) for entry in entries_there)
    in_order = tuple(entries[name] for entity in context.graph.entries for name in inside_order(entity))
    contracts = context.estate.contracts
    summary = Summary(
        len(contracts.systems),
        len(contracts.fields),
        len(context.estate.flows),
        in_order,
        context.estate.counts_from,
        engine_notes(context),
    )
    return Report(tuple(sorted(findings, key=lambda finding: finding.order)), summary)


def _checked(context: Context) -> tuple[list[Finding], list[EntryField]]:
    """The findings about the fields within, and the entry fields among them against the systems downstream."""
    findings = [finding for rule in RULES if rule.is_of_fields for finding in rule.check(context)]
    by_field: dict[FieldName, set[str]] = {}
    for finding in findings:
        for name in finding.fields:
            kind = finding.rule if finding.verdict == "refuted" else "unknown"
            by_field.setdefault(name, set()).add(kind)
    entries: list[EntryField] = []
    for entity in context.graph.entries:
        obligations: dict[FieldName, list[Obligation]] = {}
        for obligation in context.obligations(entity):
            for name in dict.fromkeys(obligation.fields):
                obligations.setdefault(name, []).append(obligation)
        entries += (
            _entry_field(
                context, entity, field, by_field.get(field.full_name, set()), obligations.get(field.full_name, ())
            )
            for field in context.fields_of(entity)
        )
    return findings, entries


def _entry_field(
    context: Context, entity: Entity, field: Field, failing: set[str], obligations: Iterable[Obligation]
) -> EntryField:
    counts = {"proved": 0, "refuted": 0, "unknown": 0}
    for obligation in obligations:
        if obligation.continuations or any(isinstance(origin, FlowStep) for origin in obligation.origins):
            counts[verdict_with_proof(context, entity, obligation)] += 1
    wider = bool(failing & {"escape", "unfilled", "loss", "conflict", "collision"})
    tighter = "over-tight" in failing
    unsure = "unknown" in failing or context.graph.storage(field.full_name).opaque
    relation: Relation
    if unsure or (not wider and context.not_known_downstream(field) is not None):
        relation = "unknown"
    elif not sum(counts.values()) and field.full_name not in context.graph.out_of:
        relation = "free"
    elif wider:
        relation = "both" if tighter else "wider"
    else:
        relation = "tighter" if tighter else "equal"
    return EntryField(field.full_name, relation, counts["proved"], counts["refuted"], counts["unknown"])
