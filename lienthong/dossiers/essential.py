"""Essential services (seed rows 43 and 44): water, waste collection, tuition; each a process, each bill a payment.

The process (`bpmn/essential`) registers at the provider, asks for bills and waits for the money; here are the facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, outbox, portal_notices
from lienthong.dossiers.errors import Conflict, Invalid, NotFound
from lienthong.dossiers.numbering import next_serial
from lienthong.dossiers.papers import money
from lienthong.dossiers.rules.calendar import ZONE, local
from lienthong.dossiers.tables import User
from lienthong.dossiers.tables.portal import EssentialBill, EssentialService

ORDER_PREFIX: Final = "HDDV-"
PATIENCE: Final = timedelta(days=60)  # after its due day a bill is waited for so long [I]


class ServiceKind(StrEnum):
    """What can be registered or paid."""

    WATER = "water"
    WASTE = "waste"
    TUITION = "tuition"


NAMES: Final = {
    ServiceKind.WATER: ("Cấp nước sạch", "Water supply"),
    ServiceKind.WASTE: ("Thu gom rác thải sinh hoạt", "Household waste collection"),
    ServiceKind.TUITION: ("Học phí đại học, cao đẳng", "University and college tuition"),
}


@dataclass(frozen=True, slots=True)
class BillFacts:
    """A bill as its provider tells it, in whole VND."""

    reference: str
    period: str
    amount: int
    due_on: date
    detail: str


def next_period(period: str) -> str:
    """The month after a month: 2026-12 → 2027-01."""
    year, month = (int(part) for part in period.split("-"))
    return f"{year + month // 12}-{month % 12 + 1:02}"


def bill_moment(period: str) -> datetime:
    """When the bill of a month is asked for: at eight on its first day."""
    year, month = (int(part) for part in period.split("-"))
    return datetime.combine(date(year, month, 1), time(8), ZONE)


def request(
    session: Session,
    kind: ServiceKind,
    user: User,
    holder_name: str,
    phone: str,
    address: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> EssentialService:
    """Register a wish and start its process; the same open wish again is the one that runs."""
    if not holder_name.strip() or (kind is not ServiceKind.TUITION and not address.strip()):
        raise Invalid("service", "Hãy nhập đủ họ tên và địa chỉ.", "Enter the name and the address.")
    for earlier in of_user(session, user.id or 0):
        same = earlier.kind == kind and earlier.address == address.strip() and earlier.facts == dict(facts)
        if same and earlier.status in ("requested", "active"):
            return earlier
    day = local(now).date()
    service = EssentialService(
        code=f"DV-{day:%y%m%d}-{next_serial(session, f'service:{day:%y%m%d}'):04}",
        kind=kind,
        user_id=user.id or 0,
        holder_name=holder_name.strip(),
        phone=phone.strip(),
        address=address.strip(),
        facts=dict(facts),
        requested_at=now,
    )
    session.add(service)
    session.flush()
    variables = {"dossierCode": service.code, "serviceKind": str(kind), "period": f"{day:%Y-%m}", **dict(facts)}
    publish(session, f"essential-{kind}", service.code, variables, now)
    audit.record(session, user.username, "service-requested", service.code, {"kind": str(kind)}, now)
    return service


def publish(session: Session, name: str, key: str, variables: dict[str, Any], now: datetime) -> None:
    """A message to the service's process, through the outbox."""
    payload = {
        "name": name,
        "correlationKey": key,
        "variables": variables,
        "messageId": f"{name}:{key}",
        "ttlMs": outbox.MESSAGE_TTL_MS,
        "dossierCode": key,
    }
    outbox.add(session, outbox.MESSAGE, payload, now)


def of_user(session: Session, user_id: int) -> list[EssentialService]:
    """The services of an account, newest first."""
    statement = select(EssentialService).where(EssentialService.user_id == user_id)
    return list(session.exec(statement.order_by(col(EssentialService.requested_at).desc())).all())


def by_code(session: Session, code: str) -> EssentialService:
    """One service, or ``NotFound``."""
    found = session.exec(select(EssentialService).where(EssentialService.code == code)).first()
    if found is None:
        raise NotFound("service", f"Không có đăng ký “{code}”.", f"There is no registration “{code}”.")
    return found


def bills(session: Session, service_id: str) -> list[EssentialBill]:
    """The bills of a service, newest first."""
    statement = select(EssentialBill).where(EssentialBill.service_id == service_id)
    return list(session.exec(statement.order_by(col(EssentialBill.period).desc())).all())


def bill_by_code(session: Session, code: str) -> EssentialBill:
    """One bill, or ``NotFound``."""
    found = session.exec(select(EssentialBill).where(EssentialBill.code == code)).first()
    if found is None:
        raise NotFound("bill", f"Không có hóa đơn “{code}”.", f"There is no bill “{code}”.")
    return found


def registered(session: Session, code: str, accepted: bool, reference: str, reason: str, now: datetime) -> None:
    """The provider's answer; the account is told. Repeating it changes nothing."""
    service = by_code(session, code)
    if service.status != "requested":
        return
    service.status = "active" if accepted else "refused"
    service.provider_reference, service.note = reference, reason
    service.active_at = now if accepted else None
    session.add(service)
    vi, en = NAMES[ServiceKind(service.kind)]
    if accepted:
        texts = (f"{vi}: đã đăng ký, mã khách hàng {reference}.", f"{en}: registered, customer no. {reference}.")
    else:
        texts = (f"{vi}: không đăng ký được. {reason}", f"{en}: could not be registered. {reason}")
    portal_notices.tell(session, service.user_id, "service", *texts, f"/dich-vu/{code}", now)
    audit.record(session, "provider", "service-answered", code, {"accepted": accepted}, now)


def bill_issued(session: Session, code: str, facts: BillFacts, now: datetime) -> EssentialBill:
    """Keep a bill, once a period, and tell the account."""
    service = by_code(session, code)
    statement = select(EssentialBill).where(
        EssentialBill.service_id == service.id, EssentialBill.period == facts.period
    )
    existing = session.exec(statement).first()
    if existing is not None:
        return existing
    bill = EssentialBill(
        code=f"{ORDER_PREFIX}{code[3:]}-{facts.period}",
        service_id=service.id,
        period=facts.period,
        amount=facts.amount,
        detail=facts.detail,
        due_on=facts.due_on,
        provider_reference=facts.reference,
        issued_at=now,
    )
    session.add(bill)
    if service.kind == ServiceKind.TUITION:
        service.status = "active"
        session.add(service)
    session.flush()
    vi, en = NAMES[ServiceKind(service.kind)]
    amount, day = money(facts.amount), f"{facts.due_on:%d/%m/%Y}"
    texts = (f"{vi} kỳ {facts.period}: {amount}, hạn {day}.", f"{en} for {facts.period}: {amount}, due {day}.")
    portal_notices.tell(session, service.user_id, "bill", *texts, f"/dich-vu/hoa-don/{bill.code}", now)
    return bill


def set_pay_url(session: Session, bill_code: str, pay_url: str) -> None:
    """Where the bill is paid."""
    bill = bill_by_code(session, bill_code)
    bill.pay_url = pay_url
    session.add(bill)


def receipted(session: Session, bill_code: str, receipt: str, now: datetime) -> None:
    """The provider has the money: its receipt number; a tuition is finished with it."""
    bill = bill_by_code(session, bill_code)
    if bill.receipt_number:
        return
    bill.receipt_number = receipt
    session.add(bill)
    service = session.get_one(EssentialService, bill.service_id)
    if service.kind == ServiceKind.TUITION:
        service.status = "paid"
        session.add(service)
    vi = f"Đã thanh toán {money(bill.amount)} kỳ {bill.period}; biên lai {receipt}."
    en = f"{money(bill.amount)} for {bill.period} was paid; receipt {receipt}."
    portal_notices.tell(session, service.user_id, "bill-paid", vi, en, f"/dich-vu/hoa-don/{bill_code}", now)
    audit.record(session, "provider", "bill-receipted", bill_code, {"receipt": receipt}, now)


def remind(session: Session, bill_code: str, now: datetime) -> bool:
    """Remind of an unpaid bill; False when it was paid meanwhile, or not for so long that it is closed now."""
    bill = bill_by_code(session, bill_code)
    if bill.status == "pending" and local(now).date() > bill.due_on + PATIENCE:
        close_bill(session, bill_code, now)
    if bill.status != "pending":
        return False
    service = session.get_one(EssentialService, bill.service_id)
    vi = f"Hóa đơn kỳ {bill.period} ({money(bill.amount)}) chưa thanh toán, hạn {bill.due_on:%d/%m/%Y}."
    en = f"The bill for {bill.period} ({money(bill.amount)}) is not paid yet; due {bill.due_on:%d/%m/%Y}."
    portal_notices.tell(session, service.user_id, "bill-reminder", vi, en, f"/dich-vu/hoa-don/{bill_code}", now)
    return True


def not_found(session: Session, code: str, now: datetime) -> None:
    """The provider knows no such customer or period."""
    registered(session, code, False, "", "Nhà cung cấp không có thông tin này.", now)


def close_bill(session: Session, bill_code: str, now: datetime) -> None:
    """A bill that nobody paid in time is not waited for any longer."""
    bill = bill_by_code(session, bill_code)
    if bill.status == "pending":
        bill.status = "cancelled"
        session.add(bill)
        audit.record(session, "system", "bill-closed", bill_code, {}, now)


def ask_to_end(session: Session, code: str, user_id: int, now: datetime) -> EssentialService:
    """The holder ends a running service; its process sees to it."""
    service = by_code(session, code)
    if service.user_id != user_id:
        raise NotFound("service", f"Không có đăng ký “{code}”.", f"There is no registration “{code}”.")
    if service.status not in ("requested", "active") or service.kind == ServiceKind.TUITION:
        raise Conflict("ended", "Dịch vụ không còn hiệu lực.", "The service is not running.")
    service.status = "ending"
    session.add(service)
    publish(session, "service-ended", code, {}, now)
    return service


def ended(session: Session, code: str, now: datetime) -> None:
    """The provider has ended it; bills still open are closed."""
    service = by_code(session, code)
    if service.status == "ended":
        return
    service.status = "ended"
    session.add(service)
    for bill in bills(session, service.id):
        close_bill(session, bill.code, now)
    vi, en = NAMES[ServiceKind(service.kind)]
    portal_notices.tell(
        session, service.user_id, "service", f"{vi}: đã ngừng.", f"{en}: ended.", f"/dich-vu/{code}", now
    )
