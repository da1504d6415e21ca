"""Rows of files and tables: read, judged, profiled, audited. Imports `validators` and what is below it."""
