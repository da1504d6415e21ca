"""Nothing that stands in an estate, a value or a file's name does anything to whoever reads the output."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len

from .conftest import Run, write

ESCAPE, RIGHT_TO_LEFT, MARKUP, LONG = "\x1b[31m\x07", "\u202e\u2066", "[/red][bold]", "W" * 10_000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WIDTH = 100


def quoted(text: str) -> str:
    """A text in YAML's double quotes, everything unusual escaped."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08x}" for c in text) + '"'


NASTY = ESCAPE + RIGHT_TO_LEFT + MARKUP + "\x85\u2028\t\r\n\x00\ufeff\ud7ff 漢字 👩‍👩‍👧 e\u0301\u0301\u0301"
YAML_NASTY = NASTY.replace("\x00", "")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """An estate that attacks with its titles, values, patterns, conditions, owners and its files' names."""
    nasty = quoted(YAML_NASTY)
    entry = f"""
system: web
title: {nasty}
owner: {{team: {nasty}, contact: {quoted(MARKUP)}}}
repair: {{by: [{nasty}], typically: P1D, channel: {nasty}}}
entities:
  form:
    kind: entry
    title: {nasty}
    fields:
      free: {{type: text, title: {nasty}}}
      listed: {{type: text, one_of: [{nasty}, {quoted(LONG)}, {quoted(MARKUP)}, ok]}}
      other: {{type: text, title: {quoted(LONG)}, max_length: 20000}}
"""
    core = f"""
system: core
title: {quoted(LONG)}
customer_text: {nasty}
owner: {{team: {quoted(LONG)}}}
entities:
  row:
    fields:
      free: {{type: text, pattern: {quoted("[^" + RIGHT_TO_LEFT + chr(27) + "]*")}, not_one_of: [{nasty}, "x"]}}
      listed: {{type: text, one_of: [ok]}}
      other: {{type: text, max_length: 9999, opaque: [{nasty}, {quoted(MARKUP)}]}}
"""
    replace = f"{{replace: {{find: {quoted(ESCAPE)}, with: {quoted(RIGHT_TO_LEFT)}}}}}"
    flows = f"""
flows:
  - {{from: web.form.free, to: core.row.free, by: {nasty}, note: {nasty}, via: [{replace}]}}
  - {{from: web.form.listed, to: core.row.listed, when: {quoted(f"web.form.free <> '{ESCAPE + MARKUP}'")}}}
  - {{from: web.form.other, to: core.row.other}}
"""
    return write(
        tmp_path / "estate",
        {
            "fieldline.yaml": f"estate: hostile\ntitle: {nasty}\n",
            f"contracts/{ESCAPE}{MARKUP.replace('/', '')}\n{RIGHT_TO_LEFT}.yaml": entry,
            "contracts/core.yaml": core,
            f"lineage/\x1b]0;title\x07{'y' * 200}.yaml": flows,
        },
    )


def test_the_attack_arrives(fieldline: Run, hostile: Path) -> None:
    done = fieldline("check", hostile, "--output-format", "json")
    found = json.loads(done.stdout)["findings"]
    assert {finding["field"] for finding in found if finding["rule"] == "escape"} >= {
        "web.form.free",
        "web.form.listed",
        "web.form.other",
    }
    told = fieldline("check", hostile).stdout
    assert MARKUP in told
    assert all(escaped in told for escaped in ("\\x1b[31m\\x07", "\\u{202e}"))


ONE_LINE = YAML_NASTY.replace("\n", "").replace("\r", "").replace("[", "").replace("]", "")
DUPLICATE = 'duplicate key value violates unique constraint "row_free_key"'
COMMANDS = [
    ["check"],
    ["screen", "web"],
    ["trace", "--at", "core.row.free", "--value", YAML_NASTY],
    ["trace", "--at", "web.form.other", "--value", LONG],
    ["trace", "--at", "core.row.listed", "--value", LONG[:5000] + ESCAPE],
    ["screen", NASTY.replace("\x00", "")],
    ["trace", "--at", YAML_NASTY, "--null"],
    ["trace", "--error", YAML_NASTY],
    ["trace", "--error", f"{DUPLICATE}\nDETAIL:  Key (free)=({ONE_LINE}) already exists."],
    ["trace", "--error", f"Incorrect integer value: '{ONE_LINE}' for column `d`.`row`.`other` at row 1"],
    ["trace", "--error", f"Data too long for column '{ONE_LINE}' at row 1"],
    ["trace", "--error", f'null value in column "free" of relation "{ONE_LINE}" violates not-null constraint'],
    ["trace", "--error", "x" * 200_001],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: ascii(" ".join(arguments))[:40])
def test_text_holds_nothing_but_visible_characters_and_keeps_its_width(
    fieldline: Run, hostile: Path, arguments: list[str]
) -> None:
    done = fieldline(*arguments, hostile)
    assert done.returncode in {0, 1, 2}
    assert_harmless(done.stdout)
    assert done.stderr == ""
    coloured = fieldline(*arguments, hostile, "--color", "always")
    assert_harmless(COLOUR.sub("", coloured.stdout))


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: ascii(" ".join(arguments))[:40])
def test_json_is_printable_ascii(fieldline: Run, hostile: Path, arguments: list[str]) -> None:
    done = fieldline(*arguments, hostile, "--output-format", "json")
    assert all(character == "\n" or " " <= character <= "~" for character in done.stdout)
    json.loads(done.stdout)


@pytest.mark.parametrize("output_format", ["github", "gitlab", "sarif", "junit", "markdown"])
def test_no_format_holds_a_hidden_character(fieldline: Run, hostile: Path, output_format: str) -> None:
    done = fieldline("check", hostile, "--output-format", output_format)
    assert done.returncode == 1
    assert "web.form.free" in done.stdout
    assert_harmless(done.stdout, width=100_000, lines=10_000)
    file = next(path for path in (hostile / "contracts").iterdir() if path.name != "core.yaml")
    file.write_text(file.read_text() + f"{quoted(YAML_NASTY)}: 1\n{'z' * 900}: 3\n", encoding="utf-8")
    done = fieldline("check", hostile, "--output-format", output_format)
    assert done.returncode == 2
    assert "z" * 50 in done.stdout
    assert_harmless(done.stdout, width=100_000, lines=10_000)


def test_dead_letters_are_harmless(fieldline: Run, hostile: Path, tmp_path: Path) -> None:
    messages = [command[2] for command in COMMANDS if command[1:2] == ["--error"]]
    file = tmp_path / f"{ESCAPE}{RIGHT_TO_LEFT}.ndjson"
    file.write_text(
        "".join(json.dumps({"ts": YAML_NASTY, "error": text}) + "\n" for text in messages), encoding="utf-8"
    )
    for arguments in ([], ["--message-column", NASTY.replace("\x00", "")]):
        done = fieldline("trace", "--rejects", file, *arguments, hostile)
        assert done.returncode == (2 if arguments else 0)
        assert_harmless(done.stdout)
        assert_harmless(done.stderr)
        written = fieldline("trace", "--rejects", file, *arguments, hostile, "--output-format", "json").stdout
        assert all(character == "\n" or " " <= character <= "~" for character in written)
        json.loads(written)


def test_problems_are_harmless_too(fieldline: Run, hostile: Path) -> None:
    file = next(path for path in (hostile / "contracts").iterdir() if path.name != "core.yaml")
    file.write_text(
        file.read_text() + f"{quoted(YAML_NASTY)}: 1\n{quoted(ESCAPE)}: {LONG}\n{'z' * 900}: 3\n", encoding="utf-8"
    )
    done = fieldline("check", hostile)
    assert done.returncode == 2
    assert "3 problems" in done.stdout
    assert_harmless(done.stdout)


def test_raw_control_characters_in_a_file_are_harmless(fieldline: Run, hostile: Path) -> None:
    (hostile / "contracts" / "core.yaml").write_bytes(b"system: \x1b[2Jcore\xe2\x80\xae\nentities: {}\n")
    done = fieldline("check", hostile)
    assert done.returncode == 2
    assert_harmless(done.stdout)


def test_the_name_of_a_missing_folder_is_harmless(fieldline: Run, tmp_path: Path) -> None:
    for option in ("text", "json"):
        done = fieldline("check", tmp_path / (ESCAPE + RIGHT_TO_LEFT + MARKUP), "--output-format", option)
        assert done.returncode == 2
        assert_harmless(done.stdout, width=400)


def test_the_name_of_an_output_file_is_harmless(fieldline: Run, hostile: Path, tmp_path: Path) -> None:
    done = fieldline("check", hostile, "--output-file", tmp_path / (ESCAPE + RIGHT_TO_LEFT))
    assert (done.returncode, done.stdout) == (1, "")
    assert_harmless(done.stderr, width=400)


def assert_harmless(text: str, width: int = WIDTH, lines: int = 200) -> None:
    hidden = [
        character
        for character in text
        if character != "\n" and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    ]
    assert hidden == []
    assert text.count("\n") < lines
    too_wide = [line for line in text.split("\n") if cell_len(line) > width]
    assert too_wide == []
