"""A run that is killed, or has no more room, in the middle of what it writes: each file is old or new, without litter.

Every kind of output is ended before changes of the file system, and after bytes, that are drawn at random: at
FIELDLINE_FUZZ_TIMES=10 in more than 200 places.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha512
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from fieldline.commands.options import FindingsFormat
from fieldline.documents.temporary import is_temporary, temporary_file, temporary_folder
from fieldline.reports.starter_estate import starter_files

from .conftest import write

Ended: TypeAlias = Callable[..., dict[str, Any]]
TIMES = int(os.environ.get("FIELDLINE_FUZZ_TIMES", "1"))
KILLED = (-9, -25)
"""SIGKILL, and SIGXFSZ."""
UNUSABLE = (2,)
"""The exit code of a command that finds no room."""

OUTPUTS: dict[str, list[str]] = {
    **{f"check {each}": ["check", "estate", "--output-format", each, "-o", "out"] for each in FindingsFormat},
    "baseline": ["check", "estate", "--write-baseline"],
    "screen": ["screen", "website.signup", "estate", "-o", "out"],
    "screen as": ["screen", "website.signup", "estate", "--as", "pydantic", "-o", "out"],
    "export": ["export", "estate", "--system", "crm", "--as", "odcs", "-o", "out"],
    "import": ["import", "sql", "shop.sql", "--system", "shop", "--option", "dialect=postgres", "-o", "out"],
    "graph": ["graph", "estate", "-o", "out.html"],
    "diff": ["diff", "estate", "changed", "-o", "out.html"],
    "trace": ["trace", "--at", "billing.customer.company", "--value", "x", "estate", "-o", "out"],
    "docs": ["docs", "estate", "-o", "site"],
    "docs, new": ["docs", "estate", "-o", "new/site"],
    "init": ["init", "empty"],
    "init, new": ["init", "new/estate"],
    **{
        f"quarantine {each}": [
            "validate",
            "rows.csv",
            "--entry",
            "website",
            "--estate",
            "estate",
            "--quarantine",
            f"out.{each}",
        ]
        for each in ("csv", "parquet", "ndjson")
    },
}


@pytest.fixture(scope="module")
def ended() -> Iterator[Ended]:
    """Runs a command in a folder and ends it; gives its status, and how often it changed the file system."""
    command = [sys.executable, str(Path(__file__).parent / "ending.py")]
    environment = {**os.environ, "FIELDLINE_TODAY": "2026-01-01"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answers = process.stdin, process.stdout

        def end(words: list[str], folder: Path, **kill: int) -> dict[str, Any]:
            asked.write(
                json.dumps({"words": words, "folder": str(folder), "event": None, "bytes": None, "full": None, **kill})
                + "\n"
            )
            asked.flush()
            answer: dict[str, Any] = json.loads(answers.readline())
            return answer

        yield end
        asked.close()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an estate and an old file in the place of every output."""
    folder = tmp_path_factory.mktemp("before")
    write(folder / "estate", starter_files())
    with (folder / "estate" / "fieldline.yaml").open("a", encoding="utf-8") as file:
        file.write("\nbaseline: baseline.yaml\n")
    (folder / "estate" / "baseline.yaml").write_text("known: []\n")
    shutil.copytree(folder / "estate", folder / "changed")
    contract = folder / "changed" / "contracts" / "billing.yaml"
    contract.write_text(contract.read_text().replace("max_length: 20", "max_length: 10"))
    lines = (f"{sha512(str(n).encode()).hexdigest()}\n" for n in range(2_000))
    (folder / "rows.csv").write_text("company\n" + "".join(lines))
    (folder / "shop.sql").write_text("create table person (name varchar(20) not null);\n")
    for name in ("out", "out.html", "out.csv", "out.parquet", "out.ndjson"):
        (folder / name).write_text("the old one\n")
    (folder / "empty").mkdir()
    return folder


def is_inside_temporary(path: Path) -> bool:
    return any(map(is_temporary, (path, *path.parents)))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def litter(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if is_temporary(path)]


@pytest.mark.slow
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_killed_run_leaves_old_or_new_and_the_next_one_cleans_up(
    ended: Ended, before: Path, tmp_path: Path, output: str
) -> None:
    words, chance = OUTPUTS[output], random.Random(output)  # noqa: S311 - the same places in every run
    start, done = tmp_path / "start", tmp_path / "done"
    shutil.copytree(before, start)
    if output == "docs":  # the old pages
        contract = start / "estate" / "contracts" / "crm.yaml"
        text = contract.read_text()
        contract.write_text(re.sub(r"(?m)^title: .*\n", "", text) + "title: The old one\n")
        assert ended(words, start)["status"] == 0
        contract.write_text(text)
    shutil.copytree(start, done)
    whole = ended(words, done)
    assert whole["status"] in {0, 1}, whole
    old, new = files(start), files(done)
    changed = {name for name in new if new[name] != old.get(name)}
    assert changed
    assert not litter(done)
    longest = max(len(new[name]) for name in changed)
    for place in range(TIMES):
        how = chance.choice(("event", "event", "bytes", "full"))
        kill = {how: chance.randrange(whole["events"]) if how == "event" else chance.randrange(1, longest)}
        folder = tmp_path / str(place)
        shutil.copytree(start, folder)
        first = ended(words, folder, **kill)
        assert first["status"] in (UNUSABLE if how == "full" else KILLED), (kill, first)
        assert how != "full" or not litter(folder)
        left = {name: content for name, content in files(folder).items() if not is_inside_temporary(folder / name)}
        assert all(content in {old.get(name), new.get(name)} for name, content in left.items()), kill
        assert left.keys() >= old.keys()
        again = ended(words, folder)
        assert again["status"] == whole["status"], again
        assert files(folder) == new
        assert not litter(folder)
        shutil.rmtree(folder)


def test_what_a_living_process_writes_is_left_alone(tmp_path: Path) -> None:
    with temporary_file(tmp_path) as file, temporary_folder(tmp_path) as folder:
        run = "import sys; from pathlib import Path; from fieldline.documents.temporary import *\n"
        run += "with temporary_file(Path(sys.argv[1])): pass"
        subprocess.run([sys.executable, "-c", run, tmp_path], check=True)
        assert set(tmp_path.iterdir()) == {file, folder}
    assert not list(tmp_path.iterdir())


def test_what_nobody_holds_is_removed_and_nothing_else(tmp_path: Path) -> None:
    stale = [tmp_path / f".fieldline-{digit * 16}.tmp" for digit in "0f"]
    kept = {tmp_path / ".fieldline-1.tmp", tmp_path / ".fieldline-x.tmp", tmp_path / "mine"}
    stale[0].write_text("half")
    (stale[1] / "systems").mkdir(parents=True)
    (stale[1] / "systems" / "crm.html").write_text("half")
    for path in kept:
        path.write_text("mine")
    link = tmp_path / f".fieldline-{'a' * 16}.tmp"
    link.symlink_to(tmp_path / "mine")
    with temporary_file(tmp_path) as file:
        assert set(tmp_path.iterdir()) == {*kept, link, file}
