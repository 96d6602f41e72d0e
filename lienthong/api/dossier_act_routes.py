"""Acts on a dossier outside the form: comment, extend, consult, answer a consultation, stop."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from lienthong.api.deps import DeskDep
from lienthong.api.dossier_view import Reader, comment_view, consultation_view, dossier_view, iso
from lienthong.dossiers import audit, closing, comments, consultations, extensions, succession, tracking
from lienthong.dossiers.consultations import Opinion, Question
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import Forbidden
from lienthong.dossiers.extensions import Extension
from lienthong.dossiers.tables import Branch, Consultation, Dossier, Role
from lienthong.dossiers.tracking import require_branch
from lienthong.dossiers.viewers import Viewer

router = APIRouter(tags=["dossiers"])
Json = dict[str, Any]
HANDLING = frozenset({Role.OFFICER, Role.UNIT_HEAD, Role.AUTHORITY_HEAD})


class NewComment(BaseModel):
    """What is said; ``@name`` calls a colleague."""

    text: str = Field(min_length=1, max_length=4000)
    branchCode: str = ""


class NewExtension(BaseModel):
    """By how many working days a branch is put off, and why."""

    branchCode: str
    workingDays: int = Field(ge=1, le=60)
    reason: str = Field(min_length=1, max_length=1000)


class NewQuestion(BaseModel):
    """What is asked of another body."""

    branchCode: str
    askedAuthorityId: str
    question: str = Field(min_length=1, max_length=2000)
    workingDays: int = Field(ge=1, le=30)


class NewAnswer(BaseModel):
    """The opinion of the body that was asked."""

    opinion: Opinion
    text: str = Field("", max_length=2000)


@router.get("/dossiers/{code}")
def read_dossier(code: str, desk: DeskDep) -> Json:
    """A dossier of the own authorities with its whole story; the view is audited."""
    with session_scope(desk.database) as session:
        dossier = desk.dossier(session, code)
        viewer = desk.viewer(session)
        reader = Reader(desk.law, viewer, desk.now, desk.settings.field_confidence)
        audit.record(session, viewer.username, "dossier-viewed", code, {}, desk.now)
        view = dossier_view(session, reader, dossier)
        return {
            "dossier": view,
            "mayStop": closing.may_stop(viewer, dossier),
            "mayReopen": closing.may_reopen(session, viewer, dossier),
            "mayTransfer": [
                branch.procedure_code
                for branch in tracking.branches(session, dossier.id)
                if succession.may_transfer(viewer, dossier, branch)
            ],
            "mayHandle": [one["code"] for one in view["branches"] if _handles(viewer, str(one["authorityId"]))],
            "authorities": [
                {"id": authority.id, "name": {"vi": authority.name_vi, "en": authority.name_en}}
                for authority in desk.law.authorities.values()
            ],
        }


def _handles(viewer: Viewer, authority_id: str) -> bool:
    return any(authority == authority_id and role in HANDLING for authority, role in viewer.all_grants)


def _require_handler(viewer: Viewer, branch: Branch) -> None:
    if not _handles(viewer, branch.authority_id):
        raise Forbidden(
            "branch", "Thủ tục này do cơ quan khác giải quyết.", "Another authority handles this procedure."
        )


@router.post("/dossiers/{code}/comments")
def add_comment(code: str, new: NewComment, desk: DeskDep) -> Json:
    """Say something about a dossier to colleagues."""
    with session_scope(desk.database) as session:
        desk.dossier(session, code)
        row = comments.add(session, desk.viewer(session), code, new.branchCode, new.text, desk.now)
        return comment_view(row)


@router.post("/dossiers/{code}/extension")
def extend(code: str, new: NewExtension, desk: DeskDep) -> Json:
    """Set a new date, once and in time, with the letter."""
    with session_scope(desk.database) as session:
        dossier = desk.dossier(session, code)
        _require_handler(desk.viewer(session), require_branch(session, dossier, new.branchCode))
        wanted = Extension(code, new.branchCode, new.workingDays, new.reason)
        due_at, letter = extensions.extend(session, desk.documents, desk.law, wanted, desk.user.username, desk.now)
        return {"dueAt": iso(due_at), "letterId": letter.id}


@router.post("/dossiers/{code}/consultations")
def consult(code: str, new: NewQuestion, desk: DeskDep) -> Json:
    """Ask another body; no answer in time counts as consent."""
    with session_scope(desk.database) as session:
        dossier = desk.dossier(session, code)
        viewer = desk.viewer(session)
        _require_handler(viewer, require_branch(session, dossier, new.branchCode))
        question = Question(code, new.branchCode, new.askedAuthorityId, new.question, new.workingDays)
        return consultation_view(desk.law, consultations.ask(session, desk.law, viewer, question, desk.now), dossier)


@router.get("/consultations")
def open_consultations(desk: DeskDep) -> Json:
    """What the own authorities have to answer."""
    with read_scope(desk.database) as session:
        rows = consultations.open_of(session, desk.viewer(session))
        return {"items": [consultation_view(desk.law, row, session.get_one(Dossier, row.dossier_id)) for row in rows]}


@router.post("/consultations/{consultation_id}/answer", status_code=204)
def answer(consultation_id: str, new: NewAnswer, desk: DeskDep) -> None:
    """Give the own authority's opinion."""
    with session_scope(desk.database) as session:
        _require_asked(session.get(Consultation, consultation_id), desk.viewer(session))
        consultations.reply(session, desk.law, consultation_id, new.opinion, new.text, desk.user.username, desk.now)


def _require_asked(row: Consultation | None, viewer: Viewer) -> None:
    if row is None or not _handles(viewer, row.asked_authority_id):
        raise Forbidden("consultation", "Cơ quan bạn không được hỏi việc này.", "Your authority was not asked.")
