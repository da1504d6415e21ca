"""The ways that values travel between systems: transforms, flows, the graph. Imports `formats` and the rooms below it."""
