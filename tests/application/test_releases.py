"""One version against several releases: each is compared, and what is found against several is one finding."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from fieldline.application.diff import compare_releases, named_versions, versions_of_releases
from fieldline.application.publish import publish
from fieldline.documents.problem import EstateError
from fieldline.reports.json.diff import DIFF_DOCUMENT
from fieldline.reports.render import render

from ..repositories import Made

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.application.answers import DiffAnswer
    from fieldline.estate.versions import Version

pytestmark = pytest.mark.needs_git

TODAY = date(2026, 1, 1)


def contract(system: str, kind: str, **longest: int) -> str:
    fields = "".join(f"      {name}: {{type: text, max_length: {most}}}\n" for name, most in longest.items())
    return f"system: {system}\nowner: {{team: {system}}}\nentities:\n  e:\n    kind: {kind}\n    fields:\n{fields}"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Two releases: in the later one the column of `a` is shorter already. Now it is shorter still, and that of `b` too."""
    flows = "flows:\n- {from: web.e.a, to: crm.e.a}\n- {from: web.e.b, to: crm.e.b}\n"
    made = Made(
        tmp_path / "made",
        {
            "fieldline.yaml": "estate: shop\n",
            "contracts/web.yaml": contract("web", "entry", a=30, b=30),
            "contracts/crm.yaml": contract("crm", "table", a=30, b=30),
            "lineage/flows.yaml": flows,
        },
    )
    made.git("tag", "v1.2")
    made.commit({"contracts/crm.yaml": "# Shorter.\n" + contract("crm", "table", a=10, b=30)})
    made.git("tag", "v1.3")
    made.commit({"contracts/crm.yaml": contract("crm", "table", a=10, b=20)})
    return made


def compared(made: Made, *releases: str) -> DiffAnswer:
    return compare_releases(*versions_of_releases(releases, made.root, {}), TODAY)


def errors(answer: DiffAnswer) -> dict[str, tuple[str, ...]]:
    found = (ruled.finding for ruled in answer.ruling.open if ruled.finding.rule == "newly-refused")
    return {str(finding.field): finding.against for finding in found}


def test_a_finding_names_the_releases_that_it_is_against(made: Made) -> None:
    answer = compared(made, "v1.2", "v1.3")
    assert errors(answer) == {"web.e.a": ("v1.2",), "web.e.b": ("v1.2", "v1.3")}
    text = " ".join(render(answer, "text").split())
    assert "(against v1.2 and v1.3)" in text
    assert "v1.2:contracts/crm.yaml:7:23 before 7 | a: {type: text, max_length: 30}" in text
    document = json.loads(render(answer, "json"))
    jsonschema_rs.validate(DIFF_DOCUMENT.schema(), document)
    assert {each["field"]: each["against"] for each in document["findings"] if each["rule"] == "newly-refused"} == {
        "web.e.a": ["v1.2"],
        "web.e.b": ["v1.2", "v1.3"],
    }
    assert len(document["changes"]) == 3
    for form in ("github", "gitlab", "sarif", "junit", "markdown"):
        assert "against v1.2 and v1.3" in render(answer, form).replace("&#32;", " ").replace("<code>", "").replace(
            "</code>", ""
        )


def test_one_release_is_compared_as_any_other_version(made: Made) -> None:
    for release in ("v1.2", "v1.3"):
        one = compared(made, release)
        other = compare_releases(*by_words(release, made), TODAY)
        assert render(one, "json") == render(other, "json")
    assert errors(compared(made, "v1.3")) == {"web.e.b": ()}
    assert errors(compared(made, "HEAD", "v1.3")) == {"web.e.b": ("v1.3",)}
    assert errors(compared(made, "HEAD", "HEAD~0")) == {}


def by_words(release: str, made: Made) -> tuple[list[Version], Version]:
    before, after = named_versions(release, "HEAD", made.root, {})
    return [before], after


def test_a_release_may_be_a_snapshot(made: Made, tmp_path: Path) -> None:
    snapshot = tmp_path / "v1.2.json"
    snapshot.write_text(publish(made.root, "v1.2").text)
    assert errors(compared(made, str(snapshot), "v1.3")) == {
        "web.e.a": (str(snapshot),),
        "web.e.b": (str(snapshot), "v1.3"),
    }


def test_what_cannot_be_read_of_a_release_is_named_by_it(made: Made) -> None:
    made.commit({"contracts/crm.yaml": "system: crm\nentities: 3\n"})
    made.git("tag", "v1.4")
    made.git("checkout", "--quiet", "v1.3")
    with pytest.raises(EstateError) as raised:
        compared(made, "v1.3", "v1.4")
    assert [str(problem.location) for problem in raised.value.problems] == ["v1.4:contracts/crm.yaml:2:11"]
    assert "v1.4:contracts/crm.yaml" in raised.value.texts
    with pytest.raises(EstateError, match="v9 cannot be read"):
        compared(made, "v1.3", "v9")
