"""The lattice of values: character sets, regular languages, measures, numbers, dates, and sets of typed values."""
