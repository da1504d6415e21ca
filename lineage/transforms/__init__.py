"""The transforms: one family a file, each with `apply` forward and `preimage` backward."""
