"""Tables of the console: interventions, moves that wait for a second person, values seen, locked sign-ins."""

import sqlalchemy as sa
from alembic import op

from lienthong.dossiers.tables.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "intervention",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dossier_code", sa.String(), nullable=False),
        sa.Column("process_instance_key", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("undo_of", sa.String(), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_intervention_instance", "intervention", ["process_instance_key", "at"])
    op.create_index("ix_intervention_dossier_code", "intervention", ["dossier_code"])
    _create_orders()
    _create_sightings_and_locks()


def _create_orders() -> None:
    op.create_table(
        "move_order",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("instances", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_move_order_state", "move_order", ["state"])


def _create_sightings_and_locks() -> None:
    op.create_table(
        "variable_sighting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_instance_key", sa.String(32), nullable=False),
        sa.Column("scope_key", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    columns = ["process_instance_key", "scope_key", "name"]
    op.create_index("ix_variable_sighting_scope", "variable_sighting", columns)
    op.create_table(
        "sign_in_lock",
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_failed_at", UtcDateTime(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("username"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("sign_in_lock", "variable_sighting", "move_order", "intervention"):
        op.drop_table(table)
