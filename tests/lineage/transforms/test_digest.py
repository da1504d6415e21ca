"""Digests: forward as RFC 1321 and FIPS 180-4 say, backward from both sides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.lineage.transform import REJECTED, chain_apply, chain_possible, chain_preimage
from fieldline.lineage.transforms.affix import Prefix
from fieldline.lineage.transforms.cut import Truncate
from fieldline.lineage.transforms.digest import Hashed
from fieldline.values.regex import parse
from fieldline.values.textset import TextSet
from fieldline.values.valueset import Value, ValueSet

from ...properties import strategies as our

MD5 = Hashed("md5")


def matching(regex: str) -> ValueSet:
    return ValueSet.text(TextSet.language(parse(regex).language))


@pytest.mark.parametrize(
    ("step", "value", "outcome"),
    [
        # RFC 1321, A.5; FIPS 180-4, examples of NIST
        (MD5, "", "d41d8cd98f00b204e9800998ecf8427e"),
        (MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
        (Hashed("md5", salt="a"), "bc", "900150983cd24fb0d6963f7d28e17f72"),
        (Hashed("sha1"), "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (Hashed("sha256"), "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (Hashed("md5", "latin-1"), "€", REJECTED),
        (MD5, None, None),
        (MD5, 7, REJECTED),
    ],
)
def test_a_digest_is_that_of_its_standard(step: Hashed, value: Value, outcome: object) -> None:
    assert step.apply(value) == outcome


@our.tries(60)
@given(value=our.values, accepted=our.value_sets(3), before=st.sampled_from([(), (Truncate(2),), (Prefix("x"),)]))
def test_what_surely_becomes_a_member_does_and_what_does_may(
    value: Value, accepted: our.Model[ValueSet, Value], before: tuple[Truncate | Prefix, ...]
) -> None:
    for step in (MD5, Hashed("sha1", "latin-1", "x")):
        chain = (*before, step)
        for wanted in (accepted.found, ~accepted.found):
            outcome = chain_apply(chain, value)
            is_member = outcome is not REJECTED and outcome in wanted
            assert value not in chain_preimage(chain, wanted) or is_member
            assert not is_member or value in chain_possible(chain, wanted)


@pytest.mark.parametrize(
    ("regex", "surely", "perhaps"),
    [
        ("[0-9a-f]{32}", True, True),
        ("[^]{0,40}", True, True),
        ("[^]{0,31}", False, False),
        ("[0-9A-F]{32}", False, True),
        ("900150983cd24fb0d6963f7d28e17f72", False, True),
        ("[g-z]*", False, False),
    ],
)
def test_sets_of_all_digests_or_of_none_are_decided(regex: str, surely: bool, perhaps: bool) -> None:
    assert ("abc" in MD5.preimage(matching(regex))) is surely
    assert ("abc" in MD5.possible(matching(regex))) is perhaps


def test_nothing_is_lost_in_a_digest() -> None:
    assert MD5.unaltered is ValueSet.everything()
