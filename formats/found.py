"""What the files of a folder are: which of them describe fields, in which format, and what has to be guessed to read them.

A file is looked at, not run, and only as far as it takes to tell what it is.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from .dbt import ADAPTER_ENGINES
from .source import own_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .ddl.engines.engine import EngineName

_SUFFIXES = frozenset((".sql", ".ddl", ".json", ".yaml", ".yml"))
_PASSED_OVER = frozenset(("node_modules", "venv", "site-packages", "__pycache__", "dbt_packages", "vendor"))
_MOST_FILES = 5_000
_MOST_BYTES = 50_000_000
_GENERIC = frozenset(
    (
        *(
            "api",
            "app",
            "data",
            "database",
            "db",
            "ddl",
            "definitions",
            "docs",
            "dump",
            "form",
            "forms",
            "index",
            "init",
        ),
        *(
            "main",
            "migration",
            "migrations",
            "model",
            "openapi",
            "resources",
            "schema",
            "schemas",
            "spec",
            "specs",
            "sql",
        ),
        *("src", "structure", "swagger", "tables", "target", "v1", "v2", "versions"),
    )
)
"""Names of files and folders that say nothing of the system."""

_TABLE = re.compile(r"\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+|global\s+)?table\s[^;]{1,300}?\(", re.IGNORECASE)
_DEFINES = re.compile(
    r"\b(?:create|alter|drop|rename)\s+(?:or\s+replace\s+)?(?:unlogged\s+|global\s+|unique\s+)?"
    r"(?:table|index|type|domain|schema|sequence|view)\b",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"\binsert\s+into\b[^;]{1,20000}?\bselect\b|\bmerge\s+into\b|\bupdate\b[^;]{1,5000}?\bfrom\b"
    r"|\bcreate\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?table\s[^;(]{1,300}\bas\s+(?:select|with)\b",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{\{|\{%")
_SIGNS: tuple[tuple[EngineName, str], ...] = (
    (
        "postgres",
        r"PostgreSQL database dump|\bserial\b|\btimestamptz\b|\bjsonb\b|::\w|\bcharacter varying\b|\bbytea\b|\$\$",
    ),
    ("mariadb", r"MariaDB dump|\buuid_short\b"),
    ("mysql", r"MySQL dump|\bENGINE\s*=\s*\w+|\bAUTO_INCREMENT\b|`\w+`"),
    ("sqlserver", r"\bnvarchar\b|\[dbo\]|^\s*GO\s*$|\bIDENTITY\s*\(|\bdatetime2\b"),
    ("oracle", r"\bvarchar2\b|\bnumber\s*\(|\bnvarchar2\b|\bsysdate\b"),
    ("sqlite", r"\bAUTOINCREMENT\b|\bPRAGMA\b|\bWITHOUT\s+ROWID\b"),
    ("snowflake", r"\bVARIANT\b|\bTIMESTAMP_NTZ\b|\bCLUSTER BY\b"),
    ("bigquery", r"\bSTRING\b[^;]*\bINT64\b|\bINT64\b|\bOPTIONS\s*\("),
)
"""What the scripts of a database hold and those of others do not."""


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A source of fields, with the system that it seems to be of."""

    format: str
    """Its word in `from:`."""
    files: tuple[str, ...]
    """Relative to the folder."""
    system: str
    """A name for it."""
    options: Mapping[str, str] = field(default_factory=dict)
    guesses: tuple[str, ...] = ()
    """What is not told by the files, in words."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a folder holds."""

    sources: tuple[FoundSource, ...]
    scripts: tuple[FoundSource, ...]
    """SQL that moves values from table to table."""
    left_out: tuple[tuple[str, str], ...]
    """Files that look like sources and are not read, with the reason."""


def found_in(root: Path, places: Sequence[Path]) -> Findings:
    """The sources among files and folders inside `root`."""
    tables: dict[str, list[tuple[str, str]]] = {}
    moving: list[tuple[str, str]] = []
    schemas: dict[str, list[str]] = {}
    found: list[FoundSource] = []
    left_out: list[tuple[str, str]] = []
    names = [path.relative_to(root).as_posix() for path in _files(places, left_out)]
    projects = {PurePosixPath(name).parent for name in names if PurePosixPath(name).name == "dbt_project.yml"}
    manifests = [name for name in names if PurePosixPath(name).name == "manifest.json"]
    left_out += _uncompiled(projects, manifests)
    for name in names:
        path = PurePosixPath(name)
        of_dbt = any(project in path.parents for project in projects)
        if path.suffix in {".sql", ".ddl"}:
            text = (root / name).read_text(encoding="utf-8", errors="replace")
            if of_dbt or _TEMPLATE.search(text):
                continue
            tables.setdefault(path.parent.as_posix(), []).append((name, text))
            if _MOVES.search(text):
                moving.append((name, text))
        else:
            _document(root, name, found, schemas, left_out, is_schema=not of_dbt)
    found += [
        _scripts(root, files, tables.keys())
        for files in tables.values()
        if any(_TABLE.search(text) for _, text in files)
    ]
    found += [
        FoundSource(
            "json_schema",
            tuple(files),
            own_name(PurePosixPath(files[0]).parent.name or _name(root, files, "forms")),
            {"kind": "entry"},
            ("that people fill these in (kind: entry)",),
        )
        for files in schemas.values()
    ]
    by_dialect: dict[EngineName, list[str]] = {}
    for name, text in moving:
        by_dialect.setdefault(_dialect([text])[0], []).append(name)
    scripts = [FoundSource("sql", tuple(names), "", {"dialect": each}) for each, names in by_dialect.items()]
    return Findings(tuple(_distinct(found)), tuple(scripts), tuple(left_out))


def _files(places: Iterable[Path], left_out: list[tuple[str, str]]) -> Iterator[Path]:
    """The files that may be sources, in the order of their names."""
    count = 0
    for place in places:
        walk = [place] if place.is_file() else _walked(place)
        for path in walk:
            if path.suffix.lower() not in _SUFFIXES or not path.is_file():
                continue
            count += 1
            if count > _MOST_FILES:
                left_out.append((str(place), f"more than {_MOST_FILES} files: name the folders with the sources"))
                return
            if path.stat().st_size > _MOST_BYTES:
                left_out.append((path.name, "too large to look at"))
            else:
                yield path


def _walked(place: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(place):
        inside = place.__class__(folder)
        is_target = (inside / "manifest.json").exists()  # what dbt wrote beside it are the same models again
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in _PASSED_OVER and not (is_target and name in {"compiled", "run"})
        )
        yield from (inside / name for name in sorted(files))


def _uncompiled(projects: Iterable[PurePosixPath], manifests: Sequence[str]) -> Iterator[tuple[str, str]]:
    for project in projects:
        if not any(project in PurePosixPath(name).parents for name in manifests):
            yield (f"{project}/dbt_project.yml", "a dbt project without a manifest: run `dbt compile` first")


def _document(
    root: Path,
    name: str,
    found: list[FoundSource],
    schemas: dict[str, list[str]],
    left_out: list[tuple[str, str]],
    *,
    is_schema: bool,
) -> None:
    """Look at a file of JSON or YAML."""
    text = (root / name).read_text(encoding="utf-8", errors="replace")
    path = PurePosixPath(name)
    if re.search(r"""^\s*\{?\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\.""", text[:5_000], re.MULTILINE):
        title = re.search(r"""["']?title["']?\s*:\s*["']?([\w .-]{1,40})""", text[:5_000])
        title_name = own_name(title[1].strip().lower()) if title is not None else "api"
        found.append(FoundSource("openapi", (name,), _name(root, [name], title_name)))
    elif re.search(r"^kind:\s*[\"']?DataContract\b", text[:5_000], re.MULTILINE):
        found.append(FoundSource("odcs", (name,), _name(root, [name], "data")))
    elif path.suffix == ".json":
        tree = _json(text)
        if tree is None:
            return
        metadata = tree.get("metadata")
        if isinstance(metadata, dict) and "manifest" in str(metadata.get("dbt_schema_version", "")):
            found.append(_manifest(root, name, metadata, left_out))
        elif is_schema and _is_schema(tree):
            schemas.setdefault(path.parent.as_posix(), []).append(name)


def _json(text: str) -> dict[str, Any] | None:
    """The object that a text of JSON is; None: it is another, or none."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def _is_schema(tree: Mapping[str, Any]) -> bool:
    """Whether an object is a JSON Schema of an object, and not what one is the schema of."""
    if not any(isinstance(tree.get(key), dict) for key in ("properties", "$defs", "definitions")):
        return False
    return "json-schema.org" in str(tree.get("$schema", "")) or tree.get("type") == "object"


def _manifest(root: Path, name: str, metadata: Mapping[str, Any], left_out: list[tuple[str, str]]) -> FoundSource:
    catalogue = PurePosixPath(name).with_name("catalog.json").as_posix()
    has_catalogue = (root / catalogue).is_file()
    if not has_catalogue:
        left_out.append((catalogue, "not there: `dbt docs generate` writes the types of columns that no model states"))
    project = metadata.get("project_name")
    adapter = str(metadata.get("adapter_type"))
    system = own_name(project) if isinstance(project, str) and project else "warehouse"
    guesses = () if adapter in ADAPTER_ENGINES else (f"nothing is known of the adapter {adapter}",)
    return FoundSource("dbt", (name,), system, {"catalog": catalogue} if has_catalogue else {}, guesses)


def _scripts(root: Path, files: Sequence[tuple[str, str]], folders: Iterable[str]) -> FoundSource:
    """The tables of one folder's scripts: of the folder itself, read in the order of its versions, where it has several.

    Not where folders inside it have scripts, which are sources of their own: then each script that defines something.
    """
    dialect, is_sure = _dialect([text for _, text in files])
    folder = PurePosixPath(files[0][0]).parent
    has_inner = any(folder in PurePosixPath(other).parents for other in folders)
    defining = tuple(name for name, text in files if _DEFINES.search(text))
    is_whole = len(defining) > 1 and not has_inner and folder.name
    names = (folder.as_posix(),) if is_whole else defining
    guesses = () if is_sure else (f"that this is SQL of {dialect} (dialect)",)
    return FoundSource("sql", names, _name(root, names, "database"), {"dialect": dialect}, guesses)


def _dialect(texts: Sequence[str]) -> tuple[EngineName, bool]:
    """The database that scripts are of, and whether something in them says so."""
    counts = {
        engine: sum(len(re.findall(signs, text, re.IGNORECASE | re.MULTILINE)) for text in texts)
        for engine, signs in _SIGNS
    }
    best = max(counts, key=lambda engine: counts[engine])
    return (best, True) if counts[best] else ("postgres", False)


def _name(root: Path, names: Sequence[str], otherwise: str) -> str:
    """A name for the system of some files: of the file, or the folders around it, that says something."""
    first = PurePosixPath(names[0])
    stem = first.name.partition(".")[0] if len(names) == 1 else ""
    for candidate in (stem, *(parent.name for parent in first.parents if parent.name)):
        plain = re.sub(r"^[vV]?[0-9_.-]+", "", candidate)
        if plain and plain.lower() not in _GENERIC:
            return own_name(plain.lower())
    return otherwise if otherwise != "database" else own_name(root.resolve().name.lower() or otherwise)


def _distinct(sources: Iterable[FoundSource]) -> Iterator[FoundSource]:
    """The sources with a system of its own for each; an API and a form beside a database of the same name say so."""
    taken: set[str] = set()
    words = {"openapi": "api", "json_schema": "form", "sql": "db", "dbt": "dbt", "odcs": "data"}
    for source in sources:
        name = source.system
        if name in taken:
            name = f"{name}_{words[source.format]}"
        number = 2
        while name in taken:
            name, number = f"{source.system}_{number}", number + 1
        taken.add(name)
        yield FoundSource(source.format, source.files, name, source.options, source.guesses)
