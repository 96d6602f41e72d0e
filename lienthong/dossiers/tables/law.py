"""Edits of the law data that administrators make: what changes, from which day, on what ground, by whom."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from lienthong.dossiers.tables.columns import UtcDateTime, new_id


class EditKind(StrEnum):
    """What of the law may be edited without touching a file."""

    FEE = "fee"
    LIMIT = "limit"
    DAY_OFF = "day_off"
    WORKING_DAY = "working_day"
    AUTHORITY_NAME = "authority_name"
    COMPETENCE = "competence"
    COMPONENT_DROP = "component_drop"


class EditState(StrEnum):
    """The life of an edit."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"


class LawEdit(SQLModel, table=True):
    """One dated edit over the files of ``law/``; ``position`` orders applied edits, 0 while it is only proposed."""

    __tablename__ = "law_edit"
    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    kind: str = Field(index=True)
    subject: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    value: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    from_date: date
    ground: str
    mark: str
    state: str = Field(default=EditState.PROPOSED, index=True)
    position: int = 0
    author: str
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    applied_by: str = ""
    applied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawal_reason: str = ""
