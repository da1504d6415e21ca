"""The stores of an estate, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import PROBLEMS_MEMBER, AnswerDocument
from .form import BOOLEAN_FORM, PROSE, TEXT_FORM, Member, Object, OrNull, Several

if TYPE_CHECKING:
    from ...rows.stores.checked import CheckedStore, StoresAnswer

_STORE: Object[CheckedStore] = Object(
    "store",
    "Where the records of an entity are.",
    (
        Member("entity", "Its full name.", TEXT_FORM, lambda store: store.entity.full_name),
        Member("place", "The table or file.", PROSE, lambda store: store.place),
        Member("is_well", "Whether it can be asked for a record.", BOOLEAN_FORM, lambda store: store.is_well),
        Member("unreachable", "Why it does not answer; null: it does.", OrNull(PROSE), lambda store: store.unreachable),
        Member("missing_key", "Fields of the key that it lacks.", Several(TEXT_FORM), lambda store: store.missing_key),
        Member("missing", "Fields that it lacks.", Several(TEXT_FORM), lambda store: store.missing),
        Member(
            "unindexed",
            "Fields, together, that records are looked for by, and that no index helps to find.",
            Several(Several(TEXT_FORM)),
            lambda store: store.unindexed,
        ),
    ),
)

STORES_DOCUMENT: AnswerDocument[StoresAnswer] = AnswerDocument(
    "stores",
    (
        Member(
            "stores",
            "Null when nothing was looked at.",
            OrNull(Several(_STORE)),
            lambda answered: answered.answer and answered.answer.stores,
        ),
        PROBLEMS_MEMBER,
    ),
)
