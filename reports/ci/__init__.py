"""Findings in the formats of CI systems and code hosts."""
