"""Controls of HTML forms as sets of values. Imports `documents` alone."""
