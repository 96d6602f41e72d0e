"""Alembic's entry: runs on the connection that ``database.upgrade`` hands over."""

from alembic import context
from sqlmodel import SQLModel

import lienthong.dossiers.tables  # noqa: F401  (fills the metadata)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
