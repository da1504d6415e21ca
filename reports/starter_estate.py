"""The estate that `fieldline init` writes: small, commented, and with one deliberate error."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from ..checker.messages import listed
from .text.page import GOOD, STRONG, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

    from .text.page import Look


def starter_files() -> Mapping[str, str]:
    """Its files' texts, by their names relative to the folder, in alphabetical order."""
    return dict(sorted(_texts(files(__package__) / "starter", "")))


def _texts(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            texts += _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            texts.append((prefix + entry.name, entry.read_text(encoding="utf-8")))
    return texts


def started_text(folder: str, names: Sequence[str], look: Look) -> str:
    """The list of written files, and the next steps."""
    page = Page(look)
    page.line(("A small estate", GOOD), f" was written to {folder}: three systems, one entry, one deliberate error.")
    for name in names:
        page.line(name, indent=2)
    page.blank()
    page.line(("Next", STRONG))
    here = "" if folder == "." else f" {folder}"
    page.table(
        [
            (f"fieldline check{here}", "the findings, each with its proof"),
            (f"fieldline screen website.signup{here}", "the constraints the sign-up page needs"),
            ("fieldline explain escape", "the meaning of that finding"),
        ],
        indent=2,
    )
    page.line("Then replace the contracts with yours: fieldline.yaml explains how.", indent=2)
    return page.render()


def not_started(folder: str, names: Sequence[str]) -> str:
    """A line for a folder with files of these names: nothing was written."""
    there = f"{listed(names)} {'is' if len(names) == 1 else 'are'} already in {folder}"
    return f"nothing was written: {there}; choose another folder: fieldline init my-estate"
