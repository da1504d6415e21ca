"""Digests of texts, such as the surrogate keys of dbt: hash.

Sources: RFC 1321 (MD5), FIPS 180-4 (SHA). A digest is worked backward as far as a set takes all digests, or none of them;
otherwise the texts whose digests are members are found by trying them.

Assumption: no two texts that anybody enters have the same digest. Two such texts of MD5 and SHA-1 were made on purpose;
by chance, of a thousand million texts, two have the same MD5 with a probability of less than 10**-20.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.budget import STANDARD, BudgetExceeded
from ...values.regex import parse
from ...values.textset import TextSet, without
from ...values.valueset import ValueSet
from ...values.weight import encodable_charset
from ..transform import REJECTED, OneSided, texts_and_null

if TYPE_CHECKING:
    from ...values.valueset import Value
    from ..transform import NoValue

Algorithm: TypeAlias = Literal["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]

_DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_TITLES = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha224": "SHA-224",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}


@dataclass(frozen=True)
class Hashed(OneSided):
    """The digest of a text, after a salt, in an encoding, as hexadecimal digits in small letters."""

    algorithm: Algorithm
    encoding: str = "utf-8"
    salt: str = ""

    @property
    def name(self) -> str:
        return "hash"

    @property
    def sentence(self) -> str:
        salted = " with a salt" if self.salt else ""
        written = "" if self.encoding == "utf-8" else f" of {self.encoding}"
        return f"the {_TITLES[self.algorithm]} digest{written}{salted}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if value is None:
            return None
        if not isinstance(value, str):
            return REJECTED
        try:
            written = (self.salt + value).encode(self.encoding)
        except UnicodeEncodeError:
            return REJECTED
        return hashlib.new(self.algorithm, written, usedforsecurity=False).hexdigest()

    @cached_property
    def digests(self) -> TextSet:
        """Every text that a digest may be."""
        return TextSet.language(parse(f"[0-9a-f]{{{_DIGITS[self.algorithm]}}}").language)

    @cached_property
    def _written(self) -> TextSet:
        """The texts that the encoding holds."""
        return TextSet.full() if self.encoding == "utf-8" else without(~encodable_charset(self.encoding))

    def preimage(self, accepted: ValueSet) -> ValueSet:
        """The values that surely become accepted ones, whatever their digests are."""
        try:
            every = accepted.texts is TextSet.full() or self.digests.stray(accepted.texts, STANDARD.glance) is None
        except BudgetExceeded:
            every = False
        return texts_and_null(self._written if every else TextSet.empty(), null=accepted.null)

    def possible(self, accepted: ValueSet) -> ValueSet:
        """The values that may become accepted ones: any text, where some digest is accepted."""
        try:
            some = (accepted.texts & self.digests).member(STANDARD.glance) is not None
        except BudgetExceeded:
            some = True
        return texts_and_null(self._written if some else TextSet.empty(), null=accepted.null)

    @cached_property
    def unaltered(self) -> ValueSet:
        """Every value: it is a name for the text, and by the assumption for no other."""
        return ValueSet.everything()
