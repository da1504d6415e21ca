"""A part of an estate is judged by the engine that the estate names, as the whole is."""

from __future__ import annotations

from typing import Any

from fieldline.checker.diff.diff import diff
from fieldline.checker.diff.ladder import ladders
from fieldline.checker.judging.context import Context
from fieldline.documents.names import FieldName

from ...properties.estates import Written, contract

SHORT: dict[str, Any] = {"type": "text", "max_length": 3}
FLOWS: list[dict[str, Any]] = [
    {"from": "in1.e.c", "to": "a.e.c"},
    {"from": "a.e.c", "to": "b.e.c", "via": ["upper"]},
]
"""PostgreSQL keeps ß in upper case; Java and others write SS, which is longer."""


def written(longest: int, *, engine: str | None = "postgres") -> Written:
    fields = {
        "in1": {"c": {"type": "text", "pattern": "[aß]{0,3}"}},
        "a": {"c": SHORT},
        "b": {"c": SHORT | {"max_length": longest}},
    }
    policy = {} if engine is None else {"engine": engine, "collation": "C.UTF-8"}
    return Written({name: contract(name, each) for name, each in fields.items()}, FLOWS, policy)


def test_a_neighbour_is_judged_by_it() -> None:
    assert [f.rule for f in diff(written(9).load(), written(3).load()).findings if f.rule == "neighbour-refuses"] == []
    unnamed = diff(written(9, engine=None).load(), written(3, engine=None).load())
    assert [f.rule for f in unnamed.findings if f.rule == "neighbour-refuses"] == ["neighbour-refuses"]


def test_a_ladder_is_judged_by_it() -> None:
    def safe_until(engine: str | None) -> Any:  # noqa: ANN401 - a bound
        (ladder,) = ladders(Context(written(9, engine=engine).load()), FieldName.read("b.e.c"))
        return ladder.rungs[0].last

    assert safe_until("postgres") == 3
    assert safe_until(None) > 3
