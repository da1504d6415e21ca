"""Stores: where records are, asked for one record at a time, all of them at the same time, and never written."""
