"""A contract as the YAML of a contract file, which reads as the same contract."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ...values.show import escape
from .contract_words import contract_words

if TYPE_CHECKING:
    from ...contracts.model import System
    from .contract_words import KeyValues

_WIDTH = 120
_NUMBER = re.compile(r"[-+]?(\.[0-9_]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9_]+)?|0o[0-7]+")
"""Texts that YAML 1.2 reads as numbers (chapter 10.3.2), or a reader that accepts `_` between digits. PyYAML, the writer,
only knows the numbers of YAML 1.1: for it `1e3` is a text."""


def contract_yaml(system: System, origin: str) -> str:
    """The file; `origin` is written into its first line."""
    return f"# {escape(origin)}\n{as_yaml(contract_words(system))}"


def as_yaml(words: KeyValues) -> str:
    """Words as YAML, in their order; small mappings on a line. Without anchors."""
    import yaml

    class Writer(yaml.SafeDumper):
        """Writes Decimals, too."""

        def ignore_aliases(self, _: Any) -> bool:  # noqa: ANN401 - PyYAML's own signature
            return True

    def number(writer: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
        digits = f"{value:f}"
        return writer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in digits else 'int'}", digits)

    def text_of(writer: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        # In double quotes every character that may not stand in a file is written as an escape.
        style = '"' if not value.isprintable() else "'" if _NUMBER.fullmatch(value) else None
        return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Writer.add_representer(Decimal, number)
    Writer.add_representer(str, text_of)
    text: str = yaml.dump(
        words, Dumper=Writer, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None
    )
    return text
