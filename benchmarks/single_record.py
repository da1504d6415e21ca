"""One record of a sign-up: the verdict beside jsonschema-rs, a rejected record's explanation beside Pydantic, in one run.

python benchmarks/single_record.py [--quick]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import date
from decimal import Decimal  # noqa: TC003 - Pydantic reads the annotations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import jsonschema_rs
from pydantic import BaseModel, Field, ValidationError

import fieldline

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
EMAIL = r"[a-z0-9._+\-]+@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+"
CONTRACT = f"""
system: web
entities:
  signup:
    kind: entry
    fields:
      username: {{type: text, required: true, min_length: 3, max_length: 12, pattern: "[A-Z][A-Z0-9]*"}}
      email: {{type: text, required: true, max_length: 60, pattern: '{EMAIL}'}}
      country: {{type: text, required: true, one_of: [FI, SE, DK, EE]}}
      amount: {{type: decimal, required: true, min: 0, max: 100000, scale: 2}}
      birth_date: {{type: date, required: true, min: "1900-01-01", max: "2020-01-01"}}
"""
GOOD = {
    "username": "MAXIMILIAN1", "email": "max.mustermann@example.com", "country": "FI", "amount": 1250,
    "birth_date": date(1990, 5, 17),
}  # fmt: skip
BAD = {**GOOD, "username": "maximilian1234", "country": "NO"}
TEXTS = {
    "username": {"type": "string", "minLength": 3, "maxLength": 12, "pattern": "^[A-Z][A-Z0-9]*$"},
    "email": {"type": "string", "maxLength": 60, "pattern": f"^{EMAIL}$"},
    "country": {"enum": ["FI", "SE", "DK", "EE"]},
    "amount": {"type": "number", "minimum": 0, "maximum": 100000, "multipleOf": 0.01},
    "birth_date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}


class Signup(BaseModel):
    """The same for Pydantic."""

    username: Annotated[str, Field(min_length=3, max_length=12, pattern="^[A-Z][A-Z0-9]*$")]
    email: Annotated[str, Field(max_length=60, pattern=f"^{EMAIL}$")]
    country: Annotated[str, Field(pattern="^(?:FI|SE|DK|EE)$")]
    amount: Annotated[Decimal, Field(ge=0, le=100000, decimal_places=2)]
    birth_date: Annotated[date, Field(ge=date(1900, 1, 1), le=date(2020, 1, 1))]


def main() -> None:
    """Print microseconds and ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="call each a few hundred times only")
    times = 200 if asked.parse_args().quick else 20_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fieldline.yaml").write_text("estate: bench\nlineage: []\n", encoding="utf-8")
        (folder / "contracts").mkdir()
        (folder / "contracts" / "web.yaml").write_text(CONTRACT, encoding="utf-8")
        entry = fieldline.load(folder).entry("web.signup")
    schema = jsonschema_rs.validator_for({"type": "object", "properties": TEXTS, "required": list(TEXTS)})
    typed = {**GOOD, "birth_date": "1990-05-17"}
    assert entry.is_valid(GOOD)
    assert schema.is_valid(typed)
    assert not entry.is_valid(BAD)
    assert (
        len(entry.validate(BAD).violations) == len(explained(BAD)) + 1
    )  # the user name is too long, and not in capitals
    ours, theirs = micro(lambda: entry.is_valid(GOOD), times), micro(lambda: schema.is_valid(typed), times)
    print(f"{'verdict: ours':34} {ours:7.2f} us")
    print(f"{'verdict: jsonschema-rs is_valid':34} {theirs:7.2f} us   {ours / theirs:.2f}x")
    ours, theirs = micro(lambda: reasons(entry), times), micro(lambda: explained(BAD), times)
    bare = micro(lambda: entry.validate(BAD).violations, times)
    print(f"{'violations: ours':34} {bare:7.2f} us\n{'with their reasons: ours':34} {ours:7.2f} us")
    print(f"{'errors: Pydantic':34} {theirs:7.2f} us   {bare / theirs:.2f}x, with reasons {ours / theirs:.2f}x")


def reasons(entry: object) -> list[str]:
    """Every reason in words."""
    return [violation.reason for violation in entry.validate(BAD).violations]  # type: ignore[attr-defined]


def explained(record: dict[str, object]) -> list[object]:
    """Pydantic's errors."""
    try:
        Signup.model_validate(record)
    except ValidationError as error:
        return list(error.errors())
    return []


def micro(work: Callable[[], object], times: int) -> float:
    """Median microseconds of one call, of rounds of so many."""
    found = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(times):
            work()
        found.append((time.process_time() - begun) / times * 1e6)
    return statistics.median(found)


if __name__ == "__main__":
    main()
