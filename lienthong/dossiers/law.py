"""The law as data: reads ``law/*.yaml`` and the graphs of ``bpmn/``, checks them, and answers by day of validity."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law_records import (
    AuthorityRecord,
    Bundle,
    CalendarRecord,
    DatedFeeItem,
    InstallationRecord,
    Need,
    PaperRecord,
    Procedure,
)
from lienthong.dossiers.rules.calendar import WorkingCalendar
from lienthong.dossiers.rules.competence import Competence, authority_for, holds_on
from lienthong.dossiers.rules.deadline import Limit
from lienthong.dossiers.rules.fee import FeeItem
from lienthong.dossiers.tables import Authority

Dated = TypeVar("Dated", Procedure, DatedFeeItem, PaperRecord)
LawDate = date | Literal["today", "as-in-file"]


class OfBundle(Protocol):
    """Whatever belongs to one version of a bundle: a dossier."""

    bundle_id: str
    bundle_version: str


class Law(BaseModel):
    """All law data that the bundles need.

    ``standing_on``: a later day asks as if it were that day; None asks each day for itself. ``span``: the days of one
    version of a bundle; set by ``under``, so that a dossier keeps the law of its version whatever day it is.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    authorities: dict[str, AuthorityRecord]
    competences: tuple[Competence, ...]
    procedures: tuple[Procedure, ...]
    fees: tuple[DatedFeeItem, ...]
    papers: tuple[PaperRecord, ...]
    all_bundles: tuple[Bundle, ...]
    needs: dict[str, tuple[Need, ...]]
    calendar: WorkingCalendar
    installation: InstallationRecord
    standing_on: date | None = None
    span: tuple[date, date] | None = None

    @classmethod
    def of(cls, tables: Mapping[str, Any], graphs: Mapping[str, Any]) -> Self:
        """Law from the parsed files, each under its name; a wrong field is refused with its place."""
        authorities = [AuthorityRecord.model_validate(row) for row in tables["authorities"]["authorities"]]
        calendar = CalendarRecord.model_validate(tables["calendar"])
        installation = InstallationRecord.model_validate(tables["installation"])
        return cls(
            authorities={row.id: row for row in authorities},
            competences=tuple(Competence.model_validate(row) for row in tables["competence"]["competences"]),
            procedures=tuple(Procedure.model_validate(row) for row in tables["procedures"]["procedures"]),
            fees=tuple(DatedFeeItem.model_validate(row) for row in tables["fees"]["fees"]),
            papers=tuple(PaperRecord.model_validate(row) for row in tables["papers"]["papers"]),
            all_bundles=tuple(Bundle.model_validate(row) for row in tables["bundles"]["bundles"]),
            needs={key: tuple(Need.model_validate(edge) for edge in edges) for key, edges in graphs.items()},
            calendar=calendar.working_calendar(),
            installation=installation,
            standing_on=installation.standing_on,
        )

    def day(self, on: date) -> date:
        """The day whose law holds when it is asked on ``on``: not after ``standing_on``, and within ``span``."""
        day = on if self.standing_on is None else min(on, self.standing_on)
        return day if self.span is None else min(max(day, self.span[0]), self.span[1])

    def under(self, dossier: OfBundle) -> Self:
        """The same law as it holds for a dossier: the version of its acceptance, on any later day."""
        bundle = self.bundle(dossier.bundle_id, dossier.bundle_version)
        return self.under_bundle(bundle)

    def under_bundle(self, bundle: Bundle) -> Self:
        """The same law as it holds for one version of a bundle."""
        return self.model_copy(update={"span": (bundle.valid_from, bundle.valid_to or date.max)})

    def bundles(self, on: date) -> list[Bundle]:
        """The version of each bundle that takes filings on a day, in the order of the file."""
        day = self.day(on)
        return [one for one in self.all_bundles if holds_on(one.valid_from, one.valid_to, day)]

    def bundle(self, bundle_id: str, version: str | None = None, on: date | None = None) -> Bundle:
        """One bundle: the version named, else the one valid on ``on`` (None: the newest that this law reaches)."""
        day = self.day(on or date.max)
        fitting = [one for one in self.all_bundles if one.id == bundle_id and version in (None, one.version)]
        if version is None:
            fitting = [one for one in fitting if one.valid_from <= day]
            if on is not None:
                fitting = [one for one in fitting if holds_on(one.valid_from, one.valid_to, day)]
        if not fitting:
            raise NotFound("bundle", f"Không có nhóm thủ tục “{bundle_id}”.", f"There is no bundle “{bundle_id}”.")
        return max(fitting, key=lambda one: one.version)

    def takes_local_filings(self, on: date) -> bool:
        """Whether the local portal takes filings on a day; afterwards they arrive through the National Portal."""
        until = self.installation.local_filing_until
        return until is None or self.day(on) <= until

    def procedure(self, code: str, on: date) -> Procedure:
        """The version of a procedure that holds on a day."""
        return _on_day([one for one in self.procedures if one.code == code], self.day(on), f"procedure {code}")

    def fee_item(self, item: str, on: date) -> FeeItem:
        """The fee item that holds on a day."""
        return _on_day([one for one in self.fees if one.item == item], self.day(on), f"fee {item}").rule()

    def paper(self, name: str, on: date) -> PaperRecord:
        """The version of a form (slip, letter …) that holds on a day."""
        return _on_day([one for one in self.papers if one.name == name], self.day(on), f"paper {name}")

    def authority_for(self, procedure_code: str, area: str, on: date) -> str:
        """The id of the authority competent for a procedure in an area on a day."""
        return authority_for(self.competences, procedure_code, area, self.day(on))

    def authority(self, authority_id: str) -> AuthorityRecord:
        """One authority by its id."""
        if authority_id not in self.authorities:
            raise NotFound(
                "authority", f"Không có cơ quan “{authority_id}”.", f"There is no authority “{authority_id}”."
            )
        return self.authorities[authority_id]

    def successor(self, authority_id: str, on: date) -> str:
        """The authority that stands in the place of another on a day: itself, or the end of its line of successors."""
        day, passed = self.day(on), {authority_id}
        record = self.authority(authority_id)
        while record.valid_to is not None and record.valid_to < day and record.successor_id is not None:
            record = self.authority(record.successor_id)
            if record.id in passed:
                raise ValueError(f"Expected a line of successors of {authority_id}, but {record.id} comes twice in it.")
            passed.add(record.id)
        return record.id

    def desk(self, dossier: OfBundle) -> str:
        """The desk that holds a dossier: as it was filed or moved, else the desk of its bundle."""
        held = getattr(dossier, "authorities", None) or {}
        return str(held.get("desk") or self.bundle(dossier.bundle_id, dossier.bundle_version).desk)

    def graph(self, bundle: Bundle, options: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """Procedure → what it needs, for the procedures that run under these options."""
        active = bundle.active_procedures(options)
        edges = self.needs.get(f"{bundle.id}/{bundle.version}", ())
        return {
            code: tuple(edge.result for edge in edges if edge.procedure == code and edge.result in active)
            for code in active
        }

    def limits(self, bundle: Bundle, options: Mapping[str, Any]) -> dict[str, Limit]:
        """Time limit of each node of the graph under these options."""
        return {code: bundle.limit(code, options) for code in self.graph(bundle, options)}

    def sync_authorities(self, session: Session) -> None:
        """Write the authorities of the files into their table (insert and update, parents first)."""
        for record in _parents_first(self.authorities):
            session.merge(Authority(**record.model_dump(exclude={"source"})))
            session.flush()


def _on_day(candidates: list[Dated], on: date, what: str) -> Dated:
    fitting = [one for one in candidates if holds_on(one.valid_from, one.valid_to, on)]
    if not fitting:
        raise NotFound("law", f"Không có dữ liệu luật cho {what} ngày {on}.", f"No law data for {what} on {on}.")
    return max(fitting, key=lambda one: one.valid_from)


def _parents_first(records: Mapping[str, AuthorityRecord]) -> list[AuthorityRecord]:
    def depth(record: AuthorityRecord) -> int:
        return 0 if record.parent_id is None else 1 + depth(records[record.parent_id])

    return sorted(records.values(), key=depth)


def load_law(path: Path | str = "law", bpmn_path: Path | str | None = None, law_date: LawDate = "as-in-file") -> Law:
    """Read all law data; ``bpmn_path`` (default: ``bpmn`` beside ``path``) holds ``<bundle>/<version>/graph.yaml``.

    ``law_date`` overrides the day on which this installation's law stands ("today": the law of each day).
    """
    folder = Path(path)
    bpmn = Path(bpmn_path) if bpmn_path is not None else folder.resolve().parent / "bpmn"
    names = ("authorities", "competence", "procedures", "fees", "calendar", "papers", "bundles", "installation")
    tables = {name: yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8")) for name in names}
    graphs = {
        f"{file.parent.parent.name}/{file.parent.name}": yaml.safe_load(file.read_text("utf-8"))["needs"]
        for file in sorted(bpmn.glob("*/*/graph.yaml"))
    }
    law = Law.of(tables, graphs)
    if law_date == "as-in-file":
        return law
    return law.model_copy(update={"standing_on": None if law_date == "today" else law_date})
