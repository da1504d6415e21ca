"""Deciding whether there is a text in these languages whose measures lie in these boxes, and which is the shortest.

Lengths are kept apart from the languages as counters: "at most 4,000 characters of [A-Z]" is one state and a
number, not
4,001 states. The cheapest method that is exact for the question answers it: a short lazy search, a closed form,
frontier
sets with period detection for plain lengths, breadth-first search over (state, counters) for everything else.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from itertools import repeat
from operator import le
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .. import steps
from ..language import EMPTY, Characters, Language, Repetition, complement, intersection, length
from ..plausible import best_character, spell
from ..transducer import MAX_PHASES, TooManyPhases, Transducer
from .observer import Observer
from .search import DEFAULT_BUDGET, BudgetExceeded, evidently_included, lazy_counterexample, shortest
from .table import product

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..weight import Weight

_QUICK_BUDGET = 60
"""States of the first, lazy search: most violations have a very short witness."""
_AHEAD = 300
"""Places of the first search through machines, which expands only what it visits."""
_GRAPH_FACTOR = 5
"""States of language and observers together allowed per state of the budget."""
_COUNTER_FACTOR = 4
"""Counter states allowed per language state of the budget: they are far cheaper to visit."""


@dataclass(frozen=True, slots=True)
class Box:
    """The measure of the text after `chain`, in `weight`, must lie in low..high (high None: no upper end)."""

    weight: Weight
    low: int
    high: int | None
    chain: tuple[Transducer, ...] = ()


def solve(languages: Sequence[Language], boxes: Sequence[Box], budget: int = DEFAULT_BUDGET) -> str | None:
    """A shortest text in all the languages and boxes; None when there is none. Raises BudgetExceeded."""
    merged = _merge(boxes)
    if merged is None:
        return None
    return _solve(intersection(*languages), merged, budget)


def counterexample(inner: Language, outer: Language, budget: int = DEFAULT_BUDGET) -> str | None:
    """A shortest string of `inner` that is not in `outer`; None when inner is included. Raises BudgetExceeded."""
    if inner is outer or evidently_included(inner, outer):
        return None
    try:  # many are answered by a few steps
        return lazy_counterexample(inner, outer, min(budget, _QUICK_BUDGET))
    except BudgetExceeded:
        both = intersection(inner, complement(outer))
    return lazy_counterexample(inner, outer, budget) if product(both) is None else _solve(both, (), budget)


def _merge(boxes: Sequence[Box]) -> tuple[Box, ...] | None:
    """One box per unit and chain; None when two contradict each other."""
    found: dict[tuple[Weight, tuple[Transducer, ...]], Box] = {}
    for box in boxes:
        known = found.get((box.weight, box.chain))
        low, high = max(box.low, 0), box.high
        if known is not None:
            low = max(low, known.low)
            high = known.high if high is None else high if known.high is None else min(high, known.high)
        if high is not None and low > high:
            return None
        found[box.weight, box.chain] = Box(box.weight, low, high, box.chain)
    kept = [box for box in found.values() if box.low > 0 or box.high is not None]
    return tuple(sorted(kept, key=lambda box: (box.weight.name, _written(box.chain))) if len(kept) > 1 else kept)


@lru_cache(maxsize=4_096)
def _written(chain: tuple[Transducer, ...]) -> str:
    """Puts the same measures into the same order, so that they are looked at once, whatever is asked of them."""
    return repr(chain)


@lru_cache(maxsize=16_384)
def _solve(language: Language, boxes: tuple[Box, ...], budget: int) -> str | None:
    if language is EMPTY:
        return None
    explorer = _explorer(language, tuple([(box.chain, box.weight) for box in boxes]))
    if explorer is None:
        raise BudgetExceeded(MAX_PHASES)
    if not boxes:
        return _CounterSearch(explorer, boxes, budget).run() if explorer.is_tabled else shortest(language, budget)
    plain = all(not box.chain for box in boxes)
    try:  # most violations have a very short witness
        if plain and not explorer.is_tabled:
            return shortest(intersection(language, *(length(b.weight, b.low, b.high) for b in boxes)), _QUICK_BUDGET)
        if not plain or not _is_loop(language):
            return _CounterSearch(explorer, boxes, min(budget, _AHEAD)).run()
    except BudgetExceeded:
        if budget <= _AHEAD:
            raise
        # else it pays to know what can still come
    graph = explorer.graph(_longest(boxes), budget).without_dead_ends()
    if not graph.starts or not graph.ends:
        return None
    if plain and len(boxes) == 1 and graph.uniform_weight() == 1:
        return _walk_lengths(graph, boxes[0].low, boxes[0].high)
    if plain and len(graph.edges) == 1:
        try:
            return _mix(graph.edges[0], boxes)
        except _NotByMixing:
            pass
    return _CounterSearch(graph, boxes, budget * _COUNTER_FACTOR, _Outlook(graph, len(boxes))).run()


def _is_loop(language: Language) -> bool:
    """Whether it is just "these characters, as many as you like": one state."""
    return isinstance(language, Repetition) and isinstance(language.parts[0], Characters)


def _longest(boxes: Sequence[Box]) -> int | None:
    """The most characters a text in the boxes can have; None: any number."""
    found = [
        box.high // lightest
        for box in boxes
        if box.high is not None and not box.chain and (lightest := min(box.weight.step[1])) > 0
    ]
    return min(found, default=None)


class _Edge(NamedTuple):
    target: int
    weights: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class _Graph:
    """States of the language times states of the observers, with what each character class adds to each measure."""

    edges: list[list[_Edge]]
    ends: dict[int, tuple[int, ...]]
    starts: list[tuple[int, tuple[int, ...]]]

    def leaving(self, state: int) -> list[_Edge]:
        """The edges from a state."""
        return self.edges[state]

    def end(self, state: int) -> tuple[int, ...] | None:
        """What is added where a text ends in a state; None where none can."""
        return self.ends.get(state)

    def without_dead_ends(self) -> _Graph:
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
        return _Graph(kept, self.ends, [start for start in self.starts if live[start[0]]])

    def uniform_weight(self) -> int | None:
        """The one weight every character has in the one measure, if so, with nothing written at either end."""
        found = {edge.weights for edges in self.edges for edge in edges}
        constant = all(not any(w) for _, w in self.starts) and all(not any(w) for w in self.ends.values())
        return next(iter(found))[0] if constant and len(found) == 1 else None


class _NotByMixing(Exception):
    """Mixing two kinds of character neither finds an answer nor shows that there is none."""


_LONGEST_MIX = 200_000


def _mix(edges: Sequence[_Edge], boxes: Sequence[Box]) -> str | None:
    """One state: only how many characters of each kind counts, so two kinds are mixed, in closed form.

    For so many characters in all, the greatest total in one measure under an upper bound on another is reached by
    mixing
    at most two kinds (a vertex of the linear program). So a length where no mix of two fits, not even with
    fractions, for
    a lower and an upper bound taken together, is impossible; the first length where whole numbers fit is the shortest.
    """
    if not edges:  # no character fits: only the empty text is left
        return "" if all(box.low <= 0 for box in boxes) else None
    lengths = [i for i, box in enumerate(boxes) if all(edge.weights[i] == 1 for edge in edges)]
    others = [i for i in range(len(boxes)) if i not in lengths]
    lower = [i for i in others if boxes[i].low > 0]
    upper = [i for i in others if boxes[i].high is not None]
    if len(lower) > 1 or set(lower) & set(upper):
        raise _NotByMixing
    first = max([boxes[i].low for i in lengths], default=0)
    last = min([high for i in lengths if (high := boxes[i].high) is not None], default=_LONGEST_MIX)
    for i in lower:
        heaviest = max((edge.weights[i] for edge in edges), default=0)
        if heaviest == 0:
            return None
        first = max(first, -(-boxes[i].low // heaviest))
    for i in upper:
        lightest = min((edge.weights[i] for edge in edges), default=0)
        if lightest > 0:
            last = min(last, (boxes[i].high or 0) // lightest)
    if any(not _can_reach(edges, boxes, low, high) for low in lower for high in upper):
        return None
    for size in range(first, last + 1):
        options = [(a, b, k) for a in edges for b in edges if (k := _share(size, a, b, boxes, others)) is not None]
        if options:
            a, b, k = min(options, key=_plausibility)
            return spell([(b.low, b.high)] * (size - k) + [(a.low, a.high)] * k)
        pairs = [[*low, *high] for low in ([i] for i in lower) for high in ([i] for i in upper)]
        if all(_fits(size, edges, boxes, pair) for pair in pairs or [lower or upper]):
            raise _NotByMixing
    if last == _LONGEST_MIX:
        raise _NotByMixing
    return None


def _can_reach(edges: Sequence[_Edge], boxes: Sequence[Box], low: int, high: int) -> bool:
    """Whether some number of characters reaches the lower bound of one measure under the upper bound of another."""
    limit = boxes[high].high or 0
    return any(
        edge.weights[low] > 0
        and (edge.weights[high] == 0 or limit * edge.weights[low] >= boxes[low].low * edge.weights[high])
        for edge in edges
    )


def _plausibility(option: tuple[_Edge, _Edge, int]) -> tuple[int, int]:
    ranks = sorted((best_character(edge.low, edge.high) or (99, 0))[0] for edge in option[:2])
    return ranks[1], ranks[0]


def _share(length: int, a: _Edge, b: _Edge, boxes: Sequence[Box], measures: Sequence[int]) -> int | None:
    """How many of `length` characters of kind a, the rest of kind b, fit all boxes; None: no number does."""
    low, high = 0, length
    for i in measures:
        rest, gain = length * b.weights[i], a.weights[i] - b.weights[i]
        least, most = boxes[i].low - rest, None if (limit := boxes[i].high) is None else limit - rest
        if gain == 0:
            if least > 0 or (most is not None and most < 0):
                return None
            continue
        if gain < 0:  # k * gain between least and most is k * -gain between -most and -least
            gain, least, most = -gain, 0 if most is None else -most, -least
        low = max(low, -(-least // gain))
        if most is not None:
            high = min(high, most // gain)
    return low if low <= high else None


def _fits(length: int, edges: Sequence[_Edge], boxes: Sequence[Box], measures: Sequence[int]) -> bool:
    """Whether some mix of two kinds fits these boxes when fractions of a character are allowed."""
    for a in edges:
        for b in edges:
            low, high = Fraction(0), Fraction(length)
            for i in measures:
                rest, gain = length * b.weights[i], a.weights[i] - b.weights[i]
                limit = boxes[i].high
                bounds = [(Fraction(boxes[i].low - rest), 1)]
                if limit is not None:
                    bounds.append((Fraction(limit - rest), -1))
                for bound, sign in bounds:
                    if gain == 0:
                        if (bound > 0) if sign > 0 else (bound < 0):
                            low, high = Fraction(1), Fraction(0)
                    elif (gain > 0) == (sign > 0):
                        low = max(low, bound / gain)
                    else:
                        high = min(high, bound / gain)
            if low <= high:
                return True
    return False


class _Reader(Protocol):
    """What reads a text along a language."""

    @property
    def start(self) -> Any:  # noqa: ANN401 - each reader's own states
        """The state it begins in."""

    def leaving(self, state: Any, /) -> list[tuple[Any, int, int, int]]:  # noqa: ANN401
        """(state that follows, class of character, low, high): of each the most plausible range; the best first."""

    def accepts(self, state: Any, /) -> bool:  # noqa: ANN401
        """Whether what was read is a member."""


@dataclass(frozen=True, slots=True)
class _Stepped:
    """Steps the language itself."""

    start: Language
    classes: tuple[tuple[int, ...], tuple[int, ...]]

    def leaving(self, state: Language) -> list[tuple[Language, int, int, int]]:
        best: dict[tuple[Language, int], tuple[int, int, int]] = {}
        both = steps.merge(state.step(), self.classes, lambda target, c: (target, c))
        for low, high, (target, character_class) in steps.pieces(both):
            if target is EMPTY:
                continue
            character = best_character(low, high)
            if character is None:
                continue
            known = best.get((target, character_class))
            if known is None or character[0] < known[0]:
                best[target, character_class] = (character[0], low, high)
        likely = sorted(best.items(), key=lambda each: each[1])
        return [(target, c, low, high) for (target, c), (_, low, high) in likely]

    def accepts(self, state: Language) -> bool:
        return state.nullable


class _Explorer:
    """Language and observer together, looked at as far as anybody asks.

    What is asked of the measures differs from question to question, and what they see of a text does not; so it is kept.
    """

    def __init__(self, language: Language, observer: Observer) -> None:
        tabled = product(language, observer.classes)
        self.is_tabled = tabled is not None
        self.reader: _Reader = tabled or _Stepped(language, observer.classes)
        self.observer = observer
        self.numbers: dict[tuple[Any, int], int] = {}
        self.keys: list[tuple[Any, int]] = []
        self.edges: list[list[_Edge] | None] = []
        """Per state; None: not looked at yet."""
        self.local: dict[Any, list[tuple[Any, int, int, int]]] = {}
        self.starts = [(self._number((self.reader.start, state)), weights) for state, weights in observer.starts]

    def graph(self, longest: int | None, budget: int) -> _Graph:
        """All of it, breadth first, as far as texts of so many characters get. Raises BudgetExceeded.

        Its states are numbered as they are found, whatever was looked at before.
        """
        order = list(dict.fromkeys(state for state, _ in self.starts))
        numbers = {state: i for i, state in enumerate(order)}
        reads = {self.keys[state][0] for state in order}
        edges: list[list[_Edge]] = []
        length = 0
        while len(edges) < len(order) and (longest is None or length < longest):
            for state in order[len(edges) :]:
                leaving: list[_Edge] = []
                for edge in self.leaving(state):
                    number = numbers.get(edge.target)
                    if number is None:
                        number = numbers[edge.target] = len(order)
                        order.append(edge.target)
                        reads.add(self.keys[edge.target][0])
                    leaving.append(_Edge(number, edge.weights, edge.low, edge.high))
                edges.append(leaving)
                if len(reads) > budget or len(order) > budget * _GRAPH_FACTOR:
                    raise BudgetExceeded(len(order))
            length += 1
        edges += [[] for _ in order[len(edges) :]]
        ends = {number: weights for state, number in numbers.items() if (weights := self.end(state)) is not None}
        return _Graph(edges, ends, [(numbers[state], weights) for state, weights in self.starts])

    def leaving(self, state: int) -> list[_Edge]:
        """The edges from a state."""
        found = self.edges[state]
        if found is None:
            found = self.edges[state] = self._expand(*self.keys[state])
        return found

    def end(self, state: int) -> tuple[int, ...] | None:
        """What is added where a text ends in a state; None where none can."""
        read, seen = self.keys[state]
        return self.observer.end(seen) if self.reader.accepts(read) else None

    def _expand(self, read: Any, state: int) -> list[_Edge]:  # noqa: ANN401 - the reader's own state
        local = self.local.get(read)
        if local is None:
            local = self.local[read] = self.reader.leaving(read)
        return [
            _Edge(self._number((target, following)), weights, low, high)
            for target, character_class, low, high in local
            for following, weights in self.observer.moves(state, character_class)
        ]

    def _number(self, key: tuple[Any, int]) -> int:
        known = self.numbers.get(key)
        if known is None:
            known = self.numbers[key] = len(self.keys)
            self.keys.append(key)
            self.edges.append(None)
        return known


@lru_cache(maxsize=512)
def _explorer(language: Language, measures: tuple[tuple[tuple[Transducer, ...], Weight], ...]) -> _Explorer | None:
    """None: a machine has too many phases."""
    try:
        return _Explorer(language, Observer(measures))
    except TooManyPhases:
        return None


def _walk_lengths(graph: _Graph, low: int, high: int | None) -> str | None:
    """The one measure counts characters: walk frontier sets (as bit masks) by length, and stop when they repeat."""
    successors = [0] * len(graph.edges)
    for state, edges in enumerate(graph.edges):
        for edge in edges:
            successors[state] |= 1 << edge.target
    accepting = sum(1 << state for state in graph.ends)
    first = sum(1 << state for state in {state for state, _ in graph.starts})
    frontiers = [first]
    seen = {first: 0}
    while True:
        here = len(frontiers) - 1
        if here >= low and frontiers[here] & accepting:
            return _spell_back(graph, frontiers.__getitem__, here, accepting)
        if high is not None and here >= high:
            return None
        frontier = _advance(frontiers[here], successors)
        if not frontier:
            return None
        if frontier in seen:
            begin, period = seen[frontier], here + 1 - seen[frontier]
            hits = [j for j in range(begin, here + 1) if frontiers[j] & accepting]
            found = [j if j >= low else j + -(-(low - j) // period) * period for j in hits]
            found = [j for j in found if high is None or j <= high]
            if not found:
                return None
            return _spell_back(graph, partial(_in_period, frontiers, begin, period), min(found), accepting)
        seen[frontier] = here + 1
        frontiers.append(frontier)


def _in_period(frontiers: Sequence[int], begin: int, period: int, length: int) -> int:
    """The frontier at a length, where from `begin` on they repeat."""
    return frontiers[length if length < begin else begin + (length - begin) % period]


def _advance(frontier: int, successors: Sequence[int]) -> int:
    found = 0
    while frontier:
        lowest = frontier & -frontier
        found |= successors[lowest.bit_length() - 1]
        frontier ^= lowest
    return found


def _spell_back(graph: _Graph, frontier: Callable[[int], int], steps_left: int, accepting: int) -> str:
    """Walk back from an accepting state through the frontiers, always over the most plausible characters."""
    sources: dict[int, list[tuple[int, int, int, int]]] = {}
    for state, edges in enumerate(graph.edges):
        for edge in edges:
            best = best_character(edge.low, edge.high)
            if best is not None:
                sources.setdefault(edge.target, []).append((best[0], state, edge.low, edge.high))
    for options in sources.values():
        options.sort()
    mask = frontier(steps_left) & accepting
    state = (mask & -mask).bit_length() - 1
    path: list[tuple[int, int]] = []
    for step in range(steps_left - 1, -1, -1):
        reachable = frontier(step)
        _, state, low, high = next(option for option in sources[state] if reachable >> option[1] & 1)
        path.append((low, high))
    return spell(path[::-1])


_FRONT = 16
"""Places of one state that a new one is compared with."""

_Place = tuple[int, tuple[int, ...]]
_SETTLED = -1
"""A counter that satisfies its box whatever still comes."""
_ANY = 1 << 60
"""More than any counter."""


class _CounterSearch:
    """Breadth-first search over (state, counters).

    Counters are kept as few as the answer allows: with an outlook, one that is satisfied whatever still comes is settled
    and no longer told apart, and a place is left as soon as the least weight still to come breaks an upper bound; and of
    the places in one state only those are kept that are better than all others in something.
    """

    def __init__(
        self, graph: _Graph | _Explorer, boxes: Sequence[Box], budget: int, outlook: _Outlook | None = None
    ) -> None:
        self.graph = graph
        self.boxes = boxes
        self.budget = budget
        self.outlook = outlook
        self.limits = [(box.low, _ANY if box.high is None else box.high) for box in boxes]
        self.wishes = [1 if box.high is None else -1 if box.low == 0 else 0 for box in boxes]
        self.fronts: dict[int, list[list[int]]] = {}
        self.parents: dict[_Place, tuple[_Place, _Edge] | None] = {}

    def run(self) -> str | None:
        frontier: list[_Place] = []
        for state, weights in self.graph.starts:
            self._visit(state, (0,) * len(self.boxes), weights, None, frontier)
        while frontier:
            for place in frontier:
                if self._accepts(place):
                    return self._spell(place)
            reached: list[_Place] = []
            for place in frontier:
                state, counters = place
                for edge in self.graph.leaving(state):
                    self._visit(edge.target, counters, edge.weights, (place, edge), reached)
            if len(self.parents) > self.budget:
                raise BudgetExceeded(len(self.parents))
            frontier = reached
        return None

    def _visit(
        self,
        state: int,
        counters: tuple[int, ...],
        added: tuple[int, ...],
        parent: tuple[_Place, _Edge] | None,
        reached: list[_Place],
    ) -> None:
        kept: list[int] = []
        ahead = repeat((0, 1)) if self.outlook is None else self.outlook.at(state)
        for count, weight, (low, high), (least, growing) in zip(counters, added, self.limits, ahead, strict=False):
            if count == _SETTLED:
                kept.append(_SETTLED)
                continue
            total = count + weight
            if total + least > high or (total < low and not growing):
                return
            kept.append(_SETTLED if total + least >= low and (high == _ANY or not growing) else total)
        place = (state, tuple(kept))
        if place in self.parents or not self._is_better(place):
            return
        self.parents[place] = parent
        reached.append(place)

    def _is_better(self, place: _Place) -> bool:
        """Whether none of the last places seen in this state is as good in every counter; if so, it is remembered.

        Seen before is at most as long. Good is large where there is only a lower bound, small where there is only an
        upper one, equal where there are both, and settled is better than anything.
        """
        state, counters = place
        badness: list[int] = []
        for count, wish in zip(counters, self.wishes, strict=True):
            if count == _SETTLED:
                badness += (-_ANY, -_ANY)
            else:  # what must be equal must be no more and no less
                badness += (-_ANY if wish > 0 else count, -_ANY if wish < 0 else -count)
        front = self.fronts.setdefault(state, [])
        for known in front[-_FRONT:]:
            if all(map(le, known, badness)):
                return False
        front.append(badness)
        return True

    def _accepts(self, place: _Place) -> bool:
        state, counters = place
        ends = self.graph.end(state)
        return ends is not None and all(
            count == _SETTLED or (box.low <= count + end and (box.high is None or count + end <= box.high))
            for count, end, box in zip(counters, ends, self.boxes, strict=True)
        )

    def _spell(self, place: _Place) -> str:
        path: list[tuple[int, int]] = []
        while (parent := self.parents[place]) is not None:
            place, edge = parent
            path.append((edge.low, edge.high))
        return spell(path[::-1])


class _Outlook:
    """What can still come, per measure and state."""

    def __init__(self, graph: _Graph, measures: int) -> None:
        self.graph = graph
        least = zip(*(self._least_to_come(i) for i in range(measures)), strict=True)
        growing = zip(*(self._can_grow(i) for i in range(measures)), strict=True)
        self._ahead = [list(zip(*both, strict=True)) for both in zip(least, growing, strict=True)]

    def at(self, state: int) -> list[tuple[int, int]]:
        """Per measure: the least weight still written on the way to an end; whether what may still come adds any."""
        return self._ahead[state]

    def _least_to_come(self, i: int) -> list[int]:
        """Dijkstra, backwards from the ends."""
        sources: list[list[tuple[int, int]]] = [[] for _ in self.graph.edges]
        for state, edges in enumerate(self.graph.edges):
            for edge in edges:
                sources[edge.target].append((state, edge.weights[i]))
        least = [1 << 60] * len(self.graph.edges)
        heap: list[tuple[int, int]] = []
        for state, weights in self.graph.ends.items():
            least[state] = weights[i]
            heap.append((weights[i], state))
        heapq.heapify(heap)
        while heap:
            weight, state = heapq.heappop(heap)
            if weight > least[state]:
                continue
            for source, more in sources[state]:
                if weight + more < least[source]:
                    least[source] = weight + more
                    heapq.heappush(heap, (weight + more, source))
        return least

    def _can_grow(self, i: int) -> bytearray:
        sources: list[list[int]] = [[] for _ in self.graph.edges]
        growing = bytearray(len(self.graph.edges))
        for state, weights in self.graph.ends.items():
            growing[state] |= weights[i] > 0
        for state, edges in enumerate(self.graph.edges):
            for edge in edges:
                sources[edge.target].append(state)
                growing[state] |= edge.weights[i] > 0
        todo = [state for state, grows in enumerate(growing) if grows]
        while todo:
            for source in sources[todo.pop()]:
                if not growing[source]:
                    growing[source] = 1
                    todo.append(source)
        return growing
