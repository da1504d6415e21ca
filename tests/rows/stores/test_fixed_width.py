"""Files of fixed width as stores: bytes as a mainframe writes them, EBCDIC, zoned and packed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.record.asking import FoundRecords, NotReachable, StoreQuestion
from fieldline.documents.names import EntityName
from fieldline.estate.load import load_estate
from fieldline.rows.stores.checked import checked_stores
from fieldline.rows.stores.stores import Stores

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.checker.record.asking import StoreAnswer
    from fieldline.estate.load import Estate
    from fieldline.values.valueset import Value

LAYOUT = {
    "no": {"start": 1, "length": 4, "kind": "zoned"},
    "name": {"start": 5, "length": 8},
    "balance": {"start": 13, "length": 4, "kind": "packed", "decimals": 2},
    "count": {"start": 17, "length": 3, "kind": "zoned"},
    "day": {"start": 20, "length": 10},
}
ANNA = "0012Åsa Öst ".encode("cp037") + bytes.fromhex("0123450c") + b"\xf0\xf0\xd7" + "2026-05-04".encode("cp037")
BERT = "0013bert    ".encode("cp037") + bytes.fromhex("0000100d") + b"\xf0\xf1\xf2" + b"\x40" * 10
NULL = "0014".encode("cp037") + b"\0" * 25
ODD = "0015x       ".encode("cp037") + b"\xff\xff\xff\xff" + "a b".encode("cp037") + "yesterday ".encode("cp037")


def _estate(root: Path, content: bytes, **words: Any) -> Estate:  # noqa: ANN401 - as YAML has it
    (root / "contracts").mkdir(parents=True, exist_ok=True)
    (root / "lineage").mkdir(exist_ok=True)
    (root / "fieldline.yaml").write_text("estate: one\n", encoding="utf-8")
    (root / "e.dat").write_bytes(content)
    store = {"file": "e.dat", "encoding": "cp037", "record_length": 29, "layout": LAYOUT, **words}
    kinds = {"no": "text", "name": "text", "balance": "decimal", "count": "integer", "day": "date"}
    fields = {name: {"type": kind} for name, kind in kinds.items()}
    tree = {
        "system": "one",
        "entities": {"e": {"key": "no", "store": {k: v for k, v in store.items() if v is not None}, "fields": fields}},
    }
    (root / "contracts" / "one.yaml").write_text(json.dumps(tree), encoding="utf-8")
    return load_estate(root)


def _asked(estate: Estate, *, alike: bool = False, **where: Value) -> StoreAnswer:
    entity = estate.contracts.entities[EntityName("one", "e")]
    (answer,) = Stores(estate).ask([StoreQuestion(entity, {name: (value,) for name, value in where.items()}, alike)])
    return answer


def _one(answer: StoreAnswer) -> dict[str, str | None]:
    assert isinstance(answer, FoundRecords), answer
    (record,) = answer.records
    return {name: None if value is None else str(value) for name, value in record.items()}


def test_records_of_a_mainframe_are_read(tmp_path: Path) -> None:
    estate = _estate(tmp_path, ANNA + BERT + NULL + ODD)
    anna = {"no": "0012", "name": "Åsa Öst", "balance": "1234.50", "count": "-7", "day": "2026-05-04"}
    for where in ({"no": "0012"}, {"name": "Åsa Öst"}, {"balance": Decimal("1234.5")}, {"count": -7}):
        assert _one(_asked(estate, **where)) == anna  # type: ignore[arg-type]
    bert = {"no": "0013", "name": "bert", "balance": "-1.00", "count": "12", "day": None}
    assert _one(_asked(estate, no="0013", name="bert")) == bert
    assert _one(_asked(estate, alike=True, name=" BERT")) == bert
    assert _asked(estate, name="BERT") == FoundRecords(())
    assert _asked(estate, no="0013", name="Åsa Öst") == FoundRecords(())
    assert _one(_asked(estate, name=None)) == {"no": "0014", **dict.fromkeys(["name", "balance", "count", "day"])}
    assert _one(_asked(estate, no="0015")) == {
        "no": "0015",
        "name": "x",
        "balance": "ffffffff",
        "count": "a b",
        "day": "yesterday",
    }
    for hostile in ("漢", "0012" * 9, "", "0012\0", "*"):
        assert _asked(estate, no=hostile, name=hostile) == FoundRecords(())
    (store,) = checked_stores(estate).stores
    assert store.is_well


def test_a_text_is_found_at_its_place_and_nowhere_else(tmp_path: Path) -> None:
    """Records are found without looking at each: the same bytes elsewhere in a record, or across two, are none."""
    across = "0016    anna".encode("cp037") + b"\0" * 17
    estate = _estate(tmp_path, (BERT + across) * 5000 + ANNA)
    assert _one(_asked(estate, name="Åsa Öst"))["no"] == "0012"
    assert _asked(estate, name="anna") == FoundRecords(())
    assert _asked(estate, name="") == FoundRecords(())


def test_lines_may_end_early_and_signs_are_those_of_ascii(tmp_path: Path) -> None:
    layout = {
        "no": LAYOUT["no"],
        "count": {"start": 5, "length": 3, "kind": "zoned"},
        "name": {"start": 8, "length": 9},
    }
    content = b"001200}Anna\r\n001300Abert     \n00140\n001500qx"
    estate = _estate(tmp_path, content, encoding="latin-1", record_length=None, layout=layout)
    assert _one(_asked(estate, no="0012")) == {"no": "0012", "count": "0", "name": "Anna"}
    assert _one(_asked(estate, count=1)) == {"no": "0013", "count": "1", "name": "bert"}
    assert _one(_asked(estate, no="0014"))["name"] is None
    assert _one(_asked(estate, name="x"))["count"] == "-1"


def test_a_value_is_expected_as_the_file_can_hold_it(tmp_path: Path) -> None:
    store = _estate(tmp_path, ANNA).contracts.entities[EntityName("one", "e")].store
    assert store is not None
    assert [store.holding(value) for value in ("a  ", "  ", " a", 7)] == ["a", None, " a", 7]


@pytest.mark.parametrize(
    ("content", "words", "reason"),
    [
        (ANNA + b"\x40", {}, "e.dat does not consist of records of 29 bytes"),
        (ANNA, {"layout": {"name": LAYOUT["name"]}}, "the layout of e.dat has no field no"),
        (ANNA, {"file": "gone.dat"}, "gone.dat cannot be read (No such file or directory)"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_reachable(
    content: bytes, words: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    assert _asked(_estate(tmp_path, content, **words), no="0012") == NotReachable(reason)


def test_an_empty_file_and_a_link(tmp_path: Path) -> None:
    assert _asked(_estate(tmp_path / "a", b""), no="0012") == FoundRecords(())
    estate = _estate(tmp_path / "b", ANNA)
    (tmp_path / "b" / "e.dat").unlink()
    (tmp_path / "b" / "e.dat").symlink_to(tmp_path / "a" / "e.dat")
    answer = _asked(estate, no="0012")
    assert isinstance(answer, NotReachable)
    assert "leads out of the estate" in answer.reason


def test_many_that_fit_are_not_all_read(tmp_path: Path) -> None:
    answer = _asked(_estate(tmp_path, ANNA * 50), no="0012")
    assert isinstance(answer, FoundRecords)
    assert (len(answer.records), answer.more) == (20, True)
