"""Money after the payment: refunds, and the comparison of our payments with the records of the gateway or bank."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class RefundState(StrEnum):
    """The life of a refund."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    DONE = "done"


class Refund(SQLModel, table=True):
    """Money to give back, in whole VND: of the payment itself or of a transaction that came on top of it."""

    __tablename__ = "refund"
    __table_args__ = (UniqueConstraint("payment_id", "transaction_id", "procedure_code"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    payment_id: str = Field(foreign_key="payment.id", index=True)
    transaction_id: str
    procedure_code: str = ""
    amount: int
    reason: str
    state: str = Field(default=RefundState.REQUESTED, index=True)
    requested_by: str
    requested_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = ""
    reference: str = ""
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Difference(StrEnum):
    """In what a record of the gateway and ours differ."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    AMOUNT = "amount"
    UNSETTLED = "unsettled"
    SURPLUS = "surplus"


class Reconciliation(SQLModel, table=True):
    """One comparison of a day's payments with the records of a source; totals are whole VND."""

    __tablename__ = "reconciliation"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    source: str
    day: date = Field(index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str
    matched: int
    ours_total: int = Field(sa_type=BigInteger)
    theirs_total: int = Field(sa_type=BigInteger)


class ReconciliationItem(SQLModel, table=True):
    """One difference, open until somebody says how it was settled."""

    __tablename__ = "reconciliation_item"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    reconciliation_id: str = Field(foreign_key="reconciliation.id", index=True)
    difference: str
    order_id: str
    transaction_id: str = ""
    dossier_code: str = ""
    ours: int | None = None
    theirs: int | None = None
    resolved_by: str = ""
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = ""
