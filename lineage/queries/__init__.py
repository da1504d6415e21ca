"""Queries: what the statements of SQL that move data bring from column to column, as flows."""
