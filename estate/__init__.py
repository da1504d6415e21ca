"""An estate: read from a folder or from a commit, with its policy. Imports `lineage` and the rooms below it."""
