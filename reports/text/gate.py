"""What the gates before an action say, as text: the answer first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import duration, escaped
from ...values.show import show
from .page import BAD, FAINT, GOOD, UNSURE, Page

if TYPE_CHECKING:
    from ...application.gates import GateAnswer
    from ...checker.record.gate import GateDecision
    from .page import Look


def gate_text(answer: GateAnswer, look: Look) -> str:
    """The whole report."""
    page = Page(look)
    page.line((gate_headline(answer), GOOD if answer.passing.goes else BAD), hang=2)
    for decision in sorted(answer.passing.decisions, key=lambda each: each.passage == "go"):
        page.blank()
        style = GOOD if decision.passage == "go" else UNSURE if decision.not_known else BAD
        page.line((decision.passage, style), f": {decision.reason}", hang=2)
        if decision.passage == "hold":
            page.line(_whom(decision), indent=2, hang=2)
            if decision.gate.hold is not None:
                page.line(f"ask again after {duration(decision.gate.hold)}", indent=2, hang=2)
        page.line((f"{decision.gate.location}", FAINT), indent=2)
    return page.render()


def gate_headline(answer: GateAnswer) -> str:
    """Whether the action may go ahead, in a line."""
    passing = answer.passing
    if passing.goes:
        return f"Go: nothing holds {escaped(passing.action)} for this record."
    is_known = any(each.passage == "hold" and not each.not_known for each in passing.decisions)
    why = "" if is_known else ": it is not known whether it may go ahead"
    return f"Hold {escaped(passing.action)} for this record{why}."


def _whom(decision: GateDecision) -> str:
    if decision.tell is not None:
        return f"tell {show(decision.tell)} ({decision.gate.tell})"
    return (
        "nobody is named to be told"
        if decision.gate.tell is None
        else f"whom to tell is not known ({decision.gate.tell})"
    )
