"""The library call: what an application is told of a record."""

from __future__ import annotations

import gettext
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import fieldline
from fieldline.application.library import LoadedEstate, UnknownFields
from fieldline.checker.requirement.screen import UnknownEntry
from fieldline.documents.names import EntityName
from fieldline.documents.problem import EstateError

from ..properties.estates import estate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldline.application.library import Entry

GOOD = {
    "username": "max1",
    "first_name": "Zoe",
    "last_name": "Virtanen",
    "country": "FI",
    "street": "Mannerheimintie 1",
    "postal_code": "00100",
    "city": "Helsinki",
    "iban": "FI2112345600000785",
}


@pytest.fixture(scope="module")
def signup(examples: Path) -> Entry:
    return fieldline.load(examples / "nordbank").entry("web.signup")


def test_a_record_that_everybody_takes_has_no_violation(signup: Entry) -> None:
    assert signup.is_valid(GOOD)
    assert signup.validate(GOOD).violations == ()
    assert signup.validate(GOOD).is_valid


@pytest.mark.parametrize("exponent", ["999999999999999999", "-999999999999999999"])
def test_a_number_that_would_take_an_exabyte_to_write_out_is_rejected(examples: Path, exponent: str) -> None:
    entry = fieldline.load(examples / "nordbank").entry("partner.applications")
    reasons = [v.reason for v in entry.validate({"credit_limit": Decimal(f"1e{exponent}")}).violations]
    assert any("credit_limit is of the wrong type" in reason for reason in reasons), reasons


def test_of_many_unknown_fields_ten_are_named(signup: Entry) -> None:
    with pytest.raises(UnknownFields, match=r"and 49,990 more$") as raised:
        signup.validate({f"usrname{n}": "" for n in range(50_000)})
    assert str(raised.value).count("has no field") == 10


def test_a_violation_names_the_system_far_behind_and_mends_the_value(signup: Entry) -> None:
    (violation,) = signup.validate({**GOOD, "username": "Maximilian1234"}).violations
    assert not signup.is_valid({**GOOD, "username": "Maximilian1234"})
    assert violation.fields == ("username",)
    assert violation.reason == "User name does not fit: Billing (mainframe) accepts: at most 12 bytes in cp037."
    assert (violation.systems, violation.effect) == (("billing",), "refuse")
    assert str(violation.binding.location) == "contracts/billing.yaml:15:9"
    assert violation.repaired == "Maximilian12"
    assert "Maximilian" not in repr(violation)


def test_fields_that_are_joined_far_behind_fail_together(signup: Entry) -> None:
    (violation,) = signup.validate({**GOOD, "first_name": "Ā"}).violations
    assert violation.fields == ("first_name", "last_name")
    assert violation.repaired is None


def test_what_is_absent_is_null(signup: Entry) -> None:
    told = [v.reason for v in signup.validate({k: v for k, v in GOOD.items() if k != "country"}).violations]
    assert "Country must be filled in: Web sign-up accepts: not null." in told


def test_a_field_that_is_none_is_a_mistake_of_the_program(signup: Entry) -> None:
    with pytest.raises(UnknownFields, match=r"web\.signup has no field usrname: did you mean username\?"):
        signup.validate({**GOOD, "usrname": "x"})


def test_an_entry_that_is_none_is_told_with_those_there_are(examples: Path) -> None:
    with pytest.raises(UnknownEntry) as found:
        fieldline.load(examples / "nordbank").entry("web.sign-up")
    assert EntityName("web", "signup") in found.value.entries


def test_an_estate_that_cannot_be_read_is_told_with_all_its_problems(tmp_path: Path) -> None:
    with pytest.raises(EstateError):
        fieldline.load(tmp_path)


TYPED = {
    "amount": {"type": "decimal", "min": 0, "max": 100, "scale": 2},
    "born": {"type": "date"},
    "code": {"type": "text", "pattern": "[A-Z]{2}-[0-9]+", "max_length": 8},
    "flag": {"type": "boolean"},
}


@pytest.fixture(scope="module")
def typed() -> Entry:
    return LoadedEstate(estate({"in": TYPED}, [])).entry("in.e")


@pytest.mark.parametrize(
    ("amount", "valid"),
    [
        (1, True),
        (12.5, True),
        (0.1, True),
        (1e-3, False),
        (float("nan"), False),
        (float("inf"), False),
        (Decimal("1.25"), True),
        (Decimal("1.255"), False),
        (Decimal("NaN"), False),
        ("1", False),
        (True, False),
    ],
)
def test_a_number_is_the_decimal_it_is_written_as(typed: Entry, amount: object, valid: bool) -> None:
    assert typed.validate({"amount": amount}).is_valid is valid


def test_what_a_form_sends_is_read_as_contracts_write_it(typed: Entry) -> None:
    read = typed.typed({"amount": "12.50", "born": "1990-05-17", "code": "AB-1", "flag": "true", "other": "x"})
    assert read == {"amount": Decimal("12.50"), "born": date(1990, 5, 17), "code": "AB-1", "flag": True, "other": "x"}
    unread = typed.typed({"amount": "twelve", "born": "17.5.1990"})
    assert unread == {"amount": "twelve", "born": "17.5.1990"}
    assert [v.fields for v in typed.validate(unread).violations] == [("amount",), ("born",)]


@pytest.mark.parametrize(
    ("given", "mended"),
    [
        ("ab-12", "AB-12"),
        (" AB-1 ", "AB-1"),
        ("äb-12", "AB-12"),
        ("AB-12345678", "AB-12345"),
        ("A\u200bB-1", "AB-1"),
        ("?", None),
        ("", None),
        ("x" * 3_000, None),
    ],
)
def test_the_nearest_accepted_text_is_suggested(typed: Entry, given: str, mended: str | None) -> None:
    violations = typed.validate({"code": given}).violations
    assert violations
    assert {violation.repaired for violation in violations} == {mended}


def test_what_is_not_known_is_told_of_every_record() -> None:
    flows = [{"from": "in.e.f", "to": "db.e.f", "via": [{"opaque": "unknown"}]}]
    entry = LoadedEstate(
        estate({"in": {"f": {"type": "text"}}, "db": {"f": {"type": "text", "max_length": 3}}}, flows)
    ).entry("in.e")
    result = entry.validate({"f": "anything"})
    assert result.is_valid
    assert [doubt.fields for doubt in result.not_known] == [("f",)]
    assert "unknown" in result.not_known[0].reason


def test_a_value_that_comes_only_on_a_condition_is_never_said_to_be_safe() -> None:
    fields = {"name": {"type": "text"}, "number": {"type": "text"}, "kind": {"type": "text"}}
    db = {"name": {"type": "text"}, "number": {"type": "text", "required": True}}
    flows = [{"from": "in.e.name", "to": "db.e.name"}]
    flows += [{"from": "in.e.number", "to": "db.e.number", "when": "in.e.kind = 'COMPANY'"}]
    doubts = LoadedEstate(estate({"in": fields, "db": db}, flows)).entry("in.e").validate({"kind": "PERSON"}).not_known
    assert "filled only on a condition" in next(doubt.reason for doubt in doubts if doubt.fields == ("kind",))


def test_what_is_only_altered_counts_where_that_is_asked_for() -> None:
    flows = [{"from": "in.e.f", "to": "db.e.f"}]
    db = {"f": {"type": "text", "max_length": 3, "on_violation": "truncate"}}
    loaded = LoadedEstate(estate({"in": {"f": {"type": "text"}}, "db": db}, flows))
    assert loaded.entry("in.e").is_valid({"f": "abcd"})
    (violation,) = loaded.entry("in.e", lossless=True).validate({"f": "abcd"}).violations
    assert violation.effect == "alter"
    assert "would alter it" in violation.reason


def test_many_threads_ask_one_entry(signup: Entry) -> None:
    records = [{**GOOD, "username": f"user{n}" + "x" * (n % 14)} for n in range(400)]
    alone = [[v.reason for v in signup.validate(record).violations] for record in records]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(lambda r=r: [v.reason for v in signup.validate(r).violations]) for r in records]
            assert [each.result() for each in asked] == alone
    finally:
        sys.setswitchinterval(interval)
    assert any(alone)
    assert not all(alone)


def catalogue(messages: dict[str, str]) -> bytes:
    """A compiled catalogue, as GNU gettext's msgfmt writes it."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **messages}.items())
    both = [[text.encode() for text in side] for side in zip(*pairs, strict=True)]
    start = 28 + 16 * len(pairs)

    def table(texts: list[bytes], at: int) -> Iterator[bytes]:
        for text in texts:
            yield struct.pack("<II", len(text), at)
            at += len(text) + 1

    bodies = [b"".join(text + b"\0" for text in texts) for texts in both]
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    tables = b"".join((*table(both[0], start), *table(both[1], start + len(bodies[0]))))
    return head + tables + b"".join(bodies)


def test_reasons_are_told_in_the_readers_language(examples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    finnish = {
        "{field} does not fit": "{field} ei mahdu",
        "{what}: {system} accepts: {obligation}.": "{what}: {system} ottaa: {obligation}.",
    }
    (folder / "fieldline.mo").write_bytes(catalogue(finnish))
    translations = gettext.translation("fieldline", tmp_path, ["fi"])
    entry = fieldline.load(examples / "nordbank", translations).entry("web.signup")
    (violation,) = entry.validate({**GOOD, "username": "Maximilian1234"}).violations
    assert violation.reason == "User name ei mahdu: Billing (mainframe) ottaa: at most 12 bytes in cp037."


def test_the_package_itself_imports_nothing() -> None:
    code = "import sys, fieldline; assert 'fieldline.reports' not in sys.modules; fieldline.load"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        fieldline.laod  # noqa: B018
