"""Every report, by the type of the answer and the name of the format.

A report is imported at its first use: a command pays only for its own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from ..application.answers import (
    BaselineAnswer,
    CheckAnswer,
    DiffAnswer,
    FieldScreenAnswer,
    ImportAnswer,
    OverviewAnswer,
    ProblemsAnswer,
    RuleAnswer,
    RulebookAnswer,
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
from .answers import CiAnswer, ProposalAnswer, SchemaAnswer, StarterAnswer
from .export.answers import ExportAnswer
from .one_line import headline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .ci.answer import Answer
    from .text.page import Look

_Text: TypeAlias = "Callable[[Any, Look], str]"
_Other: TypeAlias = "Callable[[Any], str]"


def render(answer: object, form: str, look: Look | None = None) -> str:
    """An answer in a format: `text` for people, any other for programs. Raises KeyError where it has no such format.

    `look` is how a text looks; the default is plain text of 100 columns. No other format uses it.
    """
    if form != "text":
        return _OTHERS[type(answer)][form](answer)
    from .text.page import Look

    return _TEXTS[type(answer)](answer, look or Look(_PLAIN_WIDTH))


_PLAIN_WIDTH = 100


# ------------------------------------------------------------------------------------------------------ texts to read


def _check_text(answer: CheckAnswer, look: Look) -> str:
    from .text.check import check_text

    return check_text(answer.report, answer.ruling, answer.estate, look, over_tight=answer.over_tight)


def _diff_text(answer: DiffAnswer, look: Look) -> str:
    from .text.diff import diff_text

    return diff_text(answer.diff, answer.ruling, answer.before, answer.after, look, answer.notes)


def _screen_text(answer: ScreenAnswer, look: Look) -> str:
    from .text.screen import screen_text

    return screen_text(answer.screen, answer.estate, look)


def _field_screen_text(answer: FieldScreenAnswer, look: Look) -> str:
    from .text.field_screen import field_screen_text

    return field_screen_text(answer.screen, answer.ladders, answer.estate, look)


def _trace_text(answer: TraceAnswer, look: Look) -> str:
    from .text.trace import trace_text

    return trace_text(answer, look)


def _error_text(answer: ErrorAnswer, look: Look) -> str:
    from .text.error import error_text

    return error_text(answer, look)


def _rejects_text(answer: RejectsAnswer, look: Look) -> str:
    from .text.rejects import rejects_text

    return rejects_text(answer, look)


def _attempts_text(answer: AttemptsAnswer, look: Look) -> str:
    from .text.attempts import attempts_text

    return attempts_text(answer, look)


def _validate_text(answer: ValidateAnswer, look: Look) -> str:
    from .text.rows import rows_text

    return rows_text(answer, look)


def _drift_text(answer: DriftAnswer, look: Look) -> str:
    from .text.drift import drift_text

    return drift_text(answer.fields, answer.system, look)


def _audit_text(answer: AuditAnswer, look: Look) -> str:
    from .text.audit import audit_text

    return audit_text(answer.entities, answer.system, answer.estate, look)


def _record_text(answer: RecordAnswer, look: Look) -> str:
    from .text.record import record_text

    return record_text(answer, look)


def _find_text(answer: FindAnswer, look: Look) -> str:
    from .text.record import find_text

    return find_text(answer, look)


def _gate_text(answer: GateAnswer, look: Look) -> str:
    from .text.gate import gate_text

    return gate_text(answer, look)


def _stores_text(answer: StoresAnswer, look: Look) -> str:
    from .text.stores import stores_text

    return stores_text(answer, look)


def _across_text(answer: AcrossAnswer, look: Look) -> str:
    from .text.across import across_text

    return across_text(answer, look)


def _reconcile_text(answer: ReconcileAnswer, look: Look) -> str:
    from .text.reconcile import reconcile_text

    return reconcile_text(answer, look)


def _rule_text(answer: RuleAnswer, look: Look) -> str:
    from .text.rule import rule_text

    return rule_text(answer.rule, look)


def _rulebook_text(answer: RulebookAnswer, look: Look) -> str:
    from .text.rule import rules_text

    return rules_text(answer.rules, look)


def _starter_text(answer: StarterAnswer, look: Look) -> str:
    from .starter_estate import started_text

    return started_text(answer.folder, answer.files, look)


def _proposal_text(answer: ProposalAnswer, look: Look) -> str:
    from .proposed_estate import proposed_text

    return proposed_text(answer.folder, answer.files, answer.proposal, look)


def _lock_text(answer: LockAnswer, look: Look) -> str:
    from .text.lock import locked_text

    return locked_text(answer, look)


def _ci_text(answer: CiAnswer, look: Look) -> str:
    from .starter_ci import ci_text

    return ci_text(answer.file, look)


def _problems_text(answer: ProblemsAnswer, look: Look) -> str:
    from .text.problems import problems_text

    return problems_text(answer.problems, answer.texts, look)


_TEXTS: Mapping[type, _Text] = {
    CheckAnswer: _check_text,
    DiffAnswer: _diff_text,
    ScreenAnswer: _screen_text,
    FieldScreenAnswer: _field_screen_text,
    TraceAnswer: _trace_text,
    ErrorAnswer: _error_text,
    RejectsAnswer: _rejects_text,
    AttemptsAnswer: _attempts_text,
    ValidateAnswer: _validate_text,
    DriftAnswer: _drift_text,
    AuditAnswer: _audit_text,
    RecordAnswer: _record_text,
    FindAnswer: _find_text,
    StoresAnswer: _stores_text,
    ReconcileAnswer: _reconcile_text,
    AcrossAnswer: _across_text,
    GateAnswer: _gate_text,
    RuleAnswer: _rule_text,
    RulebookAnswer: _rulebook_text,
    StarterAnswer: _starter_text,
    ProposalAnswer: _proposal_text,
    LockAnswer: _lock_text,
    CiAnswer: _ci_text,
    ProblemsAnswer: _problems_text,
}


# ------------------------------------------------------------------------------------------------------ other formats


def _check_json(answer: CheckAnswer) -> str:
    from .json.check import check_json

    return check_json(answer.report, answer.ruling)


def _diff_json(answer: DiffAnswer) -> str:
    from .json.diff import diff_json

    return diff_json(answer.diff, answer.ruling, answer.notes)


def _diff_html(answer: DiffAnswer) -> str:
    from ..checker.verdict.overview import overview_of_change
    from .page.changes import changed_fields, shown_changes, shown_comparison
    from .page.page import lineage_page

    overview = overview_of_change(answer.before, answer.after, answer.budget, changed_fields(answer.diff))
    return lineage_page(overview, shown_changes(answer.diff), shown_comparison(answer))


def _screen_json(answer: ScreenAnswer) -> str:
    from .json.screen import screen_json

    return screen_json(answer.screen)


def _field_screen_json(answer: FieldScreenAnswer) -> str:
    from .json.screen import field_screen_json

    return field_screen_json(answer.screen, answer.ladders)


def _trace_json(answer: TraceAnswer) -> str:
    from .json.trace import trace_json

    return trace_json(answer)


def _error_json(answer: ErrorAnswer) -> str:
    from .json.error import error_json

    return error_json(answer)


def _rejects_json(answer: RejectsAnswer) -> str:
    from .json.rejects import rejects_json

    return rejects_json(answer)


def _attempts_json(answer: AttemptsAnswer) -> str:
    from .json.attempts import attempts_json

    return attempts_json(answer)


def _validate_json(answer: ValidateAnswer) -> str:
    from .json.rows import rows_json

    return rows_json(answer)


def _drift_json(answer: DriftAnswer) -> str:
    from .json.drift import drift_json

    return drift_json(answer.fields)


def _audit_json(answer: AuditAnswer) -> str:
    from .json.audit import audit_json

    return audit_json(answer.entities)


def _record_json(answer: RecordAnswer | FindAnswer) -> str:
    from .json.record import RECORD_DOCUMENT

    return RECORD_DOCUMENT.write(answer)


def _record_html(answer: RecordAnswer) -> str:
    from .site.record import record_page

    return record_page(answer)


def _find_html(answer: FindAnswer) -> str:
    from .site.record import find_page

    return find_page(answer)


def _problems_html(answer: ProblemsAnswer) -> str:
    from .site.record import problems_page

    return problems_page(answer.problems, headline(answer))


def _gate_json(answer: GateAnswer) -> str:
    from .json.gate import GATE_DOCUMENT

    return GATE_DOCUMENT.write(answer)


def _stores_json(answer: StoresAnswer) -> str:
    from .json.stores import STORES_DOCUMENT

    return STORES_DOCUMENT.write(answer)


def _reconcile_json(answer: ReconcileAnswer) -> str:
    from .json.reconcile import RECONCILE_DOCUMENT

    return RECONCILE_DOCUMENT.write(answer)


def _across_json(answer: AcrossAnswer) -> str:
    from .json.across import ACROSS_DOCUMENT

    return ACROSS_DOCUMENT.write(answer)


def _problems_json(answer: ProblemsAnswer) -> str:
    """The command's document with problems in place of an answer."""
    match answer.command:
        case "check":
            from .json.check import CHECK_DOCUMENT

            return CHECK_DOCUMENT.write_problems(answer.problems)
        case "diff":
            from .json.diff import DIFF_DOCUMENT

            return DIFF_DOCUMENT.write_problems(answer.problems)
        case "screen":
            from .json.screen import SCREEN_DOCUMENT

            return SCREEN_DOCUMENT.write_problems(answer.problems)
        case "trace":
            from .json.trace import TRACE_DOCUMENT

            return TRACE_DOCUMENT.write_problems(answer.problems)
        case "trace --error":
            from .json.error import ERRORS_DOCUMENT

            return ERRORS_DOCUMENT.write_problems(answer.problems)
        case "trace --rejects":
            from .json.rejects import REJECTS_DOCUMENT

            return REJECTS_DOCUMENT.write_problems(answer.problems)
        case "attempts":
            from .json.attempts import ATTEMPTS_DOCUMENT

            return ATTEMPTS_DOCUMENT.write_problems(answer.problems)
        case "validate":
            from .json.rows import VALIDATION_DOCUMENT

            return VALIDATION_DOCUMENT.write_problems(answer.problems)
        case "drift":
            from .json.drift import DRIFT_DOCUMENT

            return DRIFT_DOCUMENT.write_problems(answer.problems)
        case "audit":
            from .json.audit import AUDIT_DOCUMENT

            return AUDIT_DOCUMENT.write_problems(answer.problems)
        case "record":
            from .json.record import RECORD_DOCUMENT

            return RECORD_DOCUMENT.write_problems(answer.problems)
        case "gate":
            from .json.gate import GATE_DOCUMENT

            return GATE_DOCUMENT.write_problems(answer.problems)
        case "stores":
            from .json.stores import STORES_DOCUMENT

            return STORES_DOCUMENT.write_problems(answer.problems)
        case "across":
            from .json.across import ACROSS_DOCUMENT

            return ACROSS_DOCUMENT.write_problems(answer.problems)
        case "reconcile":
            from .json.reconcile import RECONCILE_DOCUMENT

            return RECONCILE_DOCUMENT.write_problems(answer.problems)
        case command:
            raise KeyError(command)


def _findings(answer: CheckAnswer | DiffAnswer, form: str) -> str:
    """Findings in a format that other programs read."""
    from .ci.formats import FINDINGS_FORMATS

    return FINDINGS_FORMATS[form].findings(_findings_answer(answer))


def _findings_answer(answer: CheckAnswer | DiffAnswer) -> Answer:
    from .ci.answer import Answer

    ruling, folder, line = answer.ruling, answer.folder, headline(answer)
    if isinstance(answer, CheckAnswer):
        return Answer("check", line, ruling, answer.estate, folder, answer.report.summary.proved_fields)
    places = [change.after.location for change in answer.diff.changes if change.after is not None]
    changed = frozenset((place.file, place.line) for place in places)
    return Answer(
        "diff",
        line,
        ruling,
        answer.after,
        folder,
        changed=changed,
        change=answer.diff,
        notes=answer.notes,
        page=answer.page,
    )


def _problems(answer: ProblemsAnswer, form: str) -> str:
    """Problems in a format for findings."""
    from .ci.answer import UnreadEstate
    from .ci.formats import FINDINGS_FORMATS

    unread = UnreadEstate(answer.command, headline(answer), answer.problems, answer.folder)
    return FINDINGS_FORMATS[form].problems(unread)


def _graph(answer: OverviewAnswer, form: str) -> str:
    from .graph.forms import FORMS

    return FORMS[form](answer.overview)


def _rules_markdown(answer: RuleAnswer | RulebookAnswer) -> str:
    from .text.rule import rule_page, rules_markdown

    return rule_page(answer.rule) if isinstance(answer, RuleAnswer) else rules_markdown(answer.rules)


def _baseline_yaml(answer: BaselineAnswer) -> str:
    from .export.baseline_yaml import baseline_yaml

    return baseline_yaml(answer.known, answer.accepted)


def _contract_yaml(answer: ImportAnswer) -> str:
    from .export.contract_yaml import contract_yaml

    return contract_yaml(answer.system, answer.origin)


def _profile_yaml(answer: ProfileAnswer) -> str:
    from .export.profile_yaml import profile_yaml

    return profile_yaml(answer.live, answer.profiles)


def _schema_json(answer: SchemaAnswer) -> str:
    from .schemas import schema_document

    return schema_document(answer.name)


def _not_exported(answer: ExportAnswer) -> str:
    from .export.export import left_text

    return left_text(answer.export, answer.target)


def _not_validated(answer: ValidatorAnswer) -> str:
    from ..validators.targets import left_words

    return left_words(answer.generated, answer.target)


_CI = ("github", "gitlab", "sarif", "junit", "markdown", "codeowners")
_FINDINGS: Mapping[str, _Other] = {form: partial(_findings, form=form) for form in _CI}
_GRAPHS = ("html", "mermaid", "dot", "graphml", "json", "openlineage", "svg")
_OTHERS: Mapping[type, Mapping[str, _Other]] = {
    CheckAnswer: {"json": _check_json, **_FINDINGS},
    DiffAnswer: {"json": _diff_json, "html": _diff_html, **_FINDINGS},
    ScreenAnswer: {"json": _screen_json},
    FieldScreenAnswer: {"json": _field_screen_json},
    TraceAnswer: {"json": _trace_json},
    ErrorAnswer: {"json": _error_json},
    RejectsAnswer: {"json": _rejects_json},
    AttemptsAnswer: {"json": _attempts_json},
    ValidateAnswer: {"json": _validate_json},
    DriftAnswer: {"json": _drift_json},
    AuditAnswer: {"json": _audit_json},
    RecordAnswer: {"json": _record_json, "html": _record_html},
    FindAnswer: {"json": _record_json, "html": _find_html},
    StoresAnswer: {"json": _stores_json},
    ReconcileAnswer: {"json": _reconcile_json},
    AcrossAnswer: {"json": _across_json},
    GateAnswer: {"json": _gate_json},
    ProblemsAnswer: {
        "json": _problems_json,
        "html": _problems_html,
        **{form: partial(_problems, form=form) for form in _CI},
    },
    OverviewAnswer: {form: partial(_graph, form=form) for form in _GRAPHS},
    RuleAnswer: {"markdown": _rules_markdown},
    RulebookAnswer: {"markdown": _rules_markdown},
    BaselineAnswer: {"yaml": _baseline_yaml},
    ImportAnswer: {"yaml": _contract_yaml},
    ProfileAnswer: {"yaml": _profile_yaml},
    SchemaAnswer: {"json": _schema_json},
    PublishAnswer: {"document": lambda answer: answer.text},
    ExportAnswer: {"document": lambda answer: answer.export.text, "left": _not_exported},
    ValidatorAnswer: {"document": lambda answer: answer.generated.text, "left": _not_validated},
}
"""`left` is a list of the constraints that a document leaves out, a line each; empty where it has all."""
