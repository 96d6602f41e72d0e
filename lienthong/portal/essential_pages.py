"""Water, waste collection and tuition: register, look up, see the bills, pay."""

import re
from typing import Any

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlmodel import Session

from lienthong.dossiers import essential, profiles
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.errors import DomainError
from lienthong.dossiers.essential import NAMES, ServiceKind
from lienthong.dossiers.tables import User
from lienthong.dossiers.tables.portal import EssentialBill, EssentialService
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import go, page
from lienthong.portal.text import date_time, money, translator
from lienthong.web.language import Language, current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, current_user, optional_user

router = APIRouter(prefix="/dich-vu")
STUDENT_CODE = re.compile(r"[A-Z0-9]{4,20}")
TERM = re.compile(r"\d{4}-K[12]")


@router.get("")
def board(
    request: Request,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """What can be registered or paid, and one's own services."""
    return _board(request, given, user, [], {}, 200)


def _board(
    request: Request,
    given: Services,
    user: CurrentUser | None,
    problems: list[str],
    typed: dict[str, str],
    status: int,
) -> Response:
    language = current_language(request)
    context: dict[str, Any] = {"problems": problems, "typed": typed, "own": [], "bills": []}
    if user is not None:
        with read_scope(given.database) as session:
            person, profile = session.get_one(User, user.id), profiles.of_user(session, user.id)
            prefilled = {"holder_name": person.display_name, "phone": person.phone, "address": profile.address}
            own = essential.of_user(session, user.id)
            context["own"] = [service_view(one, language) for one in own]
            context["bills"] = [
                {**bill_view(bill, language), "name": service_view(one, language)["name"]}
                for one in own
                for bill in essential.bills(session, one.id)
                if bill.status == "pending"
            ]
        context["typed"] = {**prefilled, **typed}
    year = given.now.year
    context["terms"] = [f"{year}-K1", f"{year}-K2", f"{year - 1}-K1", f"{year - 1}-K2"]
    return page(request, "essential.html", user, context, status)


@router.post("/dang-ky")
def register(
    request: Request,
    kind: str = Form(""),
    holder_name: str = Form(""),
    phone: str = Form(""),
    address: str = Form(""),
    people: str = Form("1"),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """Register for water or waste collection."""
    typed = {"holder_name": holder_name, "phone": phone, "address": address}
    if kind not in (ServiceKind.WATER, ServiceKind.WASTE):
        raise problem_for_status(404)
    facts = {"people": int(people) if people.isdigit() and 0 < int(people) < 100 else 1}
    try:
        with session_scope(given.database) as session:
            person = session.get_one(User, user.id)
            service = essential.request(
                session, ServiceKind(kind), person, holder_name[:120], phone[:20], address[:300], facts, given.now
            )
            code = service.code
    except DomainError as refused:
        words = refused.text_vi if current_language(request) == "vi" else refused.text_en
        return _board(request, given, user, [words], typed, 422)
    return go(f"/dich-vu/{code}", "essential.requested", code=code)


@router.post("/hoc-phi")
def tuition(
    request: Request,
    student_code: str = Form(""),
    term: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """Ask for the tuition bill of a student code."""
    code = student_code.strip().upper()
    if not STUDENT_CODE.fullmatch(code) or not TERM.fullmatch(term):
        problem = translator(current_language(request))("essential.wrong_student", given=student_code)
        return _board(request, given, user, [problem], {"student_code": student_code}, 422)
    with session_scope(given.database) as session:
        person = session.get_one(User, user.id)
        facts = {"studentCode": code, "period": term}
        service = essential.request(
            session, ServiceKind.TUITION, person, person.display_name, person.phone, "", facts, given.now
        )
        service_code = service.code
    return go(f"/dich-vu/{service_code}", "essential.asked", code=service_code)


def own_service(session: Session, code: str, user: CurrentUser) -> EssentialService:
    """The signed-in person's service; a stranger's answers as if it did not exist."""
    service = essential.by_code(session, code)
    if service.user_id != user.id:
        raise problem_for_status(404)
    return service


@router.get("/hoa-don/{code}")
def bill(
    request: Request, code: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)
) -> Response:
    """One bill: what for, until when, how to pay, the receipt."""
    language = current_language(request)
    with read_scope(given.database) as session:
        found = essential.bill_by_code(session, code)
        service = session.get_one(EssentialService, found.service_id)
        if service.user_id != user.id:
            raise problem_for_status(404)
        view = {"bill": bill_view(found, language), "service": service_view(service, language)}
    return page(request, "essential_bill.html", user, view)


@router.post("/hoa-don/{code}/thanh-toan")
def pay(code: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)) -> Response:
    """To the payment gateway's page; only its signed callback decides what was paid."""
    with read_scope(given.database) as session:
        found = essential.bill_by_code(session, code)
        if session.get_one(EssentialService, found.service_id).user_id != user.id:
            raise problem_for_status(404)
        address = found.pay_url if found.status == "pending" else ""
    return go(address) if address else go(f"/dich-vu/hoa-don/{code}", "pay.not_ready")


@router.get("/{code}")
def one(
    request: Request, code: str, user: CurrentUser = Depends(current_user), given: Services = Depends(services)
) -> Response:
    """One service with its bills."""
    language = current_language(request)
    with read_scope(given.database) as session:
        service = own_service(session, code, user)
        bills = [bill_view(each, language) for each in essential.bills(session, service.id)]
        view = {"service": service_view(service, language), "bills": bills}
    return page(request, "essential_service.html", user, view)


@router.post("/{code}/ngung")
def end(
    code: str,
    sure: str = Form(""),
    user: CurrentUser = Depends(current_user),
    given: Services = Depends(services),
) -> Response:
    """End a running service."""
    if sure != "yes":
        return go(f"/dich-vu/{code}", "withdraw.not_sure")
    with session_scope(given.database) as session:
        essential.ask_to_end(session, code, user.id, given.now)
    return go(f"/dich-vu/{code}", "essential.ending")


def service_view(service: EssentialService, language: Language) -> dict[str, Any]:
    """A service in words."""
    t = translator(language)
    return {
        "code": service.code,
        "name": NAMES[ServiceKind(service.kind)][language == "en"],
        "kind": service.kind,
        "status": t(f"essential.status.{service.status}"),
        "tone": {"active": "good", "paid": "good", "refused": "bad"}.get(service.status, "info"),
        "reference": service.provider_reference,
        "holder": service.holder_name,
        "address": service.address,
        "student": str(service.facts.get("studentCode", "")),
        "note": service.note,
        "requested": date_time(service.requested_at),
        "endable": service.status in ("requested", "active") and service.kind != ServiceKind.TUITION,
    }


def bill_view(bill: EssentialBill, language: Language) -> dict[str, Any]:
    """A bill in words."""
    return {
        "code": bill.code,
        "period": bill.period,
        "amount": money(bill.amount),
        "detail": bill.detail,
        "due": f"{bill.due_on:%d/%m/%Y}",
        "status": translator(language)(f"payment.{bill.status}"),
        "tone": {"paid": "good", "pending": "warn"}.get(bill.status, "info"),
        "open": bill.status == "pending",
        "ready": bool(bill.pay_url),
        "receipt": bill.receipt_number,
        "paid": date_time(bill.paid_at),
    }
