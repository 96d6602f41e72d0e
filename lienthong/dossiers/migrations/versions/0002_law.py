"""Tables of the law."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, referenced ones first."""


def downgrade() -> None:
    """Drop the tables, referencing ones first."""
