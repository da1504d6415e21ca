"""How much of other people's schemas is read: a folder of scripts, a line a source, names and counts only.

    python benchmarks/read_sources.py FOLDER

FOLDER/KIND/NAME/… holds the files of one source. KIND is a dialect of SQL or another word of `from:`; files.txt holds the
order of the files where that is not the one of their names, or which of them are read, and options.txt lines KEY=VALUE.

A source is refused (with its problems), read whole, or read with tables that are undecided; and of all columns it is told
how many have something that cannot be stated exactly, and for which reasons.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from time import process_time

from fieldline.contracts.constraint import OpaqueRule
from fieldline.contracts.read import read_contracts
from fieldline.documents.folder import Folder
from fieldline.documents.location import Location
from fieldline.documents.problem import Problems
from fieldline.formats.registry import FORMATS
from fieldline.formats.sources import CONTRACT, contract_from, with_contract_sources

_AT = Location("command line", 1, 1)
_MOST_SHOWN = 3


def main() -> None:
    """Read each source, and print its line."""
    folder = Path(sys.argv[1]).resolve()
    counts: Counter[str] = Counter()
    fields = undecided = 0
    reasons: Counter[str] = Counter()
    for source in sorted(path for path in folder.glob("*/*") if path.is_dir()):
        verdict, read, unsure, why, seconds = _read(source)
        counts[verdict] += 1
        fields, undecided = fields + read, undecided + unsure
        reasons.update(why)
        shown = "; ".join(f"{reason} {number}" for reason, number in why.most_common(_MOST_SHOWN))
        name = f"{source.parent.name}/{source.name}"
        print(f"{name:34} {verdict:28} {read:5} columns {unsure:5} unsure {seconds:5.1f} s  {shown}")
    print(dict(counts), f"{fields} columns, {undecided} of them unsure")
    for reason, number in reasons.most_common(40):
        print(f"{number:6} {reason}")


def _read(source: Path) -> tuple[str, int, int, Counter[str], float]:
    begun = process_time()
    problems = Problems()
    folder = Folder(source, problems)
    kind = source.parent.name
    chosen = FORMATS.get(kind)
    options: dict[str, str | tuple[str, ...]] = {} if chosen else {"dialect": kind}
    suffixes = chosen.suffixes if chosen else (".sql",)
    options["files"] = _lines(source / "files.txt") or tuple(
        str(path.relative_to(source))
        for path in sorted(source.glob("**/*"))
        if path.name.endswith(suffixes) and path.name not in {"files.txt", "options.txt"}
    )
    options |= dict(line.split("=", 1) for line in _lines(source / "options.txt"))
    tree = with_contract_sources(contract_from("s", kind if chosen else "sql", options, _AT), folder, problems)
    contracts = read_contracts([tree], CONTRACT, problems, folder.readings)
    if problems:
        said = Counter(f"{problem.message} at {problem.location}" for problem in problems.all())
        return "refused", 0, 0, said, process_time() - begun
    why: Counter[str] = Counter()
    unsure = 0
    tables = set()
    for name, field in contracts.fields.items():
        words = [c.restriction.rule for c in field.constraints if isinstance(c.restriction, OpaqueRule)]
        unsure += bool(words)
        why.update(_kind(each) for each in words)
        if any(each.startswith("not read") for each in words):
            tables.add(name.entity)
    verdict = f"{len(tables)} undecided tables" if tables else "whole"
    return verdict, len(contracts.fields), unsure, why, process_time() - begun


def _lines(file: Path) -> tuple[str, ...]:
    return tuple(file.read_text("utf-8").splitlines()) if file.exists() else ()


def _kind(words: str) -> str:
    """A reason without what is a source's own in it."""
    if words.startswith("not read"):
        return words[:110]
    keyword = re.match(r"[A-Za-z]+(?=:)|required where|the value is of one", words)
    return keyword[0] if keyword else re.sub(r"[a-z0-9_\"'`\[\]]{3,}|\d+", "…", words)[:60]


if __name__ == "__main__":
    main()
