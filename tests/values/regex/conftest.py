"""What the tests of patterns share: engines to compare with, texts that nearly match, patterns nobody would write."""

from __future__ import annotations

import json
import subprocess
import unicodedata
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

from fieldline.values import unicode_tables
from fieldline.values.alphabet import pieces_of, value_at
from fieldline.values.charset import CODE_POINT_LIMIT
from fieldline.values.language import EMPTY
from fieldline.values.solve.search import shortest
from fieldline.values.unicode_data import general_category, lower_map, script, simple_fold_orbits, upper_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fieldline.values.language import Language

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
  console.log(JSON.stringify(texts.map((text) => regex.test(text))));
});
"""


@pytest.fixture(scope="session")
def node() -> Iterator[Callable[[str, str, list[str]], list[bool] | None]]:
    """What node says of texts, given pattern and flags; None where it rejects them.

    One node for the whole run; a test that asks it is marked `needs_node`.
    """
    process = subprocess.Popen(
        ["node", "-e", NODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )

    def judge(pattern: str, flags: str, texts: list[str]) -> list[bool] | None:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"pattern": pattern, "flags": flags, "texts": texts}) + "\n")
        process.stdin.flush()
        verdicts: list[bool] | None = json.loads(process.stdout.readline())
        return verdicts

    yield judge
    process.communicate(timeout=10)


@pytest.fixture(scope="session")
def probes() -> frozenset[int]:
    """Characters that tell sets apart: all that have case, and both ends of every run of a category or script.

    Only characters that our tables and all engines know.
    """
    sets = [*map(general_category, unicode_tables.CATEGORIES), *map(script, unicode_tables.SCRIPTS)]
    ends = {point for charset in sets for bound in charset.bounds for point in (bound - 1, bound)}
    unknown = general_category("Cn") | general_category("Cs")
    found = {*range(0x180), *simple_fold_orbits(), *upper_map(), *lower_map(), *ends}
    return frozenset(point for point in found if 0 <= point < CODE_POINT_LIMIT and point not in unknown)


@pytest.fixture(scope="session")
def characters() -> Callable[[Language, Iterable[int]], set[int]]:
    """Which characters a language holds as texts of their own."""

    def find(language: Language, candidates: Iterable[int]) -> set[int]:
        step = language.step()
        return {point for point in candidates if value_at(step, point).nullable}

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
    random = Random(count)  # noqa: S311 - samples, not secrets
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
        pieces = pieces_of(language.step())
        living = [(low, high) for low, high, target in pieces if target is not EMPTY and _known(low, high)]
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
    downstream: tuple[str, ...]
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
                return pick(("(?<={})", "(?<!{})")).format(pick(self.downstream))
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
        downstream: tuple[str, ...] = ("a", "b", r"[a\n]", r"\w", "^", "a| |b"),
        flags: tuple[str, ...] = ("", "", "", "m", "s", "ms"),
    ) -> Iterator[tuple[str, str]]:
        random = Random(seed)  # noqa: S311 - samples, not secrets
        fresh = partial(PatternMaker, random, anchors, looks, downstream)
        for _ in range(count):
            yield fresh().make(), random.choice(flags)

    return make
