"""Rules over records, held against what the stores hold: every record of them, in bulk."""
