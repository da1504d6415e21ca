"""What a schema object of JSON Schema and OpenAPI says of values: shared by the formats that are written in it.

documents   the files of a source, and what a `$ref` in them leads to
texts       sets of texts: lengths, patterns, lists, and any combination of them as one pattern
numbers     sets of numbers: bounds, decimals, lists
admitted    which values of each type a schema admits
fields      the fields of an object's schema, as trees of our own contract files
"""
