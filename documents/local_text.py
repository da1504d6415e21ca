"""Texts for people, written once for every reader or once for each of several languages.

title: Billing
customer_text: {en: "{field} is too long: {limit}.", fi: "{field} on liian pitkä: {limit}."}
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - dataclasses read their annotations when they run
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias, cast, get_args

from .problem import probably, shorten
from .scalar import TEXT, wrong_kind
from .yaml_events import MappingNode, ScalarNode

if TYPE_CHECKING:
    from .problem import Problems
    from .scalar import NodeKind, Schema
    from .yaml_events import Node

SpokenLanguage: TypeAlias = Literal["en", "fi", "nb", "nl", "sv"]
"""A language that sentences for people are written in, by its code in ISO 639-1."""

LANGUAGE_NAMES: Mapping[SpokenLanguage, str] = {
    "en": "English",
    "fi": "Finnish",
    "nb": "Norwegian (bokmål)",
    "nl": "Dutch",
    "sv": "Swedish",
}
_OTHER_WORDS = {
    **{name.lower(): code for code, name in LANGUAGE_NAMES.items()},
    "no": "nb",
    "norwegian": "nb",
    "se": "sv",
    "en-gb": "en",
    "en-us": "en",
    "fi-fi": "fi",
    "nb-no": "nb",
    "nl-nl": "nl",
    "sv-se": "sv",
    "sv-fi": "sv",
}


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text for people. As a `str` it is the one for readers who name no language: the English one, or else the first."""

    plain: str | None
    """The text for every reader; None: there is one for each of several languages."""
    by_language: tuple[tuple[SpokenLanguage, str], ...] = ()
    """In the order of the file; none where there is a plain text."""

    def __str__(self) -> str:
        if self.plain is not None:
            return self.plain
        return dict(self.by_language).get("en", self.by_language[0][1])

    def within(self, language: SpokenLanguage) -> tuple[str, SpokenLanguage | None]:
        """The text for readers of a language, and the language that it is in; None: that is not stated."""
        if self.plain is not None:
            return self.plain, None
        texts = dict(self.by_language)
        fitting = next((code for code in (language, "en") if code in texts), self.by_language[0][0])
        return texts[fitting], fitting

    @property
    def texts(self) -> tuple[str, ...]:
        """The text in every language."""
        return tuple(text for _, text in self.by_language) if self.plain is None else (self.plain,)

    @property
    def written(self) -> str | dict[str, str]:
        """As a contract has it."""
        return {str(code): text for code, text in self.by_language} if self.plain is None else self.plain


@dataclass(frozen=True, slots=True)
class LocalTextShape:
    """A text, or a mapping from languages to texts; with `placeholders`, these may stand in it in braces."""

    placeholders: tuple[str, ...] = ()
    kinds: ClassVar[tuple[NodeKind, ...]] = ("scalar", "mapping")

    @property
    def expected(self) -> str:
        return f"a text, or a mapping from languages ({', '.join(get_args(SpokenLanguage))}) to texts"

    def read(self, node: Node, problems: Problems, /) -> LocalText | None:
        if isinstance(node, ScalarNode):
            text = TEXT.read(node, problems)
            return None if text is None or not self._is_sound(node, problems) else LocalText(text)
        if not isinstance(node, MappingNode):
            wrong_kind(node, self.expected, problems)
            return None
        before = len(problems)
        texts: dict[SpokenLanguage, str] = {}
        for key, value in node.entries:
            if key.value not in LANGUAGE_NAMES:
                guess = probably(key.value, get_args(SpokenLanguage), _OTHER_WORDS)
                message = f"unknown language {shorten(key.value)}"
                problems.add(key.location, message, expected=self.expected, suggestion=guess, length=key.length)
                continue
            text = TEXT.read(value, problems)
            if text is not None and isinstance(value, ScalarNode) and self._is_sound(value, problems):
                texts[cast("SpokenLanguage", key.value)] = text
        if not node.entries and node.complete:
            problems.add(node.location, "an empty mapping", expected=self.expected)
        return LocalText(None, tuple(texts.items())) if node.complete and texts and len(problems) == before else None

    def _is_sound(self, node: ScalarNode, problems: Problems) -> bool:
        """Whether braces hold known placeholders alone; in a text without placeholders, braces are characters."""
        if not self.placeholders:
            return True
        expected = f"one of {', '.join(f'{{{name}}}' for name in self.placeholders)}; a brace itself is written twice"
        try:
            names = [name for _, name, form, turn in _pieces(node.value) if name is not None and not form and not turn]
            fields = sum(name is not None for _, name, _, _ in _pieces(node.value))
        except ValueError:
            problems.add(node.location, "a brace that stands alone", expected=expected, length=node.length)
            return False
        unknown = [name for name in names if name not in self.placeholders]
        if len(names) < fields:
            problems.add(node.location, "a placeholder with a form", expected=expected, length=node.length)
        for name in unknown:
            guess = probably(name, self.placeholders, {})
            message = f"unknown placeholder {shorten(f'{{{name}}}')}"
            suggestion = f"{{{guess}}}" if guess else None
            problems.add(node.location, message, expected=expected, suggestion=suggestion, length=node.length)
        return len(names) == fields and not unknown

    def schema(self, definitions: Schema, /) -> Schema:
        text = TEXT.schema(definitions)
        languages: Schema = {
            "type": "object",
            "properties": {code: {**text, "description": name} for code, name in LANGUAGE_NAMES.items()},
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {"anyOf": [text, languages]}


def worded(text: LocalText | None) -> str | None:
    """The text for readers who name no language; None: there is no text."""
    return None if text is None else str(text)


def _pieces(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    """The text before each placeholder, its name, its form, its conversion. Raises ValueError for a single brace."""
    return list(Formatter().parse(text))


def filled(text: str, values: Mapping[str, str]) -> str | None:
    """A text with its placeholders filled in; None: a value of it is missing."""
    parts: list[str] = []
    for before, name, _, _ in _pieces(text):
        parts.append(before)
        if name is not None:
            if name not in values:
                return None
            parts.append(values[name])
    return "".join(parts)
