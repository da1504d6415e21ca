"""Rows of files, checked by polars. Imports `rows.sources` and `checker`."""
