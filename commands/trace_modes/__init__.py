"""What `fieldline trace` can be asked for, a module each: a value, a record in the stores, an error, dead letters."""
