"""What may stand in a contract: the JSON Schema for editors, and the handbook's every example."""

import re
from pathlib import Path

import jsonschema_rs
import pytest

from fieldline.contracts import answering, layout
from fieldline.contracts.read import read_contracts
from fieldline.documents.problem import Problems
from fieldline.documents.readings import Readings
from fieldline.documents.yaml_events import MappingNode, Node, ScalarNode, SequenceNode, read
from fieldline.formats.sources import CONTRACT, CONTRACT_FROM, contract_schema

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = (ROOT / "docs" / "reference" / "contracts.md").read_text(encoding="utf-8")
CORE_INTEGER = re.compile(r"[-+]?[0-9]+")
CORE_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def as_editors_see(node: Node) -> object:
    """The values of a tree by YAML 1.2's core schema (chapter 10.3.2), which editors check with a JSON Schema."""
    match node:
        case ScalarNode("true" | "false" as word, True):
            return word == "true"
        case ScalarNode("" | "null" | "~", True):
            return None
        case ScalarNode(value, True) if CORE_INTEGER.fullmatch(value):
            return int(value)
        case ScalarNode(value, True) if CORE_FLOAT.fullmatch(value):
            return float(value)
        case ScalarNode(value):
            return value
        case SequenceNode(items):
            return [as_editors_see(item) for item in items]
        case MappingNode(entries):
            return {key.value: as_editors_see(value) for key, value in entries}
    raise AssertionError(node)


def examples(kind: str) -> list[str]:
    """The handbook's examples of one kind."""
    return re.findall(rf"```yaml {kind}\n(.*?)```", HANDBOOK, re.DOTALL)


def contract_of(fields: str) -> str:
    indented = "".join(f"      {line}\n" for line in fields.splitlines())
    return f"system: s\nentities:\n  e:\n    fields:\n{indented}"


CONTRACTS = [*examples("contract"), *map(contract_of, examples("fields"))]


def test_the_json_schema_is_one() -> None:
    schema = contract_schema()
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema_rs.meta.validate(schema)


def test_the_handbook_has_examples() -> None:
    assert (len(examples("contract")), len(examples("fields"))) == (3, 12)
    assert len(re.findall("```yaml", HANDBOOK)) == 18


@pytest.mark.parametrize("source", CONTRACTS)
def test_every_example_of_the_handbook_is_read_and_admitted_by_the_json_schema(source: str) -> None:
    problems = Problems()
    tree = read(source, "contracts/example.yaml", problems)
    assert tree is not None
    contracts = read_contracts([tree], CONTRACT, problems, Readings())
    assert problems.all() == ()
    assert contracts.fields
    jsonschema_rs.validate(contract_schema(), as_editors_see(tree))


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*/contracts/*.yaml")), ids=str)
def test_every_contract_of_the_examples_is_admitted_by_the_json_schema(file: Path) -> None:
    tree = read(file.read_bytes(), file.name, Problems())
    assert tree is not None
    jsonschema_rs.validate(contract_schema(), as_editors_see(tree))


def test_the_handbook_names_every_key() -> None:
    keys = {key.name for shape in (CONTRACT, layout.ENTITY, layout.FIELD) for key in shape.keys}
    assert [name for name in sorted(keys) if f"`{name}`" not in HANDBOOK] == []
    inner = [
        answering.TEAM,
        answering.CONTACT,
        answering.BY,
        answering.TYPICALLY,
        answering.CHANNEL,
        answering.HOURS,
        answering.URL,
        answering.ROLES,
        answering.CRITICAL,
        layout.BYTE_LIMIT,
        layout.LIMIT_ENCODING,
    ]
    inner += [layout.REGEX, layout.DIALECT, layout.FLAGS, layout.CASE]
    assert [key.name for key in inner if f"{key.name}: " not in HANDBOOK] == []


@pytest.mark.parametrize(
    "source",
    [
        "system: s\nentities: {e: {fields: {f: {type: text, max_lenght: 5}}}}",
        "system: s\nentities: {e: {fields: {f: {max_length: 5}}}}",
        "system: s\nentities: {e: {fields: {f: {type: txt}}}}",
        "system: s\nentities: {e: {fields: {f: {type: text, max_length: -1}}}}",
        "system: s\nentities: {e: {fields: {f: {type: text, max_bytes: 5}}}}",
        "system: s\nentities: {e: {fields: {f: {type: text, max_bytes: {limit: 5}}}}}",
        "system: s\nentities: {e: {fields: {f: {type: text, required: yes}}}}",
        "system: s\nentities: {e: {fields: {f: {type: text, one_of: []}}}}",
        "system: s\nentities: {e: {fields: {9: {type: text}}}}",
        "system: s\nrepair: {typically: 3 days}\nentities: {}",
        "system: s\nowner: {contact: x}\nentities: {}",
        "system: a.b\nentities: {}",
        "system: s",
        "[]",
    ],
)
def test_what_the_loader_refuses_by_shape_the_json_schema_refuses(source: str) -> None:
    problems = Problems()
    tree = read(source, "contracts/bad.yaml", problems)
    assert tree is not None
    read_contracts([tree], CONTRACT, problems, Readings())
    assert len(problems) == 1
    assert not jsonschema_rs.is_valid(contract_schema(), as_editors_see(tree))


def test_the_page_on_formats_shows_a_contract_that_can_be_written() -> None:
    page = (ROOT / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(# contracts/.*?)```", page, re.DOTALL)
    problems = Problems()
    tree = read(example, "contracts/shop.yaml", problems)
    assert tree is not None
    jsonschema_rs.validate(contract_schema(), as_editors_see(tree))
    origin = next(value for key, value in tree.entries if key.value == "from")  # type: ignore[union-attr]
    assert CONTRACT_FROM.shape.read(origin, problems) is not None
    assert problems.all() == ()
