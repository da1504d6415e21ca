"""The migrations of the desk's database, which Alembic runs; each is a revision in `versions/`."""
