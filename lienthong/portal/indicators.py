"""The public indicators of a year: computed at most once an hour, kept in a file, so that a page never waits long."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Final

from sqlalchemy.engine import Engine
from sqlmodel import Session, func, select

from lienthong.dossiers import petitions, ratings
from lienthong.dossiers.database import read_scope
from lienthong.dossiers.law import Law
from lienthong.dossiers.statistics import yearly
from lienthong.dossiers.tables import Dossier
from lienthong.web.language import Language

FRESH: Final = timedelta(hours=1)
AT_ONCE: Final = 3_000  # so many dossiers are counted while the reader waits; more are counted behind the scenes
_computing: Final = Lock()


@dataclass(frozen=True, slots=True)
class YearOfFigures:
    """The report of a year and when it was computed."""

    report: dict[str, Any]
    computed_at: datetime


def of_year(database: Engine, law: Law, var_dir: Path, year: int, now: datetime) -> YearOfFigures | None:
    """The figures as they were computed last; None while the first count of a large year is under way."""
    file = var_dir / "public" / f"indicators-{year}.json"
    kept = _read(file)
    if kept is not None and timedelta(0) <= now - kept.computed_at < FRESH:
        return kept
    with read_scope(database) as session:
        many = session.exec(select(func.count()).select_from(Dossier)).one() > AT_ONCE
    if not many:
        return compute(database, law, file, year, now)
    if _computing.acquire(blocking=False):
        Thread(target=_behind_the_scenes, args=(database, law, file, year, now), daemon=True).start()
    return kept


def _behind_the_scenes(database: Engine, law: Law, file: Path, year: int, now: datetime) -> None:
    try:
        compute(database, law, file, year, now)
    finally:
        _computing.release()


def compute(database: Engine, law: Law, file: Path, year: int, now: datetime) -> YearOfFigures:
    """Count, and keep the result for the next reader."""
    report = yearly.of_year(database, law, year, now)
    figures = YearOfFigures(json.loads(json.dumps(report, default=str)), now)
    file.parent.mkdir(parents=True, exist_ok=True)
    staged = file.with_suffix(f".{id(figures)}.new")
    staged.write_text(json.dumps({"at": now.isoformat(), "report": figures.report}, ensure_ascii=False), "utf-8")
    staged.replace(file)
    return figures


def _read(file: Path) -> YearOfFigures | None:
    try:
        value = json.loads(file.read_text("utf-8"))
        return YearOfFigures(value["report"], datetime.fromisoformat(value["at"]))
    except (OSError, ValueError, KeyError):
        return None


def shown(known: YearOfFigures, language: Language) -> list[dict[str, Any]]:
    """The year's figures in groups, each figure with title, value, formula, mark, and the count behind it."""
    year = known.report["periods"][str(known.report["year"])]
    groups = [
        ("timely", list(year["timely"].values())),
        ("online", [year["online"]]),
        ("nine", year["nine"]["figures"]),
        ("five", year["five"]["parts"]),
    ]
    return [{"name": name, "figures": [_figure(one, language) for one in figures]} for name, figures in groups]


def _figure(one: dict[str, Any], language: Language) -> dict[str, Any]:
    return {
        "title": one["titleVi"] if language == "vi" else one["titleEn"],
        "value": one["value"],
        "formula": one["formula"],
        "mark": one["mark"],
        "numerator": one["numerator"],
        "denominator": one["denominator"],
        "dossiers": one["dossiers"],
    }


def voices(session: Session) -> dict[str, Any]:
    """What applicants say: ratings and petitions."""
    return {"ratings": ratings.summary(session), "petitions": petitions.counts(session)}
