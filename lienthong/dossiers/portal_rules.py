"""What the portal adds to the law data (``law/portal.yaml``): read once, every entry with its mark and source."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from sqlmodel import Session

from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law_records import Mark, Record
from lienthong.dossiers.rules.deadline import Limit, LimitUnit
from lienthong.dossiers.tables import Authority


class Marked(Record):
    """A record that says how sure it is."""

    mark: Mark
    source: str


class LifeEvent(Marked):
    """Why people come: the bundles that belong to it, and words that people use for it (folded)."""

    id: str
    title_vi: str
    title_en: str
    words: str
    bundles: tuple[str, ...]


class Field(Marked):
    """A field (lĩnh vực) with its procedures."""

    id: str
    title_vi: str
    title_en: str
    procedures: tuple[str, ...]


class Organisation(Marked):
    """Somebody who may file for others: an entrusted enterprise or a youth-union team."""

    id: str
    kind: Literal["enterprise", "youth"]
    name_vi: str
    name_en: str
    decision: str


class AuthorisationFree(Marked):
    """Relations that need no authorisation paper."""

    relations: tuple[str, ...]


class ReminderRule(Marked):
    """A kind of result that expires: after how many months, how many days before to remind, what renews it."""

    kind: str
    valid_months: int
    remind_days: int
    bundle: str


class Tariff(Marked):
    """What the post asks, in whole VND, and how many days it takes."""

    zone: str
    title_vi: str
    title_en: str
    fee: int
    cod_fee: int
    days: float


class AnswerLimit(Marked):
    """How long an answer may take."""

    value: float
    unit: LimitUnit

    def limit(self) -> Limit:
        """As the pure rules take it."""
        return Limit(value=self.value, unit=self.unit)


class Answers(Record):
    """Time limits of answers."""

    petition: AnswerLimit
    objection: AnswerLimit


class PortalRules(Record):
    """The whole file."""

    life_events: tuple[LifeEvent, ...]
    fields: tuple[Field, ...]
    organisations: tuple[Organisation, ...]
    authorisation_free: AuthorisationFree
    reminders: tuple[ReminderRule, ...]
    tariffs: tuple[Tariff, ...]
    answers: Answers

    def organisation(self, organisation_id: str) -> Organisation:
        """One organisation by its id."""
        for one in self.organisations:
            if one.id == organisation_id:
                return one
        raise NotFound("organisation", "Không có tổ chức này.", "There is no such organisation.")

    def tariff(self, zone: str) -> Tariff:
        """The postal tariff of a zone."""
        for one in self.tariffs:
            if one.zone == zone:
                return one
        raise NotFound("tariff", "Không có mức cước này.", "There is no such tariff.")

    def field_of(self, procedure_code: str) -> Field | None:
        """The field of a procedure."""
        return next((field for field in self.fields if procedure_code in field.procedures), None)


@lru_cache
def load_portal_rules(law_dir: Path) -> PortalRules:
    """The rules of ``law/portal.yaml``; a wrong field is refused with its place."""
    return PortalRules.model_validate(yaml.safe_load((law_dir / "portal.yaml").read_text("utf-8")))


def sync_organisations(session: Session, law_dir: Path) -> None:
    """Write the organisations into the table of authorities, so that accounts can hold roles at them."""
    for one in load_portal_rules(law_dir).organisations:
        row = Authority(
            id=one.id,
            name_vi=one.name_vi,
            name_en=one.name_en,
            level=one.kind,
            valid_from=date(2020, 1, 1),
            mark=one.mark,
        )
        session.merge(row)
    session.flush()
