"""The database server: an embedded PostgreSQL that we supervise ourselves, and the roles in any PostgreSQL."""
