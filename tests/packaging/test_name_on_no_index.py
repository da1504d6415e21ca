"""The name `fieldline` is registered on no package index: whoever takes it would run code where somebody asks for it.

So nothing here asks an index for it, or advises it. A checkout or a wheel is installed, by a path.
"""

import re
from pathlib import Path

import pytest

BARE = r"""(?<![\w./@:\\-])["']?fieldline(?:\[[\w, -]*\])?["']?(?=[\s"'`,;)&|]|[=<>~!]=|[<>]|$)"""
ASKED = (
    re.compile(rf"\b(?:install|inject|download|wheel|add|sync)\b(?:[^|;&`\n]*\s){BARE}"),
    re.compile(rf"\b(?:uvx|pipx run|uv tool run|uv run --with)\b(?:[^|;&`\n]*\s){BARE}"),
    re.compile(r"(?<![\w./-])fieldline(?:\[[\w, -]*\])?\s*(?:===|[=~<>!]=)\s*\d"),
    re.compile(r"""["']fieldline\[[\w, -]+\]["']"""),
    re.compile(r"\badditional_dependencies\b.*\bfieldline\b"),
)
NO_TEXTS = {".git", ".hypothesis", ".venv", "__pycache__", "build", "dist"}
"""Folders of what is made here, as are those whose names end in `_cache`."""
SELF = re.compile(r'^(?:\w+ = \[)?\s*"fieldline\[[\w,]+\]"', re.MULTILINE)
"""In pyproject.toml an extra of ours that brings another of ours."""


@pytest.mark.parametrize(
    "line",
    [
        "pip install fieldline",
        "Then `pip install fieldline`, and more.",
        "pip install 'fieldline[web]'",
        'python -m pip install --quiet "fieldline==1.2.3"',
        "pip install --quiet \\\n    fieldline",
        "pip install rich fieldline",
        "uvx fieldline check",
        "uvx --from fieldline[web] fieldline",
        "pipx run fieldline",
        "uv tool install fieldline",
        "uv add fieldline",
        "poetry add fieldline",
        "suggestion='fieldline[database]'",
        "a version is given as fieldline==1.2.3",
        "fieldline >= 0.1",
        "additional_dependencies: [fieldline]",
    ],
)
def test_this_asks_an_index(line: str) -> None:
    assert asking(line)


@pytest.mark.parametrize(
    "line",
    [
        "pip install .",
        "pip install '.[rows]'",
        "pip install ./fieldline-0.1.0-py3-none-any.whl",
        "pip install '/opt/fieldline[rows]'",
        "/opt/fieldline/bin/python -m pip install --no-deps .",
        "pip install . && fieldline check",
        "`pip install .`, then `fieldline check`",
        "docker build -t fieldline . && docker run --rm fieldline check",
        "python -c 'import fieldline'",
        'name = "fieldline"',
    ],
)
def test_this_asks_no_index(line: str) -> None:
    assert asking(line) == []


def test_nothing_here_asks_an_index_for_fieldline(root: Path) -> None:
    lines = [f"{path.relative_to(root)}: {line}" for path in texts(root) for line in asking(text_of(path))]
    assert lines == []


def texts(root: Path) -> list[Path]:
    """Every file but this one, and what is made here."""
    paths = [path for path in root.rglob("*") if path.is_file() and path != Path(__file__)]
    return [path for path in paths if not any(is_made_here(part) for part in path.relative_to(root).parts)]


def is_made_here(name: str) -> bool:
    return name in NO_TEXTS or name.endswith("_cache")


def text_of(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    return SELF.sub("", text) if path.name == "pyproject.toml" else text


def asking(text: str) -> list[str]:
    """The lines that ask for the name; a line that ends in a backslash goes on."""
    return [line for line in text.replace("\\\n", " ").splitlines() if any(each.search(line) for each in ASKED)]
