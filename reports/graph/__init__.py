"""An estate as a graph, in the formats other tools read: one format a file."""
