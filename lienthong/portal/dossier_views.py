"""One dossier as its applicant sees it: plain values out of the domain's rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lienthong.dossiers import (
    assistance,
    components,
    deliveries,
    documents,
    payments,
    petitions,
    ratings,
    supplements,
    tracking,
)
from lienthong.dossiers.law import Law
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, is_final
from lienthong.dossiers.tables import Branch, ComponentStatus, Document, Dossier, Payment, Supplement
from lienthong.dossiers.tables.portal import Petition
from lienthong.portal.dossier_story import apologies, branch_story, holders, reasons, time_left
from lienthong.portal.text import catalogue, date_time, day_in_words, money, translator
from lienthong.web.language import Language

BRANCH_TONES = {"active": "info", "issued": "good", "refused": "bad"}
BAD_STATES = {"refused", "not_accepted", "stopped", "withdrawn"}


def status_of(dossier: Dossier) -> str:
    """The status an applicant reads: handed over outranks done."""
    return "handed_over" if dossier.delivery_status == DeliveryStatus.HANDED_OVER else str(dossier.status)


def tone(status: str) -> str:
    """The colour of a status."""
    if status in BAD_STATES:
        return "bad"
    return {"done": "good", "handed_over": "good", "supplement": "warn"}.get(status, "info")


def title_of(law: Law, dossier: Dossier, language: Language) -> str:
    """The title of the dossier's bundle in the version it was accepted under."""
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    return bundle.title_vi if language == "vi" else bundle.title_en


def row(law: Law, dossier: Dossier, language: Language) -> dict[str, Any]:
    """One line of a list of dossiers."""
    status = status_of(dossier)
    return {
        "code": dossier.code,
        "title": title_of(law, dossier, language),
        "filed": date_time(dossier.filed_at),
        "due": day_in_words(dossier.due_at, language),
        "status": catalogue(language)[f"status.{status}"],
        "tone": tone(status),
        "late": dossier.late,
    }


def waits_for(law: Law, dossier: Dossier, branches: Sequence[Branch], branch: Branch, language: Language) -> str:
    """In words, what a waiting branch waits for by the graph of its bundle; empty for a branch that runs or ran."""
    if branch.status != "waiting":
        return ""
    t = translator(language)
    open_codes = {other.procedure_code for other in branches if other.status in ("waiting", "active")}
    graph = law.graph(law.bundle(dossier.bundle_id, dossier.bundle_version), dossier.options)
    needed = [code for code in graph.get(branch.procedure_code, ()) if code in open_codes]
    if not needed:
        return t("branch.waits_acceptance" if dossier.accepted_at is None else "branch.starts_soon")
    found = [law.under(dossier).procedure(code, dossier.filed_at.date()) for code in needed]
    return t("branch.waits_for", names="; ".join(p.name_vi if language == "vi" else p.name_en for p in found))


def branch_view(law: Law, dossier: Dossier, branch: Branch, language: Language) -> dict[str, Any]:
    """One authority at work."""
    procedure = law.under(dossier).procedure(branch.procedure_code, dossier.filed_at.date())
    authority = law.authority(branch.authority_id)
    vietnamese = language == "vi"
    return {
        "code": branch.procedure_code,
        "name": procedure.name_vi if vietnamese else procedure.name_en,
        "authority": authority.name_vi if vietnamese else authority.name_en,
        "status": branch.status,
        "status_text": catalogue(language)[f"branch.{branch.status}"],
        "tone": BRANCH_TONES.get(branch.status, ""),
        "due": day_in_words(branch.due_at, language),
        "late": branch.late,
    }


def payment_view(session: Session, law: Law, dossier: Dossier, payment: Payment, language: Language) -> dict[str, Any]:
    """What is to pay, one line an authority."""
    day = dossier.filed_at.date()
    lines = []
    for line in payments.lines(session, payment.id):
        procedure = law.under(dossier).procedure(line.procedure_code, day)
        name = procedure.name_vi if language == "vi" else procedure.name_en
        lines.append({"name": name, "amount": money(line.amount)})
    return {"amount": money(payment.amount), "lines": lines, "ready": bool(payment.pay_url)}


def document_views(session: Session, dossier: Dossier, language: Language) -> list[dict[str, str]]:
    """Results first, then slip, receipts, letters and uploads."""
    order = ("result", "slip", "receipt", "letter", "upload")
    shown = [one for one in documents.of_dossier(session, dossier.id) if one.role in order]  # no superseded slips
    found: list[Document] = sorted(shown, key=lambda d: order.index(d.role))
    strings = catalogue(language)
    return [
        {
            "id": d.id,
            "name": d.file_name,
            "kind": d.role,
            "at": date_time(d.created_at),
            "role": strings[f"role.{d.role}"],
        }
        for d in found
    ]


def supplement_view(
    session: Session, law: Law, dossier: Dossier, request: Supplement, language: Language
) -> dict[str, Any]:
    """Exactly what is asked, why, by whom and until when, with the missing papers to hand in one by one."""
    asker = law.authority(law.desk(dossier))
    if request.branch_code:
        branch = tracking.require_branch(session, dossier, request.branch_code)
        asker = law.authority(branch.authority_id)
    kinds = {(one.branch_code, one.component_code): one.kind for one in components.wanted(law, dossier)}
    lacking = {
        kinds[row.branch_code, row.component_code]: row.name
        for row in components.of_dossier(session, dossier.id)
        if row.status == ComponentStatus.MISSING
        and not row.provenance
        and (row.branch_code, row.component_code) in kinds
        and request.branch_code in ("", row.branch_code)
    }
    return {
        "id": request.id,
        "content": request.note,
        "due": day_in_words(request.due_at, language),
        "asked": date_time(request.requested_at),
        "stage": translator(language)(f"supplement.stage.{request.stage}"),
        "authority": asker.name_vi if language == "vi" else asker.name_en,
        "letter": request.document_id,
        "papers": [{"kind": kind, "name": name} for kind, name in lacking.items()],
    }


def delivery_view(session: Session, dossier: Dossier, language: Language) -> dict[str, Any] | None:
    """Where the result is on its way by post."""
    delivery = deliveries.of_dossier(session, dossier.id)
    if delivery is None:
        return None
    state = translator(language)(f"post.state.{delivery.state}")
    return {
        "number": delivery.tracking_number,
        "state": state,
        "step": delivery.state,
        "at": date_time(delivery.updated_at),
    }


def petition_row(petition: Petition, language: Language) -> dict[str, Any]:
    """One line of a list of petitions."""
    t = translator(language)
    return {
        "code": petition.code,
        "subject": petition.subject,
        "status": t(f"petition.status.{petition.status}"),
        "tone": "good" if petition.answered_at else "info",
        "received": date_time(petition.received_at),
        "due": day_in_words(petition.due_at, language),
    }


def rating_view(session: Session, dossier: Dossier) -> dict[str, Any] | None:
    """What the applicant has said of the dossier."""
    found = ratings.of_dossier(session, dossier.id)
    return None if found is None else found.model_dump(include={"overall", "attitude", "speed", "comment"})


def assistance_words(session: Session, dossier: Dossier, language: Language) -> str:
    """Who filed for the applicant, in words; empty when nobody did."""
    found = assistance.of_dossier(session, dossier.id)
    return "" if found is None else assistance.WORDS[assistance.HelperKind(found.kind)][language == "en"]


def dossier_view(
    session: Session, law: Law, dossier: Dossier, language: Language, own: bool, now: datetime
) -> dict[str, Any]:
    """Everything the page of one dossier shows; what only the applicant may see is left out for others."""
    payment = payments.of_dossier(session, dossier.id)
    request = supplements.open_request(session, dossier.id)
    strings = catalogue(language)
    pending = payment is not None and payment.status == "pending" and payment.amount > 0
    branches = tracking.branches(session, dossier.id)
    papers = document_views(session, dossier, language) if own else []
    final = is_final(BusinessStatus(dossier.status))
    return {
        "dossier": {
            **row(law, dossier, language),
            "applicant_name": dossier.applicant_name,
            "payment": strings[f"payment.{payment.status}"] if payment else strings["payment.none"],
        },
        "own": own,
        "branches": [
            {
                **branch_view(law, dossier, branch, language),
                "late": branch.late
                or (branch.status == "active" and branch.due_at is not None and branch.due_at < now),
                "waits": waits_for(law, dossier, branches, branch, language),
                **branch_story(session, law, dossier, branch, language, now, own),
            }
            for branch in branches
        ],
        "timeline": [
            {"at": date_time(entry.at), "text": entry.text_vi if language == "vi" else entry.text_en}
            for entry in reversed(tracking.timeline(session, dossier.id))
            if own or entry.kind != "explanation"  # the applicant's own words are nobody else's
        ],
        "documents": papers,
        "slip": next((paper["id"] for paper in reversed(papers) if paper["kind"] == "slip"), None),
        "final": final,
        "pay": payment_view(session, law, dossier, payment, language) if own and pending and payment else None,
        "supplement": supplement_view(session, law, dossier, request, language) if own and request else None,
        "withdrawable": not is_final(BusinessStatus(dossier.status)),
        **_standing(session, law, dossier, language, own, now),
    }


def _standing(
    session: Session, law: Law, dossier: Dossier, language: Language, own: bool, now: datetime
) -> dict[str, Any]:
    """Where the dossier lies, how long still, why it is late, and what was said of it."""
    final = is_final(BusinessStatus(dossier.status))
    return {
        "left": "" if final else time_left(law, dossier.due_at, now, language),
        "desk_holders": [one for one in holders(session, law, dossier, language, own) if not one.branch_code],
        "why_late": reasons(session, dossier, None, language) if dossier.late and not final else [],
        "apologies": apologies(session, dossier) if own else [],
        "delivery": delivery_view(session, dossier, language),
        "petitions": [petition_row(one, language) for one in petitions.of_dossier(session, dossier.id)] if own else [],
        "rating": rating_view(session, dossier) if own else None,
        "assistance": assistance_words(session, dossier, language),
    }
