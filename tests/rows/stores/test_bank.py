"""The law of the record on a bank with stores of every kind, filled by a script that knows nothing of the engine."""

from __future__ import annotations

import os
import shutil
from random import Random
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from fieldline.application.record import FindAnswer, find_answer

from .bank_law import NOW, SYSTEMS, bank_part, built, opened, start, wrongs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldline.application.record import RecordAnswer

    from .bank_law import Bank

pytest.importorskip("sqlalchemy")
pytest.importorskip("polars")
CUSTOMERS = 60
SEED = int(os.environ.get("FIELDLINE_BANK_SEED", "7"))


@pytest.fixture(scope="module")
def bank(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """One fault of every kind, and as many customers without any."""
    folder = tmp_path_factory.mktemp("bank")
    login, variables = built(root / "examples" / "nordbank_desk", folder, CUSTOMERS, 1, SEED)
    with login as service, pytest.MonkeyPatch.context() as patch:
        thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        for name, value in {**variables, "IAM_API": service.address}.items():
            patch.setenv(name, value)
        yield opened(folder, CUSTOMERS)
        service.shutdown()
        thread.join()


def _number(bank: Bank, kind: str) -> str:
    return next(number for number, truth in bank.truths.items() if truth["kind"] == kind)


def _found(bank: Bank, text: str) -> RecordAnswer:
    answer = find_answer(bank.estate, text, bank.stores.ask, NOW)
    assert not isinstance(answer, FindAnswer), [hit.seeds for hit in answer.hits.hits]
    return answer


def test_of_every_planted_fault_the_root_the_first_hop_and_the_state_are_right(bank: Bank) -> None:
    random = Random(SEED)  # noqa: S311 - a test is no secret
    assert len(bank.truths) >= 14
    for number, truth in bank.truths.items():
        begun = start(truth, random)
        assert list(wrongs(bank.look(number, begun), truth)) == [], (truth["kind"], begun)


def test_of_clean_records_nobody_is_blamed_whatever_is_switched_off(bank: Bank) -> None:
    random = Random(SEED)  # noqa: S311 - a test is no secret
    clean = [number for number in bank.customers if number not in bank.truths]
    for number in random.sample(clean, 10):
        off = tuple(random.sample(SYSTEMS, random.randint(0, 3)))
        begun = start(None, random, off)
        assert list(wrongs(bank.look(number, begun, off), None, off)) == [], (begun, off)


def test_a_system_that_is_off_is_never_blamed_and_the_rest_is_still_right(bank: Bank) -> None:
    random = Random(SEED)  # noqa: S311 - a test is no secret
    for number, truth in random.sample(list(bank.truths.items()), 14):
        off = tuple(random.sample(SYSTEMS, 2))
        begun = start(truth, random, off)
        assert list(wrongs(bank.look(number, begun, off), truth, off)) == [], (truth["kind"], begun, off)


def test_two_faults_that_leave_equal_contents_have_no_known_root(bank: Bank) -> None:
    """Billing passed a wrong address on, or the statements have it of themselves: without billing nobody can tell."""
    for kind in ("passed on", "wrong at the end"):
        where = bank.look(_number(bank, kind), "crm", ("billing",))
        (fault,) = where.faults
        assert fault.stop.entity.system == "statements"
        assert fault.root is None
        assert [entity.system for entity in fault.between] == ["billing"]


def test_story_1_a_user_name_that_billing_refused(bank: Bank) -> None:
    answer = _found(bank, _number(bank, "long user name"))
    (fault,) = answer.where.faults
    assert fault.is_refused
    assert fault.root is not None
    assert fault.root.system == "web"
    assert fault.repair is not None
    assert fault.repair.by == ("web-support",)
    assert "User name" in answer.customer_texts[0].text


def test_story_2_an_address_changed_once(bank: Bank) -> None:
    (fault,) = _found(bank, _number(bank, "stale address")).where.faults
    assert (fault.stop.entity.system, fault.fields[0].state, fault.fields[0].field.name) == (
        "billing",
        "overdue",
        "street",
    )
    assert [field.field.system for field in fault.also] == ["statements"]
    where = _found(bank, _number(bank, "on its way")).where
    assert where.faults == ()
    assert {field.field.system for field in where.not_yet_due} == {"billing", "statements", "letters", "loans"}


def test_story_6_an_order_that_the_call_centre_cannot_find(bank: Bank) -> None:
    order = f"W{int(_number(bank, 'not in the list')):09}"
    where = _found(bank, order).where
    assert where.faults == ()
    assert [stop.entity.system for stop in where.not_brought] == ["callcentre"]


def test_story_7_a_typing_error_repaired_once_is_seen_to_arrive(bank: Bank) -> None:
    assert _found(bank, _number(bank, "mail arrived")).where.is_well
    (fault,) = _found(bank, _number(bank, "mail repaired")).where.faults
    assert (fault.stop.entity.system, fault.fields[0].state) == ("iam", "overdue")


def test_the_script_knows_nothing_of_the_engine_and_writes_the_same_again(root: Path, tmp_path: Path) -> None:
    example = root / "examples" / "nordbank_desk"
    script = "".join(path.read_text(encoding="utf-8") for path in sorted((example / "invented").glob("*.py")))
    assert "import fieldline" not in script
    assert "from fieldline" not in script
    build = bank_part(example, "stores").build
    contents = []
    for _ in range(2):
        build(tmp_path / "data", CUSTOMERS, 1, SEED, NOW)
        contents.append({p.name: p.read_bytes() for p in (tmp_path / "data").iterdir() if p.suffix != ".db"})
        shutil.rmtree(tmp_path / "data")
    assert contents[0] == contents[1]
    with pytest.raises(ValueError, match="too few"):
        build(tmp_path / "data", 3, 1, SEED, NOW)
