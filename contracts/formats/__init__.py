"""What other formats say of fields, as trees of our own contract files: one module a format, none imports another.

A reader turns a foreign text into the same tree that our YAML gives (`yaml_events`), with places that point into the
foreign file. So everything behind it is one way: the tree is read by the same shapes, can be overlaid by YAML, and can be
written out as YAML. A rule that our words cannot state exactly becomes `opaque`, in the source's own words, and so
unknown: never a weaker rule, and never nothing.
"""
