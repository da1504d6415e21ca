"""The formats of answers, one a file; renderers never decide. Imports `rows` and the rooms below it."""
