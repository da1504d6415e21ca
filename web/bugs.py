"""A bug, told in a line that holds no value: exceptions repeat what they were made of."""

from __future__ import annotations

from pathlib import Path


def bug_line(error: BaseException) -> str:
    """The kind of an exception that nobody expected, and the place where it was raised."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}"
    return f"internal error ({type(error).__name__}{where}): a bug in Fieldline"
