"""The obligations an entry fails or may fail: one failure per downstream constraint that rejects or alters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..finding import Binding, Finding
from ..preconditions.obligation import OwnConstraint
from ..preconditions.routes import shortest_routes
from .spread import failing_span, plain_record

if TYPE_CHECKING:
    from ...contracts.model import Entity
    from ...documents.names import FieldName
    from ..finding import Verdict
    from ..preconditions.obligation import Effect, Obligation, Origin
    from ..rule import Rule
    from .context import Context
    from .judgement import Judgement


@dataclass(frozen=True, slots=True)
class Failure:
    """One entry, the fields concerned, the origin they fail at, and the proof (or the reason why it is not known)."""

    entity: Entity
    names: tuple[FieldName, ...]
    """Full names; the fields of the entry, and any others the obligation depends on."""
    origin: Origin
    judgement: Judgement
    obligation: Obligation

    @property
    def binding(self) -> Binding:
        """The constraint or step that it fails at."""
        origin = self.origin
        return Binding(origin.field.full_name, origin.name, origin.sentence, origin.location, origin.field.source)

    @property
    def shown_fields(self) -> str:
        """The fields, for a message."""
        return " + ".join(map(str, dict.fromkeys(self.names)))

    def finding(self, context: Context, rule: Rule[Context], message: str) -> Finding:
        """The failure as a finding of a rule."""
        entity, record = self.entity.full_name, self.judgement.record
        name = next(name for name in self.names if name.entity_name == entity)
        at = (context.judge, self.obligation, self.origin, entity)
        return Finding(
            rule=rule.name,
            severity=rule.severity,
            verdict=self.judgement.verdict,
            message=message,
            location=context.graph.fields[name].location,
            entry=entity,
            field=name,
            fields=tuple(dict.fromkeys(self.names)),
            binding=self.binding,
            witness=record,
            second=self.judgement.twin,
            hops=self.judgement.hops,
            span=None if record is None else failing_span(*at, record),
            plain=None if record is None else plain_record(*at, record),
            reason=self.judgement.reason,
        )


def failures(context: Context, entity: Entity, effect: Effect) -> list[Failure]:
    """The failures of the entry, each origin once with its shortest proof."""
    judgements: dict[tuple[tuple[FieldName, ...], Origin], tuple[Judgement, Obligation]] = {}
    for obligation in context.stated(entity):
        if obligation.effect != effect or not context.judge.may_fail(obligation, entity.full_name):
            continue
        if context.gives_back(obligation, entity):
            continue
        for origin, judgement in _failing_origins(context, entity, obligation):
            key = (obligation.fields, origin)
            if key not in judgements or _rank(judgement) < _rank(judgements[key][0]):
                judgements[key] = judgement, obligation
    return [Failure(entity, names, origin, *proof) for (names, origin), proof in judgements.items()]


def verdict_with_proof(context: Context, entity: Entity, obligation: Obligation) -> Verdict:
    """Whether the entry meets an obligation; "unknown" also where no record was found that surely fails it."""
    verdict = context.judge.verdict(obligation, entity.full_name)
    if verdict != "refuted":
        return verdict
    verdicts = {judgement.verdict for _, judgement in _failing_origins(context, entity, obligation)}
    return "unknown" if "unknown" in verdicts and "refuted" not in verdicts else verdict


def _failing_origins(context: Context, entity: Entity, obligation: Obligation) -> list[tuple[Origin, Judgement]]:
    failing: list[tuple[Origin, Judgement]] = []
    for origin, route in shortest_routes(obligation).items():
        if isinstance(origin, OwnConstraint) and not route.steps:
            continue  # the entry's own constraint: the entry never accepts such values
        judgement = context.judge.judge(obligation, origin, entity.full_name)
        if judgement.verdict != "proved":
            failing.append((origin, judgement))
    return failing


def _rank(judgement: Judgement) -> tuple[bool, int]:
    """Proof before doubt, shorter witnesses first."""
    values = judgement.record.values() if judgement.record else ()
    return (judgement.verdict != "refuted", sum(len(v) if isinstance(v, str) else 1 for v in values))
