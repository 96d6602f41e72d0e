"""One payment a dossier with a line an authority, and every callback that ever came."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class PaymentState(StrEnum):
    """The life of a payment."""

    PENDING = "pending"
    PAID = "paid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class Payment(SQLModel, table=True):
    """Money owed for one dossier; amounts are whole VND."""

    __tablename__ = "payment"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    dossier_id: str = Field(foreign_key="dossier.id", index=True, unique=True)
    amount: int
    status: str = PaymentState.PENDING
    order_id: str = Field(unique=True, max_length=64)
    transaction_id: str | None = Field(default=None, unique=True, max_length=128)
    created_at: datetime = Field(sa_type=UtcDateTime)
    paid_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pay_url: str = ""


class PaymentLine(SQLModel, table=True):
    """The share of one procedure's authority in a payment, in whole VND, with the mark of its source."""

    __tablename__ = "payment_line"
    payment_id: str = Field(primary_key=True, foreign_key="payment.id")
    procedure_code: str = Field(primary_key=True)
    fee_item: str = Field(primary_key=True)
    authority_id: str = Field(foreign_key="authority.id")
    name: str
    amount: int
    mark: str


class Callback(SQLModel, table=True):
    """A callback as received: kept whatever came of it."""

    __tablename__ = "callback"
    id: str = Field(primary_key=True, max_length=128)
    received_at: datetime = Field(sa_type=UtcDateTime)
    body: str
    outcome: str
