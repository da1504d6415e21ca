"""What other formats say of flows, as trees of our own lineage files: one module a format, none imports another.

A reader gives the items that would stand under `flows:`, with places that point into the foreign file. What a format says
of a step that our words cannot state becomes `opaque`, in the source's own words, and so unknown.
"""
