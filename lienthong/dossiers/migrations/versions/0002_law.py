"""Tables of the law: dated edits, late lists, proof of papers and audit, money after the payment, what is kept."""

import sqlalchemy as sa
from alembic import op

from lienthong.dossiers.tables.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_dossier_filed_at": ("dossier", "filed_at"),
    "ix_dossier_finished_at": ("dossier", "finished_at"),
    "ix_branch_due_at": ("branch", "due_at"),
}


def upgrade() -> None:
    """Create the tables, referenced ones first."""
    _create_indexes()
    _create_law()
    _create_late_lists()
    _create_late_list_history()
    _create_proof()
    _create_refunds()
    _create_reconciliations()
    _create_keeping()


def downgrade() -> None:
    """Drop the tables, referencing ones first."""
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table)
    for table in (
        "assessment",
        "reuse_consent",
        "repository_item",
        "reconciliation_item",
        "reconciliation",
        "refund",
        "audit_head",
        "paper_code",
        "late_list_correction",
        "late_list_objection",
        "late_list_row",
        "late_list",
        "law_edit",
    ):
        op.drop_table(table)


def _create_indexes() -> None:
    for name, (table, column) in _INDEXES.items():
        op.create_index(name, table, [column], unique=False)


def _create_law() -> None:
    op.create_table(
        "law_edit",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("applied_by", sa.String(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawal_reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_law_edit_kind"), "law_edit", ["kind"], unique=False)
    op.create_index(op.f("ix_law_edit_state"), "law_edit", ["state"], unique=False)


def _create_late_lists() -> None:
    op.create_table(
        "late_list",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("compiled_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        sa.UniqueConstraint("year", "month"),
    )
    op.create_index(op.f("ix_late_list_state"), "late_list", ["state"], unique=False)
    op.create_table(
        "late_list_row",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("authority_id", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("procedure_code", sa.String(), nullable=False),
        sa.Column("dossier_code", sa.String(), nullable=False),
        sa.Column("received", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.Column("done", sa.String(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("apology_before_due", sa.Boolean(), nullable=False),
        sa.Column("cumulative", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["late_list.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("list_id", "dossier_code", "procedure_code"),
    )
    op.create_index(op.f("ix_late_list_row_authority_id"), "late_list_row", ["authority_id"], unique=False)
    op.create_index(op.f("ix_late_list_row_list_id"), "late_list_row", ["list_id"], unique=False)


def _create_late_list_history() -> None:
    op.create_table(
        "late_list_objection",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("authority_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["late_list_row.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_late_list_objection_row_id"), "late_list_objection", ["row_id"], unique=False)
    op.create_table(
        "late_list_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["row_id"],
            ["late_list_row.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_late_list_correction_row_id"), "late_list_correction", ["row_id"], unique=False)


def _create_proof() -> None:
    op.create_table(
        "paper_code",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_paper_code_document_id"), "paper_code", ["document_id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )


def _create_refunds() -> None:
    op.create_table(
        "refund",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("payment_id", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("procedure_code", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payment.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("payment_id", "transaction_id", "procedure_code"),
    )
    op.create_index(op.f("ix_refund_payment_id"), "refund", ["payment_id"], unique=False)
    op.create_index(op.f("ix_refund_state"), "refund", ["state"], unique=False)


def _create_reconciliations() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("ours_total", sa.BigInteger(), nullable=False),
        sa.Column("theirs_total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_reconciliation_day"), "reconciliation", ["day"], unique=False)
    op.create_table(
        "reconciliation_item",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("reconciliation_id", sa.String(), nullable=False),
        sa.Column("difference", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("transaction_id", sa.String(), nullable=False),
        sa.Column("dossier_code", sa.String(), nullable=False),
        sa.Column("ours", sa.Integer(), nullable=True),
        sa.Column("theirs", sa.Integer(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"],
            ["reconciliation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_reconciliation_item_reconciliation_id"), "reconciliation_item", ["reconciliation_id"], unique=False
    )


def _create_keeping() -> None:
    op.create_table(
        "repository_item",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("owner_key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("dossier_code", sa.String(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revocation_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id"),
    )
    op.create_index("ix_repository_item_owner", "repository_item", ["owner_kind", "owner_key"], unique=False)
    op.create_table(
        "reuse_consent",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("owner_key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reuse_consent_owner", "reuse_consent", ["owner_kind", "owner_key"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("authority_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(16), nullable=False),
        sa.Column("indicator", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("assessor", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
        ),
        sa.PrimaryKeyConstraint("authority_id", "period", "indicator"),
    )
