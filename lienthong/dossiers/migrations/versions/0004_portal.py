"""Tables of the portal."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, referenced ones first."""


def downgrade() -> None:
    """Drop the tables, referencing ones first."""
