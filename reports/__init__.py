"""How an answer is written: one format a file; renderers never decide. Imports `rows` and what is below it."""
