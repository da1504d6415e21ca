"""How `docs/` becomes a site: the settings of Sphinx. `make docs` builds it into `build/handbook`.

The pages are plain Markdown, for a code host. So the table of contents stands nowhere else than in their own lists: a page
called `index.md`, or like a folder beside it, leads to the pages that it links, in their order.
"""

from __future__ import annotations

import re
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "Fieldline"
author = "The Fieldline authors"
version = release = installed("fieldline")
extensions = ["myst_parser", "sphinx_copybutton"]
exclude_patterns = ["*.schema.json"]
myst_heading_anchors = 4
myst_enable_extensions: list[str] = []
suppress_warnings = ["misc.highlighting_failure"]  # examples with `…` in place of what is left out

html_theme = "furo"
html_title = "Fieldline"
html_static_path = ["static"]
html_css_files = ["handbook.css"]
html_js_files = ["handbook.js"]
html_search_scorer = str(Path(__file__).with_name("scorer.js"))
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5394", "color-brand-content": "#0b5394"},
    "dark_css_variables": {"color-brand-primary": "#8ab8ff", "color-brand-content": "#8ab8ff"},
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
copybutton_prompt_text = "$ "
copybutton_here_doc_delimiter = "EOF"
"""Only commands are copied, without what they print."""

_LINK = re.compile(r"^- \[[^]]+\]\(([\w/-]+)\.md\)|^\| \[[^]]+\]\(([\w/-]+)\.md\)", re.MULTILINE)
"""The first link of an item of a list, or of a row of a table."""


def contents(app: Sphinx, page: str, text: list[str]) -> None:
    """Put the pages that an `index.md` lists into the table of contents, and those of a folder that a page leads to."""
    name = page.rpartition("/")[2]
    if name == "index" or (app.srcdir / page).is_dir():
        listed = dict.fromkeys(item or row for item, row in _LINK.findall(text[0]))
        own = [link for link in listed if "/" not in link or link.endswith("/index") or link.startswith(f"{name}/")]
        text[0] += "\n```{toctree}\n:hidden:\n\n" + "\n".join(own) + "\n```\n"


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", contents)
