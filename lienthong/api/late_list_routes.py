"""The public late lists in the hands of the Provincial Office: which there are, a list asked for, a row corrected."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from lienthong.api.deps import DeskDep
from lienthong.api.dossier_view import authority_name, iso
from lienthong.dossiers import late_list_process, late_lists
from lienthong.dossiers.database import read_scope, session_scope

router = APIRouter(prefix="/late-lists", tags=["late-lists"])
Json = dict[str, Any]


class Wanted(BaseModel):
    """A month of a year, or the whole year."""

    year: int = Field(ge=2018, le=2100)
    month: int | None = Field(None, ge=1, le=12)


class Correction(BaseModel):
    """One field of one published row, with the ground."""

    field: str = Field(min_length=1, max_length=32)
    value: str = Field(max_length=1000)
    ground: str = Field(min_length=1, max_length=1000)


@router.get("")
def lists(desk: DeskDep) -> Json:
    """Every list with its state, newest first."""
    with read_scope(desk.database) as session:
        late_list_process.require_office(desk.viewer(session))
        return {
            "lists": [
                {
                    "id": one.id,
                    "name": one.name,
                    "state": one.state,
                    "compiledAt": iso(one.compiled_at),
                    "publishedAt": iso(one.published_at),
                    "rows": len(late_lists.rows(session, one.id)),
                }
                for one in late_lists.all_lists(session)
            ]
        }


@router.post("", status_code=202)
def ask(wanted: Wanted, desk: DeskDep) -> None:
    """Start the process that makes a list now."""
    with session_scope(desk.database) as session:
        late_list_process.ask_for_list(session, desk.viewer(session), wanted.year, wanted.month, desk.now)


@router.get("/{list_id}")
def read(list_id: str, desk: DeskDep) -> Json:
    """The rows of a list."""
    with read_scope(desk.database) as session:
        late_list_process.require_office(desk.viewer(session))
        found = late_lists.get(session, list_id)
        return {
            "name": found.name,
            "state": found.state,
            "correctable": list(late_lists.CORRECTABLE),
            "rows": [
                {
                    "id": row.id,
                    "dossierCode": row.dossier_code,
                    "procedureCode": row.procedure_code,
                    "authority": authority_name(desk.law, row.authority_id),
                    "officer": row.officer,
                    "due": row.due,
                    "done": row.done,
                    "days_late": row.days_late,
                    "reason": row.reason,
                }
                for row in late_lists.rows(session, list_id)
            ],
        }


@router.post("/rows/{row_id}/correction", status_code=202)
def correct(row_id: str, wanted: Correction, desk: DeskDep) -> None:
    """Hand a correction to the process that waits for it; it stays visible with its ground."""
    with session_scope(desk.database) as session:
        late_list_process.ask_correction(
            session, desk.viewer(session), row_id, wanted.field, wanted.value, wanted.ground, desk.now
        )
