"""A fingerprint says which finding it is: one each, whatever the lines, the order and the wording."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.finding import Binding, Finding, Severity
from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.fingerprint import fingerprints
from fieldline.documents.location import Location
from fieldline.documents.names import EntityName, FieldName
from fieldline.estate.load import load_estate

ESTATES = ["cbsa", "identity", "nordbank"]
PLACE = Location("contracts/web.yaml", 3, 5)
NAME = FieldName("web", "signup", "name")
BINDING = Binding(
    FieldName("billing", "customer", "name"),
    "max_length",
    "at most 20 characters",
    Location("contracts/billing.yaml", 9, 7),
)
FINDING = Finding(
    rule="escape",
    severity=Severity.ERROR,
    verdict="refuted",
    message="web.signup.name accepts …",
    location=PLACE,
    entry=NAME.entity_name,
    field=NAME,
    fields=(NAME,),
    binding=BINDING,
    witness={NAME: "a" * 21},
)


def one(finding: Finding) -> str:
    (found,) = fingerprints([finding])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ESTATES)
def test_no_two_findings_of_an_estate_have_one(examples: Path, name: str) -> None:
    found = fingerprints(check(load_estate(examples / name)).findings)
    assert len(found) > 5
    assert len(set(found)) == len(found)


def test_it_is_the_same_in_every_release() -> None:
    """A baseline that is written today holds next year."""
    assert one(FINDING) == "734ff216b6d005846d81021e8cd786b6"


def test_lines_files_values_limits_and_words_do_not_count() -> None:
    moved = replace(
        FINDING,
        location=Location("contracts/site.yaml", 30, 1),
        binding=replace(BINDING, sentence="at most 18 characters", location=Location("elsewhere.yaml", 1, 1)),
        witness={NAME: "b" * 19},
        message="something else",
        severity=Severity.INFO,
    )
    assert one(moved) == one(FINDING)


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, rule="loss"),
        replace(FINDING, verdict="unknown"),
        replace(FINDING, entry=EntityName("web", "form")),
        replace(FINDING, fields=(NAME, FieldName("web", "signup", "title"))),
        replace(FINDING, binding=replace(BINDING, field=FieldName("billing", "customer", "label"))),
        replace(FINDING, binding=replace(BINDING, constraint="max_bytes")),
        replace(FINDING, binding=None),
    ],
)
def test_all_that_makes_it_another_finding_counts(other: Finding) -> None:
    assert one(other) != one(FINDING)


def test_findings_of_one_identity_are_numbered_whatever_their_order() -> None:
    alike = [replace(FINDING, location=Location("a.yaml", line, 1)) for line in (1, 2, 3)]
    told = [
        dict(zip((f.location.line for f in order), fingerprints(order), strict=True)) for order in permutations(alike)
    ]
    assert all(each == told[0] for each in told)
    assert len(set(told[0].values())) == 3
    assert set(fingerprints(alike[1:])) < set(told[0].values())  # one of two is mended: one of the fingerprints is gone


NAMES = st.sampled_from(["a", "b", "a b", ""])


@given(st.lists(st.tuples(NAMES, NAMES, NAMES), max_size=8))
def test_they_are_unique_whatever_is_found(identities: list[tuple[str, str, str]]) -> None:
    findings = [
        replace(FINDING, rule=rule, entry=EntityName("web", entry), fields=(FieldName("web", "signup", field),))
        for rule, entry, field in identities
    ]
    assert len(set(fingerprints(findings))) == len(findings)
