"""What proves: the codes printed on papers, and the signed heads of the audit."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime


class PaperCode(SQLModel, table=True):
    """The short code printed on a paper, and the document it stands for."""

    __tablename__ = "paper_code"
    code: str = Field(primary_key=True, max_length=16)
    document_id: str = Field(foreign_key="document.id", index=True)


class AuditHead(SQLModel, table=True):
    """The last entry of the audit at the end of a day, signed: nobody can rewrite what lies before it unseen."""

    __tablename__ = "audit_head"
    day: date = Field(primary_key=True)
    seq: int
    hash: str = Field(max_length=64)
    signed_at: datetime = Field(sa_type=UtcDateTime)
    signature: str
    certificate: str
