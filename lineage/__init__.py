"""How values travel between systems: transforms, flows, the graph."""
