"""A screen as text: what is missing and what is met, and that unknown is neither."""

import json
from typing import Any

from fieldline.checker.requirement.screen import screen
from fieldline.reports.json.screen import screen_json
from fieldline.reports.text.page import Look
from fieldline.reports.text.screen import screen_headline, screen_text

TEXT = "{a: {type: text}}"


def told(estate: Any) -> str:  # noqa: ANN401 - an estate
    return screen_text(screen(estate, "entry.e"), estate, Look())


def test_a_missing_demand_has_its_reason_and_a_value_that_shows_it(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: entry.e.a, to: b.e.a, via: [trim], lag: PT24H}, {from: b.e.a, to: c.e.a}]"
    loaded = estate(flows, entry=TEXT, b=TEXT, c="{a: {type: text, max_length: 2}}")
    assert told(loaded) == (
        "entry.e (entry): 1 obligation missing, 0 of 1 obligation from downstream met.\n"
        "\n"
        "a\n"
        "  accepts: text  contracts/entry.yaml:3:38\n"
        "  missing at most 2 characters, after: spaces removed at both ends\n"
        "          because c.e.a rejects the rest, about 1 day later, by way of b.e.a\n"
        "            contracts/c.yaml:3:54\n"
        '          today it accepts "abc"\n'
    )


def test_what_is_not_decided_is_neither_met_nor_safe(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: entry.e.a, to: b.e.a, via: [{opaque: a routine}]}]"
    loaded = estate(flows, entry=TEXT, b="{a: {type: text, max_length: 2}}")
    assert "not decided, so not safe" in screen_headline(screen(loaded, "entry.e"), loaded)
    assert "  unknown " in told(loaded)
    assert "  met " not in told(loaded)


def test_a_demand_on_several_fields_names_them(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: [entry.e.a, entry.e.b], to: c.e.a, via: [concat]}]"
    loaded = estate(flows, entry="{a: {type: text}, b: {type: text}}", c="{a: {type: text, max_length: 2}}")
    assert "Fields together\n  missing a and b: at most 2 characters, after: joined\n" in told(loaded)
    assert told(loaded).count("whatever the other fields hold: more than 2 characters never pass") == 2
    assert "no downstream system constrains this field alone" not in told(loaded)


def test_a_field_that_always_fits_next_to_the_others_is_said_to_be_free(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: [entry.e.a, entry.e.b], to: c.e.a, via: [concat]}]"
    entry = "{a: {type: text, max_length: 3}, b: {type: text, max_length: 20}}"
    text = " ".join(told(estate(flows, entry=entry, c="{a: {type: text, max_length: 10}}")).split())
    assert text.count("no downstream system constrains this field alone") == 1
    assert "a: no value always passes; every value can pass" in text
    assert "b: at most 7 characters always pass; more than 10 characters never pass" in text


def test_an_entry_nothing_is_behind_is_free(estate: Any) -> None:  # noqa: ANN401
    loaded = estate(entry=TEXT)
    assert told(loaded).startswith("entry.e (entry): no downstream system constrains it.\n")


def test_a_field_whose_values_go_round_without_an_end_is_not_safe(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: entry.e.a, to: b.e.a}, {from: b.e.a, to: c.e.a, via: [{prefix: p}]}, {from: c.e.a, to: b.e.a}]"
    loaded = estate(flows, entry="{a: {type: text, max_length: 3}}", b=TEXT, c="{a: {type: text, max_length: 500}}")
    assert screen_headline(screen(loaded, "entry.e"), loaded).startswith(
        "entry.e (entry): not every obligation on 1 field is known, so not safe, "
    )
    unwrapped = " ".join(told(loaded).split())
    assert (
        "unknown whether there are further obligations: the cycle through b.e.a -> c.e.a never converges" in unwrapped
    )


def projections(loaded: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - an estate
    content = json.loads(screen_json(screen(loaded, "entry.e")))
    return {p["field"].split(".")[-1]: p for each in content["screen"]["together"] for p in each["projections"]}


def test_both_bounds_of_a_joined_field_are_told_in_text_and_json(estate: Any) -> None:  # noqa: ANN401
    a = "{type: text, required: true, min_length: 6, max_length: 30}"
    entry = f"{{a: {a}, b: {{type: text, required: true, min_length: 4}}}}"
    flows = "[{from: [entry.e.a, entry.e.b], to: c.e.a, via: [{concat: {separator: '/'}}]}]"
    loaded = estate(flows, entry=entry, c="{a: {type: text, max_length: 24}}")
    assert "more than 19 characters never pass" in " ".join(told(loaded).split())
    told_of = projections(loaded)
    assert (told_of["a"]["possible"]["most"], told_of["a"]["always"]["size"]) == (19, "none")
    assert (told_of["b"]["possible"]["most"], told_of["a"]["possible"]["unit"]) == (17, "code points")


def test_a_joined_field_is_measured_in_the_unit_and_after_the_steps_that_count(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: [{field: entry.e.a, via: [trim]}, entry.e.b], to: c.e.a, engine: sqlite, via: [concat]}]"
    entry = "{a: {type: text}, b: {type: text, required: true, pattern: 'ü{3}'}}"
    loaded = estate(flows, entry=entry, c="{a: {type: text, max_bytes: {limit: 10, encoding: utf-8}}}")
    assert "more than 4 bytes in utf-8 never pass, counted after: spaces removed" in " ".join(told(loaded).split())
    possible = projections(loaded)["a"]["possible"]
    assert (possible["most"], possible["unit"]) == (4, "bytes in utf-8")


def test_of_a_list_of_codes_those_are_told_that_can_pass(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: [entry.e.a, entry.e.b], to: c.e.a, via: [concat]}]"
    a = "{type: text, required: true, one_of: [X, YY, ZZZ]}"
    entry = f"{{a: {a}, b: {{type: text, required: true, pattern: '[0-9]{{1,2}}'}}}}"
    loaded = estate(flows, entry=entry, c="{a: {type: text, max_length: 3}}")
    assert 'only "X" and "YY" can pass' in told(loaded)
    told_of = projections(loaded)
    assert (told_of["a"]["possible"]["values"], told_of["a"]["always"]["values"]) == (["X", "YY"], ["X"])


def test_a_pattern_of_the_joined_text_leaves_each_field_its_part(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: [entry.e.a, entry.e.b], to: c.e.a, via: [{concat: {separator: '-'}}]}]"
    loaded = estate(
        flows,
        entry="{a: {type: text, required: true, max_length: 9}, b: {type: text, required: true, max_length: 9}}",
        c="{a: {type: text, pattern: '[A-Z]{2}-[0-9]+'}}",
    )
    assert projections(loaded)["a"]["possible"]["beyond"] == ""
    assert 'b: no value always passes; "" never passes' in told(loaded)


def test_what_a_joint_obligation_leaves_for_a_field_is_not_made_up_where_it_is_not_known(estate: Any) -> None:  # noqa: ANN401
    flows = "[{from: [entry.e.a, entry.e.b], to: c.e.a, via: [concat, {opaque: a routine}]}]"
    both = "{a: {type: text, max_length: 3}, b: {type: text, max_length: 3}}"
    loaded = estate(flows, entry=both, c="{a: {type: text, max_length: 5}}")
    assert "no downstream system constrains this field alone" not in told(loaded)
    assert projections(loaded)["a"]["possible"] is None
    assert "is not described" in projections(loaded)["a"]["reason"]
