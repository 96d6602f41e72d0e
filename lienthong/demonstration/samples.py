"""The sample dossiers of the first start: one finished, one at an officer, one to pay, one escalated."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from lienthong.demonstration.actors import Applicant, Officer
from lienthong.demonstration.cast import Cast, staff_names
from lienthong.demonstration.handling import handle
from lienthong.demonstration.papers import papers_for
from lienthong.demonstration.plays import PLAYS
from lienthong.dossiers import acceptance, tracking
from lienthong.dossiers.database import session_scope

SECONDS = 180.0
DUE_IN = timedelta(seconds=4)


def file_samples(cast: Cast, say: Callable[[str], None]) -> dict[str, str]:
    """File and drive the four sample dossiers; returns code → how it was left."""
    officers = [Officer(cast.web_url, name, cast.password) for name in staff_names()]
    left = {}
    for state, bundle_id in (
        ("finished", "karaoke"),
        ("at an officer", "justice-employment"),
        ("to pay", "karaoke"),
        ("escalated", "investment"),
    ):
        code, applicant = _file(cast, bundle_id)
        say(f"{code} ({bundle_id}): filed, to be left {state}")
        _drive(cast, code, applicant, officers, state)
        left[code] = state
    return left


def _file(cast: Cast, bundle_id: str) -> tuple[str, Applicant]:
    play = PLAYS[bundle_id]
    applicant = Applicant(cast.web_url, play.applicant, cast.password)
    papers = papers_for(cast.law, bundle_id, play.condition)
    return applicant.file(bundle_id, play.answers, papers, play.delivery), applicant


def _drive(cast: Cast, code: str, applicant: Applicant, officers: list[Officer], state: str) -> None:
    def quiet(_line: str) -> None:
        return

    if state == "finished":
        handle(code, applicant, officers, lambda: cast.finished(code), SECONDS, quiet)
    elif state == "to pay":
        handle(code, applicant, officers, lambda: False, SECONDS, quiet, pays=False)
    else:
        handle(code, applicant, officers, lambda: False, SECONDS, quiet, leave=lambda element: element == "appraise")
    if state == "escalated":
        make_late(cast, code)
        cast.wait_until(lambda: cast.escalated(code), SECONDS, f"the escalation of {code}")


def make_late(cast: Cast, code: str) -> None:
    """Move the deadlines of the active branches to a few seconds from now, with their ground: they pass at once."""
    now = datetime.now(UTC)
    with session_scope(cast.database) as session:
        dossier = tracking.by_code(session, code)
        assert dossier is not None, code
        for branch in tracking.branches(session, dossier.id):
            if branch.status == "active":
                due = now + DUE_IN
                ground = "Trình diễn: dời hạn đến ngay bây giờ để thấy leo thang"
                acceptance.move_deadline(session, cast.law, code, branch.procedure_code, due, ground, "quantri", now)
