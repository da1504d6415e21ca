"""Schema objects of JSON Schema and OpenAPI as sets of values, shared by the formats that are written in them.

Imports `formats.source`, `documents` and `values`.

documents   the files of a source, and the targets of `$ref`
texts       sets of texts: lengths, patterns, lists, and any combination of them as one pattern
numbers     sets of numbers: bounds, decimals, lists
admitted    which values of each type a schema admits
fields      the fields of an object's schema, as trees of our own contract files
"""
