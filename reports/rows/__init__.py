"""Rows that were judged: what judges them (polars, Apache Spark, a database), and what came of it, as text and JSON."""
