"""While answers build on one another, the objects they share stay alive; afterwards they are let go of."""

from __future__ import annotations

import gc
from weakref import ref

from fieldline.values.interning import keeping, without_collection
from fieldline.values.regex import parse


def test_a_language_without_other_references_lives_inside_and_dies_after() -> None:
    with keeping():
        inside = ref(parse("(?:ab|cd){2,7}[k-p]").language)
        for number in range(40):  # the patterns read last are kept for another reason
            parse(f"[a-z]{{{number}}}x")
        gc.collect()
        assert inside() is not None
        with keeping():
            nested = ref(parse("(?:gh|ij){2,7}[q-s]").language)
        for number in range(40):
            parse(f"[a-z]{{{number}}}y")
        gc.collect()
        assert nested() is not None
    for number in range(40):
        parse(f"[a-z]{{{number}}}z")
    gc.collect()
    assert inside() is None
    assert nested() is None


def test_what_is_left_of_a_question_begins_no_collection() -> None:
    begun: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            begun.append(info["generation"])

    gc.collect()
    with without_collection():
        left = [[number] for number in range(50_000)]
    gc.callbacks.append(note)
    try:
        made = [[]]
    finally:
        gc.callbacks.remove(note)
    assert (begun, len(left), len(made)) == ([], 50_000, 1)


def test_what_the_host_has_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with without_collection():
            pass
        assert gc.get_freeze_count() == frozen
    finally:
        gc.unfreeze()
