"""The stores of an estate as text: those that need something first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import count, listed
from ..record_words import title_of
from .page import BAD, FAINT, GOOD, STRONG, UNSURE, WARNING, Page

if TYPE_CHECKING:
    from ...rows.stores.checked import CheckedStore, StoresAnswer
    from .page import Look, StyledText


def stores_text(answer: StoresAnswer, look: Look) -> str:
    """The whole report."""
    page = Page(look)
    page.line((stores_headline(answer), GOOD if answer.is_well else WARNING))
    for store in sorted(answer.stores, key=lambda each: each.is_well):
        page.blank()
        page.line((title_of(answer.estate, store.entity), STRONG), f" ({store.entity.full_name})", hang=2)
        for line in _lines(store):
            page.line(line, indent=2, hang=2)
    withheld = answer.estate.withheld_stores
    without = [str(entity.full_name) for entity in answer.without if entity.full_name not in withheld]
    if without:
        page.blank()
        page.line(("Without a store: ", FAINT), listed(without, most=12), hang=2)
    if withheld:
        page.blank()
        reason = ". Their contracts are from elsewhere; stores: true under systems in fieldline.yaml allows it."
        page.line(("Not asked: ", UNSURE), listed(sorted(map(str, withheld)), most=12), reason, hang=2)
    return page.render()


def stores_headline(answer: StoresAnswer) -> str:
    """How many stores answer, in a line."""
    if not answer.stores:
        return "No contract describes a store."
    well = sum(store.unreachable is None for store in answer.stores)
    needing = sum(store.unreachable is None and not store.is_well for store in answer.stores)
    more = f"; {count(needing, 'of them needs something', 'of them need something')}" if needing else ""
    return f"{well} of {count(len(answer.stores), 'store')} answer{'s' if well == 1 else ''}{more}."


def _lines(store: CheckedStore) -> list[StyledText]:
    if store.unreachable is not None:
        return [(f"does not answer: {store.unreachable}", BAD)]
    lines: list[StyledText] = []
    if not store.entity.key:
        lines.append(("its contract names no key: a record is found by its unique fields alone", WARNING))
    if store.missing_key:
        lines.append((f"lacks the key: no column for {listed(store.missing_key)}", BAD))
    others = [name for name in store.missing if name not in store.missing_key]
    if others:
        lines.append((f"does not hold {listed(others, most=12)}: nothing is said of {_them(others)}", UNSURE))
    lines += [
        (f"no index on {listed(names)}: every search reads the whole table", WARNING) for names in store.unindexed
    ]
    return lines or [(f"answers ({store.place})", GOOD)]


def _them(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them"
