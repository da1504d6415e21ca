"""HTML forms: what the contract of an entry says of a control is what a browser does."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from fieldline.formats.forms.patterns import is_pattern

from .reading import Loaded, load

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def form(controls: str, *, options: str = "", attributes: str = "id=f") -> Loaded:
    """The estate of one page with one form."""
    page = f"<!doctype html><form {attributes}>{controls}</form>"
    return load(f"system: s\nfrom: {{html: {{files: f.html{options}}}}}\n", {"f.html": page})


def test_forms_are_entities_and_their_controls_fields() -> None:
    page = """
        <input name=outside form=two>
        <form name="one"><label for=x>First name *</label><input id=x name="user[first]"><input type=submit name=s>
          <input name=off disabled><fieldset disabled><input name=off2></fieldset><input type=file name=up><input></form>
        <form id="two"><select name=c><option value=FI>Finland<option>SE<option disabled>NO</select>
          <input type=radio name=r value=a required><input type=radio name=r value=b><input type=checkbox name=b></form>
        <form><p>nothing</p></form>
    """
    loaded = load("system: s\nfrom: {html: p.html}\n", {"p.html": page})
    assert set(loaded.told()) == {"one.user_first", "two.outside", "two.c", "two.r", "two.b"}
    assert str(loaded.field("s.one.user_first").title.plain) == "First name"
    assert loaded.told()["two.c"] == "text; one of FI, SE; not null"
    assert loaded.told()["two.r"] == "text; one of a, b; not null"
    assert loaded.told()["two.b"] == "text; only on"


def test_a_page_without_a_form_s_tag_is_one_form_and_a_page_without_controls_a_problem() -> None:
    assert set(load("system: s\nfrom: {html: p.html}\n", {"p.html": "<input name=a>"}).told()) == {"p.a"}
    (problem,) = load("system: s\nfrom: {html: p.html}\n", {"p.html": "<p>"}).problems[:1]
    assert problem.startswith("p.html:1:1: no form with a control that is submitted stands here")


def test_places_lead_to_the_tag() -> None:
    field = form("\n\n  <input name=a maxlength=3>").field("s.f.a")
    assert {str(each.location) for each in field.constraints} == {"f.html:3:3"}


@pytest.mark.parametrize(
    ("control", "words"),
    [
        ("<input name=a maxlength=5>", "text; at most 5 UTF-16 units; matches [^\\r\\n]* (ecma)"),
        ("<input name=a maxlength=-5>", "text; matches [^\\r\\n]* (ecma)"),
        ("<input name=a maxlength='{{ n }}'>", "text; matches [^\\r\\n]* (ecma); maxlength: {{ n }}"),
        ("<input name=a type=number>", "integer"),
        ("<input name=a type=number step=any min=-1.5 required>", "decimal; not null; at least -1.5"),
        ("<input name=a type=number step=0.01 max=9>", "decimal; at most 9; at most 2 decimals"),
        ("<input name=a type=number step=1 min=0.5>", "decimal; at least 0.5; step: 1"),
        ("<input name=a type=number step=0.25>", "decimal; step: 0.25"),
        ("<input name=a type=range max=10>", "integer; not null; at least 0; at most 10"),
        ("<input name=a type=date min=2020-01-01>", "date; 2020-01-01 or later"),
        ("<input name=a type=hidden maxlength=3>", "text"),
        ("<input name=a pattern='[a.-]+' required readonly>", "text; matches [^\\r\\n]* (ecma)"),
        ("<input name=a required><input type=submit formnovalidate>", "text; matches [^\\r\\n]* (ecma)"),
        ("<input name=a><input name=a>", "text; 2 controls have the name a"),
    ],
)
def test_what_a_control_takes(control: str, words: str) -> None:
    assert form(control).told() == {"f.a": words}


def test_a_form_that_is_not_validated_keeps_out_what_the_control_does_alone() -> None:
    loaded = form("<input name=a type=email required maxlength=5>", attributes="id=f novalidate")
    assert loaded.told() == {"f.a": "text; at most 5 UTF-16 units; matches [^\\r\\n]* (ecma)"}


PATTERNS = (
    *(
        "[a-z]+",
        "[a-z.-]+",
        "[a-z.\\-]+",
        "[-a]",
        "[a\\/b]",
        "[a/b]",
        "[(]",
        "[\\(]",
        "[a&&b]",
        "[[a-z]--[b]]",
        "[a--b]",
    ),
    *(
        "[!!]",
        "[!#]",
        "[a|b]",
        "a{2}",
        "(a|b)",
        "[^a-z]",
        "[]",
        "[^]",
        "[a",
        "\\d+",
        "[\\d]",
        "[\\w-]",
        "[{]",
        "[a-z&]",
    ),
    *("[\\u{1F600}]", "[\\p{L}]", "[..]", "[.]", "[\\.]", "[@@]", "[a@]", "[+*]", "[++]"),
)


@pytest.mark.needs_node
def test_the_patterns_that_browsers_pass_over_are_those_that_the_flag_v_rejects() -> None:
    script = (
        "const ok = p => { try { new RegExp(p, 'v'); return true } catch { return false } };"
        "console.log(JSON.stringify(JSON.parse(process.argv[1]).map(ok)))"
    )
    done = subprocess.run(["node", "-e", script, json.dumps(PATTERNS)], capture_output=True, text=True, check=True)
    assert [is_pattern(each) for each in PATTERNS] == json.loads(done.stdout)


CONTROLS = {
    "plain": "<input name=plain>",
    "pattern": "<input name=pattern pattern='[a-z]+'>",
    "needed": "<input name=needed pattern='[a-z]+' required>",
    "ignored": "<input name=ignored pattern='[a-z.-]+'>",
    "email": "<input name=email type=email>",
    "emails": "<input name=emails type=email multiple>",
    "month": "<input name=month type=month>",
    "color": "<input name=color type=color>",
    "note": "<textarea name=note></textarea>",
    "area": "<textarea name=area required></textarea>",
}
VALUES = (
    *("", "a", "ab c", "A", "x@y", "x@y.z", "a b@c", "x@y,z@q", "x@-y", "2020-01", "2020-13", "#00ff00", "#FFF", "a.b"),
    *("a\nb", "a\r\nb", "a\rb", "\n", "😀", "é", "1", " x@y "),
)


@pytest.mark.slow
def test_what_chromium_submits_is_what_the_contract_takes(chromium: Browser) -> None:
    """Each value is put into each control; what is read back, where the browser calls it valid, is in the contract."""
    loaded = form("".join(CONTROLS.values()), options=", sent: script")
    page = chromium.new_page()
    page.set_content(f"<form id=f>{''.join(CONTROLS.values())}</form>")
    script = """([name, value]) => { const it = document.forms.f.elements[name]; it.value = value;
        return [it.value, it.checkValidity()] }"""
    for name in CONTROLS:
        field = loaded.field(f"s.f.{name}")
        for value in VALUES:
            read, valid = page.evaluate(script, [name, value])
            taken = all(value in constraint.accepts for constraint in field.constraints)
            assert taken is (valid and read == value), (name, value)  # what is read otherwise is never submitted
    page.close()
