"""A Zod schema (version 3 or 4) in a JavaScript module: the checks of `es_module`, reported as Zod's issues.

Unknown fields are rejected. TypeScript infers the record's type from the schema.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .es_module import es_module
from .parts import GeneratedValidator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..application.library import Entry
    from ..contracts.constraint import Type

_KINDS: Mapping[Type, str] = {"integer": "z.number()", "decimal": "z.number()", "boolean": "z.boolean()"}
"""All else is written as a text in JSON."""

_SCHEMA = """
import { z } from "zod";

/** Records of this entry; an absent or null member has no value. */
export const schema = z.object({
%s}).strict().superRefine((record, context) => {
  for (const { fields, message } of validate(record)) {
    context.addIssue({ code: "custom", path: fields.slice(0, 1), message });
  }
});
"""


def zod_schema(entry: Entry) -> GeneratedValidator:
    """The module's text."""
    module = es_module(entry)
    fields = entry.entity.fields.values()
    # In brackets, for "__proto__" would be no property at all.
    shape = "".join(f"  [{json.dumps(f.name)}]: {_KINDS.get(f.type, 'z.string()')}.nullish(),\n" for f in fields)
    return GeneratedValidator(module.text + _SCHEMA % shape, module.left)
