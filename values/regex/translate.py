r"""The exact translation of a tree to its language.

A part of a pattern is translated together with everything that may follow it: `follow(part, rest)` is the language of
`part` and then `rest`, up to the end of the text. So an assertion is an intersection with the rest: with K the rest,

    $        is  K & ""            (?=L)    is  K & L.*           (?!L)    is  K & ~(L.*)

The left context of an assertion is the character before, if any. Characters are distinguished only as far as the
pattern looks back at them: with `\b` into word characters and others, with a multi-line `^` into line ends and others.
A rest is therefore a *view*: one language for the beginning of the text and one for each class of characters before it.

A loop is the least solution of X = rest | body X. A round that consumes no character adds nothing (its assertions only
narrow the rest), so only rounds that consume one are kept, and the equation is guarded.

Source: the continuation-passing matcher of ECMA-262, 22.2.2, read as an equation on languages.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from ..charset import ANY, NONE, Charset
from ..iteration import iterate
from ..language import (
    ALL,
    EMPTY,
    EPSILON,
    Language,
    chars,
    complement,
    concat,
    fixpoint,
    intersection,
    repeat,
    union,
)
from ..trie import word_trie
from .ast import Alternation, End, Group, Lookaround, Repeat, Sequence, Set, Start, WordBoundary, child_nodes, walk
from .errors import UnsupportedPattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..iteration import Work
    from .ast import RegexNode

MAX_POSITIONS = 100_000
"""The greatest size of a pattern with all its counts written out, in characters; an endless loop counts as one round."""
MAX_ASSERTED_POSITIONS = 2_000
"""The same for a counted loop with assertions, which has to be written out."""

View = tuple[Language, ...]
# Invariant: the language at the beginning of the text first, then one for each of the translator's classes, in order.

_NOT_EMPTY = repeat(chars(ANY), 1)


def translate(pattern: RegexNode) -> Language:
    """The language of the texts that the pattern matches as a whole. Raises UnsupportedPattern."""
    _check_size(pattern)
    translator = _Translator(pattern)
    return iterate(translator.follow(pattern, translator.everywhere(EPSILON)))[0]


class _Translator:
    def __init__(self, pattern: RegexNode) -> None:
        self.classes = _classes(pattern)
        # Invariant: they partition all characters.
        self.asserting = _asserting(pattern)
        self._plain: dict[int, Language] = {}
        self._last: dict[int, Charset] = {}

    def everywhere(self, language: Language) -> View:
        """The view that is the same after every character."""
        return (language,) * (len(self.classes) + 1)

    def follow(self, node: RegexNode, rest: View) -> Work[View]:
        """The node, then the rest."""
        if id(node) not in self.asserting:
            return self._follow_plain(node, rest)
        match node:
            case Sequence(items):
                for item in reversed(items):
                    rest = yield self.follow(item, rest)
                return rest
            case Alternation(branches):
                views: list[View] = []
                for branch in branches:
                    views.append((yield self.follow(branch, rest)))
                return self._union(views)
            case Group(body=body):
                view: View = yield self.follow(body, rest)
                return view
            case Repeat():
                return (yield from self._loop(node, rest))[0]
            case _:
                return (yield from self._assert(node, rest))

    def _follow_both(self, node: RegexNode, rest: View) -> Work[tuple[View, View]]:
        """The node, then the rest: all of it, and where the node consumes at least one character."""
        if id(node) not in self.asserting:
            return self._follow_plain(node, rest), self._follow_plain(node, rest, consuming=True)
        match node:
            case Sequence(items):
                consuming = self.everywhere(EMPTY)
                for item in reversed(items):
                    rest, consuming = yield from self._follow_more(item, rest, consuming)
                return rest, consuming
            case Alternation(branches):
                pairs: list[tuple[View, View]] = []
                for branch in branches:
                    pairs.append((yield self._follow_both(branch, rest)))
                return self._union(whole for whole, _ in pairs), self._union(consuming for _, consuming in pairs)
            case Group(body=body):
                pair: tuple[View, View] = yield self._follow_both(body, rest)
                return pair
            case Repeat():
                return (yield from self._loop(node, rest))
            case _:
                return (yield from self._assert(node, rest)), self.everywhere(EMPTY)

    def _follow_more(self, node: RegexNode, rest: View, consuming: View) -> Work[tuple[View, View]]:
        """The same where the rest is itself such a pair."""
        whole, taken_here = yield self._follow_both(node, rest)
        consumed_later = yield self._follow_empty(node, consuming)
        return whole, self._union([taken_here, consumed_later])

    def _follow_empty(self, node: RegexNode, rest: View) -> Work[View]:
        """The node where it consumes no character, then the rest."""
        if id(node) not in self.asserting:
            return rest if self._language(node).nullable else self.everywhere(EMPTY)
        match node:
            case Sequence(items):
                for item in reversed(items):
                    rest = yield self._follow_empty(item, rest)
                return rest
            case Alternation(branches):
                views: list[View] = []
                for branch in branches:
                    views.append((yield self._follow_empty(branch, rest)))
                return self._union(views)
            case Repeat(low=0):
                return rest
            case Group(body=body) | Repeat(body=body):
                view: View = yield self._follow_empty(body, rest)
                return view
            case _:
                return (yield from self._assert(node, rest))

    def _assert(self, node: RegexNode, rest: View) -> Work[View]:
        """An assertion: the rest, narrowed."""
        match node:
            case Start(after):
                return self._where(rest, after, at_start=True)
            case End(last, before):
                allowed = union(EPSILON, chars(last), concat(chars(before), ALL))
                return tuple(intersection(language, allowed) for language in rest)
            case WordBoundary(word, negative):
                return self._word_boundary(rest, word, negative=negative)
            case Lookaround("ahead", negative, body):
                seen = yield self.follow(body, self.everywhere(ALL))
                return tuple(
                    intersection(language, complement(ahead) if negative else ahead)
                    for language, ahead in zip(rest, seen, strict=True)
                )
            case Lookaround(_, negative, body, offset):
                before, at_start = _lookbehind(body, offset)
                return self._where(rest, ~before if negative else before, at_start=at_start != negative)
            case _:
                raise AssertionError(node)

    def _where(self, rest: View, before: Charset, *, at_start: bool) -> View:
        """The rest, where the character before is one of these, or there is none and `at_start` holds."""
        inside = [at_start, *(kind <= before for kind in self.classes)]
        return tuple(language if holds else EMPTY for language, holds in zip(rest, inside, strict=True))

    def _word_boundary(self, rest: View, word: Charset, *, negative: bool) -> View:
        into_word = concat(chars(word), ALL)
        out_of_word = union(EPSILON, concat(chars(~word), ALL))
        after_word = [False, *(kind <= word for kind in self.classes)]
        return tuple(
            intersection(language, out_of_word if is_word != negative else into_word)
            for language, is_word in zip(rest, after_word, strict=True)
        )

    def _follow_plain(self, node: RegexNode, rest: View, *, consuming: bool = False) -> View:
        """A node without assertions, then the rest, which depends on the node's last character."""
        language = self._language(node)
        continuations = dict.fromkeys(rest[1:])
        if len(continuations) == 1 and (not language.nullable or (rest[0] is rest[1] and not consuming)):
            return self.everywhere(concat(language, rest[1]))
        last = self._last_characters(node)
        languages: list[Language] = []
        for continuation in continuations:
            kinds = zip(self.classes, rest[1:], strict=True)
            ending = reduce(Charset.__or__, [kind for kind, view in kinds if view is continuation], NONE)
            languages.append(concat(self._ending_in(node, language, last, ending), continuation))
        together = union(*languages)
        if consuming or not language.nullable:
            return self.everywhere(together)
        return tuple(union(together, view) for view in rest)

    def _ending_in(self, node: RegexNode, language: Language, last: Charset, ending: Charset) -> Language:
        """The node's texts that end in a character of the set."""
        if isinstance(node, Set):
            return chars(node.charset & ending)
        if not last & ending:
            return EMPTY
        if last <= ending:
            return intersection(language, _NOT_EMPTY) if language.nullable else language
        return intersection(language, concat(ALL, chars(ending)))

    def _loop(self, node: Repeat, rest: View) -> Work[tuple[View, View]]:
        """A loop, then the rest: all of it, and where the loop consumes at least one character."""
        body = node.body
        if node.high is None:
            whole, consuming = yield from self._endless(body, rest)
        else:
            whole, consuming = rest, self.everywhere(EMPTY)
            for _ in range(node.high - node.low):
                _, consuming = yield self._follow_both(body, whole)
                whole = self._union([rest, consuming])
        for _ in range(node.low):
            whole, consuming = yield from self._follow_more(body, whole, consuming)
        return whole, consuming

    def _endless(self, body: RegexNode, rest: View) -> Work[tuple[View, View]]:
        """X = rest | body X: one unknown for every class, except that equal ones are shared."""
        shared = rest[1:] if not any(_looks_back(node) for node in walk(body)) else range(len(self.classes))
        slots = list(dict.fromkeys(shared))
        unknown = [slots.index(kind) for kind in shared]
        first_of = [unknown.index(slot) for slot in range(len(slots))]
        variables = [fixpoint(nullable=rest[kind + 1].nullable) for kind in first_of]
        # No round that consumed a character ends at the beginning of the text: any view will do there.
        views = (variables[unknown[0]], *(variables[slot] for slot in unknown))
        _, consuming = yield self._follow_both(body, views)
        for variable, kind in zip(variables, first_of, strict=True):
            variable.define(union(rest[kind + 1], consuming[kind + 1]))
        whole = (union(rest[0], consuming[0]), *(variables[slot] for slot in unknown))
        return whole, consuming

    def _union(self, views: Iterable[View]) -> View:
        return tuple(union(*languages) for languages in zip(*views, strict=True)) or self.everywhere(EMPTY)

    # Parts without assertions

    def _language(self, node: RegexNode) -> Language:
        """The language of a node without assertions."""
        return self._plain.get(id(node)) or iterate(self._plain_language(node))

    def _plain_language(self, node: RegexNode) -> Work[Language]:
        known = self._plain.get(id(node))
        if known is None:
            known = self._plain[id(node)] = yield from self._translate_plain(node)
        return known

    def _translate_plain(self, node: RegexNode) -> Work[Language]:
        match node:
            case Set(charset):
                return chars(charset)
            case Sequence(items):
                return concat(*(yield from self._plain_languages(items)))
            case Alternation(branches):
                texts = {id(branch): text for branch in branches if (text := _literal(branch)) is not None}
                if len(texts) < 2:
                    return union(*(yield from self._plain_languages(branches)))
                others = [branch for branch in branches if id(branch) not in texts]
                return union(word_trie(texts.values()), *(yield from self._plain_languages(others)))
            case Repeat(body, low, high):
                return repeat((yield self._plain_language(body)), low, high)
            case Group(body=body):
                language: Language = yield self._plain_language(body)
                return language
            case _:
                raise AssertionError(node)

    def _plain_languages(self, nodes: Iterable[RegexNode]) -> Work[list[Language]]:
        languages: list[Language] = []
        for node in nodes:
            languages.append((yield self._plain_language(node)))
        return languages

    def _last_characters(self, node: RegexNode) -> Charset:
        """The characters that the node's texts may end in (or more)."""
        known = self._last.get(id(node))
        return iterate(self._find_last_characters(node)) if known is None else known

    def _find_last_characters(self, node: RegexNode) -> Work[Charset]:
        known = self._last.get(id(node))
        if known is not None:
            return known
        last = node.charset if isinstance(node, Set) else NONE
        for child in reversed(child_nodes(node)):
            last |= yield self._find_last_characters(child)
            if isinstance(node, Sequence) and not self._language(child).nullable:
                break
        self._last[id(node)] = last
        return last


def _classes(pattern: RegexNode) -> tuple[Charset, ...]:
    """The coarsest partition of all characters that distinguishes those the pattern looks back at."""
    classes = [ANY]
    for node in walk(pattern):
        match node:
            case Start(after):
                seen = after
            case WordBoundary(word):
                seen = word
            case Lookaround("behind", _, body, offset):
                seen, _ = _lookbehind(body, offset)
            case _:
                continue
        classes = [part for kind in classes for part in (kind & seen, kind - seen) if part]
    return tuple(classes)


def _looks_back(node: RegexNode) -> bool:
    return isinstance(node, Start | WordBoundary) or (isinstance(node, Lookaround) and node.direction == "behind")


def _asserting(pattern: RegexNode) -> set[int]:
    """The ids of the nodes that are or contain an assertion."""
    ids: set[int] = set()
    for node in reversed(list(walk(pattern))):
        if isinstance(node, Lookaround | Start | End | WordBoundary) or any(
            id(child) in ids for child in child_nodes(node)
        ):
            ids.add(id(node))
    return ids


def _lookbehind(body: RegexNode, offset: int) -> tuple[Charset, bool]:
    """The condition of a look-behind: the set of the character before, and whether the text may begin here."""
    charset, at_start = NONE, False
    todo = [body]
    while todo:
        match todo.pop():
            case Set(one):
                charset |= one
            case Start(after):
                charset |= after
                at_start = True
            case Group() | Alternation() as choice:
                todo += child_nodes(choice)
            case _:
                message = "looking behind at anything but one character is not supported"
                raise UnsupportedPattern(message, offset, "use (?=…) or (?!…) at the start")
    return charset, at_start


def _literal(node: RegexNode) -> str | None:
    """The text of a node that matches exactly one text, of two characters or more; None otherwise."""
    while isinstance(node, Group):
        node = node.body
    if not isinstance(node, Sequence) or len(node.items) < 2:
        return None
    if not all(isinstance(item, Set) and len(item.charset) == 1 for item in node.items):
        return None
    return "".join(chr(item.charset.bounds[0]) for item in node.items if isinstance(item, Set))


def _check_size(pattern: RegexNode) -> None:
    """Reject a pattern that is too large written out. Raises UnsupportedPattern."""
    asserting = _asserting(pattern)
    sizes: dict[int, int] = {}
    for node in reversed(list(walk(pattern))):
        size = sum(sizes[id(child)] for child in child_nodes(node)) + isinstance(node, Set)
        offset = 0
        cap = MAX_POSITIONS
        if isinstance(node, Repeat):
            size *= max(node.low, 1) if node.high is None else node.high
            offset = node.offset
            if id(node) in asserting and (node.low > 1 or (node.high or 0) > 1):
                cap = MAX_ASSERTED_POSITIONS
        if size > cap:
            what = "a counted loop with assertions" if cap < MAX_POSITIONS else "the pattern"
            message = f"{what} stands for {size:,} characters written out; the cap is {cap:,}"
            raise UnsupportedPattern(message, offset, "use smaller counts, or a length beside the pattern")
        sizes[id(node)] = size
