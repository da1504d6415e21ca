"""What judges rows: polars, Apache Spark, a database; one engine a file. Imports `rows.sources` and `validators`."""
