"""Alembic migrations of the domain's database, from the first table."""
