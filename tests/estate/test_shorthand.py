"""What contracts say once: types, defaults, lists of codes in files, several systems in one file, systems of others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from fieldline.application.check import check_estate
from fieldline.documents.names import FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.load import Estate, load_estate

if TYPE_CHECKING:
    from pathlib import Path

TYPES = (
    "types:\n  email: {type: text, max_length: 254, pattern: '[^@ ]+@[^@ ]+'}\n"
    "  code: {type: text, one_of: {file: codes.csv, column: code}}"
)
CODES = "name,code\nFinland,FI\nSweden, SE \n,\nFinland again,FI\n"


def estate(folder: Path, contract: str, *, types: str = TYPES, files: dict[str, str] | None = None) -> Estate:
    written = {"fieldline.yaml": f"estate: t\nlineage: []\n{types}\n", "contracts/a.yaml": contract, "codes.csv": CODES}
    for name, text in {**written, **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return load_estate(folder)


def words(loaded: Estate, name: str) -> list[str]:
    return [constraint.sentence for constraint in loaded.contracts.fields[FieldName.read(name)].constraints]


def problems(folder: Path, contract: str, **given: str) -> list[str]:
    with pytest.raises(EstateError) as raised:
        estate(folder, contract, **given)
    return [f"{problem.location}: {problem.message} | {problem.suggestion}" for problem in raised.value.problems]


def test_a_field_is_of_a_type_of_the_estate_and_says_the_rest_itself(tmp_path: Path) -> None:
    loaded = estate(tmp_path, "system: a\nentities: {e: {fields: {x: {is: email, max_length: 60}, y: {is: code}}}}\n")
    assert words(loaded, "a.e.x") == ["at most 60 characters", "text", "matches [^@ ]+@[^@ ]+ (ecma)"]
    (listed,) = [each for each in loaded.contracts.fields[FieldName.read("a.e.y")].constraints if each.name == "one_of"]
    assert listed.sentence == "one of FI, SE"


def test_defaults_hold_for_fields_that_state_their_type(tmp_path: Path) -> None:
    loaded = estate(
        tmp_path,
        "system: a\ndefaults: {required: true, on_violation: truncate}\nentities:\n"
        "  e: {fields: {x: {type: text, max_length: 3}, y: {type: text, max_length: 4, required: false}}}\n"
        "  f: {defaults: {required: false}, fields: {z: {type: text, max_length: 3, on_violation: reject}}}\n",
    )
    fields = {f"{name.entity}.{name.field}": field for name, field in loaded.contracts.fields.items()}
    assert {name: field.required for name, field in fields.items()} == {"e.x": True, "e.y": False, "f.z": False}
    actions = {name: [c.on_violation for c in f.constraints if c.name == "max_length"] for name, f in fields.items()}
    assert actions == {"e.x": ["truncate"], "e.y": ["truncate"], "f.z": ["reject"]}


def test_defaults_do_not_change_what_a_source_says(tmp_path: Path) -> None:
    contract = (
        "system: a\ndefaults: {required: true}\nfrom: {sql: {files: a.sql, dialect: sqlite}}\n"
        "entities: {t: {fields: {n: {title: Name}}}}\n"
    )
    loaded = estate(tmp_path, contract, files={"a.sql": "create table t (n text);"})
    assert not loaded.contracts.fields[FieldName.read("a.t.n")].required


def test_codes_stand_in_a_file_and_are_found_there(tmp_path: Path) -> None:
    contract = "system: a\nentities: {e: {fields: {x: {type: text, one_of: {file: c.txt, on_violation: empty}}}}}\n"
    loaded = estate(tmp_path, contract, files={"c.txt": "A\n\nB\n"})
    (listed,) = [each for each in loaded.contracts.fields[FieldName.read("a.e.x")].constraints if each.name == "one_of"]
    assert (listed.sentence, listed.on_violation) == ("one of A, B", "empty")


def test_several_systems_stand_in_one_file(tmp_path: Path) -> None:
    field = "entities: {e: {fields: {x: {is: email}}}}"
    loaded = estate(tmp_path, f"systems:\n  - {{system: a, {field}}}\n  - {{system: b, {field}}}\n")
    assert list(loaded.contracts.systems) == ["a", "b"]


@pytest.mark.parametrize(
    ("contract", "problem"),
    [
        (
            "system: a\nentities: {e: {fields: {x: {is: emial}}}}",
            'contracts/a.yaml:2:33: "emial" is no type of fieldline.yaml | email',
        ),
        (
            "system: a\nentities: {e: {fields: {x: {type: text, one_of: {file: no.csv}}}}}",
            'contracts/a.yaml:2:56: there is no file "no.csv" | None',
        ),
        (
            "system: a\nentities: {e: {fields: {x: {type: text, one_of: {file: codes.csv, column: cod}}}}}",
            'contracts/a.yaml:2:75: codes.csv has no column "cod" | code',
        ),
        ("systems: [{system: a}]\nowner: {team: x}", "contracts/a.yaml:2:1: owner stands beside systems | None"),
    ],
)
def test_what_is_not_there_is_a_problem_at_its_place(tmp_path: Path, contract: str, problem: str) -> None:
    assert problem in problems(tmp_path, contract)


def test_a_system_of_somebody_else_needs_no_owner(tmp_path: Path) -> None:
    entry = "entities: {e: {kind: entry, fields: {x: {type: text, max_length: 3}}}}"
    target = "entities: {e: {fields: {x: {type: text, max_length: 3}}}}"
    flows = {"lineage/f.yaml": "flows: [{from: a.e.x, to: b.e.x}]\n"}
    found = {}
    for external in ("", "external: true, "):
        contract = f"systems:\n  - {{system: a, owner: {{team: t}}, {entry}}}\n  - {{system: b, {external}{target}}}\n"
        folder = tmp_path / (external[:3] or "own")
        folder.mkdir()
        for name, text in flows.items():
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_text(text, "utf-8")
        (folder / "fieldline.yaml").write_text("estate: t\n", "utf-8")
        (folder / "contracts").mkdir()
        (folder / "contracts" / "a.yaml").write_text(contract, "utf-8")
        found[external] = [ruled.finding.rule for ruled in check_estate(folder, date(2026, 1, 1)).ruling.ruled]
    assert found == {"": ["unowned"], "external: true, ": []}


FLOW = "flows:\n- {{from: app.e.a, to: db.t.c, via: [{{map: {{{options}}}}}]}}\n"
TWO = (
    "systems:\n- {system: app, entities: {e: {kind: entry, fields: {a: {type: text}}}}}\n"
    "- {system: db, entities: {t: {fields: {c: {type: text}}}}}\n"
)


def mapped(folder: Path, options: str, table: str = "code,name\nFI, FIN \n,\nSE,SWE\nSE,SWE\n") -> dict[str, object]:
    files = {"lineage/f.yaml": FLOW.format(options=options), "t.csv": table, "fieldline.yaml": "estate: t\n"}
    (flow,) = estate(folder, TWO, files=files).flows
    (step,) = flow.via
    return {value: step.apply(value) for value in ("FI", "SE", "XX")}  # type: ignore[union-attr]


def test_the_table_of_a_map_stands_in_a_file(tmp_path: Path) -> None:
    assert mapped(tmp_path, "file: t.csv, from: code, to: name, otherwise: 'null'") == {
        "FI": "FIN",
        "SE": "SWE",
        "XX": None,
    }


@pytest.mark.parametrize(
    ("options", "table", "problem"),
    [
        ("file: u.csv, from: a, to: b", "a,b\n", 'lineage/f.yaml:2:50: there is no file "u.csv" | None'),
        ("file: t.csv, from: cod, to: name", "code,name\n", 't.csv has no column "cod" | code'),
        (
            "file: t.csv, from: code, to: name",
            "code,name\nFI,a\nFI,b\n",
            't.csv:3:1: t.csv has two replacements of "FI" | None',
        ),
        ("file: t.csv", "code,name\n", 'the key "file" needs "from" beside it'),
        ("otherwise: keep", "code,name\n", "values"),
    ],
)
def test_a_table_that_cannot_be_read_is_a_problem(tmp_path: Path, options: str, table: str, problem: str) -> None:
    with pytest.raises(EstateError) as raised:
        mapped(tmp_path, options, table)
    found = [f"{each.location}: {each.message} | {each.suggestion}" for each in raised.value.problems]
    assert any(problem in each for each in found), found
