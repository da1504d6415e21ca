"""Two systems held against each other in bulk: what the flows give of all records of one, and what the other holds."""
