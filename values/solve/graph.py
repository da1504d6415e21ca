"""A language and the measures of its texts as one graph: each class of characters adds a weight to each measure."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from ..alphabet import LetterStep, lettered, on_both
from ..budget import Budget, BudgetExceeded
from ..interning import Answers, youngest
from .observer import Observer
from .table import product
from .ways import PartialDerivatives
from .workload import Workload

if TYPE_CHECKING:
    from ..language import Language
    from ..transducer import Transducer
    from ..weight import Weight


_WEIGHED_A_STATE = 8
"""What is as much work as one plain state: measures of states of language and observer together, and the states."""


class WeightedEdge(NamedTuple):
    """Characters low..high-1 (the best of their class) lead to a state and add to each measure."""

    target: int
    weights: tuple[int, ...]
    low: int
    high: int


_edge = WeightedEdge._make
"""Makes an edge of its parts, in half the time: searches make very many."""


@dataclass(frozen=True, slots=True)
class WeightedGraph:
    """States of the language times states of the observer, with the weights that each character class adds."""

    edges: list[list[WeightedEdge]]
    ends: dict[int, tuple[int, ...]]
    starts: list[tuple[int, tuple[int, ...]]]

    @property
    def _measures(self) -> int:
        return len(self.starts[0][1])

    def leaving(self, state: int) -> list[WeightedEdge]:
        """The edges from a state."""
        return self.edges[state]

    def count(self, state: int, work: Workload) -> None:
        """Count the work of leaving a state: each edge adds to each measure. Raises BudgetExceeded."""
        work.follow(self._measures * len(self.edges[state]))

    def end(self, state: int) -> tuple[int, ...] | None:
        """The weights added where a text ends in a state; None where none can."""
        return self.ends.get(state)

    def without_dead_ends(self) -> WeightedGraph:
        """Only the states from which the text can still end well."""
        sources: list[list[int]] = [[] for _ in self.edges]
        for state, edges in enumerate(self.edges):
            for edge in edges:
                sources[edge.target].append(state)
        live = bytearray(len(self.edges))
        todo = list(self.ends)
        for state in todo:
            live[state] = 1
        while todo:
            for state in sources[todo.pop()]:
                if not live[state]:
                    live[state] = 1
                    todo.append(state)
        if all(live):
            return self
        kept = [[e for e in edges if live[e.target]] if live[i] else [] for i, edges in enumerate(self.edges)]
        return WeightedGraph(kept, self.ends, [start for start in self.starts if live[start[0]]])

    def uniform_weight(self) -> int | None:
        """The one weight of all characters in the one measure; None where weights differ or a start or an end adds some."""
        weights = {edge.weights for edges in self.edges for edge in edges}
        constant = all(not any(w) for _, w in self.starts) and all(not any(w) for w in self.ends.values())
        return next(iter(weights))[0] if constant and len(weights) == 1 else None


class _Reader(Protocol):
    """A reader of texts along a language."""

    @property
    def start(self) -> Any:  # noqa: ANN401 - each reader's own states
        """The initial state."""

    def leaving(self, state: Any, /) -> list[tuple[Any, int, int, int]]:  # noqa: ANN401
        """(next state, class of character, low, high): of each the most plausible range; the best first."""

    def accepts(self, state: Any, /) -> bool:  # noqa: ANN401
        """Whether the text read so far is a member."""

    def count(self, state: Any, work: Workload, /) -> None:  # noqa: ANN401
        """Count the work of leaving a state. Raises BudgetExceeded."""


class _Stepped:
    """Steps the language itself, each way to go on by itself."""

    def __init__(self, start: Language, classes: LetterStep[int]) -> None:
        self.start = start
        self._classes = classes
        self._ways = PartialDerivatives()

    def leaving(self, state: Language) -> list[tuple[Language, int, int, int]]:
        alphabet, pairs = on_both(self._ways.of(state), self._classes, lambda ways, c: (ways, c))
        both = zip(alphabet.likely, pairs, strict=True)
        leaving = [(likely, *pair) for likely, pair in both if likely is not None]
        leaving.sort(key=itemgetter(0))
        return [(target, c, low, high) for (_, low, high), targets, c in leaving for target in targets]

    def accepts(self, state: Language) -> bool:
        return state.nullable

    def count(self, state: Language, work: Workload) -> None:
        work.add(state, self._ways.of(state))


class Explorer:
    """Language and observer together, explored lazily.

    Bounds on the measures differ from question to question, the weights of a text do not; so the graph is cached.
    """

    def __init__(self, language: Language, observer: Observer) -> None:
        tabled = product(language, observer.classes)
        self.is_tabled = tabled is not None
        self.reader: _Reader = tabled or _Stepped(language, lettered(observer.classes))
        self.observer = observer
        self.numbers: dict[tuple[Any, int], int] = {}
        self.keys: list[tuple[Any, int]] = []
        self.edges: list[list[WeightedEdge] | None] = []
        """Per state; None: not explored yet."""
        self.local: dict[Any, list[tuple[Any, int, int, int]]] = {}
        self.starts = [(self._number((self.reader.start, state)), weights) for state, weights in observer.starts]

    def graph(self, longest: int | None, limit: int) -> WeightedGraph:
        """All of it, breadth first, as far as texts of at most `longest` characters reach.

        Raises BudgetExceeded beyond `limit` states of the language.

        States are numbered in breadth-first order, whatever was explored before.
        """
        order = list(dict.fromkeys(state for state, _ in self.starts))
        numbers = {state: i for i, state in enumerate(order)}
        reads = {self.keys[state][0] for state in order}
        edges: list[list[WeightedEdge]] = []
        work = Workload(limit)
        length = 0
        while len(edges) < len(order) and (longest is None or length < longest):
            for state in order[len(edges) :]:
                self.reader.count(self.keys[state][0], work)
                known = self.leaving(state)
                work.keep(len(known))
                is_same = True
                for target, _, _, _ in known:
                    number = numbers.get(target)
                    if number is None:
                        number = numbers[target] = len(order)
                        order.append(target)
                        reads.add(self.keys[target][0])
                    is_same = is_same and number == target
                edges.append(known if is_same else [_edge((numbers[target], *rest)) for target, *rest in known])
                work.check(max(len(reads), len(order) * (1 + self.observer.measures) // _WEIGHED_A_STATE))
            length += 1
        edges += [[] for _ in order[len(edges) :]]
        ends = {number: weights for state, number in numbers.items() if (weights := self.end(state)) is not None}
        return WeightedGraph(edges, ends, [(numbers[state], weights) for state, weights in self.starts])

    def leaving(self, state: int) -> list[WeightedEdge]:
        """The edges from a state."""
        edges = self.edges[state]
        if edges is None:
            edges = self.edges[state] = self._expand(*self.keys[state])
        return edges

    def count(self, state: int, work: Workload) -> None:
        """Count the work of leaving a state: each edge adds to each measure. Raises BudgetExceeded."""
        self.reader.count(self.keys[state][0], work)
        work.follow(self.observer.measures * len(self.leaving(state)))

    def end(self, state: int) -> tuple[int, ...] | None:
        """The weights added where a text ends in a state; None where none can."""
        read, seen = self.keys[state]
        return self.observer.end(seen) if self.reader.accepts(read) else None

    def _expand(self, read: Any, state: int) -> list[WeightedEdge]:  # noqa: ANN401 - the reader's own state
        local = self.local.get(read)
        if local is None:
            local = self.local[read] = self.reader.leaving(read)
        numbers, moves = self.numbers, self.observer.moves
        leaving: list[WeightedEdge] = []
        for target, character_class, low, high in local:
            for following, weights in moves(state, character_class):
                key = (target, following)
                number = numbers.get(key)
                if number is None:
                    number = self._number(key)
                leaving.append(_edge((number, weights, low, high)))
        return leaving

    def _number(self, key: tuple[Any, int]) -> int:
        known = self.numbers.get(key)
        if known is None:
            known = self.numbers[key] = len(self.keys)
            self.keys.append(key)
            self.edges.append(None)
        return known


_Measures: TypeAlias = tuple[tuple[tuple["Transducer", ...], "Weight"], ...]

_Unaffordable: TypeAlias = tuple[str, int]
"""The arguments of a BudgetExceeded."""

_explorers: Answers[Explorer | _Unaffordable] = Answers(512)


def explorer_of(language: Language, measures: _Measures, budget: Budget) -> Explorer:
    """The explorer of a language and its measures. Raises BudgetExceeded where a machine has too many phases."""
    tokens = [machine.token for chain, _ in measures for machine in chain]
    question = (
        language.serial,
        tuple([(tuple([m.token.serial for m in chain]), weight) for chain, weight in measures]),
        (budget.phases, budget.guesses),
    )
    explorer = _explorers.of(youngest(language, *tokens), question, lambda: _explore(language, measures, budget))
    if isinstance(explorer, tuple):
        raise BudgetExceeded(*explorer)
    return explorer


def _explore(language: Language, measures: _Measures, budget: Budget) -> Explorer | _Unaffordable:
    try:
        return Explorer(language, _observer_of(measures, budget))
    except BudgetExceeded as error:
        return error.amount, error.spent


_observers: Answers[Observer] = Answers(512)


def _observer_of(measures: _Measures, budget: Budget) -> Observer:
    """The observer of measures, which may be those of many languages. Raises BudgetExceeded."""
    tokens = [machine.token for chain, _ in measures for machine in chain]
    if not tokens:
        return Observer(measures, budget)
    question = (
        tuple([(tuple([machine.token.serial for machine in chain]), weight) for chain, weight in measures]),
        (budget.phases, budget.guesses),
    )
    return _observers.of(youngest(*tokens), question, lambda: Observer(measures, budget))
