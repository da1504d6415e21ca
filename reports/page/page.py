"""The lineage page as one file. Nothing in it but its own script and style can run, and it reaches no network."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from hashlib import sha256
from html import escape as html_escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from ...checker.messages import brief
from ...values.show import escape
from ..headline import overview_headline
from .payload import payload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.verdict.overview import Overview
    from .changes import ShownChange, ShownComparison

_SCRIPTS = ("model.js", "camera.js", "drawing.js", "panel.js", "tables.js", "page.js")
"""The parts of the script, in the order of their dependencies."""


class LineagePage(str):
    """An HTML document. A notebook shows it in a sandboxed frame."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        document = html_escape(self)
        frame = 'width="100%" height="640" sandbox="allow-scripts allow-downloads" title="Lineage"'
        return f'<iframe {frame} style="border: 1px solid #888" srcdoc="{document}"></iframe>'


def lineage_page(
    overview: Overview, changes: Sequence[ShownChange] = (), comparison: ShownComparison | None = None
) -> LineagePage:
    """The page of an estate. With a comparison it opens on what changed, and holds the comparison's findings.

    The policy (Content Security Policy Level 3) allows the script and the style by their hashes, pictures that the script
    makes of a drawing, and nothing else: no fetch, no frame, no form, no inline handler.
    """
    style, script = _resource("page.css"), "".join(_resource(name) for name in _SCRIPTS)
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    title = brief(overview.estate.title or overview.estate.name, 120)
    page = Template(_resource("page.html")).substitute(
        policy=policy,
        title=html_escape(escape(title)),
        verdict=html_escape(escape(comparison.verdict) if comparison else overview_headline(overview)),
        style=style,
        script=script,
        data=_packed(payload(overview, changes, comparison)),
    )
    return LineagePage(page)


def _packed(content: object) -> str:
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return b64encode(gzip.compress(text.encode("ascii"), mtime=0)).decode("ascii")


def _hash(text: str) -> str:
    """As a policy names it: the digest of the exact content of the tag."""
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def _resource(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
