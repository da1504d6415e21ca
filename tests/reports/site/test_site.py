"""The site: a page for every system, entry and rule, all links lead somewhere, and text stays text."""

import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest

from fieldline.checker.rules import RULES
from fieldline.checker.verdict.overview import overview_of, overview_unjudged
from fieldline.estate.load import load_estate
from fieldline.reports.site.site import page_name, site_files


@pytest.fixture(scope="module")
def site(examples: Path) -> dict[str, str]:
    return dict(site_files(overview_of(load_estate(examples / "nordbank"))))


class Page(HTMLParser):
    """The links, the places and the words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            if name == "id":
                self.ids.add(value or "")

    def handle_data(self, data: str) -> None:
        self.words += data


def test_there_is_a_page_for_every_system_entry_and_rule(site: dict[str, str]) -> None:
    systems = ["billing", "branch", "crm", "iam", "letters", "partner", "payments", "web"]
    entries = ["branch.onboarding", "partner.applications", "web.signup"]
    assert sorted(site) == sorted(
        [
            "index.html",
            "lineage.html",
            *(f"systems/{name}.html" for name in systems),
            *(f"entries/{page_name(name)}.html" for name in entries),
            *(f"rules/{rule.name}.html" for rule in RULES),
        ]
    )


def test_every_link_leads_to_a_page_and_a_place_on_it(site: dict[str, str]) -> None:
    pages = {name: Page(text) for name, text in site.items() if name != "lineage.html"}
    for name, page in pages.items():
        assert page.links
        for link in page.links:
            path, _, place = link.partition("#")
            parts: list[str] = []
            for part in (PurePosixPath(name).parent / path).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            target = "/".join(parts)
            assert target in site, f"{name}: {link}"
            assert not place or place in pages[target].ids, f"{name}: {link}"


def test_an_entry_says_what_it_must_demand_and_why(site: dict[str, str]) -> None:
    words = " ".join(Page(site[f"entries/{page_name('web.signup')}.html"]).words.split())
    assert "✕ missing ◆ binding at most 12 bytes in cp037 of web.signup.username" in words
    assert "billing.customer.username rejects the rest, after" in words
    assert 'today it accepts username = "abcdefghijklm"' in words


def test_a_system_names_its_owner_and_who_repairs(site: dict[str, str]) -> None:
    words = " ".join(Page(site["systems/billing.html"]).words.split())
    assert "Core billing (core-billing@nordbank.example)" in words
    assert "billing-dba, in #billing-support; this usually takes 3 days" in words
    assert "We are correcting your billing record." in words


def test_a_rule_explains_itself_and_lists_what_it_found(site: dict[str, str]) -> None:
    words = " ".join(Page(site["rules/escape.html"]).words.split())
    assert "An entry accepts a value that a downstream system rejects." in words
    assert "web.signup.username accepts" in words


def test_plain_pages_hold_no_script_and_a_policy_that_allows_none(site: dict[str, str]) -> None:
    for name, text in site.items():
        if name != "lineage.html":
            assert "script" not in Page(text).tags
            assert "default-src 'none'; style-src 'sha256-" in text


def test_what_was_not_judged_says_so_on_every_page_where_a_verdict_would_stand(examples: Path) -> None:
    pages = site_files(overview_unjudged(load_estate(examples / "nordbank")))
    for name, text in pages.items():
        if name.startswith(("systems/", "entries/")):
            assert "Not checked" in text
        assert "✓ met" not in Page(text).words


@pytest.mark.parametrize("name", ["Web", "a.b", "å", "x" * 61, "con/../..", "con", "ß" * 5000])
def test_names_that_file_systems_confuse_get_names_of_their_own(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9_-]{1,80}", page_name(name))
    assert page_name(name) != page_name(name.swapcase()) or name == name.swapcase()


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    attack = "</title><script>x</script><img src=x onerror=x>{{7*7}}\u202e"
    quoted = '"' + "".join(f"\\U{ord(c):08x}" for c in attack) + '"'
    files = {
        "fieldline.yaml": f"estate: hostile\ntitle: {quoted}\n",
        "contracts/web.yaml": f"system: Web\ntitle: {quoted}\ndomain: {quoted}\ncustomer_text: {quoted}\n"
        f"owner: {{team: {quoted}}}\n"
        f"entities: {{e: {{kind: entry, title: {quoted}, fields: {{a: {{type: text, title: {quoted}}}}}}}}}\n",
        "contracts/end.yaml": f"system: end\nentities: {{e: {{fields: {{a: {{type: text, one_of: [{quoted}]}}}}}}}}\n",
        "lineage/f.yaml": "flows: [{from: Web.e.a, to: end.e.a}]\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, text in site_files(overview_of(load_estate(tmp_path))).items():
        assert "\u202e" not in text, name
        if name != "lineage.html":
            page = Page(text)
            assert not {"script", "img", "iframe"} & page.tags, name
            assert not [attribute for attribute in page.attributes if attribute.startswith("on")]
            assert "49" not in page.words
