"""Character sets by the names that engines have for them, as Python's codecs.

Where one character may take a number of bytes that Python's codec and the engine do not agree on (the East Asian ones),
an engine has no codec, and so no claim is made.
"""

from __future__ import annotations

from ...values.weight import EncodingError, codec_weight


def python_codec(name: str) -> str | None:
    """A codec of Python's; None when there is none by that name that counts character by character."""
    try:
        codec_weight(name)
    except EncodingError:
        return None
    return name
