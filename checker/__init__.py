"""What follows from contracts and lineage: requirements, findings, journeys of values."""
