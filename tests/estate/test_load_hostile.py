"""Whatever a file of an estate may hold, it brings problems and nothing else; and a large estate is read in seconds."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

from .written import WEB, problems_of, write

# ------------------------------------------------------------------------------------------- whatever a file may hold

PIECES = st.sampled_from(
    [
        *(
            "flows:",
            "- ",
            "from: ",
            "to: ",
            "via: ",
            "when: ",
            "field: ",
            "lag: ",
            "\n",
            "\n  ",
            "\n    ",
            "{",
            "}",
            "[",
            "]",
        ),
        *(
            ", ",
            "web.signup.a",
            "crm.person.x",
            "crm",
            "trim",
            "concat",
            "split: ",
            "delimiter: ",
            '" "',
            "truncate: ",
            "20",
        ),
        *(
            "map: ",
            "values: ",
            "otherwise: ",
            "cast: ",
            "date",
            "format: ",
            "'%d'",
            "&a ",
            "*a",
            "!t ",
            "'",
            '"',
            "\t",
            "012",
        ),
        *(
            "system: ",
            "entities: ",
            "fields: ",
            "type: ",
            "text",
            "pattern: ",
            "(a",
            "min: ",
            "-1",
            "key: ",
            "e: ",
            "\0",
            "~",
        ),
    ]
)
FILES = st.sampled_from(["fieldline.yaml", "contracts/web.yaml", "lineage/flows.yaml"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(FILES, st.lists(PIECES, max_size=30).map("".join).map(str.encode) | st.binary(max_size=40))
def test_no_file_brings_anything_but_problems(tmp_path: Path, name: str, content: bytes) -> None:
    base: dict[str, str | bytes] = {"fieldline.yaml": "estate: bank\n", "contracts/web.yaml": WEB}
    write(tmp_path, base | {"lineage/flows.yaml": "flows: []\n"} | {name: content})
    assert all(problem.location is not None and problem.message for problem in problems_of(tmp_path))


CONDITION_PIECES = st.sampled_from(
    [
        *(
            "web.signup.a",
            "web.signup.b",
            " = ",
            " <> ",
            " < ",
            " AND ",
            " OR ",
            " NOT ",
            " IN ",
            " IS NULL",
            " LIKE ",
            "(",
            ")",
        ),
        *(
            "'x'",
            "''",
            "'",
            "1",
            "-",
            "1.5",
            "1e9",
            "DATE '2024-02-30'",
            "NULL",
            ",",
            "--",
            ";",
            " BETWEEN ",
            "%",
            "\\\\",
            "true",
        ),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@example("web.signup.a < DATE '2024-02-30'")
@example("web.signup.a BETWEEN 'a' AND 'b'")
@example("web.signup.a LIKE 'a\\b'")
@example("web.signup.a < .1.5")
@example("-E'\\n'")
@given(st.lists(CONDITION_PIECES, min_size=1, max_size=12).map("".join))
def test_no_condition_brings_anything_but_problems(tmp_path: Path, condition: str) -> None:
    flow = f"flows:\n- from: web.signup.a\n  to: crm.person.x\n  when: |-\n    {condition}\n"
    write(tmp_path, {"fieldline.yaml": "estate: bank\n", "contracts/web.yaml": WEB, "lineage/flows.yaml": flow})
    assert all(str(problem.location).startswith("lineage/flows.yaml:") for problem in problems_of(tmp_path))


def test_garbage_is_collected_again_after_reading(tmp_path: Path) -> None:
    assert gc.isenabled()
    with pytest.raises(EstateError):
        load_estate(tmp_path)
    assert gc.isenabled()


@pytest.mark.slow
def test_a_large_estate_is_read_in_seconds(tmp_path: Path) -> None:
    fields = "".join(
        f"      f{i}: {{type: text, max_length: {i + 1}, pattern: '[A-Z]{{0,{i + 1}}}'}}\n" for i in range(50)
    )
    files: dict[str, str | bytes] = {"fieldline.yaml": "estate: bank\n"}
    for i in range(40):
        files[f"contracts/s{i}.yaml"] = f"system: s{i}\nentities:\n  e:\n    fields:\n{fields}"
    flow = "- {from: s%d.e.f%d, to: s%d.e.f%d, via: [trim, upper], by: nightly job, lag: PT24H}\n"
    flows = "".join(flow % (i % 40, i % 50, (i + 1) % 40, i % 50) for i in range(4_000))
    files["lineage/f.yaml"] = "flows:\n" + flows
    write(tmp_path, files)
    estate = load_estate(tmp_path)
    assert (len(estate.contracts.fields), len(estate.flows)) == (2_000, 4_000)
