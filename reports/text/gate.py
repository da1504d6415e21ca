"""What the gates before an action say, as text: the answer first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import escaped
from ...checker.record.stop import STOP_STATES
from ...sentences.hops import state_label
from ...sentences.phrase import Phrase
from ...sentences.reasons import reason_sentence
from ...sentences.speech import speech
from ...values.show import show
from ..record_words import time_phrase
from .page import BAD, FAINT, GOOD, UNSURE, Page

if TYPE_CHECKING:
    from ...application.gates import GateAnswer
    from ...checker.record.gate import GateDecision
    from ...sentences.speech import Speech
    from .page import Look


def gate_text(answer: GateAnswer, look: Look) -> str:
    """The whole report."""
    page, spoken = Page(look), speech(answer.language)
    page.line((gate_headline(answer), GOOD if answer.passing.goes else BAD), hang=2)
    for decision in sorted(answer.passing.decisions, key=lambda each: each.passage == "go"):
        page.blank()
        style = GOOD if decision.passage == "go" else UNSURE if decision.not_known else BAD
        word = spoken.say("go") if decision.passage == "go" else spoken.say("hold")
        page.line((word, style), f": {_reason(decision, spoken)}", hang=2)
        if decision.passage == "hold":
            page.line(_whom(decision, spoken), indent=2, hang=2)
            if decision.gate.hold is not None:
                time = time_phrase(decision.gate.hold, spoken)
                page.line(spoken.say("ask again after {time}", time=time), indent=2, hang=2)
        page.line((f"{decision.gate.location}", FAINT), indent=2)
    return page.render()


def gate_headline(answer: GateAnswer) -> str:
    """Whether the action may go ahead, in a line."""
    passing, spoken = answer.passing, speech(answer.language)
    action = Phrase(escaped(passing.action))
    if passing.goes:
        return spoken.say("Go: nothing holds {action} for this record.", action=action)
    if any(each.passage == "hold" and not each.not_known for each in passing.decisions):
        return spoken.say("Hold {action} for this record.", action=action)
    return spoken.say("Hold {action} for this record: it is not known whether it may go ahead.", action=action)


def _reason(decision: GateDecision, spoken: Speech) -> Phrase:
    """Why, in a language. Conditions stay as they are written."""
    conditions = spoken.listed([Phrase(each) for each in decision.conditions])
    match decision.grounds:
        case "not meant":
            return spoken.say("it is not meant for this record: not so is {condition}", condition=conditions)
        case "holds":
            return spoken.say("it holds that {condition}", condition=conditions)
        case "does not hold":
            return spoken.say("it needs {condition}, and that is not so", condition=conditions)
        case _:
            why = spoken.listed([_unread(name, said, spoken) for name, said in decision.unread])
            why = why or spoken.say("engines read it differently")
            return spoken.say("not known: {conditions}; {why}", conditions=conditions, why=why)


def _unread(name: str, said: str | None, spoken: Speech) -> Phrase:
    if said is None:
        return spoken.say("{field} is not known", field=Phrase(name))
    state, _, reason = said.partition(": ")
    label = next((state_label(spoken, each) for each in STOP_STATES if each == state), Phrase(state))
    return Phrase(f"{name}: {label}" + (f": {reason_sentence(spoken, reason)}" if reason else ""))


def _whom(decision: GateDecision, spoken: Speech) -> Phrase:
    if decision.gate.tell is None:
        return spoken.say("nobody is named to be told")
    field = Phrase(str(decision.gate.tell))
    if decision.tell is None:
        return spoken.say("whom to tell is not known ({field})", field=field)
    return spoken.say("tell {whom} ({field})", whom=Phrase(show(decision.tell)), field=field)
