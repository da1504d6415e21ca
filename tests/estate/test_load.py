"""An estate is read as a whole: every file, every flow, and every problem of every file at once."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from fieldline.documents.location import Location
from fieldline.documents.names import FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate
from fieldline.lineage.flow import Flow, FlowSource
from fieldline.lineage.transforms import TRANSFORMS

from .written import CRM, KEYS, WEB, estate_of, flows_of, made, said, said_of_flows, write

# ------------------------------------------------------------------------------------------------------- good estates


def test_an_estate_is_read(tmp_path: Path) -> None:
    estate = estate_of(tmp_path, "flows:\n  - {from: web.signup.a, to: crm.person.x}\n")
    assert (estate.root, estate.name, estate.title) == (tmp_path, "bank", "A bank")
    assert list(estate.contracts.systems) == ["crm", "web"]
    (flow,) = estate.flows
    assert flow == Flow(
        sources=(FlowSource(FieldName.read("web.signup.a"), ()),),
        target=FieldName.read("crm.person.x"),
        via=(),
        when=None,
        engine=None,
        collation=None,
        by=None,
        lag=None,
        accept_loss=False,
        note=None,
        location=Location("lineage/flows.yaml", 2, 5),
        target_location=Location("lineage/flows.yaml", 2, 30),
        source_locations=(Location("lineage/flows.yaml", 2, 12),),
        when_node=None,
    )
    assert estate.texts["contracts/web.yaml"] == WEB
    assert list(estate.texts) == ["fieldline.yaml", "contracts/crm.yaml", "contracts/web.yaml", "lineage/flows.yaml"]


def test_the_file_itself_may_be_given(tmp_path: Path) -> None:
    estate_of(tmp_path, "flows: []\n")
    assert load_estate(str(tmp_path / "fieldline.yaml")).root == tmp_path


def test_everything_a_flow_can_say_is_kept(tmp_path: Path) -> None:
    (flow,) = flows_of(
        tmp_path,
        "{from: web.signup.a, to: crm.person.x, via: [trim, {truncate: 20}, {prefix: 007}], by: nightly sync,"
        ' lag: PT24H, accept_loss: true, note: "as agreed", when: "web.signup.b = \'FI\'"}',
    )
    assert flow.via == (made("trim"), made("truncate", length=20), made("prefix", text="007"))
    assert (flow.by, flow.lag, flow.accept_loss, flow.note) == ("nightly sync", timedelta(hours=24), True, "as agreed")
    assert flow.when is not None
    assert (flow.when.text, flow.when.fields) == ("web.signup.b = 'FI'", (FieldName.read("web.signup.b"),))


def test_one_transform_may_stand_without_a_list(tmp_path: Path) -> None:
    first, second = flows_of(
        tmp_path,
        "{from: web.signup.a, to: crm.person.x, via: upper}",
        "{from: web.signup.a, to: crm.person.y, via: {default: x}}",
    )
    assert (first.via, second.via) == ((made("upper"),), (made("default", text="x"),))


def test_several_sources_are_joined_and_may_each_be_changed_before(tmp_path: Path) -> None:
    (flow,) = flows_of(
        tmp_path,
        "{from: [web.signup.a, {field: web.signup.b, via: [trim]}], to: crm.person.x,"
        ' via: [{concat: {separator: " "}}, upper]}',
    )
    assert flow.sources == (
        FlowSource(FieldName.read("web.signup.a"), ()),
        FlowSource(FieldName.read("web.signup.b"), (made("trim"),)),
    )
    assert flow.via == (made("concat", separator=" "), made("upper"))
    assert [str(place) for place in flow.source_locations] == ["lineage/flows.yaml:2:11", "lineage/flows.yaml:2:33"]


def test_several_sources_may_be_joined_by_something_nobody_described(tmp_path: Path) -> None:
    (flow,) = flows_of(tmp_path, "{from: [web.signup.a, web.signup.b], to: crm.person.x, via: {opaque: a procedure}}")
    assert len(flow.sources) == 2


def test_several_targets_get_the_same_value(tmp_path: Path) -> None:
    flows = flows_of(tmp_path, "{from: web.signup.a, to: [crm.person.x, crm.person.y], via: [trim]}")
    assert [(str(flow.target), flow.via) for flow in flows] == [
        ("crm.person.x", (made("trim"),)),
        ("crm.person.y", (made("trim"),)),
    ]
    assert [str(flow.target_location) for flow in flows] == ["lineage/flows.yaml:2:29", "lineage/flows.yaml:2:43"]


def test_a_split_without_a_part_deals_the_parts_to_the_targets_in_order(tmp_path: Path) -> None:
    flows = flows_of(
        tmp_path,
        '{from: web.signup.a, to: [crm.person.x, crm.person.y, crm.person.z], via: [trim, {split: {delimiter: " "}}]}',
    )
    assert [(str(flow.target), flow.via) for flow in flows] == [
        (f"crm.person.{name}", (made("trim"), made("split", delimiter=" ", part=part, parts=3)))
        for part, name in enumerate("xyz", 1)
    ]


def test_a_split_with_its_part_is_like_any_other_transform(tmp_path: Path) -> None:
    flows = flows_of(
        tmp_path,
        '{from: web.signup.a, to: [crm.person.x, crm.person.y], via: [{split: {delimiter: "-", part: 2}}]}',
        '{from: web.signup.a, to: crm.person.z, via: [{split: {delimiter: "-", part: 1}}, trim]}',
    )
    assert [flow.via[0] for flow in flows] == [made("split", delimiter="-", part=part) for part in (2, 2, 1)]


def test_equal_transforms_and_conditions_are_one_object(tmp_path: Path) -> None:
    written = "{from: web.signup.a, to: crm.person.%s, via: [{truncate: 9}], when: \"web.signup.b = 'x'\"}"
    first, second = flows_of(tmp_path, written % "x", written % "y")
    assert first.via[0] is second.via[0]
    assert first.when is second.when


def test_a_flow_from_or_to_nothing_is_no_problem_of_reading(tmp_path: Path) -> None:
    (flow,) = flows_of(tmp_path, "{from: web.signup.typo, to: warehouse.stock.item}")
    assert (str(flow.sources[0].field), str(flow.target)) == ("web.signup.typo", "warehouse.stock.item")


def test_folders_can_be_named_and_lineage_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"fieldline.yaml": "estate: bank\ncontracts: [core, edge/api]\nlineage: []\n"})
    write(tmp_path, {"core/crm.yaml": CRM, "edge/api/deep/web.yml": WEB, "lineage/ignored.yaml": "nonsense"})
    estate = load_estate(tmp_path)
    assert (list(estate.contracts.systems), estate.flows) == (["crm", "web"], ())


def test_flows_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    one = "flows:\n- {from: web.signup.a, to: crm.person.x}\n- {from: web.signup.b, to: crm.person.y}\n"
    two = "flows:\n- {from: web.signup.b, to: crm.person.z}\n"
    estate = estate_of(tmp_path, one, **{"lineage/a/second.yaml": two, "lineage/z.yaml": two})
    assert [flow.target.field for flow in estate.flows] == ["z", "x", "y", "z"]


@pytest.mark.parametrize("name", ["nordbank", "cbsa", "identity"])
def test_the_examples_are_read(examples: Path, name: str) -> None:
    assert load_estate(examples / name).flows


# -------------------------------------------------------------------------------------------------------- bad estates


def test_a_folder_that_is_no_estate(tmp_path: Path) -> None:
    hint = "an estate's folder | fieldline init makes one?"
    assert said(tmp_path) == [f"there is no fieldline.yaml in {tmp_path} | {hint}"]
    assert said(tmp_path / "gone") == [f"there is no folder {tmp_path / 'gone'} | {hint}"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ["1:1: the file is empty | a mapping"]),
        ("estate: [x]\n", ["1:9: a list cannot stand here | a name: letters, digits, _ and -, first a letter or _"]),
        (
            "estat: bank\ncontracts: [contract]\n",
            [
                '1:1: the key "estate" is missing | estate: a name: letters, digits, _ and -, first a letter or _',
                f'1:1: unknown key "estat" | one of {KEYS} | estate?',
                '2:1: the folder "contract" does not exist',
            ],
        ),
        (
            "estate: bank\ncontracts: [../other, /etc]\nlineage: [empty]\n",
            [
                '2:1: "../other" leads out of the estate | a folder inside the estate, relative to fieldline.yaml',
                '2:1: "/etc" leads out of the estate | a folder inside the estate, relative to fieldline.yaml',
            ],
        ),
        (
            "estate: bank\ncontracts: ['']\n",
            ["2:1: an empty text is no path | a folder; the estate's own is ."],
        ),
        ("estate: bank\ncontracts: []\n", ["2:12: an empty list | text, or a list of such; at least 1"]),
        (
            "estate: bank\ncontracts: empty\nlineage: [contracts, contracts]\n",
            [
                "2:1: the folder empty holds no contract | *.yaml, one a system",
                '3:1: "contracts" is read twice; first as "contracts" | remove the link, or the second mention?',
            ],
        ),
    ],
)
def test_what_can_be_wrong_with_the_estate_s_own_file(tmp_path: Path, content: str, expected: list[str]) -> None:
    write(tmp_path, {"fieldline.yaml": content, "contracts/x.yaml": "flows: []\n"})
    (tmp_path / "lineage").mkdir()
    (tmp_path / "empty").mkdir()
    assert [line.removeprefix("fieldline.yaml:") for line in said(tmp_path) if "contracts/x" not in line] == expected


def test_folders_that_are_not_there(tmp_path: Path) -> None:
    write(tmp_path, {"fieldline.yaml": "# the bank\nestate: bank\n"})
    assert said(tmp_path) == [
        'fieldline.yaml:2:1: the folder "contracts" does not exist',
        'fieldline.yaml:2:1: the folder "lineage" does not exist',
    ]


def test_an_estate_s_file_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "fieldline.yaml").symlink_to("gone")
    assert said(tmp_path) == ["fieldline.yaml:1:1: this file cannot be read: No such file or directory"]


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fieldline.yaml")
    assert said(tmp_path) == ["fieldline.yaml:1:1: this is not an ordinary file"]


@pytest.mark.parametrize(
    ("condition", "said_so"),
    [
        ("web.signup.a = 1", '2:49: "web.signup.a" is of type text, and is compared with 1 | a text in single quotes'),
        ("web.signup.n IN ('7')", '2:49: "web.signup.n" is of type integer, and is compared with "7" | a number'),
        (
            "web.signup.a = 'x' AND NOT web.signup.n BETWEEN DATE '2024-01-01' AND DATE '2024-12-31'",
            '2:76: "web.signup.n" is of type integer, and is compared with 2024-01-01 | a number',
        ),
        (
            "web.signup.at > DATE '2024-01-01'",
            '2:49: "web.signup.at" is of type datetime, and is compared with 2024-01-01 | IS NULL or IS NOT NULL',
        ),
    ],
)
def test_a_comparison_that_is_never_true_is_a_problem_and_not_a_flow_that_carries_nothing(
    tmp_path: Path, condition: str, said_so: str
) -> None:
    fields = "{a: {type: text}, n: {type: integer}, at: {type: datetime}}"
    web = f"system: web\nentities: {{signup: {{kind: entry, fields: {fields}}}}}\n"
    flow = f'- {{from: web.signup.a, to: web.signup.a, when: "{condition}"}}\n'
    write(tmp_path, {"fieldline.yaml": "estate: x\n", "contracts/web.yaml": web, "lineage/f.yaml": f"flows:\n{flow}"})
    assert said(tmp_path) == [f"lineage/f.yaml:{said_so}"]


def test_comparisons_of_every_type_are_read(tmp_path: Path) -> None:
    types = {"a": "text", "n": "integer", "d": "decimal", "b": "boolean", "on": "date", "at": "time"}
    fields = ", ".join(f"{name}: {{type: {kind}}}" for name, kind in types.items())
    web = f"system: web\nentities: {{signup: {{kind: entry, fields: {{{fields}}}}}}}\n"
    compared = ("a LIKE 'x%'", "n = 7.5", "d < 7", "b = TRUE", "on = DATE '2024-01-01'", "at IS NULL")
    text = " AND ".join(f"web.signup.{comparison}" for comparison in compared)
    flow = f'- {{from: web.signup.a, to: web.signup.a, when: "{text}"}}\n'
    write(tmp_path, {"fieldline.yaml": "estate: x\n", "contracts/web.yaml": web, "lineage/f.yaml": f"flows:\n{flow}"})
    assert len(load_estate(tmp_path).flows) == 1


STEPS = ", ".join(TRANSFORMS)
FIELD = "a field's full name: system.entity.field"
SOURCES = f"{FIELD}, or a mapping with the keys field, via, or a list of such"
FLOW_KEYS = "from, to, via, when, filter, writes, engine, collation, by, lag, accept_loss, note, except"
OWN_DASH = "give each its own dash, and indent the options one level deeper"
DURATIONS = "an ISO 8601 duration: P3D, PT24H, P1W, PT90M; months and years have no fixed length"
JOINED = "via begins with concat, or with opaque where unknown"
ASTRAY = "which does not travel with the source"
COUNT = "a whole number from 0 up to 2147483647"
PART = "part: a number from 1; it may be left out only in the last transform to a list of targets"
CONCAT = "concat as the first transform of several sources"


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        ("{from: web.signup, to: crm.person.x}", [f'2:10: "web.signup" is not a field\'s full name | {FIELD}']),
        ("{from: web.signup.a, to: [crm.person]}", [f'2:29: "crm.person" is not a field\'s full name | {FIELD}']),
        ("{from: web.signup.a}", [f'2:3: the key "to" is missing | to: {FIELD}, or a list of such']),
        ("{from: [], to: crm.person.x}", [f"2:10: an empty list | {SOURCES}; at least 1"]),
        (
            "{form: web.signup.a, to: crm.person.x}",
            [
                f'2:3: the key "from" is missing | from: {SOURCES}',
                f'2:4: unknown key "form" | one of {FLOW_KEYS} | from?',
            ],
        ),
        ("web.signup.a", [f'2:3: "web.signup.a" cannot stand here | a mapping with the keys {FLOW_KEYS}']),
        (
            "{from: web.signup.a, to: crm.person.x, via: [trimm]}",
            [f'2:48: unknown transform "trimm" | a transform: one of {STEPS} | trim?'],
        ),
        (
            "{from: web.signup.a, to: crm.person.x, via: [{truncate: 20, encoding: x}]}",
            [f"2:48: truncate and encoding stand together | one transform an item | {OWN_DASH}?"],
        ),
        (
            "{from: web.signup.a, to: crm.person.x, via: [{truncate: 020}]}",
            [f'2:59: 020 is ambiguous: some read it as octal | {COUNT} | 20, or "020" in quotes?'],
        ),
        (
            '{from: web.signup.a, to: crm.person.x, via: [{before: ""}]}',
            ["2:57: before: the delimiter is empty"],
        ),
        (
            '{from: web.signup.a, to: crm.person.x, via: [{keep: {class: "[0-9"}}]}',
            ["2:56: keep: this [ is not closed"],
        ),
        (
            "{from: web.signup.a, to: crm.person.x, accept_loss: yes}",
            ['2:55: "yes" is not true or false | true or false | true?'],
        ),
        (
            "{from: web.signup.a, to: crm.person.x, via: [concat]}",
            [f"2:48: concat has nothing to join here | {CONCAT}"],
        ),
        (
            "{from: [web.signup.a], to: crm.person.x, via: [concat]}",
            [f"2:50: concat has nothing to join here | {CONCAT}"],
        ),
        (
            "{from: [web.signup.a, {field: web.signup.b, via: concat}], to: crm.person.x, via: [concat, trim, concat]}",
            [f"2:52: concat has nothing to join here | {CONCAT}", f"2:100: concat has nothing to join here | {CONCAT}"],
        ),
        (
            "{from: [web.signup.a, web.signup.b], to: crm.person.x}",
            [f"2:4: 2 sources, and nothing joins them | {JOINED}"],
        ),
        (
            "{from: [web.signup.a, web.signup.b], to: crm.person.x, via: [trim, concat]}",
            [
                f"2:4: 2 sources, and nothing joins them | {JOINED}",
                f"2:70: concat has nothing to join here | {CONCAT}",
            ],
        ),
        (
            '{from: web.signup.a, to: crm.person.x, via: {split: {delimiter: " "}}}',
            [f'2:48: split lacks its "part" | {PART}'],
        ),
        (
            '{from: web.signup.a, to: [crm.person.x, crm.person.y], via: [{split: {delimiter: " "}}, trim]}',
            [f'2:65: split lacks its "part" | {PART}'],
        ),
        (
            "{from: web.signup.a, to: [crm.person.x, crm.person.y, crm.person.x]}",
            ['2:57: "crm.person.x" stands twice in the list | remove it?'],
        ),
        (
            "{from: web.signup.a, to: crm.person.x, when: \"web.other.b = 'x'\"}",
            [f'2:49: the condition reads "web.other.b", {ASTRAY} | a field of web.signup'],
        ),
        (
            "{from: web.signup.a, to: crm.person.x, lag: 1 day, by: [x]}",
            [
                f'2:47: "1 day" is not an ISO 8601 duration | {DURATIONS} | P1D?',
                "2:58: a list cannot stand here | text",
            ],
        ),
    ],
)
def test_what_makes_no_sense_in_a_flow(tmp_path: Path, flow: str, expected: list[str]) -> None:
    assert said_of_flows(tmp_path, flow) == expected


def test_what_is_wrong_with_a_condition_is_shown_where_it_stands(tmp_path: Path) -> None:
    (line,) = said_of_flows(tmp_path, '{from: web.signup.a, to: crm.person.x, when: "a = "}')
    assert line.startswith("2:5")
    assert "the condition ends here" in line


def test_problems_of_all_files_come_together_ordered_by_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "fieldline.yaml": "estate: bank\ntitel: A bank\n",
            "contracts/a.yaml": "system: a\nentities: {e: {fields: {f: {type: txt}, g: {type: text, required: no}}}}\n",
            "contracts/b.yaml": "system: b\nentities: {e: [}\n",
            "contracts/c.yaml": b"system: \xe5\n",
            "contracts/d.yaml": "",
            "contracts/sub/a.yaml": "system: a\nentities: {}\n",
            "lineage/f.yaml": "flows:\n- {from: a.e.f, to: b}\n- {from: a.e.f, to: b.e.f, via: [uper]}\n",
            "lineage/g.yaml": "flow: []\n",
        },
    )
    assert [line.split(" | ")[0] for line in said(tmp_path)] == [
        'contracts/a.yaml:2:35: "txt" is not known here',
        'contracts/a.yaml:2:67: "no" is not true or false',
        "contracts/b.yaml:2:16: broken YAML: a value is missing here",
        "contracts/c.yaml:1:9: the byte 0xE5 is not UTF-8",
        "contracts/d.yaml:1:1: the file is empty",
        'contracts/sub/a.yaml:1:9: the system "a" has two contracts',
        'fieldline.yaml:2:1: unknown key "titel"',
        'lineage/f.yaml:2:21: "b" is not a field\'s full name',
        'lineage/f.yaml:3:34: unknown transform "uper"',
        "lineage/g.yaml:1:1: one of the keys flows, from is missing",
        'lineage/g.yaml:1:1: unknown key "flow"',
    ]


def test_the_error_keeps_the_texts_that_its_places_point_into(tmp_path: Path) -> None:
    write(tmp_path, {"fieldline.yaml": "estate: bank\nlineage: []\n", "contracts/a.yaml": "sistem: a\r\n"})
    with pytest.raises(EstateError) as caught:
        load_estate(tmp_path)
    assert caught.value.texts == {"fieldline.yaml": "estate: bank\nlineage: []\n", "contracts/a.yaml": "sistem: a\n"}
