"""The portal's tables: what applicants tell about themselves, who helps them, and what they say of the service."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class ApplicantProfile(SQLModel, table=True):
    """What an account wants to be reached by, and what it files for; prefills the next filing."""

    __tablename__ = "applicant_profile"
    user_id: int = Field(primary_key=True, foreign_key="user_account.id")
    email: str = ""
    address: str = ""
    organisation_name: str = ""
    tax_code: str = ""
    by_email: bool = True
    by_sms: bool = True
    language: str = "vi"


class ExternalIdentity(SQLModel, table=True):
    """An account of an identity provider and the local account that it opens; ``subject`` is the TechID."""

    __tablename__ = "external_identity"
    issuer: str = Field(primary_key=True, max_length=200)
    subject: str = Field(primary_key=True, max_length=128)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    personal_number: str = ""
    linked_at: datetime = Field(sa_type=UtcDateTime)


class RateWindow(SQLModel, table=True):
    """How often something was tried since a moment: wrong passwords, look-ups without an account."""

    __tablename__ = "rate_window"
    name: str = Field(primary_key=True, max_length=160)
    started_at: datetime = Field(sa_type=UtcDateTime)
    count: int = 0


class FilingConsent(SQLModel, table=True):
    """A person allows that one held paper is used again in one filing."""

    __tablename__ = "filing_consent"
    __table_args__ = (UniqueConstraint("filing_token", "document_id"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    filing_token: str = Field(index=True, max_length=64)
    document_id: str = Field(foreign_key="document.id")
    given_at: datetime = Field(sa_type=UtcDateTime)


class PortalNotice(SQLModel, table=True):
    """A message to an account that belongs to no dossier's timeline: a bill, an answer, a reminder."""

    __tablename__ = "portal_notice"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    kind: str
    text_vi: str
    text_en: str
    link: str = ""
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class NoticeSeen(SQLModel, table=True):
    """Up to when an account has read its notices."""

    __tablename__ = "notice_seen"
    user_id: int = Field(primary_key=True, foreign_key="user_account.id")
    seen_at: datetime = Field(sa_type=UtcDateTime)


class OutgoingMessage(SQLModel, table=True):
    """An SMS or e-mail that has to leave; ``source`` names what it tells of, so that it is written once a channel."""

    __tablename__ = "outgoing_message"
    __table_args__ = (UniqueConstraint("source", "channel"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    source: str = Field(max_length=120)
    channel: str
    address: str
    subject: str
    text: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    last_error: str = ""
    next_attempt_at: datetime = Field(sa_type=UtcDateTime, index=True)


class PetitionKind(StrEnum):
    """Feedback about anything, or an objection to what was done in one dossier."""

    PETITION = "petition"
    OBJECTION = "objection"


class Petition(SQLModel, table=True):
    """A petition or objection with its answer and what its author thought of the answer."""

    __tablename__ = "petition"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    code: str = Field(unique=True, index=True, max_length=40)
    kind: str = Field(index=True)
    subject: str
    body: str
    dossier_id: str | None = Field(default=None, foreign_key="dossier.id", index=True)
    branch_code: str = ""
    authority_id: str = Field(foreign_key="authority.id", index=True)
    author_user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    author_name: str
    author_phone: str = ""
    author_email: str = ""
    status: str = Field(default="received", index=True)
    outcome: str = ""
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    due_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str = ""
    answered_by: str = ""
    satisfied: bool | None = None


class Rating(SQLModel, table=True):
    """What the applicant says of one finished dossier, each from 1 (bad) to 5 (good)."""

    __tablename__ = "rating"
    dossier_id: str = Field(primary_key=True, foreign_key="dossier.id", max_length=36)
    overall: int
    attitude: int
    speed: int
    comment: str = ""
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class Assistance(SQLModel, table=True):
    """Who filed a dossier for its applicant: an entrusted enterprise, a youth-union helper or a proxy."""

    __tablename__ = "assistance"
    dossier_id: str = Field(primary_key=True, foreign_key="dossier.id", max_length=36)
    kind: str = Field(index=True)
    helper_user_id: int = Field(foreign_key="user_account.id", index=True)
    organisation_id: str = ""
    relation: str = ""
    authorisation_document_id: str | None = Field(default=None, foreign_key="document.id")
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class GuidanceEntry(SQLModel, table=True):
    """One person guided, the first duty of an entrusted enterprise; no name is kept."""

    __tablename__ = "guidance_entry"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    helper_user_id: int = Field(foreign_key="user_account.id", index=True)
    organisation_id: str
    bundle_id: str
    outcome: str
    note: str = ""
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class HandoverMinutes(SQLModel, table=True):
    """Biên bản giao nhận: dossiers that a clerk brings to the desk; signed by the desk it is the time of filing."""

    __tablename__ = "handover_minutes"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    number: str = Field(unique=True, max_length=64)
    organisation_id: str
    clerk_user_id: int = Field(foreign_key="user_account.id", index=True)
    desk_user_id: int | None = Field(default=None, foreign_key="user_account.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    storage_key: str = ""


class SendingSlip(SQLModel, table=True):
    """Phiếu gửi hồ sơ: what a clerk received, digitised and sealed for one applicant."""

    __tablename__ = "sending_slip"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    number: str = Field(unique=True, index=True, max_length=64)
    organisation_id: str
    clerk_user_id: int = Field(foreign_key="user_account.id", index=True)
    draft_id: str = Field(unique=True, max_length=32)
    bundle_id: str
    applicant_name: str
    applicant_phone: str
    papers: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    fee: int = 0
    received_at: datetime = Field(sa_type=UtcDateTime)
    minutes_id: str | None = Field(default=None, foreign_key="handover_minutes.id", index=True)
    dossier_id: str | None = Field(default=None, foreign_key="dossier.id", index=True)
    storage_key: str = ""


class PostalDelivery(SQLModel, table=True):
    """A result on its way by post; ``state`` as the post tells it: 0 none, 1 registered, 2 collecting, 3, 4."""

    __tablename__ = "postal_delivery"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", unique=True, index=True)
    order_number: str = Field(unique=True, max_length=64)
    tracking_number: str = ""
    address: str = ""
    cod_amount: int = 0
    state: int = 0
    returned_by: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    last_error: str = ""
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class Reminder(SQLModel, table=True):
    """A paper that expires soon, with the filing that would renew it."""

    __tablename__ = "reminder"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    document_id: str = Field(foreign_key="document.id", unique=True)
    dossier_id: str = Field(foreign_key="dossier.id")
    bundle_id: str
    expires_on: date
    created_at: datetime = Field(sa_type=UtcDateTime)
    status: str = "open"


class EssentialService(SQLModel, table=True):
    """Water, waste collection or tuition of one person at one provider."""

    __tablename__ = "essential_service"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    code: str = Field(unique=True, index=True, max_length=40)
    kind: str = Field(index=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    holder_name: str
    phone: str = ""
    address: str = ""
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    status: str = "requested"
    provider_reference: str = ""
    note: str = ""
    requested_at: datetime = Field(sa_type=UtcDateTime)
    active_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EssentialBill(SQLModel, table=True):
    """One bill of a provider, in whole VND; ``code`` is also the order at the payment gateway."""

    __tablename__ = "essential_bill"
    __table_args__ = (UniqueConstraint("service_id", "period"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    code: str = Field(unique=True, index=True, max_length=64)
    service_id: str = Field(foreign_key="essential_service.id", index=True)
    period: str = Field(max_length=16)
    amount: int
    detail: str = ""
    due_on: date
    status: str = Field(default="pending", index=True)
    provider_reference: str
    pay_url: str = ""
    issued_at: datetime = Field(sa_type=UtcDateTime)
    paid_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    transaction_id: str | None = Field(default=None, unique=True, max_length=128)
    receipt_number: str = ""


class NationalFiling(SQLModel, table=True):
    """A filing that the National Portal pushed: its code there and the dossier that it became here."""

    __tablename__ = "national_filing"
    national_code: str = Field(primary_key=True, max_length=64)
    dossier_id: str | None = Field(default=None, foreign_key="dossier.id", index=True)
    answer: int
    reason: str = ""
    received_at: datetime = Field(sa_type=UtcDateTime)


class NationalStatus(SQLModel, table=True):
    """A status that the National Portal has to be told; codes 1 to 10."""

    __tablename__ = "national_status"
    id: int | None = Field(default=None, primary_key=True)
    dossier_id: str = Field(foreign_key="dossier.id", index=True)
    status: int
    at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    last_error: str = ""
    next_attempt_at: datetime = Field(sa_type=UtcDateTime, index=True)
