"""Change logs of Liquibase: their change sets, as statements of a database. Imports `documents` and `formats.ddl`."""
