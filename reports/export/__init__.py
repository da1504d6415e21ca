"""Contracts written out: as YAML, ODCS, JSON Schema.

Imports `reports.json` and the rooms below `reports`.
"""
