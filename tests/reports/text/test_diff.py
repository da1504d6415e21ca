"""What a change does, as text and as Markdown: whole documents."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.diff.diff import diff
from fieldline.checker.verdict.policy import apply_policy
from fieldline.estate.load import load_estate
from fieldline.reports.ci.answer import Answer
from fieldline.reports.ci.markdown import MOST_COMMENT_BYTES, markdown
from fieldline.reports.text.diff import diff_headline, diff_text
from fieldline.reports.text.page import Look

from ...properties.estates import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldline.checker.verdict.policy import Ruling
    from fieldline.estate.load import Estate

STARTER = Path(__file__).resolve().parents[3] / "reports" / "starter"


def changed(root: Path, **replaced: tuple[str, str]) -> Estate:
    """The starter with a text replaced in some contracts."""
    for name in ("fieldline.yaml", "contracts/billing.yaml", "contracts/crm.yaml", "contracts/website.yaml"):
        text = (STARTER / name).read_text(encoding="utf-8")
        old, new = replaced.get(Path(name).stem, ("", ""))
        assert old in text
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    (root / "lineage").mkdir()
    (root / "lineage" / "customer.yaml").write_bytes((STARTER / "lineage" / "customer.yaml").read_bytes())
    return load_estate(root)


def text(before: Estate, after: Estate) -> str:
    found = diff(before, after)
    return diff_text(found, ruled(before, after), before, after, Look(100))


def ruled(before: Estate, after: Estate) -> Ruling:
    return apply_policy(after.policy, diff(before, after).findings, date(2026, 1, 1))


def test_the_verdict_comes_first_then_each_finding_with_its_cause_before_and_now(tmp_path: Path) -> None:
    before, after = load_estate(STARTER), changed(tmp_path, billing=("one_of: [FI, SE, NO]", "one_of: [SE, FI, DK]"))
    assert (
        text(before, after)
        == """\
starter: 1 change, 1 error and 1 warning; 1 of 2 entry fields upstream.

error[newly-refused] website.signup.country: "Norway" was fine; now billing rejects it, arriving
  as "NO" (billing.customer.country: one of SE, FI, DK), 2 hops and about 1 day later
  because billing.customer.country one_of went from one of FI, SE, NO to one of SE, FI, DK
    contracts/billing.yaml:12:45  before
        12 |       country: {type: text, required: true, one_of: [FI, SE, NO]}
           |                                             ^^^^^^
    contracts/billing.yaml:12:45  now
        12 |       country: {type: text, required: true, one_of: [SE, FI, DK]}
           |                                             ^^^^^^
    field                     value     after     steps applied
    website.signup.country    "Norway"
    crm.customer.country      "NO"      1 minute  looked up: 'Finland' to 'FI', 'Sweden' to 'SE',
                                                  'Norway' to 'NO'
    billing.customer.country  "NO"      1 day
    cause 831a13942827eae6

warning[neighbour-refuses] crm.customer.country may hold "NO", which billing rejects
  (billing.customer.country: one of SE, FI, DK)
  because billing.customer.country one_of went from one of FI, SE, NO to one of SE, FI, DK
    contracts/billing.yaml:12:45  before
        12 |       country: {type: text, required: true, one_of: [FI, SE, NO]}
           |                                             ^^^^^^
    contracts/billing.yaml:12:45  now
        12 |       country: {type: text, required: true, one_of: [SE, FI, DK]}
           |                                             ^^^^^^
    field                     value  after  steps applied
    crm.customer.country      "NO"
    billing.customer.country  "NO"   1 day
    cause 831a13942827eae6

Changes
  contracts/billing.yaml:12:45  billing.customer.country one_of went from one of FI, SE, NO to
      one of SE, FI, DK
    accepts less of some and more of others; no longer, for example: "NO"; now also, for
        example: "DK"

Downstream of the entries
  website.signup.country  accepts less; no longer, for example: "Norway"

Owners to ask
  Customer data (data@company.example)  for crm.customer.country
  Finance systems (finance@company.example)  for billing.customer.country
  Web team (web@company.example)  for website.signup.country

What a rule means: fieldline explain newly-refused (or neighbour-refuses)
"""
    )


def test_what_only_stands_in_another_order_is_told_and_nothing_follows(tmp_path: Path) -> None:
    before, after = load_estate(STARTER), changed(tmp_path, billing=("one_of: [FI, SE, NO]", "one_of: [NO, FI, SE]"))
    assert (
        text(before, after)
        == """\
starter: 1 change, no finding; 1 of 2 entry fields upstream.

Changes
  contracts/billing.yaml:12:45  billing.customer.country one_of went from one of FI, SE, NO to
      one of NO, FI, SE
    accepts the same

Downstream of the entries
  accepts the same: website.signup.country
"""
    )


def test_nothing_changed_is_said_in_one_line() -> None:
    before = load_estate(STARTER)
    assert text(before, before) == "starter: nothing that affects a value was changed.\n"


def test_a_value_of_a_customer_or_a_name_of_an_author_does_nothing_to_the_reader() -> None:
    hostile = "\x1b[31m</script>[/red]\u202e`|@all #1"
    fields = ({"type": "text", "not_one_of": [hostile]}, {"type": "text", "one_of": [hostile]})
    before, after = (
        Written(
            {
                "in": {"system": "in", "entities": {"e": {"kind": "entry", "fields": {"f": {"type": "text"}}}}},
                "s": {"system": "s", "owner": {"team": hostile}, "entities": {"e": {"fields": {"f": field}}}},
            },
            [{"from": "in.e.f", "to": "s.e.f"}],
        ).load()
        for field in fields
    )
    ruling = ruled(before, after)
    found = diff(before, after)
    told = text(before, after)
    commented = markdown(Answer("diff", diff_headline(found, ruling, after), ruling, after, "", change=found))
    assert ruling.open
    for page in (told, commented):
        assert "\x1b" not in page
        assert "\u202e" not in page
    for sign in ("</script>", "`|", "@all", " #1"):
        assert sign not in commented.replace("```", "")


@pytest.mark.parametrize("most", [1, 400])
def test_markdown_begins_with_verdict_and_witness_and_is_cut(most: int) -> None:
    sides: list[Mapping[str, object]] = [{"type": "text", "max_length": n} for n in (9, 5)]
    names = [f"f{i}" for i in range(most)]
    before, after = (
        Written(
            {
                "in": {
                    "system": "in",
                    "entities": {
                        "e": {"kind": "entry", "fields": {n: {"type": "text", "max_length": 9} for n in names}}
                    },
                },
                "s": {
                    "system": "s",
                    "owner": {"team": "Core"},
                    "entities": {"e": {"fields": dict.fromkeys(names, side)}},
                },
            },
            [{"from": f"in.e.{n}", "to": f"s.e.{n}"} for n in names],
        ).load()
        for side in sides
    )
    ruling, found = ruled(before, after), diff(before, after)
    document = markdown(Answer("diff", diff_headline(found, ruling, after), ruling, after, "", change=found))
    first = document.split("\n")[0]
    assert first.startswith(f"**test: {most} change")
    assert '<code>in.e.f0</code>: <code>"abcdef"</code> was fine; now s rejects it' in first
    assert len(document.encode()) <= MOST_COMMENT_BYTES
    assert "```mermaid" in document
    assert ("… and" in document) is (most > 1)
    assert "#### Owners to ask" in document
