"""Late lists as published: rows, what units object, what was corrected afterwards. No column names an applicant."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from lienthong.dossiers.statistics.late_list import ListState
from lienthong.dossiers.tables.columns import UtcDateTime, new_id

__all__ = ["LateList", "LateListCorrection", "LateListObjection", "LateListRow", "ListState", "ObjectionState"]


class ObjectionState(StrEnum):
    """What the Office decided on an objection."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class LateList(SQLModel, table=True):
    """The list of one month or year; ``month`` 0 is the whole year."""

    __tablename__ = "late_list"
    __table_args__ = (UniqueConstraint("year", "month"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    name: str = Field(unique=True, max_length=16)
    year: int
    month: int = 0
    state: str = Field(default=ListState.COMPILED, index=True)
    compiled_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str = ""
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LateListRow(SQLModel, table=True):
    """One procedure that missed its due time: body, responsible person, dossier code, how late, and why."""

    __tablename__ = "late_list_row"
    __table_args__ = (UniqueConstraint("list_id", "dossier_code", "procedure_code"),)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    list_id: str = Field(foreign_key="late_list.id", index=True)
    authority_id: str = Field(index=True)
    officer: str
    procedure_code: str
    dossier_code: str
    received: str
    due: str
    done: str
    days_late: int
    reason: str = ""
    apology_before_due: bool
    cumulative: int
    dropped: bool = False


class LateListObjection(SQLModel, table=True):
    """What a unit says against a row, and the decision of the Office."""

    __tablename__ = "late_list_objection"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    row_id: str = Field(foreign_key="late_list_row.id", index=True)
    authority_id: str
    author: str
    text: str
    at: datetime = Field(sa_type=UtcDateTime)
    state: str = ObjectionState.OPEN
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = ""


class LateListCorrection(SQLModel, table=True):
    """A change of a published row, shown beside it."""

    __tablename__ = "late_list_correction"
    id: int | None = Field(default=None, primary_key=True)
    row_id: str = Field(foreign_key="late_list_row.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    field: str
    before: str
    after: str
    ground: str
