"""OpenLineage events, read in place: direct and identical is a flow, any other direct input is not known, never safe."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from fieldline.checker.judging.context import Context
from fieldline.checker.verdict.overview import overview_of
from fieldline.documents.problem import EstateError
from fieldline.estate.load import Estate, load_estate
from fieldline.reports.graph.openlineage import graph_openlineage

Load: TypeAlias = Callable[..., Estate]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """An estate of the events in a file (texts as they are, anything else as JSON), with options of the source."""

    def loaded(events: object, name: str = "events/e.json", options: str = "", own: str = "[]") -> Estate:
        text = events if isinstance(events, str) else json.dumps(events, indent=1)
        files = {
            "fieldline.yaml": "estate: test\n",
            "contracts/a.yaml": "system: a\nentities: {t: {fields: {x: {type: text}, y: {type: text}}}}\n",
            "lineage/f.yaml": f"from: {{openlineage: {{files: {name}{options}}}}}\nflows: {own}\n",
            name: text,
        }
        for file, content in files.items():
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(content, encoding="utf-8")
        return load_estate(tmp_path)

    return loaded


def event(fields: dict[str, Any], facet: str = "columnLineage", **dataset: str) -> dict[str, Any]:
    output = {"namespace": "b", "name": "u", **dataset, "facets": {facet: {"fields": fields}}}
    return {"eventType": "COMPLETE", "job": {"namespace": "jobs", "name": "nightly"}, "inputs": [], "outputs": [output]}


def given(field: str, *transformations: dict[str, Any], **dataset: str) -> dict[str, Any]:
    return {"namespace": "a", "name": "t", "field": field, **dataset, "transformations": list(transformations)}


def direct(subtype: str, **more: object) -> dict[str, Any]:
    return {"type": "DIRECT", "subtype": subtype, **more}


def told(estate: Estate) -> list[tuple[list[str], str, str, str | None]]:
    return [
        ([str(s.field) for s in f.sources], str(f.target), ", ".join(step.sentence for step in f.via), f.by)
        for f in estate.flows
    ]


def problems(load: Load, *arguments: object, **options: str) -> list[str]:
    with pytest.raises(EstateError) as rejected:
        load(*arguments, **options)
    return [f"{problem.location}: {problem.message}" for problem in rejected.value.problems]


def test_identity_is_a_flow_that_changes_nothing(load: Load) -> None:
    estate = load(event({"x": {"inputFields": [given("x", direct("IDENTITY"))]}}))
    assert told(estate) == [(["a.t.x"], "b.u.x", "", "nightly")]


def test_several_identical_inputs_are_flows_of_their_own(load: Load) -> None:
    fields = {"x": {"inputFields": [given("x", direct("IDENTITY")), given("y", direct("IDENTITY"))]}}
    assert told(load(event(fields))) == [(["a.t.x"], "b.u.x", "", "nightly"), (["a.t.y"], "b.u.x", "", "nightly")]


@pytest.mark.parametrize(
    ("transformation", "words"),
    [
        (direct("TRANSFORMATION", description="UPPER(x)"), "UPPER(x)"),
        (direct("AGGREGATION"), "AGGREGATION"),
        (direct("IDENTITY", masking=True), "IDENTITY (masked)"),
        ({"type": "DIRECT"}, "not described"),
        ({"type": "SOMETHING_NEW"}, "not described"),
    ],
)
def test_any_other_direct_input_is_a_step_that_nobody_knows(
    load: Load, transformation: dict[str, Any], words: str
) -> None:
    estate = load(event({"x": {"inputFields": [given("x", transformation)]}}))
    assert told(estate) == [(["a.t.x"], "b.u.x", words, "nightly")]
    assert not estate.flows[0].via[0].exact


def test_inputs_that_are_changed_together_are_joined_in_a_way_nobody_knows(load: Load) -> None:
    fields = {"x": {"inputFields": [given("x", direct("IDENTITY")), given("y", direct("TRANSFORMATION"))]}}
    assert told(load(event(fields))) == [(["a.t.x", "a.t.y"], "b.u.x", "TRANSFORMATION", "nightly")]


def test_what_decides_only_which_records_there_are_is_no_flow(load: Load) -> None:
    indirect = given("y", {"type": "INDIRECT", "subtype": "JOIN"})
    estate = load(event({"x": {"inputFields": [given("x", direct("IDENTITY")), indirect]}}))
    assert told(estate) == [(["a.t.x"], "b.u.x", "", "nightly")]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"transformationType": "IDENTITY"}, ""),
        ({"transformationType": "MASKED"}, "MASKED"),
        ({"transformationType": "IDENTITY", "transformationDescription": "x", "two": True}, "x"),
        ({}, "not described"),
    ],
)
def test_in_older_events_the_field_says_what_is_done_to_its_only_input(
    load: Load, entry: dict[str, Any], words: str
) -> None:
    inputs = [{"namespace": "a", "name": "t", "field": field} for field in ("x", "y")[: 1 + ("two" in entry)]]
    estate = load(event({"x": {"inputFields": inputs, **entry}}))
    assert [line[2] for line in told(estate)] == [words]


def test_the_newer_facet_is_read_too_and_jobs_are_no_fields(load: Load) -> None:
    inputs = [{"type": "DATASET", **given("x", direct("IDENTITY"))}, {"type": "JOB", "namespace": "j", "name": "k"}]
    assert told(load(event({"x": {"inputs": inputs}}, "lineage"))) == [(["a.t.x"], "b.u.x", "", "nightly")]


def test_events_one_a_line_are_read_with_their_lines_and_each_flow_once(load: Load) -> None:
    good = event({"x": {"inputFields": [given("x", direct("IDENTITY"))]}})
    bad = event({"x": {"inputFields": [{"namespace": "a", "field": "x"}]}})
    lines = "\n".join(json.dumps(one) for one in (good, good))
    assert len(load(lines, "events/e.ndjson").flows) == 1
    (problem,) = problems(load, f"{lines}\n\n{json.dumps(bad)}\n", "events/e.ndjson")
    assert problem.startswith("events/e.ndjson:4:")
    assert problem.endswith("a dataset has no name")


def test_as_gives_datasets_and_fields_names_of_ours(load: Load) -> None:
    fields = {"e-mail": {"inputFields": [given("x", direct("IDENTITY"), namespace="s3://lake", name="/raw/people")]}}
    options = ', as: {"s3://lake//raw/people": a.t, "b/u": crm.person, "b/u.e-mail": email}'
    assert told(load(event(fields), options=options)) == [(["a.t.x"], "crm.person.email", "", "nightly")]
    assert told(load(event(fields)))[0][:2] == (["s3_lake.raw_people.x"], "b.u.e-mail")


def test_a_name_that_no_event_speaks_of_is_a_problem_with_a_suggestion(load: Load) -> None:
    fields = {"x": {"inputFields": [given("x", direct("IDENTITY"))]}}
    with pytest.raises(EstateError) as rejected:
        load(event(fields), options=', as: {"b/uu": crm.person}')
    (problem,) = rejected.value.problems
    assert (problem.message, problem.suggestion) == ('no event speaks of "b/uu"', "b/u")


def test_a_file_without_column_lineage_is_not_taken_for_one_without_flows(load: Load) -> None:
    assert problems(load, {"eventType": "START", "outputs": []}) == [
        'lineage/f.yaml:1:8: no event in "events/e.json" has column lineage'
    ]
    assert problems(load, "{") != []


GOOD = {"x": {"inputFields": [given("x", direct("IDENTITY"))]}}


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        # ColumnLineageDatasetFacet 1-2-0: fields is an object of objects, inputFields a list of objects, all required
        ({"columnLineage": None}, "columnLineage is not an object"),
        ({"columnLineage": "x"}, "columnLineage is not an object"),
        ({"columnLineage": []}, "columnLineage is not an object"),
        ({"columnLineage": {}}, "columnLineage has no fields"),
        ({"columnlineage": {"fields": GOOD}}, 'unknown key "columnlineage"'),
        ({"column_lineage": {"fields": GOOD}}, 'unknown key "column_lineage"'),
        ({"columnLineage": {"Fields": GOOD}}, 'unknown key "Fields"'),
        ({"columnLineage": {"fields": None}}, "fields is not an object"),
        ({"columnLineage": {"fields": [GOOD]}}, "fields is not an object"),
        ({"columnLineage": {"fields": {"x": None}}}, "a field of the facet is not an object"),
        ({"columnLineage": {"fields": {"x": GOOD["x"]["inputFields"]}}}, "a field of the facet is not an object"),
        ({"columnLineage": {"fields": {"x": {}}}}, "a field of the facet has no inputFields"),
        ({"columnLineage": {"fields": {"x": {"inputfields": []}}}}, 'unknown key "inputfields"'),
        ({"columnLineage": {"fields": {"x": {"input_fields": []}}}}, 'unknown key "input_fields"'),
        ({"columnLineage": {"fields": {"x": {"inputFields": None}}}}, "inputFields is not a list"),
        ({"columnLineage": {"fields": {"x": {"inputFields": "a.t.x"}}}}, "inputFields is not a list"),
        ({"columnLineage": {"fields": {"x": {"inputFields": {}}}}}, "inputFields is not a list"),
        ({"columnLineage": {"fields": {"x": {"inputFields": ["a.t.x"]}}}}, "an input field is not an object"),
        ({"columnLineage": {"fields": {"x": {"inputFields": [None]}}}}, "an input field is not an object"),
        (
            {"columnLineage": {"fields": {"x": {"inputFields": [{"namespace": "a", "name": "t"}]}}}},
            "an input field has no field",
        ),
        (
            {"columnLineage": {"fields": {"x": {"inputFields": [given("x") | {"transformations": "IDENTITY"}]}}}},
            "transformations is not a list",
        ),
        (
            {"columnLineage": {"fields": {"x": {"inputFields": [given("x", {"subtype": "IDENTITY"})]}}}},
            "a transformation has no type",
        ),
        (None, "facets is not an object"),
        ([], "facets is not an object"),
    ],
)
def test_a_facet_that_is_not_as_the_standard_says_is_a_problem_at_its_place(
    load: Load, broken: object, message: str
) -> None:
    """Even beside a good facet: the flow would vanish, and everything downstream look proved."""
    one = event(GOOD)
    bad = {**one["outputs"][0], "name": "v", "facets": broken}
    one["outputs"].append(bad)
    said = problems(load, one)
    assert any(line.startswith("events/e.json:") and line.endswith(message) for line in said), said


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("x", "an event is not an object"),
        ({"eventType": "COMPLETE", "outputs": None}, "outputs is not a list"),
        ({"eventType": "COMPLETE", "outputs": ["b.u"]}, "a dataset is not an object"),
        ({"eventType": "COMPLETED", "outputs": []}, '"COMPLETED" is no type of event'),
    ],
)
def test_an_event_that_is_not_as_the_standard_says_is_a_problem(load: Load, broken: object, message: str) -> None:
    assert any(line.endswith(message) for line in problems(load, [event(GOOD), broken]))


@pytest.mark.parametrize("kind", ["FAIL", "ABORT"])
def test_a_run_that_failed_is_no_lineage(load: Load, kind: str) -> None:
    failed = event(GOOD) | {"eventType": kind}
    assert problems(load, failed) == ['lineage/f.yaml:1:8: no event in "events/e.json" has column lineage']
    assert len(load([failed, event(GOOD)]).flows) == 1


def test_events_without_lineage_pass_beside_others(tmp_path: Path, load: Load) -> None:
    run = {"run": {"runId": "1"}}
    start = {"eventType": "START", "job": {"namespace": "jobs", "name": "nightly"}, "outputs": []} | run
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "1.json").write_text(json.dumps(start))
    assert len(load_both(tmp_path, load, run)) == 1
    other = {
        "eventTime": "2026-01-01T00:00:00Z",
        "dataset": {"namespace": "b", "name": "u"},
    }  # a change of a dataset alone
    (tmp_path / "events" / "1.json").write_text(json.dumps(other))
    assert len(load_both(tmp_path, load, run)) == 1


def load_both(folder: Path, load: Load, run: dict[str, Any]) -> tuple[Any, ...]:
    """The flows of two files of events: the one that stands there, and one with lineage."""
    load(event(GOOD) | run, "events/e.json")
    (folder / "lineage" / "f.yaml").write_text("from: {openlineage: events}\nflows: []\n")
    return load_estate(folder).flows


def test_a_source_outside_the_estate_is_refused(load: Load) -> None:
    assert "leads out of the estate" in problems(load, "{}", "../e.json")[0]


def test_flows_of_the_file_itself_stand_beside_them(load: Load) -> None:
    estate = load(
        event({"x": {"inputFields": [given("x", direct("IDENTITY"))]}}), own="[{from: a.t.x, to: a.t.y, via: [trim]}]"
    )
    assert [str(flow.target) for flow in estate.flows] == ["b.u.x", "a.t.y"]


def test_what_we_write_is_read_back_as_the_same_flows(examples: Path, load: Load) -> None:
    overview = overview_of(load_estate(examples / "nordbank"))
    estate = load(graph_openlineage(overview), "events/e.ndjson")
    links = {(s.full_name, link.target.full_name) for link in overview.links for s in link.sources}
    assert {(s.field, flow.target) for flow in estate.flows for s in flow.sources} == links
    unchanged = {link.target.full_name for link in overview.links if not link.sentence}
    assert {flow.target for flow in estate.flows if not flow.via} == unchanged


@pytest.mark.needs_estates
def test_published_events_are_read_or_refused_with_their_place(shared: Path, load: Load) -> None:
    """Test data of OpenLineage's own integrations: some leave out, on purpose, what the standard demands."""
    read = rejected = 0
    for file in sorted((shared / "estates" / "lineage-openlineage" / "integration").rglob("*.json")):
        text = file.read_text(encoding="utf-8")
        expected = {
            (i["name"], i["field"], output["name"], field)
            for one in _events(text)
            for output in one.get("outputs") or []
            for field, entry in output.get("facets", {}).get("columnLineage", {}).get("fields", {}).items()
            for i in entry["inputFields"]
            if not i.get("transformations") or any(t["type"] == "DIRECT" for t in i["transformations"])
        }
        try:
            estate = load(text)
        except EstateError as error:
            messages = {problem.message for problem in error.problems}
            assert messages <= {
                "a dataset has no namespace",
                "columnLineage has no fields",
                'no event in "events/e.json" has column lineage',
            }
            rejected += 1
        else:
            assert len({(s.field, f.target) for f in estate.flows for s in f.sources}) == len(expected)
            assert Context(estate).graph.dangling
            read += 1
    assert (read, rejected) == (50, 5)


def _events(text: str) -> list[dict[str, Any]]:
    found = json.loads(text)
    return found if isinstance(found, list) else [found]
