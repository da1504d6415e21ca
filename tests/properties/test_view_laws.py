"""Several views of one value in an entity: what they give back together, against every pair of values.

The field has all texts over few characters, the steps forgive nothing: so the value is lost exactly where two texts leave
the same in all fields, and each verdict is compared with all pairs. Between two versions, the pairs that only the version
after makes equal are new losses.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.diff.diff import diff
from fieldline.checker.judging.simulate import travel
from fieldline.checker.verdict.check import check
from fieldline.documents.names import FieldName
from fieldline.lineage.graph import Graph

from .estates import Written
from .strategies import tries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldline.values.valueset import Value

View = tuple[list[dict[str, Any]], dict[str, Any], bool]
"""The steps of a view, what its storage does, and whether it leads through another system."""
TEXTS = ["".join(each) for n in range(1, 4) for each in product("ab", repeat=n)]

_FEW = ["a", "b", "ab", "ba"]
_text = st.sampled_from(_FEW)
_letter = st.sampled_from("ab")
_steps = st.one_of(
    st.builds(lambda n: {"truncate": n}, st.integers(1, 3)),
    st.builds(lambda a, n: {"substring": {"start": a, "length": n}}, st.integers(1, 3), st.integers(1, 3)),
    st.builds(
        lambda table, rest: {"map": {"values": table, "otherwise": rest}},
        st.dictionaries(_text, _text, min_size=1, max_size=2),
        st.sampled_from(["keep", "null"]),
    ),
    st.builds(lambda a, b: {"replace": {"characters": {a: b}}}, _letter, st.sampled_from(["a", "b", "ab", "c"])),
    st.builds(lambda a: {"remove": {"characters": a}}, _letter),
)
_storages = st.one_of(
    st.just({}), st.builds(lambda n: {"max_length": n, "on_violation": "truncate"}, st.integers(1, 3))
)
_views = st.lists(st.tuples(st.lists(_steps, min_size=1, max_size=2), _storages, st.booleans()), min_size=2, max_size=3)


@tries(25)
@given(_views, st.lists(_text, min_size=2, max_size=4, unique=True), st.booleans())
def test_a_value_is_lost_where_two_leave_the_same_in_all_views(
    views: list[View], accepted: list[str], all_texts: bool
) -> None:
    values = TEXTS if all_texts else accepted
    entered = {"pattern": "[ab]{1,3}"} if all_texts else {"one_of": values}
    estate = _written(views, entered)
    loaded = estate.load()
    graph = Graph(loaded.contracts, loaded.flows)
    found = [finding for finding in check(loaded).findings if finding.rule == "loss"]
    if any(finding.verdict == "unknown" for finding in found):
        return
    left = {value: _contents(graph, value) for value in values}
    same = [pair for pair in combinations(values, 2) if left[pair[0]] == left[pair[1]]]
    assert bool(found) == bool(same), (same, estate.flows)


_changes = st.one_of(
    st.tuples(st.just("steps"), st.integers(0, 2), st.lists(_steps, max_size=2)),
    st.tuples(st.just("storage"), st.integers(0, 2), _storages),
    st.tuples(st.just("round"), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("gone"), st.integers(0, 2), st.none()),
    st.tuples(st.just("more"), st.integers(0, 2), st.lists(_text, min_size=1, max_size=2)),
)


@tries(25)
@given(_views, _changes, st.lists(_text, min_size=2, max_size=4, unique=True))
def test_two_values_that_only_the_version_after_makes_equal_are_a_new_loss(
    views: list[View], change: tuple[str, int, Any], accepted: list[str]
) -> None:
    before, after = _two_versions(views, change, accepted)
    found = [finding for finding in diff(before.load(), after.load()).findings if finding.rule == "newly-lost"]
    same = [_same_pairs(each) for each in (before, after)]
    if same[1] - same[0]:
        assert found, (same, before.flows, after.flows)


@tries(25)
@given(_views, _changes, st.lists(_text, min_size=2, max_size=4, unique=True))
def test_two_values_that_only_the_version_after_makes_equal_collide_where_they_must_differ(
    views: list[View], change: tuple[str, int, Any], accepted: list[str]
) -> None:
    before, after = _two_versions(views, change, accepted, {"unique": True})
    rules = {finding.rule for finding in diff(before.load(), after.load()).findings}
    same = [_same_pairs(each, 1) for each in (before, after)]
    if same[1] - same[0]:
        assert "newly-colliding" in rules, (same, before.flows, after.flows)
    elif not same[1]:
        assert not {f.rule for f in check(after.load()).findings if f.rule == "collision" and f.verdict == "refuted"}


def _two_versions(
    views: list[View], change: tuple[str, int, Any], accepted: list[str], first: dict[str, Any] | None = None
) -> tuple[Written, Written]:
    what, place, new = change
    place %= len(views)
    steps, storage, goes_round = views[place]
    changed = {
        "steps": (new, storage, goes_round),
        "storage": (steps, new, goes_round),
        "round": (steps, storage, new),
        "gone": None,
        "more": views[place],
    }[what]
    values = list(dict.fromkeys([*accepted, *new])) if what == "more" else accepted
    before = _written(views, {"one_of": accepted}, first)
    return before, _written([*views[:place], changed, *views[place + 1 :]], {"one_of": values}, first)


def _same_pairs(written: Written, most: int | None = None) -> set[tuple[str, str]]:
    """The pairs of values that are accepted and leave the same: something, in so many fields, the first ones."""
    loaded = written.load()
    graph = Graph(loaded.contracts, loaded.flows)
    accepts = graph.fields[FieldName("web", "e", "f")].accepts
    left = {value: _contents(graph, value)[:most] for value in TEXTS if value in accepts}
    told_apart = (pair for pair in combinations(left, 2) if left[pair[0]] == left[pair[1]])
    return {pair for pair in told_apart if most is None or left[pair[0]] not in [((),), ((None,),)]}


def _written(views: Sequence[View | None], entered: dict[str, Any], first: dict[str, Any] | None = None) -> Written:
    """The estate of some views; where one is gone, its field has no flow. `first`: keys of the first field."""
    target, middle = {}, {}
    flows: list[dict[str, Any]] = []
    for i, view in enumerate(views):
        if view is None:
            target[f"v{i}"] = {"type": "text"}
            continue
        steps, storage, goes_round = view
        target[f"v{i}"] = {"type": "text", **storage}
        last = "web.e.f"
        if goes_round:
            middle[f"v{i}"] = {"type": "text"}
            flows.append({"from": last, "to": f"m.e.v{i}"})
            last = f"m.e.v{i}"
        flows.append({"from": last, "to": f"t.e.v{i}", **({"via": steps} if steps else {})})
    target["v0"] |= first or {}
    fields = {
        "web": {"f": {"type": "text", "required": True, **entered}},
        "t": target,
        "m": middle or {"x": {"type": "text"}},
    }
    return Written(
        {
            name: {"system": name, "entities": {"e": {"kind": "entry" if name == "web" else "table", "fields": own}}}
            for name, own in fields.items()
        },
        flows,
    )


def _contents(graph: Graph, value: str) -> tuple[tuple[Value, ...], ...]:
    arrivals = travel(graph, {FieldName("web", "e", "f"): value}).arrivals
    return tuple(
        tuple(each.stored for each in arrivals.get(field.full_name, ()))  # type: ignore[misc]
        for field in graph.contracts.systems["t"].entities["e"].fields.values()
    )
