"""Reminders of papers that expire: the prefilled filing that renews them, or no more of it."""

from fastapi import APIRouter, Depends, Form, Request, Response

from lienthong.dossiers import reminders
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.portal import prefill
from lienthong.portal.bundles import bundle_summary
from lienthong.portal.catalogue_pages import known_bundle
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import go, page
from lienthong.web.language import current_language
from lienthong.web.users import CurrentUser, current_user

router = APIRouter(prefix="/nhac-han")


@router.get("/{reminder_id}")
def one(
    request: Request, reminder_id: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)
) -> Response:
    """What expires and when, and what the prefilled filing would ask for."""
    language = current_language(request)
    with read_scope(given.database) as session:
        reminder, document, dossier = reminders.own(session, reminder_id, user.id)
        view = {
            "id": reminder.id,
            "open": reminder.status == "open",
            "name": document.file_name,
            "number": document.number,
            "day": f"{reminder.expires_on:%d/%m/%Y}",
            "dossier": dossier.code,
        }
        bundle = known_bundle(given, reminder.bundle_id)
    title = bundle_summary(given.law, bundle, language, given.now.date())["title"]
    return page(request, "reminder.html", user, {"reminder": view, "title": title})


@router.post("/{reminder_id}")
def act(
    reminder_id: str,
    act: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """Take the prefilled filing, or hear no more of it."""
    with session_scope(given.database) as session:
        reminder, _, dossier = reminders.own(session, reminder_id, user.id)
        if act == "dismiss":
            reminders.settle(session, reminder, "dismissed")
            return go("/ho-so", "reminder.dismissed")
        draft = prefill.from_dossier(given, dossier, user.id, known_bundle(given, reminder.bundle_id))
        given.drafts.save(draft, given.now)
        reminders.settle(session, reminder, "used")
    return go(f"/nop-ho-so/{draft.bundle_id}?draft={draft.id}", "reminder.prefilled")
