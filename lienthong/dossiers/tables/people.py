"""Authorities, accounts and the roles that accounts hold at authorities."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field, SQLModel


class UserKind(StrEnum):
    """Who an account belongs to."""

    CITIZEN = "citizen"
    STAFF = "staff"


class Role(StrEnum):
    """What an account may do at one authority; also the second half of an engine's candidate group."""

    RECEPTION = "reception"
    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    AUTHORITY_HEAD = "authority_head"
    OFFICE = "office"
    FINANCE = "finance"
    DESIGNER = "designer"
    ADMINISTRATOR = "administrator"
    POST_CLERK = "post_clerk"
    YOUTH_HELPER = "youth_helper"


class Authority(SQLModel, table=True):
    """A body of the State with its time of existence and its successor."""

    __tablename__ = "authority"
    id: str = Field(primary_key=True, max_length=64)
    name_vi: str
    name_en: str
    level: str
    parent_id: str | None = Field(default=None, foreign_key="authority.id")
    valid_from: date
    valid_to: date | None = None
    successor_id: str | None = None
    mark: str


class User(SQLModel, table=True):
    """An account of a citizen, a firm or a member of staff."""

    __tablename__ = "user_account"
    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, index=True, max_length=64)
    password_hash: str
    display_name: str
    phone: str = ""
    personal_number: str = ""
    kind: str = UserKind.CITIZEN
    active: bool = True


class RoleGrant(SQLModel, table=True):
    """One role of one account at one authority."""

    __tablename__ = "role_grant"
    user_id: int = Field(primary_key=True, foreign_key="user_account.id")
    authority_id: str = Field(primary_key=True, foreign_key="authority.id")
    role: str = Field(primary_key=True, max_length=32)
