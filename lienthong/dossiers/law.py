"""The law as data: reads ``law/*.yaml`` and the graphs of ``bpmn/``, checks them, and answers by day of validity."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law_records import (
    AuthorityRecord,
    Bundle,
    CalendarRecord,
    DatedFeeItem,
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


class Law(BaseModel):
    """All law data that the three bundles need."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    authorities: dict[str, AuthorityRecord]
    competences: tuple[Competence, ...]
    procedures: tuple[Procedure, ...]
    fees: tuple[DatedFeeItem, ...]
    papers: tuple[PaperRecord, ...]
    all_bundles: tuple[Bundle, ...]
    needs: dict[str, tuple[Need, ...]]
    calendar: WorkingCalendar

    @classmethod
    def of(cls, tables: Mapping[str, Any], graphs: Mapping[str, Any]) -> Self:
        """Law from the parsed files, each under its name; a wrong field is refused with its place."""
        authorities = [AuthorityRecord.model_validate(row) for row in tables["authorities"]["authorities"]]
        calendar = CalendarRecord.model_validate(tables["calendar"])
        return cls(
            authorities={row.id: row for row in authorities},
            competences=tuple(Competence.model_validate(row) for row in tables["competence"]["competences"]),
            procedures=tuple(Procedure.model_validate(row) for row in tables["procedures"]["procedures"]),
            fees=tuple(DatedFeeItem.model_validate(row) for row in tables["fees"]["fees"]),
            papers=tuple(PaperRecord.model_validate(row) for row in tables["papers"]["papers"]),
            all_bundles=tuple(Bundle.model_validate(row) for row in tables["bundles"]["bundles"]),
            needs={key: tuple(Need.model_validate(edge) for edge in edges) for key, edges in graphs.items()},
            calendar=calendar.working_calendar(),
        )

    def bundles(self) -> list[Bundle]:
        """The newest version of each bundle, in the order of the file."""
        newest: dict[str, Bundle] = {}
        for bundle in self.all_bundles:
            if bundle.id not in newest or newest[bundle.id].version < bundle.version:
                newest[bundle.id] = bundle
        return list(newest.values())

    def bundle(self, bundle_id: str, version: str | None = None) -> Bundle:
        """One bundle, its newest version unless another is named."""
        fitting = [one for one in self.all_bundles if one.id == bundle_id and version in (None, one.version)]
        if not fitting:
            raise NotFound("bundle", f"Không có nhóm thủ tục “{bundle_id}”.", f"There is no bundle “{bundle_id}”.")
        return max(fitting, key=lambda one: one.version)

    def procedure(self, code: str, on: date) -> Procedure:
        """The version of a procedure that holds on a day."""
        return _on_day([one for one in self.procedures if one.code == code], on, f"procedure {code}")

    def fee_item(self, item: str, on: date) -> FeeItem:
        """The fee item that holds on a day."""
        return _on_day([one for one in self.fees if one.item == item], on, f"fee {item}").rule()

    def paper(self, name: str, on: date) -> PaperRecord:
        """The version of a form (slip, letter …) that holds on a day."""
        return _on_day([one for one in self.papers if one.name == name], on, f"paper {name}")

    def authority_for(self, procedure_code: str, area: str, on: date) -> str:
        """The id of the authority competent for a procedure in an area on a day."""
        return authority_for(self.competences, procedure_code, area, on)

    def authority(self, authority_id: str) -> AuthorityRecord:
        """One authority by its id."""
        if authority_id not in self.authorities:
            raise NotFound(
                "authority", f"Không có cơ quan “{authority_id}”.", f"There is no authority “{authority_id}”."
            )
        return self.authorities[authority_id]

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


def load_law(path: Path | str = "law", bpmn_path: Path | str | None = None) -> Law:
    """Read all law data; ``bpmn_path`` (default: ``bpmn`` beside ``path``) holds ``<bundle>/<version>/graph.yaml``."""
    folder = Path(path)
    bpmn = Path(bpmn_path) if bpmn_path is not None else folder.resolve().parent / "bpmn"
    names = ("authorities", "competence", "procedures", "fees", "calendar", "papers", "bundles")
    tables = {name: yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8")) for name in names}
    graphs = {
        f"{file.parent.parent.name}/{file.parent.name}": yaml.safe_load(file.read_text("utf-8"))["needs"]
        for file in sorted(bpmn.glob("*/*/graph.yaml"))
    }
    return Law.of(tables, graphs)
