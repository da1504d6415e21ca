"""What follows from contracts and lineage: obligations, verdicts, findings. Imports `estate` and what is below it."""
