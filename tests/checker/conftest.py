"""Small estates for the checker, loaded for real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.judging.context import Context

from ..properties.estates import estate

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def context() -> Callable[..., Context]:
    """What is worked out of flows and systems (by name the fields of the one entity `e`); `in…` is an entry."""

    def load(flows: list[dict[str, Any]], **systems: dict[str, Any]) -> Context:
        return Context(estate(systems, flows))

    return load
