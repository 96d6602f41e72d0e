"""Tables of the tasklist."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, referenced ones first."""


def downgrade() -> None:
    """Drop the tables, referencing ones first."""
