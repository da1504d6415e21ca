"""A conflict that is proved stays proved, whatever it costs to say which of its obligations can be left out."""

from __future__ import annotations

from fieldline.checker.judging.context import Context
from fieldline.checker.rules.conflict import CONFLICT_RULE
from fieldline.values.budget import STANDARD

from ..properties.estates import estate


def test_a_proved_conflict_is_proved_where_its_smallest_set_of_obligations_is_not_found() -> None:
    """Two lengths exclude each other; whether one of them does without the other is more work than there is."""
    systems = {
        "in": {"pattern": "(a|b)*a(a|b){40}"},
        "alike": {"pattern": "(a|b)*b(a|b){40}"},
        "long": {"min_length": 90},
        "short": {"max_length": 60},
    }
    flows = [{"from": "in.e.f", "to": f"{target}.e.f"} for target in ("alike", "long", "short")]
    fields = {name: {"f": {"type": "text", **rules}} for name, rules in systems.items()}
    context = Context(estate(fields, flows), budget=STANDARD.limited(20))
    (finding,) = CONFLICT_RULE.check(context)
    assert finding.verdict == "refuted"
    assert "long.e.f: at least 90 characters; short.e.f: at most 60 characters" in finding.message
