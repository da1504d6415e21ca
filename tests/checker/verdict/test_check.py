"""What a check says of the entries as a whole."""

import pytest

from fieldline.checker.verdict.check import EntryField, Relation, Summary


@pytest.mark.parametrize(
    ("relation", "refuted", "unknown", "proved"),
    [
        ("equal", 0, 0, True),
        ("tighter", 0, 0, True),
        ("equal", 1, 0, False),
        ("equal", 0, 1, False),
        ("wider", 0, 0, False),
        ("both", 0, 0, False),
        ("unknown", 0, 0, False),
        ("free", 0, 0, False),
    ],
)
def test_a_field_is_proved_only_if_nothing_speaks_against_it(
    relation: Relation, refuted: int, unknown: int, *, proved: bool
) -> None:
    """Wider without a refuted demand: what becomes equal where it must be unique is no demand on one value."""
    field = EntryField("web.signup.name", relation, 2, refuted, unknown)
    assert Summary(1, 1, 0, (field,)).proved_fields == (("web.signup.name",) if proved else ())
