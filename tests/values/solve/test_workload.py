"""Every question ends after an amount of work: what is dear is undecided, what its form tells is decided all the same."""

from __future__ import annotations

import pytest

from fieldline.values.budget import STANDARD, BudgetExceeded
from fieldline.values.iteration import iterate
from fieldline.values.language import EMPTY, concat, literal, repeat, union
from fieldline.values.regex import parse
from fieldline.values.solve import extent as extents
from fieldline.values.solve.extent import Extent, evident_shortest, extent
from fieldline.values.solve.minimal import canonical, forms_together
from fieldline.values.solve.search import shortest, states
from fieldline.values.solve.workload import Workload
from fieldline.values.textset import TextSet
from fieldline.values.trie import sole_text, word_trie
from fieldline.values.weight import CODE_POINTS

AT_MOST_3 = TextSet.measure(CODE_POINTS, 0, 3)
GROWING = [
    r"\p{L}*\p{Lu}\p{L}{8}",
    r"\p{L}*\p{Lu}\p{L}{10}",
    "[a-zA-Z]*[A-Z][a-zA-Z]{20}",
    "(.*a){20}",
    "(a.*|b?c){20}",
]


def texts(pattern: str) -> TextSet:
    return TextSet.language(parse(pattern).language)


@pytest.mark.parametrize("pattern", GROWING)
def test_a_length_that_the_pattern_itself_exceeds_is_decided(pattern: str) -> None:
    for witness in (texts(pattern).stray(AT_MOST_3), texts(pattern).outside(AT_MOST_3)):
        assert witness is not None
        assert witness in texts(pattern)
        assert witness not in AT_MOST_3
    shortest_length = extent(parse(pattern).language).least
    assert len(texts(pattern).outside(AT_MOST_3) or "") == max(shortest_length, 4)


def test_a_length_that_the_pattern_cannot_exceed_is_decided() -> None:
    bounded = texts("[a-zA-Z]{0,30}[A-Z][a-zA-Z]{20}")
    assert bounded.stray(TextSet.measure(CODE_POINTS, 21, 51)) is None
    assert bounded.outside(TextSet.measure(CODE_POINTS, 21, 51)) is None


@pytest.mark.parametrize("rounds", [3, 20, 60])
def test_a_pattern_of_few_states_is_minimal_however_many_its_parts_make(rounds: int) -> None:
    assert len(states(canonical(parse(f"(.*a){{{rounds}}}").language))) == rounds + 2


def test_wide_states_are_several_and_end_a_search_sooner() -> None:
    letters = "cdefghijklmnopqrstuvwxyz"
    wide = union(*[concat(repeat(literal(f"a{letter}"), 0), literal("aaaa")) for letter in letters])
    assert shortest(literal("aaaa"), 6) == shortest(wide, 200) == "aaaa"
    with pytest.raises(BudgetExceeded) as caught:
        shortest(wide, 6)
    assert (caught.value.amount, caught.value.spent > 6) == ("states", True)


def test_work_is_counted_whether_or_not_it_was_done_before() -> None:
    language = parse(r"(x.*y|\p{L}+z){40}").language
    spent = []
    for _ in range(2):
        with pytest.raises(BudgetExceeded) as caught:
            states(language, 2_000)
        spent.append(caught.value.spent)
    assert spent[0] == spent[1]


def test_followed_edges_and_comparisons_add_up_to_states() -> None:
    work = Workload(10)
    work.follow(15)
    work.check(10)
    work.follow(1)
    with pytest.raises(BudgetExceeded, match="11 states"):
        work.check(10)


def test_loops_that_repeat_together_after_very_many_characters_end() -> None:
    loops = "|".join(
        f"{letter}({letter}{{{n}}})*" for letter, n in zip("abcdefgh", (7, 11, 13, 17, 19, 23, 29, 31), strict=True)
    )
    with pytest.raises(BudgetExceeded):
        (texts(loops) & TextSet.measure(CODE_POINTS, 10**9 + 7, 10**9 + 7)).member(STANDARD)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[a-z]{2,5}(b|cd)?", Extent(2, 7)),
        ("a*b{3}", Extent(3, None)),
        ("(ab|c){4}", Extent(4, 8)),
        ("(ab*|c){0,4}", Extent(0, None)),
    ],
)
def test_bounds_on_lengths_are_read_off_the_form(pattern: str, expected: Extent) -> None:
    language = parse(pattern).language
    assert extent(language) == expected
    assert len(evident_shortest(language) or "") == expected.least == len(shortest(language) or "")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[a-z]{2,5}(b|cd)?", Extent(2, 7)),
        ("a*b{3}", Extent(3, None)),
        ("(ab*|c){0,4}", Extent(0, None)),
        ("a(b|cd(e|f{3}g))|xyz*", Extent(2, None)),
        ("a(b|cd(e|f{3}g))|xyz", Extent(2, 7)),
        (r"(?=.*\d)(?!.*00)[A-Z\d]{8,12}", Extent(8, 12)),
        ("()|a.{3}", Extent(0, 4)),
        ("ab.*", Extent(2, None)),
    ],
)
def test_bounds_on_lengths_are_read_off_the_states_of_a_minimal_automaton(pattern: str, expected: Extent) -> None:
    language = canonical(parse(pattern).language)
    assert extent(language) == expected
    if expected.most is not None:
        assert TextSet.language(language) <= TextSet.measure(CODE_POINTS, *expected)
        for end in expected:
            assert (TextSet.language(language) & TextSet.measure(CODE_POINTS, end, end)).member() is not None


def test_a_rest_that_many_parts_share_is_looked_at_once() -> None:
    assert extent(parse("(?:(?:a|b(?=.)c*)+d?){60}").language).least <= 60


@pytest.mark.parametrize(
    ("listed", "text"), [(["abc"], "abc"), (["é😀"], "é😀"), (["abc", "abd"], None), (["a", "ab"], None), ([""], None)]
)
def test_a_trie_of_one_text_is_that_text(listed: list[str], text: str | None) -> None:
    assert sole_text(word_trie(listed)) == text


def test_one_long_text_is_held_against_a_pattern_without_a_search() -> None:
    text = "aé1" * 30_000
    held = TextSet.language(word_trie([text]))
    assert held.stray(texts(r"[a-z\d]*")) == held.outside(AT_MOST_3, STANDARD.limited(1)) == text
    assert held.outside(texts(r"(\p{L}|\d)*"), STANDARD.limited(1)) is None


def test_the_automata_of_one_contract_share_an_amount_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldline.values.solve.minimal._TOGETHER_LIMIT", 300)
    dear = [parse(rf"(.*{letter}){{9}}[^{letter}]").language for letter in "ghi"]
    plain = parse("[g-i]x(a|ab)*").language
    with forms_together():
        formed = [canonical(language) for language in (*dear, plain)]
    assert formed[0] is not dear[0]  # it takes more than there is, and is the last that does
    assert formed[1:3] == dear[1:]
    assert formed[3].is_minimal
    assert formed[3] is not plain
    with forms_together():
        assert canonical(parse("(.*k){9}[^k]").language) is not parse("(.*k){9}[^k]").language


def test_languages_of_few_states_share_as_much_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fieldline.values.solve.minimal._TOGETHER_LIMIT", 100)
    dear = [parse(rf"(.*{letter}){{11}}[^{letter}]").language for letter in "mnopqrst"]
    plain = parse("[m-t]y(a|ab)*").language
    with forms_together():
        assert [canonical(language) for language in dear[1:]][-1] is dear[-1]
        assert canonical(plain) is plain
    another = parse("[m-t]z(a|ab)*").language
    assert canonical(another) is not another


@pytest.mark.parametrize(("most_read", "known"), [(1_000, True), (20, False)])
def test_the_states_of_an_automaton_are_looked_at_once(
    monkeypatch: pytest.MonkeyPatch, most_read: int, *, known: bool
) -> None:
    """A search asks for the extent of each state that it reaches; where they are too many, nothing is known of any."""
    looked: list[object] = []
    targets = extents._targets
    monkeypatch.setattr(extents, "_targets", lambda state: (looked.append(state), targets(state))[1])
    read = extents.Extents(most_read)
    reached = states(canonical(parse("(ab|c){40}d").language))
    lengths = [iterate(read.of(state)).least for state in reached]
    assert len(reached) > 80
    assert (lengths[0] == 41) == known
    assert len(looked) <= (2 if known else 3) * len(reached)


def test_the_rests_of_a_long_text_are_read_off_once() -> None:
    """What is as long as the texts of a contract may be is not read anew for each of its characters."""
    rest, read = literal("ab" * 4_500 + "c"), extents.Extents()
    lengths = []
    while not rest.nullable:
        lengths.append(iterate(read.of(rest)).least)
        rest = next(target for target in rest.step()[1] if target is not EMPTY)
    assert lengths == list(range(9_001, 0, -1))
    assert len(read._known) <= 2 * 9_002
