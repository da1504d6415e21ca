"""Contracts written out: as YAML, ODCS, JSON Schema."""
