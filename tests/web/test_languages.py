"""The language of an answer, by Accept-Language (RFC 9110)."""

import pytest

from fieldline.web.languages import preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fi", "fi"),
        ("FI", "fi"),
        ("fi-FI", "fi"),
        ("sv-FI;q=0.9, fi;q=0.8", "sv"),
        ("fi;q=0.8, sv-FI;q=0.9", "sv"),
        ("de, nl;q=0.5", "nl"),
        ("de-DE, fr", "en"),
        ("no", "nb"),
        ("nb-NO, no;q=0.9", "nb"),
        ("nn", "nb"),
        ("da, *;q=0.1", "en"),
        ("*", "en"),
        ("en;q=0, *", "fi"),
        ("fi;q=0, sv;q=0.1", "sv"),
        ("fi;q=0", "en"),
        ("fi;q=0.000, nl;q=0.001", "nl"),
        ("fi ; q=0.5 ,\tnl ; Q=1.000", "nl"),
        ("fi;q=0.5, sv;q=0.5", "fi"),
        (",, ,fi,", "fi"),
        ("fi;q=2, sv;q=0.1", "sv"),
        ("fi;q=-1", "en"),
        ("fi;q=0.5555, nl;q=0.2", "nl"),
        ("x" * 5_000, "en"),
        ("fi," * 2_000, "en"),
        ("../../etc, fi", "fi"),
        ("\u202efi", "en"),
    ],
)
def test_the_language_that_a_header_prefers(header: str, language: str) -> None:
    assert preferred_language(header) == language
