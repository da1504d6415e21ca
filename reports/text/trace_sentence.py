"""What becomes of a value, and where it began, in a sentence or two, in the language of whoever asks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ...checker.messages import brief, field_title, system_title
from ...documents.duration import duration
from ...sentences.phrase import Phrase, shown
from ...sentences.restrictions import restriction_words
from ...sentences.speech import speech
from ...sentences.titles import title_within
from ...values.show import show
from ..phrases import cell, typed_record
from ..record_words import time_phrase
from .grounds import constraint_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...application.answers import TraceAnswer
    from ...checker.finding import Finding
    from ...checker.tracing.traced import Root, Trace, TracedFailure
    from ...contracts.model import Field
    from ...documents.names import FieldName
    from ...estate.load import Estate
    from ...sentences.speech import Speech
    from ...values.valueset import Value


_UNITS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))


def trace_sentence(traced: TraceAnswer) -> str:
    """The failure and its origin. In English the reason is that of the contract; elsewhere it is in plain words."""
    return _Words(traced.trace, traced.estate, speech(traced.language)).sentence()


class _Words:
    def __init__(self, trace: Trace, estate: Estate, spoken: Speech) -> None:
        self._trace = trace
        self._estate = estate
        self._spoken = spoken

    def sentence(self) -> str:
        trace, say = self._trace, self._spoken.say
        here, value, what = self._system(trace.field.system), self._value(trace.value), self._field(trace.field)
        if not trace.failures:
            return self._accepted(say("{value} ({field}, {system})", value=value, field=what, system=here))
        failure = trace.failures[0]
        who, why = self._system(failure.field.system), self._why(failure)
        if trace.rejected_by:
            field = self._field(failure.field)
            said = say(
                "{system} rejects {value} ({field}), because {why}.", system=who, value=value, field=field, why=why
            )
        elif failure.after:
            said = say(
                "{system} accepts {value} ({field}), but {other} rejects it about {time} later, because {why}.",
                system=here,
                value=value,
                field=what,
                other=who,
                time=self._time(failure),
                why=why,
            )
        else:
            said = say(
                "{system} accepts {value} ({field}), but {other} rejects it, because {why}.",
                system=here,
                value=value,
                field=what,
                other=who,
                why=why,
            )
        return f"{said} {self._origin()}"

    def _accepted(self, value: Phrase) -> str:
        """The answer about a value that no system rejects for itself alone."""
        trace, say = self._trace, self._spoken.say
        refused = next((f for f in trace.consequences if f.verdict == "refuted" and f.rule != "loss"), None)
        if refused is not None and refused.binding is not None:
            return self._depends(value, refused)
        if trace.altered:
            arrival, step = trace.altered[0]
            who = self._system(arrival.field.system)
            stored = Phrase(cell(arrival.stored))
            held = say("No system rejects {value}, but {system} holds {held}", value=value, system=who, held=stored)
            return f"{held}: {brief(step.sentence, 200)}." if self._is_english else f"{held}."
        dropped = next((f for f in trace.consequences if f.verdict == "refuted"), None)
        if dropped is not None and dropped.binding is not None:
            who = self._system(dropped.binding.system)
            said = say(
                "No system rejects {value}, but it does not arrive in {system} as it is", value=value, system=who
            )
            return f"{said}: {dropped.message}." if self._is_english else f"{said}."
        if trace.is_open:
            return self._open(value)
        if trace.unique_in:
            names = dict.fromkeys((each.field.system, each.field) for each in trace.unique_in)
            places = self._listed((Phrase(f"{self._system(system)} ({field})") for system, field in names), either=True)
            return say(
                "No system rejects {value}, unless it is there already in {systems}.", value=value, systems=places
            )
        return say("No system rejects {value}.", value=value)

    def _depends(self, value: Phrase, refused: Finding) -> str:
        binding = refused.binding
        assert binding is not None  # noqa: S101 - the caller has looked
        say, who = self._spoken.say, self._system(binding.system)
        others = {name: each for name, each in (refused.witness or {}).items() if name not in self._trace.asked.values}
        why = f" ({brief(binding.sentence, 200)})" if self._is_english else ""
        if not others:
            said = say("{value} depends on the rest of the record: {system} rejects it", value=value, system=who)
        else:
            said = say(
                "{value} depends on the rest of the record: {system} rejects it where {values}",
                value=value,
                system=who,
                values=self._typed_values(others),
            )
        return f"{said}{why}."

    def _open(self, value: Phrase) -> str:
        reason = self._open_reason()
        merged = next((root for root in self._trace.roots if root.another is not None), None)
        if not reason and merged is not None:
            return self._spoken.say(
                "No system rejects {value}, but more than one value arrives so: {typed}, or as {another}, it becomes the "
                "same.",
                value=value,
                typed=self._typed(merged),
                another=Phrase(show(merged.another)),
            )
        said = self._spoken.say("The outcome of {value} is unknown", value=value)
        return f"{said}: {reason}." if self._is_english else f"{said}."

    def _open_reason(self) -> str:
        """Why it is not known, in English: for the expert."""
        trace = self._trace
        if trace.doubts:
            doubt = trace.doubts[0]
            who = self._system(doubt.field.system)
            if doubt.by_engine:
                why = self._why(doubt)
                return f"engines differ in a step on the way, and {who} rejects what some of them make of it: {why}"
            return f"{who} has a rule that is not stated exactly ({brief(doubt.constraints[0].sentence, 200)})"
        if trace.unknowns:
            link = trace.unknowns[0].link
            step = f" ({brief(link.sentence, 200)})" if link else ""
            return f"a step on the way to {trace.unknowns[0].field} is not described{step}"
        if trace.journey.endless:
            return "it circulates among the systems and keeps changing"
        unknown = next((finding.reason for finding in trace.consequences if finding.verdict == "unknown"), None)
        came = next((root.reason for root in trace.roots if root.verdict == "unknown"), None)
        return brief(unknown or came or "", 400)

    def _origin(self) -> str:
        """Its origin, in a sentence."""
        trace, say = self._trace, self._spoken.say
        proven = [root for root in trace.roots if root.verdict == "refuted"]
        unsure = [root for root in trace.roots if root.verdict == "unknown"]
        own = trace.field.full_name.entity_name
        if any(root.entry.full_name == own for root in proven):
            return say("It was entered there.")
        if len(proven) == 1 and not unsure:
            who = self._system(proven[0].entry.system)
            return say("{system} accepts it, {typed}.", system=who, typed=self._typed(proven[0]))
        if proven or unsure:
            names = self._listed((self._system(root.entry.system) for root in (*proven, *unsure)), either=True)
            return say("It may have been accepted by {systems}.", systems=names)
        if any(root.entry.full_name == own for root in trace.roots):
            return say("So it cannot have been entered there.")
        if trace.roots:
            return say("No entry of this estate accepts a value that becomes this one.")
        return say("No entry of this estate leads there.")

    # ------------------------------------------------------------------------------------------------------- its parts

    @property
    def _is_english(self) -> bool:
        return self._spoken.language == "en"

    def _system(self, name: str) -> Phrase:
        if self._is_english:
            return Phrase(system_title(self._estate, name))
        title = self._estate.contracts.systems[name].title
        return shown(name if title is None else title.within(self._spoken.language)[0])

    def _field(self, field: Field) -> Phrase:
        if self._is_english:
            return Phrase(field_title(field))
        return shown(title_within(field, self._spoken.language))

    def _value(self, value: Value) -> Phrase:
        return self._spoken.say("an empty value (null)") if value is None else Phrase(show(value))

    def _time(self, failure: TracedFailure) -> Phrase:
        if self._is_english:
            return Phrase(duration(failure.after))
        unit = next((unit for unit in _UNITS if failure.after >= unit), _UNITS[-1])
        return time_phrase(max(1, round(failure.after / unit)) * unit, self._spoken)

    def _title(self, name: FieldName) -> str:
        return title_within(self._estate.contracts.fields[name], self._spoken.language)

    def _typed(self, root: Root) -> Phrase:
        return self._spoken.say("typed for example as {values}", values=self._typed_values(root.record or {}))

    def _typed_values(self, values: Mapping[FieldName, Value]) -> Phrase:
        if self._is_english:
            return Phrase(typed_record(values))
        fields = self._estate.contracts.fields
        return self._listed(Phrase(f"{self._field(fields[name])} = {show(value)}") for name, value in values.items())

    def _listed(self, words: Iterable[Phrase], *, either: bool = False) -> Phrase:
        return self._spoken.listed(list(words), either=either)

    def _why(self, failure: TracedFailure) -> Phrase:
        if not failure.constraints:
            return self._spoken.say("a step on the way there fails on it")
        if self._is_english:
            return Phrase("; and ".join(constraint_sentence(each, failure.value) for each in failure.constraints))
        return self._listed(
            restriction_words(self._spoken, each.restriction, failure.field.type, self._title)
            for each in failure.constraints
        )
