"""The file itself: complete, the same every time, and closed to everything that is not its own."""

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.fingerprint import fingerprints
from fieldline.checker.verdict.overview import overview_of, overview_unjudged
from fieldline.documents.names import FieldName
from fieldline.estate.load import load_estate
from fieldline.reports.page.changes import ShownChange
from fieldline.reports.page.page import lineage_page


@pytest.fixture(scope="module")
def page(examples: Path) -> str:
    return lineage_page(overview_of(load_estate(examples / "nordbank")))


def data(page: str) -> dict:
    packed = re.search(r'<script type="text/plain" id="data">(.*?)</script>', page, re.DOTALL)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_the_policy_names_the_hashes_of_the_style_and_of_the_script_that_are_there(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    for text in (style, script):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_nothing_in_it_reaches_for_a_network_or_reads_text_as_markup(page: str) -> None:
    own = page.replace("http://www.w3.org/2000/svg", "")  # a name, not an address
    assert re.findall(r"https?://|//cdn|@import|url\(", own) == []
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch("):
        assert word not in page


def test_the_page_of_an_estate_is_the_same_under_any_hash_seed(examples: Path) -> None:
    code = (
        "import sys; from fieldline.estate.load import load_estate;"
        "from fieldline.checker.verdict.overview import overview_of;"
        "from fieldline.reports.page.page import lineage_page;"
        "sys.stdout.write(lineage_page(overview_of(load_estate(sys.argv[1]))))"
    )
    pages = {
        subprocess.run(
            [sys.executable, "-c", code, examples / "identity"],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(pages) == 1


def test_what_was_not_judged_says_so_and_holds_no_verdict(examples: Path) -> None:
    page = lineage_page(overview_unjudged(load_estate(examples / "nordbank")))
    told = data(page)
    assert "not checked" in page
    assert told["judged"] is False
    assert (told["obligations"], told["findings"], told["narrowings"]) == ([], [], [])
    assert {tuple(counts) for counts in told["systems"]["meets"] + told["systems"]["makes"]} == {(0, 0, 0)}


def test_everything_of_the_estate_is_in_its_data(page: str, examples: Path) -> None:
    estate, told = load_estate(examples / "nordbank"), data(page)
    texts = told["texts"]
    assert [texts[number] for number in told["systems"]["name"]] == list(estate.contracts.systems)
    assert len(told["fields"]["name"]) == len(estate.contracts.fields)
    assert len(told["flows"]["to"]) == len(estate.flows)
    sentences = {texts[number] for contract in told["fields"]["contracts"] for number in contract}
    assert {c.sentence for field in estate.contracts.fields.values() for c in field.constraints} <= sentences


def test_a_finding_is_known_by_its_fingerprint(page: str, examples: Path) -> None:
    found = check(load_estate(examples / "nordbank")).findings
    assert [finding["fingerprint"] for finding in data(page)["findings"]] == list(fingerprints(found))


def test_changes_are_told_with_the_entry_fields_they_reach(examples: Path) -> None:
    at, entry = FieldName("billing", "customer", "username"), FieldName("web", "signup", "username")
    change = ShownChange("tightened", "at most 10 bytes", at, "12", "10", (entry,))
    told = data(lineage_page(overview_of(load_estate(examples / "nordbank")), [change]))
    (found,) = told["changes"]
    assert [told["texts"][found[name]] for name in ("kind", "what", "before", "after")] == [
        "tightened",
        "at most 10 bytes",
        "12",
        "10",
    ]
    names = [told["texts"][number] for number in told["fields"]["name"]]
    assert [names[number] for number in (found["field"], *found["reaches"])] == ["username", "username"]
