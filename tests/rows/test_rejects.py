"""Dead letters grouped by root: from the files that tools write, with counts, times, and the entry that let them in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.diff.stored_rows import Unreadable
from fieldline.estate.load import load_estate
from fieldline.formats.errors.read import ERROR_HINTS, read_errors
from fieldline.rows.rejects import group_rejects
from fieldline.rows.sources import silent

from ..properties.strategies import tries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fieldline.estate.load import Estate
    from fieldline.rows.answers import RejectsAnswer

MESSAGE = "__connect.errors.exception.message"


@pytest.fixture(scope="module")
def nordbank(examples: Path) -> Estate:
    return load_estate(examples / "nordbank")


def too_long(name: str) -> str:
    return (
        f'Batch entry 0 INSERT INTO "customer" ("username","country") VALUES (\'{name}\',\'FI\') was aborted: ERROR: value '
        "too long for type character varying(12)"
    )


NULL = 'null value in column "street" of relation "customer" violates not-null constraint'
MESSAGES = [
    too_long("MAXIMILIAN1234"),
    too_long("ABCDEFGHIJKLM"),
    too_long("MAXIMILIAN1234"),
    NULL,
    "connection reset",
    NULL,
]


def told(answer: RejectsAnswer) -> list[tuple[int, int, str, list[str]]]:
    """Per group: its records, its values, its field, the entries that let it in."""
    return [
        (
            group.records,
            group.values,
            str(group.example.meant.places[0][0].full_name),
            [str(root.entry.full_name) for root in group.example.traced[0].roots if root.verdict == "refuted"],
        )
        for group in answer.groups
    ]


EXPECTED = [
    (3, 2, "billing.customer.username", ["web.signup"]),
    (2, 0, "billing.customer.street", []),
]


def forms(messages: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The same letters as tools write them."""
    return {
        "kcat.ndjson": [
            {
                "topic": "dlq",
                "ts": 1_767_000_000_000 + 1_000 * n,
                "headers": ["__connect.errors.topic", "t", MESSAGE, text],
            }
            for n, text in enumerate(messages)
        ],
        "pairs.ndjson": [
            {
                "timestamp": f"2025-12-29T09:20:{n:02}Z",
                "headers": [{"key": "a", "value": "b"}, {"key": MESSAGE, "value": text}],
            }
            for n, text in enumerate(messages)
        ],
        "object.ndjson": [{"time": 1_767_000_000 + n, "headers": {MESSAGE: text}} for n, text in enumerate(messages)],
        "column.csv": [{"failed_at": f"2025-12-29 09:20:{n:02}", MESSAGE: text} for n, text in enumerate(messages)],
        "json.csv": [
            {"ts": 1_767_000_000_000 + n, "headers": json.dumps({MESSAGE: text})} for n, text in enumerate(messages)
        ],
        "plain.parquet": [{"error_message": text} for text in messages],
    }


@pytest.mark.parametrize("name", forms([]))
def test_the_letters_of_every_kind_of_file_are_grouped_by_root(nordbank: Estate, tmp_path: Path, name: str) -> None:
    rows = forms(MESSAGES)[name]
    file = tmp_path / name
    frame = pl.DataFrame(rows)
    if name.endswith(".ndjson"):
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif name.endswith(".csv"):
        frame.write_csv(file)
    else:
        frame.write_parquet(file)
    answer = group_rejects(nordbank, file, silent)
    assert (answer.records, answer.unread) == (6, 1)
    assert told(answer) == EXPECTED
    since = answer.groups[0].since
    if name == "plain.parquet":
        assert since is None
    else:
        assert since is not None
        assert since.isoformat().startswith("2025-12-29T09:20:00")


def test_a_value_that_the_message_leaves_out_is_found_in_the_refused_record(nordbank: Estate, tmp_path: Path) -> None:
    file = tmp_path / "letters.ndjson"
    text = "Data too long for column `d`.`customer`.`username` at row 1"
    names = ["MAXIMILIAN1234", "ABCDEFGHIJKLM", "MAXIMILIAN1234"]
    letters = [{"error": text, "payload": json.dumps({"USERNAME": "no", "username": name})} for name in names]
    file.write_text("".join(json.dumps(letter) + "\n" for letter in letters), encoding="utf-8")
    answer = group_rejects(nordbank, file, silent)
    assert told(answer) == [EXPECTED[0]]
    assert answer.groups[0].example.error.value == "MAXIMILIAN1234"


def test_values_of_other_entries_are_groups_of_their_own(nordbank: Estate, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    check = 'new row for relation "customer" violates check constraint "customer_username_check"'
    texts = [
        f"INSERT INTO customer (username, country) VALUES ('{name}', 'FI'): ERROR: {check}"
        for name in ("A.B", "C.D", "É")
    ]
    pl.DataFrame({"error": texts, "username": ["A.B", "C.D", "É"]}).write_csv(file)
    groups = group_rejects(nordbank, file, silent).groups
    assert {
        tuple(
            str(root.entry.full_name) for root in group.example.traced[0].roots if root.verdict == "refuted"
        ): group.records
        for group in groups
    } == {("partner.applications",): 2, (): 1}


def test_a_file_without_messages_is_a_problem_that_says_what_to_do(nordbank: Estate, tmp_path: Path) -> None:
    pl.DataFrame({"a": ["secret"]}).write_csv(tmp_path / "letters.csv")
    with pytest.raises(Unreadable) as error:
        group_rejects(nordbank, tmp_path / "letters.csv", silent)
    assert error.value.message == "the file has no column with the messages of errors"
    assert "--message-column" in (error.value.expected or "")
    with pytest.raises(Unreadable, match="no column b"):
        group_rejects(nordbank, tmp_path / "letters.csv", silent, message="b")


@tries(20)
@given(st.lists(st.sampled_from(ERROR_HINTS) | st.text(max_size=3), max_size=5).map("".join))
def test_hints_that_polars_finds_are_those_in_the_text(text: str) -> None:
    (found,) = pl.Series([text]).str.extract_many(list(ERROR_HINTS), overlapping=True).to_list()
    assert set(found) == {hint for hint in ERROR_HINTS if hint in text}
    assert read_errors(text, found) == read_errors(text)
