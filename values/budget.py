"""The work an answer may take: one `Budget`, handed down from the command or the application to every question.

Amounts are of work and never of time, so an answer is the same on every machine. A question that needs more than its
amount ends with `BudgetExceeded`, which names the amount, and the verdict is `unknown`: never safe. More effort multiplies
the amounts whose end leaves something undecided:

    effort 1    20,000 states of a search, 64 ways to join, 48 rounds of a comparison ...
    effort 3    60,000                     192              144

The amounts that only choose between two correct methods stay the same.

Bounds on the form of a set are no part of a budget: a minimal automaton, a pattern and the original form decide the
same, and a set has one form at every effort. These bounds are constants of the modules that make the form. Bounds set
by the interpreter's stack are no part of a budget either.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property

from .error import FieldlineError

MOST_EFFORT = 100
"""The greatest effort: 2,000,000 states of one search, which fill a few GB of memory."""

_RAISED = "raised by effort"


def _raised(amount: int) -> int:
    """An amount that effort multiplies; other amounts are the same at every effort."""
    return field(default=amount, metadata={_RAISED: True})


@dataclass(frozen=True, eq=False)
class Budget:
    """The amounts of work for an answer. Compared by content, and quickly: it is part of the key of a cached answer."""

    # Without slots: budgets of subquestions, and the comparison key, are cached properties.

    states: int = _raised(20_000)
    """States that a search through one or several languages visits; a state of many operands or edges is several (see
    `solve.workload.Workload`). Beyond: BudgetExceeded."""
    phases: int = _raised(20_000)
    """Phases of one machine that are visited to collect the characters it writes. Beyond: BudgetExceeded."""
    guesses: int = _raised(400)
    """Guesses of the machines of one question on one more character. Beyond: BudgetExceeded."""
    alphabet_states: int = _raised(1_000)
    """States that are visited to collect the characters of a language. Beyond: BudgetExceeded, or any character."""
    first_states: int = 60
    """States of the first, lazy search: most violations have a very short witness. Beyond: the next method."""
    ahead_states: int = 300
    """Places of the first search through machines, which expands only what it visits. Beyond: the next method."""
    quick_states: int = 400
    """States of a search that may save a longer one. Beyond: the longer one."""
    chained_states: int = 150
    """States of a search for a witness shorter than the one at hand. Beyond: the one at hand."""
    glance_states: int = 200
    """States of a search that shows an obligation to follow from a field's own contract. Beyond: it is carried upstream."""
    mixed_characters: int = 200_000
    """Characters of the longest text that is sought by mixing two kinds of character. Beyond: the next method."""
    pumped_characters: int = 10_000
    """Characters of one kind that are tried as a witness. Beyond: a search."""
    slow_characters: int = 60
    """The same, where the set has no automaton of few states, and each character takes the work of a state."""

    obligations: int = _raised(4_000)
    """Distinct obligations at one field outside of cycles. Beyond: the field is unsettled, all upstream of it unknown."""
    obligations_in_a_cycle: int = _raised(32)
    """Distinct obligations at one field of a cycle. Beyond: the same."""
    joined_ways: int = _raised(64)
    """Ways in which joined values may have come from one entity. Beyond: the obligation on them is unknown."""
    routes: int = _raised(16)
    """Routes from an obligation to one origin that are tried when a value is rejected on the way. Beyond: unknown."""
    sampled_routes: int = _raised(2)
    """Routes on which values are tried where nothing can be decided. Beyond: unknown."""
    route_visits: int = _raised(2_000)
    """Obligations that are visited to list those routes. Beyond: BudgetExceeded."""
    second_look_states: int = _raised(5_000)
    """States of a search among the values that arrive where an obligation comes from. Beyond: BudgetExceeded."""
    samples: int = _raised(4_000)
    """Records that are tried where nothing can be decided. Beyond: unknown."""
    completions: int = _raised(200)
    """Values of further fields that are tried to meet the conditions on the way. Beyond: unknown."""
    first_values: int = 8
    """Shortest values of one such field that are tried before longer ones. Beyond: values of other lengths."""
    passes: int = _raised(64)
    """Rounds of a value in a cycle, changing each time. Beyond: the value does not converge."""
    combinations: int = _raised(256)
    """Combinations of different values, arrived on different routes, that one flow is tried with. Beyond: not tried."""
    ways_back: int = _raised(2_000)
    """Ways from a field back to entries. Beyond: BudgetExceeded."""
    ways: int = _raised(8)
    """Ways from entries to one unique field. Beyond: unknown whether values collide there."""
    pair_states: int = _raised(20_000)
    """States of two texts read side by side, to find two that a step makes equal. Beyond: unknown."""
    pair_characters: int = _raised(200)
    """Characters that are told apart there, and that one text may be ahead of the other. Beyond: unknown."""
    views: int = _raised(32)
    """Paths from a field whose value a step drops in part, to what may have the rest. Beyond: not considered."""
    tried_values: int = _raised(6)
    """Values tried at each step that may make two values equal. Beyond: unknown."""
    unmet_ways: int = _raised(256)
    """Ways not to meet the conditions of the flows that fill a field. Beyond: BudgetExceeded."""
    listed_values: int = _raised(200)
    """Values of a list that are sought at the entries one by one. Beyond: the list has no finding."""
    room_states: int = _raised(1_000)
    """States of a search for a value that an entry rejects without need. Beyond: no finding."""
    binding_states: int = _raised(300)
    """States of a search that shows one obligation of an estate to follow from the others. Beyond: not decided."""
    rounds: int = _raised(48)
    """Records checked for one obligation of a change, each of which failed before the change, too. Beyond: unknown."""
    guessed_characters: int = 4_000
    """Characters of a text that is proposed as a record of a change. Beyond: not proposed."""

    restating_states: int = _raised(2_000)
    """States of a search that shows a clause to equal a plainer one. Beyond: the clause is not restated."""
    implied_states: int = _raised(400)
    """States of a search that shows a clause a validator cannot state to follow from the others. Beyond: listed."""
    written_states: int = _raised(5_000)
    """States of an automaton that a validator writes out. Beyond: its clause is listed as unsupported."""
    measured_characters: int = _raised(70_000)
    """Characters of a text at which the end of a span is sought. Beyond: the end is not known."""
    repaired_characters: int = 2_000
    """Characters of a text that a repair is sought for. Beyond: none is, because no person typed it."""

    @classmethod
    def of_effort(cls, effort: int) -> Budget:
        """The budget of an effort from 1, the standard, to MOST_EFFORT. Raises ValueError."""
        if not 1 <= effort <= MOST_EFFORT:
            message = f"the effort is a whole number from 1 to {MOST_EFFORT}, not {effort}"
            raise ValueError(message)
        return STANDARD.times(effort)

    def times(self, factor: int) -> Budget:
        """The budget with the amounts multiplied that effort multiplies."""
        if factor == 1:
            return self
        return replace(self, **{name: getattr(self, name) * factor for name in _RAISED_AMOUNTS})

    def limited(self, states: int) -> Budget:
        """The budget with at most `states` states of a search."""
        return self if states >= self.states else replace(self, states=states)

    @cached_property
    def quick(self) -> Budget:
        """The budget of a search that may save a longer one."""
        return self.limited(self.quick_states)

    @cached_property
    def glance(self) -> Budget:
        """The budget of a question that may stay open."""
        return self.limited(self.glance_states)

    @cached_property
    def second_look(self) -> Budget:
        """The budget of a search among the values that arrive at a field."""
        return self.limited(self.second_look_states)

    @cached_property
    def room(self) -> Budget:
        """The budget of a search that explains what is decided already."""
        return self.limited(self.room_states)

    @cached_property
    def _amounts(self) -> tuple[int, ...]:
        return tuple([getattr(self, each.name) for each in fields(self)])

    @cached_property
    def _hash(self) -> int:
        return hash(self._amounts)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Budget) and self._amounts == other._amounts)

    def __hash__(self) -> int:
        return self._hash


_RAISED_AMOUNTS = frozenset(each.name for each in fields(Budget) if each.metadata.get(_RAISED))

STANDARD = Budget()
"""The budget of effort 1, the default of every question."""


class BudgetExceeded(FieldlineError):
    """A question needs more work than its budget allows; `amount` names the exhausted amount."""

    def __init__(self, amount: str, spent: int) -> None:
        """`amount`: a field of Budget, blanks for its underscores; `spent`: the amount used."""
        super().__init__(f"gave up after {spent:,} {amount}")
        self.amount = amount
        self.spent = spent

    @property
    def reason(self) -> str:
        """The reason for an unknown verdict, in words."""
        return out_of(self.amount, self.spent)


def out_of(amount: str, spent: int) -> str:
    """The reason for an unknown verdict where an amount (named as in BudgetExceeded) does not suffice, in words."""
    gave_up = f"budget: gave up after {spent:,} {amount}"
    return f"{gave_up}; --effort raises it" if amount.replace(" ", "_") in _RAISED_AMOUNTS else gave_up
