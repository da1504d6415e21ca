"""Engines that check rows: polars, Apache Spark, a database; one a file. Imports `rows.sources` and `validators`."""
