"""The whole printed output on a bank and on an estate that cannot be read, as it is.

A file in `printed/` is what its command prints; where a change is meant, that command makes it anew:

    fieldline check examples/nordbank > tests/commands/printed/check.txt
"""

import shlex
from pathlib import Path

import pytest

from .conftest import Run, write

PRINTED = Path(__file__).with_name("printed")
_TOO_LONG = (
    "INSERT INTO customer (username, country) VALUES ('MAXIMILIAN1234', 'FI'): ERROR: value too long for type character "
    "varying(12)"
)
COMMANDS = {
    "check.txt": "check examples/nordbank",
    "screen.txt": "screen web.signup examples/nordbank",
    "trace_refused.txt": "trace --at billing.customer.username --value ABCDEFGHIJKLM examples/nordbank",
    "trace_refused_later.txt": "trace --at web.signup.username --value Maximilian1234 examples/nordbank",
    "trace_record.txt": (
        'trace examples/nordbank --record "Web sign-up" \'{"country": "FI", "Postal code": "ABC"}\' --language nb'
    ),
    "trace_null.txt": "trace --at billing.customer.full_name --null examples/nordbank",
    "trace_fine.txt": "trace --at crm.person.country --value FI examples/nordbank",
    "trace.json": "trace --at billing.customer.full_name --value 'Anna Ā' examples/nordbank --output-format json",
    "trace_error.txt": f'trace --error "{_TOO_LONG}" examples/nordbank',
    "trace_error_many.txt": "trace --error \"Data too long for column 'username' at row 1\" examples/nordbank",
    "trace_error_no_value.txt": (
        "trace --error 'value too long for type character varying(12)' --at billing.customer.username --language fi "
        "examples/nordbank"
    ),
    "trace_rejects.txt": "trace --rejects tests/commands/printed/letters.ndjson examples/nordbank",
    "explain.txt": "explain",
    "explain_escape.txt": "explain escape",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_what_it_printed(fieldline: Run, root: Path, name: str) -> None:
    done = fieldline(*shlex.split(COMMANDS[name]), cwd=root)
    assert done.stderr == ""
    assert done.stdout == (PRINTED / name).read_text(encoding="utf-8")


def test_all_problems_of_all_files_are_printed_with_their_lines(fieldline: Run, tmp_path: Path) -> None:
    estate = write(
        tmp_path / "estate",
        {
            "fieldline.yaml": "estate: broken\n",
            "contracts/a.yaml": (
                "system: a\n"
                "entities:\n"
                "  e:\n"
                "    fields:\n"
                "      name: {type: text, max_lenght: 3}\n"
                "      no: {type: integer, min: 012}\n"
            ),
            "contracts/b.yaml": "system: b\nentities: {}\nentities: {}\n",
            "lineage/c.yaml": "flows:\n  - {from: a.e, to: b.e.f, via: [trimm]}\n",
        },
    )
    done = fieldline("check", estate)
    assert done.returncode == 2
    assert done.stdout == (PRINTED / "problems.txt").read_text(encoding="utf-8")
