"""What becomes equal at a step is lost only where records come to that step: a condition may keep the value from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.verdict.check import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldline.checker.judging.context import Context

TEXT = {"type": "text", "max_length": 9}


def lost(context: Callable[..., Context], *flows: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
    written = [{"from": "in1.e.id", "to": "b.e.id"}, *({"from": "in1.e.a", "to": "b.e.a", **flow} for flow in flows)]
    estate = context(written, in1={"id": TEXT, "a": TEXT}, b={"id": TEXT, "a": TEXT}).estate
    findings = [finding for finding in check(estate).findings if finding.rule == "loss"]
    return [(each.verdict, each.witness and {n.field: v for n, v in each.witness.items()}) for each in findings]


def test_a_step_that_one_value_alone_comes_to_loses_nothing(context: Callable[..., Context]) -> None:
    held = {"when": "in1.e.a IS NOT NULL"}
    assert lost(context, held, {"via": [{"constant": {}}], "when": "in1.e.a IS NULL"}) == []
    assert (
        lost(context, {"when": "in1.e.a <> 'x' OR in1.e.a IS NULL"}, {"via": ["upper"], "when": "in1.e.a = 'x'"}) == []
    )


@pytest.mark.parametrize("others", [({"when": "in1.e.a = 'z'"},), ()])
def test_values_that_do_come_to_it_are_lost(
    context: Callable[..., Context], others: tuple[dict[str, Any], ...]
) -> None:
    constant = {"via": [{"constant": "k"}], "when": "in1.e.a IN ('x', 'y')"}
    found = lost(context, constant, *others)
    assert ("refuted", {"a": "x"}) in found or ("refuted", {"a": "y"}) in found
