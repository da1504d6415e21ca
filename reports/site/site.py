"""The pages of a site, by their file names."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ...checker.messages import brief
from ...checker.rules import RULES
from ...documents.duration import duration
from ...values.show import escape
from ..graph.svg import graph_svg
from ..headline import overview_headline
from ..page.page import lineage_page
from ..phrases import cell, owner_words, repair_words, typed_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jinja2 import Environment

    from ...checker.finding import Finding
    from ...checker.verdict.overview import Overview
    from ...documents.names import EntityName

_PLAIN_NAME = re.compile(r"[a-z0-9_-]{1,60}")
_LONGEST = 400


def site_files(overview: Overview, frame: Frame | None = None) -> Mapping[str, str]:
    """Every page's text by its name relative to the site's folder, `/` between the parts."""
    return dict(sorted(_Site(overview, frame or Frame(overview.estate.title or overview.estate.name)).pages()))


def is_site(index: bytes) -> bool:
    """Whether this index page was written by Fieldline, so that its folder may be written to again."""
    return b'<meta name="generator" content="fieldline docs">' in index


def page_name(name: str | EntityName) -> str:
    """The part of a file name that identifies a system or an entry.

    The name itself where every file system distinguishes it from all others; else its plain characters, and a digest.
    """
    text = str(name)
    if _PLAIN_NAME.fullmatch(text):
        return text
    digest = sha256(text.encode("utf-8")).hexdigest()[:10]
    plain = re.sub(r"[^a-z0-9_]+", "-", text.lower()[:60]).strip("-")
    return f"{plain}-{digest}" if plain else digest


class Frame:
    """The frame of every page: the estate's title, the links to other pages, style and policy."""

    def __init__(self, title: str, packages: Sequence[str] = (), more: Sequence[tuple[str, str]] = ()) -> None:
        """For an estate's title, with the templates of other packages, too, and more links: (address, title)."""
        self._environment = _environment((*packages, __package__ or ""))
        self._context = {"estate_title": title, "more": more}

    def page(
        self,
        template: str,
        up: str,
        about: Mapping[str, object],
        *,
        form_action: str = "'none'",
        style: str = "",
        script: str = "",
    ) -> str:
        """A page; `up` leads from it to the site's folder, a form only to that source (Content Security Policy).

        `style`: further rules; `script`: the only one that runs.
        """
        style = _resource("style.css") + style
        inner = re.findall(r"<style>(.*?)</style>", str(about.get("picture", "")), re.DOTALL)
        hashes = " ".join(f"'{_hash(text)}'" for text in (style, *inner))
        policy = f"default-src 'none'; style-src {hashes}; base-uri 'none'; form-action {form_action}"
        if script:
            policy += f"; script-src '{_hash(script)}'"
        found = self._environment.get_template(template)
        return found.render(style=style, script=script, policy=policy, up=up, **self._context, **about)

    def part(self, template: str, about: Mapping[str, object]) -> str:
        """A part of a page, for one that somebody else makes."""
        return self._environment.get_template(template).render(**self._context, **about)


class _Site:
    def __init__(self, overview: Overview, frame: Frame) -> None:
        self._overview = overview
        self._frame = frame
        self._systems = {system_overview.system.name: system_overview for system_overview in overview.systems}

    def pages(self) -> Iterator[tuple[str, str]]:
        overview = self._overview
        yield "index.html", self._page("index.html", "", picture=graph_svg(overview), rules=self._rules())
        yield "lineage.html", lineage_page(overview)
        for system_overview in overview.systems:
            name = system_overview.system.name
            yield (
                f"systems/{page_name(name)}.html",
                self._page(
                    "system.html",
                    "../",
                    system_overview=system_overview,
                    obligations=[d for d in overview.obligations if d.obligation.binding.system == name],
                    findings=[f for f in overview.findings if _concerns(f, name)],
                ),
            )
        for entity in overview.entries:
            yield (
                f"entries/{page_name(entity.full_name)}.html",
                self._page(
                    "entry.html",
                    "../",
                    entity=entity,
                    obligations=[d.obligation for d in overview.obligations if d.entry == entity.full_name],
                    findings=[f for f in overview.findings if f.entry == entity.full_name],
                ),
            )
        for rule in RULES:
            yield (
                f"rules/{rule.name}.html",
                self._page(
                    "rule.html",
                    "../",
                    rule=rule,
                    blocks=_blocks(rule.explanation),
                    findings=[f for f in overview.findings if f.rule == rule.name],
                ),
            )

    def _rules(self) -> list[tuple[Any, int]]:
        return [(rule, sum(f.rule == rule.name for f in self._overview.findings)) for rule in RULES]

    def _page(self, template: str, up: str, **about: object) -> str:
        headline = overview_headline(self._overview)
        own = {"overview": self._overview, "headline": headline, "systems_by_name": self._systems}
        return self._frame.page(template, up, {**own, **about})


def _environment(packages: Sequence[str]) -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup
    from markupsafe import escape as escape_html

    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, "") for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: value if isinstance(value, Markup) else brief(escape(str(value)), _LONGEST),
    )
    environment.filters |= {
        "own": Markup,
        "attribute": escape_html,  # the value as typed
        "whole": lambda value: escape_html("\n".join(map(escape, str(value).splitlines()))),  # every character of it
        "page_name": page_name,
        "owner": owner_words,
        "repair": repair_words,
        "cell": cell,
        "typed": typed_record,
        "duration": duration,
    }
    return environment


def _concerns(finding: Finding, system: str) -> bool:
    names = [*finding.fields, *([finding.binding.field] if finding.binding else [])]
    return any(name.system == system for name in names)


def _blocks(explanation: str) -> list[tuple[bool, list[str]]]:
    """Paragraphs, and examples of YAML (True), line by line."""
    parts = [part for part in explanation.strip("\n").split("\n\n") if part.strip()]
    return [(part.startswith("    "), [line.removeprefix("    ") for line in part.split("\n")]) for part in parts]


def _resource(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"
