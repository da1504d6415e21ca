"""An audit of stored rows by Great Expectations. Imports `rows.engines` and `validators`."""
