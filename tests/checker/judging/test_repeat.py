"""A field that fills several of the fields that are unique together, beside another way into them."""

from __future__ import annotations

import pytest

from fieldline.checker.verdict.check import check

from ...properties.estates import Written, contract

TEXT = {"type": "text", "required": True, "max_length": 3}


@pytest.mark.parametrize("via", [[], ["trim"]])
def test_one_field_in_two_columns_that_are_unique_together_is_judged_beside_another(via: list[str]) -> None:
    target = contract("b", {"c": {"type": "text"}, "d": {"type": "text"}})
    target["entities"]["e"]["unique"] = [["c", "d"]]
    flows = [
        {"from": "in1.e.x", "to": "b.e.c"},
        {"from": "in1.e.x", "to": "b.e.d", "via": via},
        {"from": "in1.e.y", "to": "b.e.d"},
    ]
    contracts = {"in1": contract("in1", {"x": TEXT, "y": TEXT}), "b": target}
    repeats = [each for each in check(Written(contracts, flows).load()).findings if each.rule == "repeat"]
    assert [each.verdict for each in repeats] == ["refuted"]
