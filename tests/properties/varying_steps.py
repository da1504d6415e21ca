"""Random steps as some engines do them, one of which runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from fieldline.lineage.engines import ANY_ENGINE
from fieldline.lineage.transforms.case import Lower, Upper
from fieldline.lineage.transforms.spaces import Trim

from .strategies import any_text_transform, pads, sides

if TYPE_CHECKING:
    from fieldline.lineage.transform import VaryingText

_engines = st.lists(st.sampled_from(ANY_ENGINE), min_size=1, max_size=4, unique=True).map(tuple) | st.just(ANY_ENGINE)
varying: dict[str, st.SearchStrategy[VaryingText]] = {
    "upper": st.builds(lambda runners: Upper().run_by(runners), _engines),
    "lower": st.builds(lambda runners: Lower().run_by(runners), _engines),
    "trim": st.builds(lambda side, runners: Trim(side).run_by(runners), sides, _engines),
    "pad": st.builds(lambda pad, runners: pad.run_by(runners), pads, _engines),
}
"""Transforms as some engines do them, one of which runs them."""
varying_chains = st.lists(st.one_of(*varying.values(), any_text_transform), min_size=1, max_size=3).map(tuple)
