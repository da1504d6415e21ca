"""From the text of a file to typed records, each with its place. Imports `values`."""
