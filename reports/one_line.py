"""Every answer in a line, by its type: for the terminal, where the report itself goes to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..application.answers import (
    BaselineAnswer,
    CheckAnswer,
    DiffAnswer,
    FieldScreenAnswer,
    ImportAnswer,
    OverviewAnswer,
    ProblemsAnswer,
    ScreenAnswer,
    TraceAnswer,
)
from ..application.errors import ErrorAnswer
from ..application.gates import GateAnswer
from ..application.lock import LockAnswer
from ..application.publish import PublishAnswer
from ..application.record import FindAnswer, RecordAnswer
from ..rows.across.answer import AcrossAnswer
from ..rows.answers import AttemptsAnswer, AuditAnswer, DriftAnswer, ProfileAnswer, RejectsAnswer, ValidateAnswer
from ..rows.reconcile.answer import ReconcileAnswer
from ..rows.stores.checked import StoresAnswer
from ..validators.answers import ValidatorAnswer
from .answers import SchemaAnswer
from .export.answers import ExportAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def headline(answer: object) -> str:
    """An answer in a line."""
    return _HEADLINES[type(answer)](answer)


def _check_headline(answer: CheckAnswer) -> str:
    from .text.check import check_headline

    return check_headline(answer.report, answer.ruling, answer.estate)


def _diff_headline(answer: DiffAnswer) -> str:
    from .text.diff import diff_headline

    return diff_headline(answer.diff, answer.ruling, answer.after)


def _screen_headline(answer: ScreenAnswer) -> str:
    from .text.screen import screen_headline

    return screen_headline(answer.screen, answer.estate)


def _field_screen_headline(answer: FieldScreenAnswer) -> str:
    from .text.field_screen import field_screen_headline

    return field_screen_headline(answer.screen, answer.estate)


def _trace_headline(answer: TraceAnswer) -> str:
    from .text.trace_sentence import trace_sentence

    return trace_sentence(answer)


def _error_headline(answer: ErrorAnswer) -> str:
    from .text.error import error_headline

    return error_headline(answer)


def _rejects_headline(answer: RejectsAnswer) -> str:
    from .text.rejects import rejects_headline

    return rejects_headline(answer)


def _attempts_headline(answer: AttemptsAnswer) -> str:
    from .text.attempts import attempts_headline

    return attempts_headline(answer)


def _validate_headline(answer: ValidateAnswer) -> str:
    from .text.rows import rows_headline

    return rows_headline(answer.judged)


def _drift_headline(answer: DriftAnswer) -> str:
    from .text.drift import drift_headline

    return drift_headline(answer.fields, answer.system)


def _audit_headline(answer: AuditAnswer) -> str:
    from .text.audit import audit_headline

    return audit_headline(answer.entities, answer.system)


def _record_headline(answer: RecordAnswer) -> str:
    from .record_words import record_headline

    return record_headline(answer)


def _find_headline(answer: FindAnswer) -> str:
    from .record_words import find_headline

    return find_headline(answer)


def _gate_headline(answer: GateAnswer) -> str:
    from .text.gate import gate_headline

    return gate_headline(answer)


def _stores_headline(answer: StoresAnswer) -> str:
    from .text.stores import stores_headline

    return stores_headline(answer)


def _across_headline(answer: AcrossAnswer) -> str:
    from .text.across import across_headline

    return across_headline(answer)


def _reconcile_headline(answer: ReconcileAnswer) -> str:
    from .text.reconcile import reconcile_headline

    return reconcile_headline(answer)


def _overview_headline(answer: OverviewAnswer) -> str:
    from .headline import overview_headline

    return overview_headline(answer.overview)


def _lock_headline(answer: LockAnswer) -> str:
    from .text.lock import locked_headline

    return locked_headline(answer)


def _problems_headline(answer: ProblemsAnswer) -> str:
    from .text.problems import problems_headline

    return problems_headline(answer.problems)


def _baseline_headline(answer: BaselineAnswer) -> str:
    from ..checker.messages import count

    return f"{count(len(answer.known), 'finding is', 'findings are')} known from now on."


_HEADLINES: Mapping[type, Callable[[Any], str]] = {
    CheckAnswer: _check_headline,
    DiffAnswer: _diff_headline,
    ScreenAnswer: _screen_headline,
    FieldScreenAnswer: _field_screen_headline,
    TraceAnswer: _trace_headline,
    ErrorAnswer: _error_headline,
    RejectsAnswer: _rejects_headline,
    AttemptsAnswer: _attempts_headline,
    ValidateAnswer: _validate_headline,
    DriftAnswer: _drift_headline,
    AuditAnswer: _audit_headline,
    RecordAnswer: _record_headline,
    FindAnswer: _find_headline,
    StoresAnswer: _stores_headline,
    ReconcileAnswer: _reconcile_headline,
    AcrossAnswer: _across_headline,
    GateAnswer: _gate_headline,
    ProblemsAnswer: _problems_headline,
    OverviewAnswer: _overview_headline,
    BaselineAnswer: _baseline_headline,
    ImportAnswer: lambda answer: f"The contract of {answer.system.name}.",
    ProfileAnswer: lambda answer: f"A proposed contract for {answer.live.name}.",
    LockAnswer: _lock_headline,
    PublishAnswer: lambda answer: f"Revision {answer.revision[:12]}, {answer.digest}.",
    SchemaAnswer: lambda answer: f"The JSON Schema {answer.name}.",
    ExportAnswer: lambda answer: f"The contract of {answer.system}.",
    ValidatorAnswer: lambda answer: f"A validator for {answer.entry}.",
}
