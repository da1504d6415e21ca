"""What follows from contracts and lineage: requirements, verdicts, findings."""
