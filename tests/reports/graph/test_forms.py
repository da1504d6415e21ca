"""Every form holds the same graph, can be read by those it is for, and shows hostile text as text."""

import json
import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import networkx as nx
import pytest

from fieldline.checker.verdict.overview import Overview, overview_unjudged
from fieldline.estate.load import load_estate
from fieldline.reports.graph.forms import ENDINGS, FORMS
from fieldline.reports.graph.json import graph_schema

UNSEEN = "\u202e\x1b"


def edges(overview: Overview) -> set[tuple[str, str]]:
    return {(str(source.full_name), str(link.target.full_name)) for link in overview.links for source in link.sources}


@pytest.mark.parametrize("form", FORMS)
def test_no_form_lets_an_unseen_character_through(hostile: Overview, form: str) -> None:
    assert not set(UNSEEN) & set(FORMS[form](hostile))


@pytest.mark.parametrize("form", [form for form in FORMS if form != "html"])  # the page's script knows the words
def test_an_estate_that_was_not_judged_has_no_verdict_in_any_form(examples: Path, form: str) -> None:
    text = FORMS[form](overview_unjudged(load_estate(examples / "nordbank")))
    assert not re.search(r'class f\d+ |color="#|"verdict"|✓ all|✕ \d|"success"', text.replace('color="#8a8f98"', ""))


def test_every_ending_means_a_form() -> None:
    assert set(ENDINGS.values()) == set(FORMS)


def test_graphml_is_read_back_by_networkx(bank: Overview, hostile: Overview) -> None:
    for system_overview in (bank, hostile):
        graph = nx.read_graphml(StringIO(FORMS["graphml"](system_overview)))
        assert set(graph.nodes) == {*map(str, system_overview.fields)}
        assert {(a, b) for a, b, *_ in graph.edges} == edges(system_overview)
    graph = nx.read_graphml(StringIO(FORMS["graphml"](bank)))
    assert graph.edges["iam.account.user_id", "billing.customer.username"]["transforms"] == "in upper case"
    assert graph.nodes["web.signup.username"]["relation"] == "both"


def test_json_has_the_form_that_is_published(bank: Overview, hostile: Overview) -> None:
    for system_overview in (bank, hostile):
        told = json.loads(FORMS["json"](system_overview))
        jsonschema_rs.validator_for(graph_schema()).validate(told)
        assert {(source, flow["to"]) for flow in told["flows"] for source in flow["from"]} == edges(system_overview)
        assert len(told["demands"]) == len(system_overview.obligations)


def test_mermaid_names_every_field_and_every_flow(bank: Overview) -> None:
    text = FORMS["mermaid"](bank)
    assert text.splitlines()[:2] == ["%% 37 fields of 37 take part in a flow", "flowchart LR"]
    assert len(re.findall(r"^  f\d+ -\.?->", text, re.MULTILINE)) == sum(len(set(link.sources)) for link in bank.links)
    assert re.search(r'f\d+ -->\|"in upper case<br>about 1 day later<br>by nightly billing batch"\| f\d+', text)
    assert "when crm.person.country = #39;FI#39;<br>about 1 day later" in text
    assert re.search(r"class f\d+ refuted", text)


def test_a_label_of_mermaid_holds_nothing_that_ends_it(hostile: Overview) -> None:
    text = FORMS["mermaid"](hostile)
    lines = [line for line in text.splitlines() if "#60;#47;script" in line or "#60;/script" in line]
    assert lines
    for line in lines:
        inside = re.fullmatch(r'  (?:subgraph s\d+\["(.*)"\]|f\d+ -->\|"(.*)"\| f\d+)', line)
        assert inside, line
        assert not set((inside[1] or inside[2]).replace("<br>", "").replace("#", "").replace(";", "")) & set(
            '"`<>|&\\%'
        )


def test_a_large_estate_is_drawn_by_systems_in_mermaid_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    monkeypatch.syspath_prepend(str(root / "benchmarks"))
    from generated_estate import generate

    generate(tmp_path / "estate", 40, 6, 900)
    text = FORMS["mermaid"](overview_unjudged(load_estate(tmp_path / "estate")))
    drawn = len(re.findall(r"^  s\d+ --> s\d+$", text, re.MULTILINE))
    found = re.match(r"%% Too large for fields: systems, (\d+) of (\d+) connections drawn\n", text)
    assert found
    assert int(found[1]) == drawn <= int(found[2])
    assert len(text) < 50_000


def test_dot_quotes_everything(bank: Overview, hostile: Overview) -> None:
    for system_overview in (bank, hostile):
        text = FORMS["dot"](system_overview)
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
        assert re.fullmatch(r'[\w\s={}\[\],"#;.>-]*', bare), bare
        assert bare.count("{") == bare.count("}")
        assert bare.count(" -> ") == sum(len(set(link.sources)) for link in system_overview.links)
    text = FORMS["dot"](bank)
    assert "when crm.person.country = 'FI'; about 1 day later; by nightly billing batch" in text


def test_svg_is_a_picture_of_all_systems_that_holds_no_script(bank: Overview, hostile: Overview) -> None:
    for system_overview in (bank, hostile):
        text = FORMS["svg"](system_overview)
        root = ET.fromstring(text)  # noqa: S314 - written just now
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert tags == {"svg", "style", "rect", "text", "path", "g", "title"}
        assert len([e for e in root.iter() if e.get("class") == "chip"]) == len(system_overview.systems)
        assert not [name for e in root.iter() for name in e.attrib if name.startswith("on") or name.endswith("href")]
