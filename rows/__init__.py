"""Rows of files and tables: reading, checking, profiling, auditing. Imports `validators` and the rooms below it."""
