"""Regular expressions of every dialect, translated into languages or refused with the reason."""
