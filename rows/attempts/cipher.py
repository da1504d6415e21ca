"""The cipher of kept values: Fernet (AES-128-CBC and HMAC-SHA256), by a key from the environment.

https://github.com/fernet/spec
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ...checker.diff.stored_rows import Unreadable
from ...documents.variables import VariableError, Variables

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXPECTED = "a key of Fernet, 44 characters of base64; several are separated by commas, and the first one encrypts"


class AttemptCipher:
    """Encrypts and decrypts values. Nothing of a key or a value is in its text, or in a message."""

    __slots__ = ("_fernet", "variable")

    def __init__(self, variable: str) -> None:
        """Read the key from an environment variable. Raises Unreadable."""
        self.variable = variable
        try:
            written = Variables(frozenset({variable})).value(variable)
            self._fernet = MultiFernet([Fernet(key.strip()) for key in written.split(",")])
        except VariableError as error:
            raise Unreadable(error.message, _EXPECTED) from None
        except ValueError:
            raise Unreadable(f"the environment variable {variable} holds no key", _EXPECTED) from None

    def encrypted(self, values: Mapping[str, str | None]) -> str:
        """Values by field, as a token."""
        return self._fernet.encrypt(json.dumps(values).encode()).decode("ascii")

    def decrypted(self, token: str) -> dict[str, str | None]:
        """The values of a token. Raises Unreadable where it was made with another key."""
        try:
            content = self._fernet.decrypt(token)
        except InvalidToken:
            message = f"the key in {self.variable} does not open what was kept with another one"
            raise Unreadable(message, "the key it was kept with; or both, separated by a comma") from None
        values: dict[str, str | None] = json.loads(content)
        return values
