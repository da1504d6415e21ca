"""Rows of files judged by polars. Imports `rows.sources` and `checker`."""
