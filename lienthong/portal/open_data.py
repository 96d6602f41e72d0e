"""Open data: what procedures ask, cost and take, and how many dossiers there are; never an applicant."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from fastapi import Response
from sqlmodel import Session, col, func, select

from lienthong.dossiers import assistance, petitions
from lienthong.dossiers.law import Law
from lienthong.dossiers.portal_rules import PortalRules
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.tables import Dossier
from lienthong.portal.bundles import fee_items

SETS: Final = ("procedures", "papers", "fees", "dossiers", "petitions", "helpers")
FORMULA_SIGNS: Final = ("=", "+", "-", "@")


def rows(
    name: str, session: Session, law: Law, rules: PortalRules, bpmn_dir: Path, now: datetime
) -> list[dict[str, Any]]:
    """The rows of a data set."""
    on = local(now).date()
    if name == "procedures":
        return _procedures(law, rules, on)
    if name == "papers":
        return _papers(law, on)
    if name == "fees":
        return _fees(law, bpmn_dir, on)
    if name == "dossiers":
        return _dossiers(session)
    if name == "petitions":
        return [{"status": status, "count": count} for status, count in sorted(petitions.counts(session).items())]
    return [{"kind": kind, "count": count} for kind, count in sorted(assistance.counts(session).items())]


def _procedures(law: Law, rules: PortalRules, on: date) -> list[dict[str, Any]]:
    found = []
    for bundle in law.bundles(on):
        for code in bundle.procedures:
            one = law.under_bundle(bundle).procedure(code, on)
            field = rules.field_of(code)
            found.append(
                {
                    "bundle": bundle.id,
                    "version": bundle.version,
                    "code": code,
                    "national_code": one.national_code,
                    "name_vi": one.name_vi,
                    "name_en": one.name_en,
                    "field": "" if field is None else field.title_vi,
                    "limit": one.limit.value,
                    "unit": str(one.limit.unit),
                    "basis": one.basis,
                    "mark": one.mark,
                    "source": one.source,
                }
            )
    return found


def _papers(law: Law, on: date) -> list[dict[str, Any]]:
    return [
        {
            "bundle": bundle.id,
            "procedure": code,
            "component": rule.code,
            "name_vi": rule.name_vi,
            "name_en": rule.name_en,
            "form": rule.form,
            "copies": rule.copies,
            "result_of": rule.satisfied_by or "",
            "from_database": rule.derivable,
            "mark": rule.mark,
        }
        for bundle in law.bundles(on)
        for code in bundle.procedures
        for rule in law.under_bundle(bundle).procedure(code, on).components
    ]


def _fees(law: Law, bpmn_dir: Path, on: date) -> list[dict[str, Any]]:
    found = []
    for bundle in law.bundles(on):
        for item in fee_items(law.under_bundle(bundle), bundle, bpmn_dir, on):
            tables = [
                ("", item.amounts),
                *((f"≤ {band.up_to}" if getattr(band, "up_to", None) else "", band.amounts) for band in item.bands),
            ]
            for band, amounts in tables:
                for area, amount in amounts.items():
                    found.append(
                        {
                            "bundle": bundle.id,
                            "item": item.item,
                            "name_vi": item.name_vi,
                            "area": str(area),
                            "band": band,
                            "amount_vnd": amount,
                            "mark": item.mark,
                        }
                    )
    return found


def _dossiers(session: Session) -> list[dict[str, Any]]:
    statement = (
        select(Dossier.bundle_id, Dossier.channel, Dossier.status, func.count())
        .group_by(Dossier.bundle_id, Dossier.channel, Dossier.status)
        .order_by(col(Dossier.bundle_id), col(Dossier.channel), col(Dossier.status))
    )
    return [
        {"bundle": bundle, "channel": channel, "status": status, "count": int(count)}
        for bundle, channel, status, count in session.exec(statement).all()
    ]


def plain(value: Any) -> Any:
    """JSON-able data of a record, with times as ISO text."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def as_csv(found: Sequence[dict[str, Any]]) -> str:
    """Rows with a heading line; no cell begins like a formula, so that no spreadsheet runs one."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if found:
        writer.writerow(list(found[0]))
        writer.writerows(_cells(row.values()) for row in found)
    return out.getvalue()


def _cells(values: Iterable[Any]) -> list[str]:
    texts = [str(value) for value in values]
    return [f"'{text}" if text.startswith(FORMULA_SIGNS) else text for text in texts]


def csv_answer(text: str, name: str) -> Response:
    """A CSV to keep, with the mark by which spreadsheets know UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)
