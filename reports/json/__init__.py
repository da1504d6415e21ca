"""Answers as JSON, each with its JSON Schema."""
