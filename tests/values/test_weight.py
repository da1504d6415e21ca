"""Units: what a character weighs is what encoding it gives, for every codec that works character by character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.values.charset import SCALARS
from fieldline.values.weight import CODE_POINTS, UTF16, EncodingError, Weight, codec_weight, encodable_charset

CODECS = (
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    "utf-32-le",
    "latin-1",
    "ascii",
    "cp1252",
    "cp037",
    "cp500",
    "cp1140",
    "koi8-r",
)
MULTI_BYTE = ("shift_jis", "gb18030", "big5")
texts = st.one_of(
    st.text(max_size=6), st.text("aZ0 é€ßŁЖあ中한😀\x80\x9f", max_size=6), st.text(st.characters(max_codepoint=0x2FF))
)


@pytest.mark.parametrize("codec", CODECS + MULTI_BYTE)
@given(text=texts)
def test_the_weight_of_a_text_is_the_number_of_bytes_it_is_encoded_to(codec: str, text: str) -> None:
    held = all(ord(character) in encodable_charset(codec) for character in text)
    try:
        encoded = text.encode(codec)
    except UnicodeEncodeError:
        assert not held
    else:
        assert held
        assert codec_weight(codec).of(text) == len(encoded)


@pytest.mark.parametrize("codec", CODECS)
def test_an_encoding_holds_every_character_it_encodes_and_no_other(codec: str) -> None:
    sampled = [*range(0x400), *range(0x2000, 0x2200), *range(0xFF00, 0xD800, 97), *range(0x10000, 0x110000, 4099)]
    for point in sampled:
        if point not in SCALARS:
            continue
        try:
            size = len(chr(point).encode(codec))
        except UnicodeEncodeError:
            assert point not in encodable_charset(codec)
        else:
            assert point in encodable_charset(codec)
            assert codec_weight(codec).of(chr(point)) == size


@given(texts)
def test_utf_16_units_are_half_the_bytes_of_utf_16(text: str) -> None:
    assert 2 * UTF16.of(text) == len(text.encode("utf-16-le"))
    assert CODE_POINTS.of(text) == len(text)


@pytest.mark.parametrize(
    "name",
    [
        "utf-16",
        "utf-32",
        "utf-8-sig",
        "utf-7",
        "iso2022_jp",
        "hz",
        "idna",
        "punycode",
        "undefined",
        "rot13",
        "base64",
        "nonsense",
        "",
    ],
)
def test_an_encoding_that_cannot_be_counted_by_character_is_refused_by_name(name: str) -> None:
    with pytest.raises(EncodingError) as caught:
        codec_weight(name)
    assert caught.value.name == name
    assert caught.value.reason


@pytest.mark.parametrize("name", ["shift_jis_2004", "shift_jisx0213", "euc_jis_2004", "euc_jisx0213", "big5hkscs"])
def test_an_encoding_that_makes_one_of_two_characters_is_refused(name: str) -> None:
    pair = "\u00ea\u0304" if name == "big5hkscs" else "\u02e9\u02e5"
    assert len(pair.encode(name)) == 2
    with pytest.raises(EncodingError, match="pairs"):
        codec_weight(name)


def test_units_of_the_same_weights_are_one_unit_whatever_they_are_called() -> None:
    assert Weight("characters", CODE_POINTS.step) == CODE_POINTS
    assert hash(codec_weight("latin-1")) == hash(codec_weight("cp1252"))
    assert codec_weight("UTF8") is codec_weight("utf-8")
    assert UTF16 != CODE_POINTS


@pytest.mark.parametrize(
    ("encoding", "lost"),
    [("shift_jis", "¥‾"), ("euc_jp", "¥‾"), ("cp932", "¢£¬‖−〜"), ("cp950", "¢£¥•‾∼☉♁､"), ("euc_kr", "\u3164")],
)
def test_an_encoding_holds_only_what_it_gives_back(encoding: str, lost: str) -> None:
    """Python writes these as bytes that are read as something else, or not at all."""
    held = encodable_charset(encoding)
    assert [c for c in lost if ord(c) in held] == []
    assert all(ord(c) in held for c in "\\a1" if encoding != "euc_kr")
    assert codec_weight(encoding).of(lost) == 0


@pytest.mark.parametrize(
    "encoding", ["shift_jis", "cp932", "euc_jp", "cp950", "big5", "gbk", "gb18030", "euc_kr", "cp949", "johab"]
)
def test_a_text_of_held_characters_comes_back_as_it_was(encoding: str) -> None:
    held = [chr(c) for low, high in encodable_charset(encoding).spans() for c in range(low, high)]
    for size in (2, 3, 5):
        text = "".join(held[::size])
        assert text.encode(encoding).decode(encoding) == text


def test_mysqls_encodings_of_sixteen_bits() -> None:
    assert codec_weight("utf8mb3").of("aé€") == 6
    assert codec_weight("ucs-2").of("a€") == 4
    for encoding in ("utf8mb3", "ucs-2"):
        assert ord("😀") not in encodable_charset(encoding)
        assert ord("€") in encodable_charset(encoding)
