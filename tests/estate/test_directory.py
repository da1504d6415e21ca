"""The keys `find` and `xref` of `fieldline.yaml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.documents.names import EntityName, FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.directory import CrossReference, FoundBy
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate

CRM = "system: crm\nentities: {person: {key: no, fields: {no: {type: text}, email: {type: text}}}}\n"
MDM = "system: mdm\nentities: {ids: {fields: {crm_id: {type: text}, n: {type: integer}}}}\n"


def _load(root: Path, words: str) -> Estate:
    (root / "contracts").mkdir()
    (root / "fieldline.yaml").write_text(f"estate: x\nlineage: []\n{words}\n", encoding="utf-8")
    (root / "contracts" / "crm.yaml").write_text(CRM, encoding="utf-8")
    (root / "contracts" / "mdm.yaml").write_text(MDM, encoding="utf-8")
    return load_estate(root)


def test_a_directory_says_what_records_are_looked_for_by(tmp_path: Path) -> None:
    find = "find: {customer number: crm.person.no, e-mail: [crm.person.email]}"
    references = "references: {mdm.ids.crm_id: crm.person.no}"
    words = f"{find}\nxref: {{entity: mdm.ids, keys: {{crm.person: crm_id}}}}\n{references}"
    directory = _load(tmp_path, words).directory
    assert directory.find == (
        FoundBy("customer number", (FieldName.read("crm.person.no"),)),
        FoundBy("e-mail", (FieldName.read("crm.person.email"),)),
    )
    (reference,) = directory.xref
    assert isinstance(reference, CrossReference)
    assert (reference.entity, dict(reference.keys)) == (
        EntityName("mdm", "ids"),
        {EntityName("crm", "person"): "crm_id"},
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "find: {number: [crm.person.emai]}",
            '3:8: find names "crm.person.emai", which is a field of no contract | crm.person.email',
        ),
        ("find: {number: []}", "3:16: an empty list | None"),
        (
            "xref: {entity: mdm.id, keys: {crm.person: crm_id}}",
            '3:16: xref names "mdm.id", which is an entity of no contract | mdm.ids',
        ),
        ("xref: {entity: mdm.ids, keys: {crm.person: crm}}", '3:32: mdm.ids has no field "crm" | crm_id'),
        (
            "xref: {entity: mdm.ids, keys: {crm.persn: crm_id}}",
            '3:32: xref names "crm.persn", which is an entity of no contract | crm.person',
        ),
        ("xref: {entity: crm.person, keys: {mdm.ids: no}}", "3:35: mdm.ids has no key of one field | None"),
        (
            "references: {mdm.ids.crm_i: crm.person.no}",
            '3:14: references names "mdm.ids.crm_i", which is a field of no contract | mdm.ids.crm_id',
        ),
        (
            "references: {mdm.ids.n: crm.person.no}",
            "3:14: mdm.ids.n is of type integer, and crm.person.no, which it refers to, of type text | None",
        ),
        ("xref: {entity: mdm.ids}", '3:7: the key "keys" is missing | None'),
    ],
)
def test_what_names_nothing_is_told_at_its_place(tmp_path: Path, words: str, said: str) -> None:
    with pytest.raises(EstateError) as error:
        _load(tmp_path, words)
    told = [f"{p.location}: {p.message} | {p.suggestion}" for p in error.value.problems]
    assert told == [f"fieldline.yaml:{said}"]
