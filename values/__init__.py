"""Sets of values and the algebra over them. Imports the standard library only."""
