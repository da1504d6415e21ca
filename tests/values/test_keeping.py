"""While answers build on one another, the objects they share stay alive; afterwards they are let go of."""

from __future__ import annotations

import gc
from weakref import ref

from fieldline.values.interning import keeping
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
