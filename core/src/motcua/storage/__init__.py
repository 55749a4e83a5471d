"""PostgreSQL: the embedded server, the tenant engine, tables and migrations."""
