"""The database engines whose definitions are read, one a file: data, and methods where an engine behaves differently.

Imports `values`, and of `ddl` the modules about types, patterns and syntax.

The rest of `ddl` asks an `Engine` and never looks at its name.

Sources, by engine: PostgreSQL 15 manual, chapter 8; MySQL 8.4 reference, chapter 13; MariaDB KB "Data Types"; SQLite
"Datatypes In SQLite", "STRICT Tables"; DuckDB "Data Types"; Oracle Database 23 SQL Language Reference, "Data Types";
SQL Server "Data types (Transact-SQL)"; Redshift Database Developer Guide, "Data types".
"""
