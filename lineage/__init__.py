"""How values travel between systems: transforms, flows, the graph. Imports `formats` and what is below it."""
