"""Tables of the portal."""

import sqlalchemy as sa
from alembic import op

from lienthong.dossiers.tables.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, referenced ones first."""
    _create_applicant_profile()
    _create_external_identity()
    _create_rate_window()
    _create_filing_consent()
    _create_portal_notice()
    _create_notice_seen()
    _create_outgoing_message()
    _create_petition()
    _create_rating()
    _create_assistance()
    _create_guidance_entry()
    _create_handover_minutes()
    _create_sending_slip()
    _create_postal_delivery()
    _create_reminder()
    _create_essential_service()
    _create_essential_bill()
    _create_national_filing()
    _create_national_status()
    op.create_index("ix_document_kind_created_at", "document", ["kind", "created_at"])


def downgrade() -> None:
    """Drop the tables, referencing ones first."""
    op.drop_index("ix_document_kind_created_at", "document")
    for table in (
        "national_status",
        "national_filing",
        "essential_bill",
        "essential_service",
        "reminder",
        "postal_delivery",
        "sending_slip",
        "handover_minutes",
        "guidance_entry",
        "assistance",
        "rating",
        "petition",
        "outgoing_message",
        "notice_seen",
        "portal_notice",
        "filing_consent",
        "rate_window",
        "external_identity",
        "applicant_profile",
    ):
        op.drop_table(table)


def _create_applicant_profile() -> None:
    op.create_table(
        "applicant_profile",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("organisation_name", sa.String(), nullable=False),
        sa.Column("tax_code", sa.String(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("by_sms", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )


def _create_external_identity() -> None:
    op.create_table(
        "external_identity",
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("personal_number", sa.String(), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )
    op.create_index("ix_external_identity_user_id", "external_identity", ["user_id"])


def _create_rate_window() -> None:
    op.create_table(
        "rate_window",
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _create_filing_consent() -> None:
    op.create_table(
        "filing_consent",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("filing_token", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.UniqueConstraint("filing_token", "document_id"),
    )
    op.create_index("ix_filing_consent_filing_token", "filing_consent", ["filing_token"])
    op.create_index("ix_filing_consent_user_id", "filing_consent", ["user_id"])


def _create_portal_notice() -> None:
    op.create_table(
        "portal_notice",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text_vi", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )
    op.create_index("ix_portal_notice_at", "portal_notice", ["at"])
    op.create_index("ix_portal_notice_user_id", "portal_notice", ["user_id"])


def _create_notice_seen() -> None:
    op.create_table(
        "notice_seen",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )


def _create_outgoing_message() -> None:
    op.create_table(
        "outgoing_message",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "channel"),
    )
    op.create_index("ix_outgoing_message_next_attempt_at", "outgoing_message", ["next_attempt_at"])
    op.create_index("ix_outgoing_message_sent_at", "outgoing_message", ["sent_at"])


def _create_petition() -> None:
    op.create_table(
        "petition",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("dossier_id", sa.String(), nullable=True),
        sa.Column("branch_code", sa.String(), nullable=False),
        sa.Column("authority_id", sa.String(), nullable=False),
        sa.Column("author_user_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("author_phone", sa.String(), nullable=False),
        sa.Column("author_email", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["author_user_id"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
    )
    op.create_index("ix_petition_author_user_id", "petition", ["author_user_id"])
    op.create_index("ix_petition_authority_id", "petition", ["authority_id"])
    op.create_index("ix_petition_code", "petition", ["code"], unique=True)
    op.create_index("ix_petition_dossier_id", "petition", ["dossier_id"])
    op.create_index("ix_petition_kind", "petition", ["kind"])
    op.create_index("ix_petition_received_at", "petition", ["received_at"])
    op.create_index("ix_petition_status", "petition", ["status"])


def _create_rating() -> None:
    op.create_table(
        "rating",
        sa.Column("dossier_id", sa.String(36), nullable=False),
        sa.Column("overall", sa.Integer(), nullable=False),
        sa.Column("attitude", sa.Integer(), nullable=False),
        sa.Column("speed", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
    )
    op.create_index("ix_rating_at", "rating", ["at"])


def _create_assistance() -> None:
    op.create_table(
        "assistance",
        sa.Column("dossier_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("helper_user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("authorisation_document_id", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id"),
        sa.ForeignKeyConstraint(["authorisation_document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
        sa.ForeignKeyConstraint(["helper_user_id"], ["user_account.id"]),
    )
    op.create_index("ix_assistance_at", "assistance", ["at"])
    op.create_index("ix_assistance_helper_user_id", "assistance", ["helper_user_id"])
    op.create_index("ix_assistance_kind", "assistance", ["kind"])


def _create_guidance_entry() -> None:
    op.create_table(
        "guidance_entry",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("helper_user_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("bundle_id", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["helper_user_id"], ["user_account.id"]),
    )
    op.create_index("ix_guidance_entry_at", "guidance_entry", ["at"])
    op.create_index("ix_guidance_entry_helper_user_id", "guidance_entry", ["helper_user_id"])


def _create_handover_minutes() -> None:
    op.create_table(
        "handover_minutes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("clerk_user_id", sa.Integer(), nullable=False),
        sa.Column("desk_user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["clerk_user_id"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["desk_user_id"], ["user_account.id"]),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_handover_minutes_clerk_user_id", "handover_minutes", ["clerk_user_id"])


def _create_sending_slip() -> None:
    op.create_table(
        "sending_slip",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("clerk_user_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(32), nullable=False),
        sa.Column("bundle_id", sa.String(), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("applicant_phone", sa.String(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("minutes_id", sa.String(), nullable=True),
        sa.Column("dossier_id", sa.String(), nullable=True),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["clerk_user_id"], ["user_account.id"]),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
        sa.ForeignKeyConstraint(["minutes_id"], ["handover_minutes.id"]),
        sa.UniqueConstraint("draft_id"),
    )
    op.create_index("ix_sending_slip_clerk_user_id", "sending_slip", ["clerk_user_id"])
    op.create_index("ix_sending_slip_dossier_id", "sending_slip", ["dossier_id"])
    op.create_index("ix_sending_slip_minutes_id", "sending_slip", ["minutes_id"])
    op.create_index("ix_sending_slip_number", "sending_slip", ["number"], unique=True)


def _create_postal_delivery() -> None:
    op.create_table(
        "postal_delivery",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("dossier_id", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(64), nullable=False),
        sa.Column("tracking_number", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("cod_amount", sa.Integer(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("returned_by", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
        sa.UniqueConstraint("order_number"),
    )
    op.create_index("ix_postal_delivery_dossier_id", "postal_delivery", ["dossier_id"], unique=True)
    op.create_index("ix_postal_delivery_next_attempt_at", "postal_delivery", ["next_attempt_at"])


def _create_reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("dossier_id", sa.String(), nullable=False),
        sa.Column("bundle_id", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.UniqueConstraint("document_id"),
    )
    op.create_index("ix_reminder_user_id", "reminder", ["user_id"])


def _create_essential_service() -> None:
    op.create_table(
        "essential_service",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("provider_reference", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("active_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )
    op.create_index("ix_essential_service_code", "essential_service", ["code"], unique=True)
    op.create_index("ix_essential_service_kind", "essential_service", ["kind"])
    op.create_index("ix_essential_service_user_id", "essential_service", ["user_id"])


def _create_essential_bill() -> None:
    op.create_table(
        "essential_bill",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("service_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(16), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("provider_reference", sa.String(), nullable=False),
        sa.Column("pay_url", sa.String(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("paid_at", UtcDateTime(), nullable=True),
        sa.Column("transaction_id", sa.String(128), nullable=True),
        sa.Column("receipt_number", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["service_id"], ["essential_service.id"]),
        sa.UniqueConstraint("transaction_id"),
        sa.UniqueConstraint("service_id", "period"),
    )
    op.create_index("ix_essential_bill_code", "essential_bill", ["code"], unique=True)
    op.create_index("ix_essential_bill_service_id", "essential_bill", ["service_id"])
    op.create_index("ix_essential_bill_status", "essential_bill", ["status"])


def _create_national_filing() -> None:
    op.create_table(
        "national_filing",
        sa.Column("national_code", sa.String(64), nullable=False),
        sa.Column("dossier_id", sa.String(), nullable=True),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("national_code"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
    )
    op.create_index("ix_national_filing_dossier_id", "national_filing", ["dossier_id"])


def _create_national_status() -> None:
    op.create_table(
        "national_status",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"]),
    )
    op.create_index("ix_national_status_dossier_id", "national_status", ["dossier_id"])
    op.create_index("ix_national_status_next_attempt_at", "national_status", ["next_attempt_at"])
    op.create_index("ix_national_status_sent_at", "national_status", ["sent_at"])
