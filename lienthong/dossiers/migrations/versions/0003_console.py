"""Tables of the console."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, referenced ones first."""


def downgrade() -> None:
    """Drop the tables, referencing ones first."""
