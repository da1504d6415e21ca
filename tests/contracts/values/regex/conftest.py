"""What the tests of patterns share: engines to compare with, texts that nearly match, patterns nobody would write."""

from __future__ import annotations

import json
import subprocess
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

from fieldline.contracts.values.charset import LIMIT
from fieldline.contracts.values.language import EMPTY
from fieldline.contracts.values.search import shortest
from fieldline.contracts.values.unicode_data import general_category

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fieldline.contracts.values.language import Language

NODE = r"""
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { pattern, flags, texts } = JSON.parse(line);
  let regex;
  try {
    // In multi-line mode ^ and $ no longer mean the ends of the text.
    const whole = flags.includes("m") ? `(?<![^])(?:${pattern})(?![^])` : `^(?:${pattern})$`;
    new RegExp(pattern, flags);
    regex = new RegExp(whole, flags);
  } catch {
    console.log("null");
    return;
  }
  if (texts) return console.log(JSON.stringify(texts.map((text) => regex.test(text))));
  const found = [];
  for (let point = 0; point < 0x110000; point++)
    if ((point < 0xd800 || point > 0xdfff) && regex.test(String.fromCodePoint(point))) found.push(point);
  console.log(JSON.stringify(found));
});
"""


class Node:
    """A running node."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["node", "-e", NODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def verdicts(self, pattern: str, flags: str, texts: list[str]) -> list[bool] | None:
        """What the pattern says of each text as a whole; None where node refuses the pattern."""
        found: list[bool] | None = self._ask(pattern, flags, texts)
        return found

    def characters(self, pattern: str, flags: str) -> set[int]:
        """The characters that the pattern matches alone."""
        return set(self._ask(pattern, flags, None))

    def close(self) -> None:
        self.process.communicate(timeout=10)

    def _ask(self, pattern: str, flags: str, texts: list[str] | None):  # noqa: ANN202 - whatever JSON holds
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"pattern": pattern, "flags": flags, "texts": texts}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """One node for the whole run; a test that asks for it is marked `needs_node`."""
    running = Node()
    yield running
    running.close()


@pytest.fixture(scope="session")
def assigned() -> frozenset[int]:
    """Every character that our Unicode tables and all engines know."""
    unknown = general_category("Cn") | general_category("Cs")
    return frozenset(point for point in range(LIMIT) if point not in unknown)


@pytest.fixture(scope="session")
def characters() -> Callable[[Language], set[int]]:
    """The characters that a language holds as texts of their own."""

    def find(language: Language) -> set[int]:
        bounds, targets = language.step()
        spans = zip((0, *bounds), (*bounds, LIMIT), targets, strict=True)
        return {point for low, high, target in spans if target.nullable for point in range(low, high)}

    return find


@pytest.fixture(scope="session")
def short_texts() -> Callable[[str, int], list[str]]:
    """Every text over some letters up to a length."""

    def make(letters: str, longest: int) -> list[str]:
        return ["".join(text) for length in range(longest + 1) for text in product(letters, repeat=length)]

    return make


@pytest.fixture(scope="session")
def texts_near() -> Callable[[Language, int], list[str]]:
    """Members of a language, each again with a character lost, doubled, changed, or put at an end."""
    return _texts_near


def _texts_near(language: Language, count: int) -> list[str]:
    random = Random(count)
    members = [text for _ in range(count) if (text := _random_member(language, random)) is not None]
    witness = shortest(language)
    found = dict.fromkeys(["", "\n", " ", *members, *([] if witness is None else [witness])])
    for member in list(found):
        place = random.randrange(len(member) + 1)
        other = random.choice("aZ09-_. \n\t/åßſé٣😀İ\u2028\u00a0")
        found |= dict.fromkeys(
            (
                member[:place] + member[place + 1 :],
                member[:place] + member[place : place + 1] * 2 + member[place + 1 :],
                member[:place] + other + member[place + 1 :],
                member + other,
                other + member,
                member.swapcase(),
                member + "\n",
            )
        )
    return list(found)


def _random_member(language: Language, random: Random, longest: int = 60) -> str | None:
    text = ""
    while len(text) < longest:
        if language.nullable and random.random() < 0.3:
            return text
        bounds, targets = language.step()
        pieces = [(low, high) for low, high in zip((0, *bounds), (*bounds, LIMIT), strict=True) if _known(low, high)]
        living = [(low, high) for low, high in pieces if targets[bisect_right(bounds, low)] is not EMPTY]
        if not living:
            return text if language.nullable else None
        low, high = random.choice(living)
        point = random.choice([p for p in (low, high - 1, random.randrange(low, high)) if _known(p, p + 1)] or [low])
        text += chr(point)
        language = language.after(chr(point))
    return text if language.nullable else None


def _known(low: int, high: int) -> bool:
    """Whether a span begins with a character (engines know different versions of Unicode), or is wide."""
    return unicodedata.category(chr(low)) not in ("Cn", "Cs") or high - low > 0x900


@dataclass
class PatternMaker:
    """Random patterns over the letters a and b, blanks and line ends."""

    random: Random
    anchors: tuple[str, ...]
    looks: tuple[str, ...]
    behind: tuple[str, ...]
    groups: int = 0

    def make(self, depth: int = 3) -> str:
        return "|".join(self._sequence(depth) for _ in range(self.random.choice((1, 1, 2, 3))))

    def _sequence(self, depth: int) -> str:
        return "".join(self._item(depth) for _ in range(self.random.randint(0, 4)))

    def _item(self, depth: int) -> str:
        pick = self.random.choice
        match pick(("letter",) * 6 + ("class",) * 3 + ("anchor",) * 2 + ("group",) * 3 + ("look",) * 2):
            case "class":
                item = pick(("[ab]", "[^a]", r"\w", r"\W", ".", r"\s", r"\S", "[a ]", r"\d"))
            case "anchor":
                return pick(self.anchors)
            case "group" if depth:
                self.groups += 1
                item = pick(("({})", "(?:{})")).format(self.make(depth - 1))
            case "look" if depth and self.looks:
                if pick((True, False)):
                    return pick(self.looks).format(self.make(depth - 1))
                return pick(("(?<={})", "(?<!{})")).format(pick(self.behind))
            case _:
                item = pick("ab ")
        return item + pick(("",) * 8 + ("*", "+", "?", "{2}", "{1,2}", "{0,2}", "{2,}", "*?", "+?"))


@pytest.fixture
def random_patterns() -> Callable[..., Iterator[tuple[str, str]]]:
    """Pairs of a random pattern and flags, always the same ones for a seed."""

    def make(
        seed: int,
        count: int,
        *,
        anchors: tuple[str, ...] = ("^", "$", r"\b", r"\B"),
        looks: tuple[str, ...] = ("(?={})", "(?!{})"),
        behind: tuple[str, ...] = ("a", "b", r"[a\n]", r"\w", "^", "a| |b"),
        flags: tuple[str, ...] = ("", "", "", "m", "s", "ms"),
    ) -> Iterator[tuple[str, str]]:
        random = Random(seed)
        fresh = partial(PatternMaker, random, anchors, looks, behind)
        for _ in range(count):
            yield fresh().make(), random.choice(flags)

    return make
