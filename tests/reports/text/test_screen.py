"""A screen as text: what is missing and what is met, and that unknown is neither."""

from typing import Any

from fieldline.checker.requirement.screen import screen
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
    assert told(loaded).count("no downstream system constrains this field alone") == 2


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
