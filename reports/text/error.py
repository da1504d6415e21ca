"""Errors as text, for a support agent: what happened, who let it in, what to do and say; then the words of the engine."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...checker.messages import brief, count, field_title, listed, system_title
from ...formats.errors.reported import ERROR_ENGINE_TITLES, limit_number
from ...values.show import quote, show
from .page import BAD, FAINT, STRONG, UNSURE, WARNING, Page
from .trace import put_customer_text, put_evidence, put_heading, put_origins, put_repair, put_team

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...application.errors import AnsweredError, ErrorAnswer, TracedError
    from ...estate.load import Estate
    from ...formats.errors.reported import ErrorKind, ReportedError
    from .page import Look

FAILURE_WORDS: Mapping[ErrorKind, str] = MappingProxyType(
    {
        "too_long": "it is too long",
        "too_short": "it is too short",
        "length": "it is too long or too short",
        "null": "it must be filled in",
        "duplicate": "it is there already",
        "wrong_type": "it is of the wrong type",
        "out_of_range": "it is out of range",
        "too_small": "it is too small",
        "too_large": "it is too large",
        "pattern": "it does not have the right form",
        "not_in_list": "it is none of the allowed values",
        "check": "it breaks a rule of that system",
        "encoding": "it has characters that cannot be stored there",
        "reference": "no record has the key that it names",
        "not_writable": "that system alone fills it",
        "unexpected": "that system does not know it",
    }
)
"""Why a value was rejected, as the end of a sentence: "because it is too long"."""


def error_text(answer: ErrorAnswer, look: Look) -> str:
    """The whole report."""
    page = Page(look)
    many = len(answer.errors) > 1
    if many:
        page.line((f"There are {count(len(answer.errors), 'error')} in this text.", STRONG))
    for number, answered in enumerate(answer.errors, 1):
        if many:
            page.blank()
            page.line((f"Error {number} of {len(answer.errors)}", STRONG))
        _put_error(page, answered, answer)
    return page.render()


def error_headline(answer: ErrorAnswer) -> str:
    """The first error in a sentence; how many there are, where there are several."""
    first = error_sentence(answer.errors[0], answer.estate)
    more = len(answer.errors) - 1
    return f"{first} And {count(more, 'further error')}." if more else first


def error_sentence(answered: AnsweredError, estate: Estate) -> str:
    """What happened, and who let it in, in a sentence or two. Without values, but for one that is typed as an example."""
    error = answered.error
    if len(answered.meant.places) == 1:
        traced = answered.traced[0]
        return f"{rejection_words(error, traced, estate)} {origin_words(traced, estate)}"
    why = f"{FAILURE_WORDS[error.kind]}{_limit_words(error)}"
    if answered.meant.places:
        return f"A value was rejected because {why}. {count(len(answered.meant.places), 'field')} may be meant."
    guess = f" Did you mean {answered.meant.suggestion}?" if answered.meant.suggestion else ""
    return f"A value was rejected because {why}. Which field is not known: {answered.meant.reason}.{guess}"


def shape_words(error: ReportedError, traced: TracedError, estate: Estate) -> str:
    """The same without the value: what many errors have in common."""
    return rejection_words(replace(error, value=None), traced, estate)


def rejection_words(error: ReportedError, traced: TracedError, estate: Estate) -> str:
    """Who rejected what, and why, in a sentence."""
    who = system_title(estate, traced.field.system)
    what = listed([field_title(field) for field in traced.place])
    value = "an empty value" if error.is_null else "a value" if error.value is None else quote(error.value)
    return f"{who} rejected {value} ({what}), because {FAILURE_WORDS[error.kind]}{_limit_words(error)}."


def origin_words(traced: TracedError, estate: Estate) -> str:
    """Who let it in, in a sentence."""
    proven = [root for root in traced.roots if root.verdict == "refuted"]
    unsure = [root for root in traced.roots if root.verdict == "unknown"]
    here = traced.field.full_name.entity_name
    if any(root.entry.full_name == here for root in proven):
        return "It was entered there."
    if estate.contracts.entities[here].kind == "entry":
        return "It was typed there and went no further."
    may = "" if traced.answer is not None and len(proven) == 1 and not unsure else "may have "
    if proven or unsure:
        names = listed([system_title(estate, root.entry.system) for root in (*proven, *unsure)], "or")
        return f"{names} {may}let it in."
    if traced.roots:
        return "No entry of this estate accepts a value that fails like this."
    if traced.answer is None and traced.stated == ():
        return "Who let it in is not known: the contract does not say which values fail."
    return "No entry of this estate leads there."


def _limit_words(error: ReportedError) -> str:
    limit = limit_number(error.limit)
    if limit is None:
        return ""
    ends = {"too_long": f"at most {count(limit, 'character')}", "too_short": f"at least {count(limit, 'character')}"}
    ends |= {"too_large": f"the limit is {limit:,}", "too_small": f"the limit is {limit:,}"}
    return f" ({ends[error.kind]})" if error.kind in ends else ""


# ----------------------------------------------------------------------------------------------------------- sections


def _put_error(page: Page, answered: AnsweredError, answer: ErrorAnswer) -> None:
    is_clear = len(answered.meant.places) == 1
    page.line((error_sentence(answered, answer.estate), BAD if is_clear else UNSURE))
    if is_clear:
        _put_traced(page, answered.traced[0], answer)
    elif answered.traced:
        _put_several(page, answered, answer.estate)
    _put_engine(page, answered)


def _put_traced(page: Page, traced: TracedError, answer: ErrorAnswer) -> None:
    if traced.disagreement is not None:
        page.line((f"The contract and the system differ: {traced.disagreement}.", WARNING), indent=2, hang=2)
    if traced.answer is not None:
        put_evidence(page, traced.answer)
    else:
        put_origins(page, "Where it can have begun", traced.roots, traced.field, answer.estate)
        put_repair(page, traced.roots, traced.field, estate=answer.estate)
    put_customer_text(page, traced.customer_text, answer.language)


def _put_several(page: Page, answered: AnsweredError, estate: Estate) -> None:
    put_heading(page, "It may be")
    for traced in answered.traced:
        names = listed([str(field.full_name) for field in traced.place])
        page.line((system_title(estate, traced.field.system), STRONG), f": {names}", indent=2, hang=2)
        page.line(origin_words(traced, estate), indent=4, hang=2)
        cause = traced.cause
        if cause is not None:
            put_team(page, f"repairs it, at {system_title(estate, cause.entry.system)}", cause, indent=4)
    if answered.others:
        page.line(f"and {count(answered.others, 'further field')}", indent=2)
    page.line(("Say which one is meant: --at FIELD.", FAINT), indent=2)


def _put_engine(page: Page, answered: AnsweredError) -> None:
    error = answered.error
    put_heading(page, "For the expert")
    parts = [
        ("reported by", ERROR_ENGINE_TITLES[error.engine]),
        ("kind", error.kind.replace("_", " ")),
        ("table", error.table or error.model),
        ("column", ", ".join(error.columns) or None),
        ("value", None if error.value is None else show(error.value)),
        ("constraint", error.constraint),
        ("limit", error.limit),
    ]
    rows = [((name, FAINT), brief(text, 200)) for name, text in parts if text is not None]
    for traced in answered.traced if len(answered.meant.places) == 1 else ():
        rows += [
            (("contract", FAINT), f"{brief(constraint.sentence, 200)}  {constraint.location}")
            for constraint in traced.stated
        ]
    page.table(rows, indent=2, yields=(1,))
