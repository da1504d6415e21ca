r"""From a tree to its language, exactly.

A part of a pattern is translated together with everything that may follow it: `follow(part, rest)` is the language of
`part` and then `rest`, up to the end of the text. So an assertion is an intersection with the rest: with K the rest,

    $        is  K & ""            (?=L)    is  K & L.*           (?!L)    is  K & ~(L.*)

What an assertion sees on its left is the character before, if any. Characters are told apart only as far as the
pattern looks back at them: with `\b` into word characters and others, with a multi-line `^` into line ends and others.
A rest is therefore a *view*: one language for the beginning of the text and one for each class of characters before it.

A loop is the least solution of X = rest | body X. A round that takes no character adds nothing (its assertions only
narrow what follows), so only rounds that take one are kept, and the equation is guarded.

Source: the continuation-passing matcher of ECMA-262, 22.2.2, read as an equation on languages.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from ..charset import ANY, NONE, Charset
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
    word_trie,
)
from .ast import Alternation, End, Group, Lookaround, Repeat, Sequence, Set, Start, WordBoundary, child_nodes, walk
from .errors import UnsupportedPattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .ast import RegexNode

MAX_POSITIONS = 100_000
"""Characters a pattern may stand for with all its counts written out; an endless loop counts as one round."""
MAX_ASSERTED_POSITIONS = 2_000
"""The same for a counted loop that holds assertions, which has to be written out."""

View = tuple[Language, ...]
# Invariant: the language at the beginning of the text first, then one for each of the translator's classes, in order.

_NOT_EMPTY = repeat(chars(ANY), 1)


def translate(pattern: RegexNode) -> Language:
    """The language of the texts that the pattern matches as a whole. Raises UnsupportedPattern."""
    _check_size(pattern)
    translator = _Translator(pattern)
    return translator.follow(pattern, translator.everywhere(EPSILON))[0]


class _Translator:
    def __init__(self, pattern: RegexNode) -> None:
        self.classes = _classes(pattern)
        # Invariant: they partition all characters.
        self.asserting = _asserting(pattern)
        self._plain: dict[int, Language] = {}
        self._last: dict[int, Charset] = {}

    def everywhere(self, language: Language) -> View:
        """The view that is the same whatever stands before."""
        return (language,) * (len(self.classes) + 1)

    def follow(self, node: RegexNode, rest: View) -> View:
        """The node, then the rest."""
        if id(node) not in self.asserting:
            return self._follow_plain(node, rest)
        match node:
            case Sequence(items):
                return reduce(lambda view, item: self.follow(item, view), reversed(items), rest)
            case Alternation(branches):
                return self._union(self.follow(branch, rest) for branch in branches)
            case Group(body=body):
                return self.follow(body, rest)
            case Repeat():
                return self._loop(node, rest)[0]
            case _:
                return self._assert(node, rest)

    def _follow_both(self, node: RegexNode, rest: View) -> tuple[View, View]:
        """The node, then the rest: all of it, and where the node takes at least one character."""
        if id(node) not in self.asserting:
            return self._follow_plain(node, rest), self._follow_plain(node, rest, taking=True)
        match node:
            case Sequence(items):
                taking = self.everywhere(EMPTY)
                for item in reversed(items):
                    rest, taking = self._follow_more(item, rest, taking)
                return rest, taking
            case Alternation(branches):
                wholes, takings = zip(*(self._follow_both(branch, rest) for branch in branches), strict=True)
                return self._union(wholes), self._union(takings)
            case Group(body=body):
                return self._follow_both(body, rest)
            case Repeat():
                return self._loop(node, rest)
            case _:
                return self._assert(node, rest), self.everywhere(EMPTY)

    def _follow_more(self, node: RegexNode, rest: View, taking: View) -> tuple[View, View]:
        """The same where what follows is itself such a pair."""
        whole, taken_here = self._follow_both(node, rest)
        return whole, self._union([taken_here, self._follow_empty(node, taking)])

    def _follow_empty(self, node: RegexNode, rest: View) -> View:
        """The node where it takes no character, then the rest."""
        if id(node) not in self.asserting:
            return rest if self._language(node).nullable else self.everywhere(EMPTY)
        match node:
            case Sequence(items):
                return reduce(lambda view, item: self._follow_empty(item, view), reversed(items), rest)
            case Alternation(branches):
                return self._union(self._follow_empty(branch, rest) for branch in branches)
            case Group(body=body):
                return self._follow_empty(body, rest)
            case Repeat(body, low):
                return self._follow_empty(body, rest) if low else rest
            case _:
                return self._assert(node, rest)

    def _assert(self, node: RegexNode, rest: View) -> View:
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
                seen = self.follow(body, self.everywhere(ALL))
                return tuple(
                    intersection(language, complement(ahead) if negative else ahead)
                    for language, ahead in zip(rest, seen, strict=True)
                )
            case Lookaround(_, negative, body, offset):
                before, at_start = _downstream(body, offset)
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

    def _follow_plain(self, node: RegexNode, rest: View, *, taking: bool = False) -> View:
        """A node without assertions, then the rest, which depends on the node's last character."""
        language = self._language(node)
        continuations = dict.fromkeys(rest[1:])
        if len(continuations) == 1 and (not language.nullable or (rest[0] is rest[1] and not taking)):
            return self.everywhere(concat(language, rest[1]))
        last = self._last_characters(node)
        taken: list[Language] = []
        for continuation in continuations:
            kinds = zip(self.classes, rest[1:], strict=True)
            ending = reduce(Charset.__or__, [kind for kind, view in kinds if view is continuation], NONE)
            taken.append(concat(self._ending_in(node, language, last, ending), continuation))
        together = union(*taken)
        if taking or not language.nullable:
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

    def _loop(self, node: Repeat, rest: View) -> tuple[View, View]:
        """A loop, then the rest: all of it, and where the loop takes at least one character."""
        body = node.body
        if node.high is None:
            whole, taking = self._endless(body, rest)
        else:
            whole, taking = rest, self.everywhere(EMPTY)
            for _ in range(node.high - node.low):
                _, taking = self._follow_both(body, whole)
                whole = self._union([rest, taking])
        for _ in range(node.low):
            whole, taking = self._follow_more(body, whole, taking)
        return whole, taking

    def _endless(self, body: RegexNode, rest: View) -> tuple[View, View]:
        """X = rest | body X: one unknown for every class, save that equal ones share."""
        shared = rest[1:] if not any(_looks_back(node) for node in walk(body)) else range(len(self.classes))
        slots = list(dict.fromkeys(shared))
        unknown = [slots.index(kind) for kind in shared]
        taking: View = ()

        def solve(found: list[Language]) -> Language:
            """The unknown of the next slot, once those before are given names; the last one states all equations."""
            nonlocal taking
            slot = len(found)
            representative = unknown.index(slot)

            def equation(variable: Language) -> Language:
                nonlocal taking
                found.append(variable)
                if len(found) < len(slots):
                    solve(found)
                else:
                    # The beginning of the text is never behind a round that took a character: any view will do there.
                    _, taking = self._follow_both(body, (found[unknown[0]], *(found[slot] for slot in unknown)))
                return union(rest[representative + 1], taking[representative + 1])

            return fixpoint(equation, nullable=rest[representative + 1].nullable)

        found: list[Language] = []
        solve(found)
        whole = (union(rest[0], taking[0]), *(found[slot] for slot in unknown))
        return whole, taking

    def _union(self, views: Iterable[View]) -> View:
        return tuple(union(*languages) for languages in zip(*views, strict=True)) or self.everywhere(EMPTY)

    # Parts without assertions

    def _language(self, node: RegexNode) -> Language:
        """The language of a node without assertions."""
        known = self._plain.get(id(node))
        if known is None:
            known = self._plain[id(node)] = self._plain_language(node)
        return known

    def _plain_language(self, node: RegexNode) -> Language:
        match node:
            case Set(charset):
                return chars(charset)
            case Sequence(items):
                return concat(*(self._language(item) for item in items))
            case Alternation(branches):
                texts = {id(branch): text for branch in branches if (text := _literal(branch)) is not None}
                if len(texts) < 2:
                    return union(*map(self._language, branches))
                others = (self._language(branch) for branch in branches if id(branch) not in texts)
                return union(word_trie(texts.values()), *others)
            case Repeat(body, low, high):
                return repeat(self._language(body), low, high)
            case Group(body=body):
                return self._language(body)
            case _:
                raise AssertionError(node)

    def _last_characters(self, node: RegexNode) -> Charset:
        """The characters that the node's texts may end in (or more)."""
        known = self._last.get(id(node))
        if known is None:
            known = self._last[id(node)] = self._find_last_characters(node)
        return known

    def _find_last_characters(self, node: RegexNode) -> Charset:
        match node:
            case Set(charset):
                return charset
            case Sequence(items):
                found = NONE
                for item in reversed(items):
                    found |= self._last_characters(item)
                    if not self._language(item).nullable:
                        break
                return found
            case _:
                return reduce(Charset.__or__, map(self._last_characters, child_nodes(node)), NONE)


def _classes(pattern: RegexNode) -> tuple[Charset, ...]:
    """The coarsest partition of all characters that tells apart what the pattern looks back at."""
    classes = [ANY]
    for node in walk(pattern):
        match node:
            case Start(after):
                seen = after
            case WordBoundary(word):
                seen = word
            case Lookaround("behind", _, body, offset):
                seen, _ = _downstream(body, offset)
            case _:
                continue
        classes = [part for kind in classes for part in (kind & seen, kind - seen) if part]
    return tuple(classes)


def _looks_back(node: RegexNode) -> bool:
    return isinstance(node, Start | WordBoundary) or (isinstance(node, Lookaround) and node.direction == "behind")


def _asserting(pattern: RegexNode) -> set[int]:
    """The ids of the nodes that are or hold an assertion."""
    found: set[int] = set()
    for node in reversed(list(walk(pattern))):
        if isinstance(node, Lookaround | Start | End | WordBoundary) or any(
            id(child) in found for child in child_nodes(node)
        ):
            found.add(id(node))
    return found


def _downstream(body: RegexNode, offset: int) -> tuple[Charset, bool]:
    """What a look-behind asks for: the character before to be of a set, or the text to begin here."""
    match body:
        case Set(charset):
            return charset, False
        case Start(after):
            return after, True
        case Group(body=inner):
            return _downstream(inner, offset)
        case Alternation(branches):
            seen = [_downstream(branch, offset) for branch in branches]
            return reduce(Charset.__or__, [charset for charset, _ in seen], NONE), any(start for _, start in seen)
        case _:
            message = "looking behind at anything but one character is not supported"
            raise UnsupportedPattern(message, offset, "say it with (?=…) or (?!…) from the start")


def _literal(node: RegexNode) -> str | None:
    """The text of a node that matches just one, of two characters or more; None otherwise."""
    match node:
        case Sequence(items) if len(items) > 1:
            if not all(isinstance(item, Set) and len(item.charset) == 1 for item in items):
                return None
            return "".join(chr(item.charset.bounds[0]) for item in items if isinstance(item, Set))
        case Group(body=body):
            return _literal(body)
        case _:
            return None


def _check_size(pattern: RegexNode) -> None:
    """Refuse a pattern that stands for too much. Raises UnsupportedPattern."""
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
