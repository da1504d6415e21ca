"""What may stand in a lineage file: the JSON Schemas for editors, and the handbook's every example."""

import re
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from fieldline.documents.problem import Problems
from fieldline.documents.yaml_events import read
from fieldline.estate.layout import estate_schema
from fieldline.estate.shorthand import Shorthand
from fieldline.lineage.read import lineage_schema, read_flows
from fieldline.lineage.transforms import TRANSFORMS

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = (ROOT / "docs" / "reference" / "lineage.md").read_text(encoding="utf-8")
SOURCE = {"via": "a.b.c", "joined": "[a.b.c, a.b.d]"}


def examples(kind: str) -> list[str]:
    """The handbook's examples of one kind."""
    return re.findall(rf"```yaml {kind}\n(.*?)```", HANDBOOK, re.DOTALL)


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


LINEAGES = [
    *examples("lineage"),
    *(f"flows:\n{indented(flows, 2)}" for flows in examples("flows")),
    *(
        f"flows:\n  - from: {SOURCE[kind]}\n    to: x.y.z\n    via:\n{indented(via, 6)}"
        for kind in ("via", "joined")
        for via in examples(kind)
    ),
]


@pytest.mark.parametrize("schema", [lineage_schema(), estate_schema()], ids=lambda schema: schema["title"])
def test_the_json_schemas_are_such(schema: dict[str, object]) -> None:
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema_rs.meta.validate(schema)


def test_every_example_block_of_the_handbook_is_tried() -> None:
    assert len(LINEAGES) == len(re.findall("```yaml ", HANDBOOK)) == 16


@pytest.mark.parametrize("source", LINEAGES)
def test_every_example_of_the_handbook_is_read_and_admitted_by_the_json_schema(source: str) -> None:
    problems = Problems()
    tree = read(source, "lineage/example.yaml", problems)
    assert tree is not None
    tables = Shorthand(None, {"codes/countries.csv": "alpha2,alpha3\nFI,FIN\n"}.get, problems)
    flows = read_flows([tables.with_tables(tree)], problems)
    assert problems.all() == ()
    assert flows
    jsonschema_rs.validate(lineage_schema(), yaml.safe_load(source))


def test_the_handbook_shows_every_transform_and_every_option() -> None:
    blocks = "\n".join(examples("via") + examples("joined"))
    missing = [name for name in TRANSFORMS if not re.search(rf"^- {name}\b", blocks, re.MULTILINE)]
    missing += [
        f"{name}.{key.name}"
        for name, spec in TRANSFORMS.items()
        for key in spec.shape.keys
        if key.name != spec.shape.short and not re.search(rf"^- {name}: .*\b{key.name}: ", blocks, re.MULTILINE)
    ]
    assert missing == []


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*/lineage/*.yaml")), ids=str)
def test_every_lineage_file_of_the_examples_is_admitted_by_the_json_schema(file: Path) -> None:
    jsonschema_rs.validate(lineage_schema(), yaml.safe_load(file.read_bytes()))


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*/fieldline.yaml")), ids=str)
def test_every_estate_file_of_the_examples_is_admitted_by_the_json_schema(file: Path) -> None:
    jsonschema_rs.validate(estate_schema(), yaml.safe_load(file.read_bytes()))


def test_the_estate_file_of_the_contracts_handbook_is_admitted_by_the_json_schema() -> None:
    handbook = (ROOT / "docs" / "reference" / "contracts.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```yaml estate\n(.*?)```", handbook, re.DOTALL)
    jsonschema_rs.validate(estate_schema(), yaml.safe_load(source))


@pytest.mark.parametrize(
    "flow",
    [
        "{from: a.b, to: c.d.e}",
        "{from: a.b.c}",
        "{from: [], to: c.d.e}",
        "{from: a.b.c, to: c.d.e, via: [trimm]}",
        "{from: a.b.c, to: c.d.e, via: [{trim: {sid: both}}]}",
        "{from: a.b.c, to: c.d.e, via: [substring]}",
        "{from: a.b.c, to: c.d.e, via: [{truncate: {bytes: 3}}]}",
        "{from: a.b.c, to: c.d.e, via: [{truncate: {bytes: 3, encoding: ascii, utf16: 3}}]}",
        "{from: a.b.c, to: c.d.e, via: [{trim: {}, lower: {}}]}",
        "{from: a.b.c, to: c.d.e, via: [{map: {values: {}}}]}",
        "{from: a.b.c, to: c.d.e, accept_loss: maybe}",
        "{from: a.b.c, to: c.d.e, lag: 1 day}",
        "{from: [{feld: a.b.c}], to: c.d.e}",
    ],
)
def test_what_the_loader_refuses_by_shape_the_json_schema_refuses(flow: str) -> None:
    source = f"flows: [{flow}]"
    problems = Problems()
    tree = read(source, "lineage/bad.yaml", problems)
    assert tree is not None
    assert read_flows([tree], problems) == ()
    assert problems
    assert not jsonschema_rs.is_valid(lineage_schema(), yaml.safe_load(source))
