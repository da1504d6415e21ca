"""What the desk remembers: cases with their history, who looked at what, who is signed in.

One database: SQLite, or PostgreSQL by its URL. Nothing is lost that was acknowledged, and nothing is half done. What a
customer's record holds is not kept here; its key is, so that it can be read again. SQLAlchemy, Alembic and holidays are
imported here. Imports `rows` for how a database is opened, and what is below.
"""
