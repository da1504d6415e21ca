"""The linter of the handbook's language finds what it is for, and nothing in code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("What is fetched is kept.", ["house.what"]),
        ("What is fetched?", []),
        ("We take it.", ["house.we"]),
        ("It will fail.", ["house.tense"]),
        ("The system refuses it, which is just wrong.", ["house.words", "house.filler"]),
        ("See `what we will refuse` and\n\n```sh\nwe refuse\n```\n", []),
        (" ".join(["word"] * 41) + ".", ["house.length"]),
        (" ".join(["word"] * 40) + ".", []),
        ("It is a very long one.", ["weasel_words.very"]),
    ],
)
def test_what_breaks_a_rule_is_named(text: str, rules: list[str], root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("proselint")
    monkeypatch.syspath_prepend(str(root / "handbook"))
    import prose

    prose.register()
    assert [rule for _, _, rule, _ in prose.faults(f"# Title\n\n{text}\n") if rule != "lexical_illusions"] == rules
