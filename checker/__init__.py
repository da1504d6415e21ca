"""Obligations, verdicts and findings, derived from contracts and lineage. Imports `estate` and the rooms below it."""
