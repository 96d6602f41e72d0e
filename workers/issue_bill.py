"""Asks a provider for the bill of a period, keeps it, and places its payment order."""

from typing import Any, Final

from connectors.payment.order import Order, OrderLine
from connectors.utilities.call import Bill
from lienthong.dossiers import essential
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.essential import NAMES, BillFacts, ServiceKind
from workers.context import JobContext, Services
from workers.variables import text

JOB_TYPE: Final = "issue_bill"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural keys: one bill a service and period, one order a bill."""
    period = text(job, "period")
    with read_scope(services.database) as session:
        service = essential.by_code(session, job.dossier_code)
        kind = ServiceKind(service.kind)
        reference = service.provider_reference or str(service.facts.get("studentCode", ""))
    bill = services.required_partners().utilities.bill(kind, reference, period)
    following = _following(kind, period)
    if bill is None:
        with session_scope(services.database) as session:
            essential.not_found(session, job.dossier_code, job.now)
        return {"found": False, "billCode": "", **following}
    return {"found": True, "billCode": _keep(job, services, kind, bill), **following}


def _following(kind: ServiceKind, period: str) -> dict[str, str]:
    """The next month and when its bill is asked for; a tuition has none."""
    if kind is ServiceKind.TUITION:
        return {}
    after = essential.next_period(period)
    return {"period": after, "billAt": essential.bill_moment(after).isoformat()}


def _keep(job: JobContext, services: Services, kind: ServiceKind, bill: Bill) -> str:
    facts = BillFacts(bill.reference, bill.period, bill.amount, bill.due_on, bill.detail)
    with session_scope(services.database) as session:
        kept = essential.bill_issued(session, job.dossier_code, facts, job.now)
        code, amount, ready = kept.code, kept.amount, bool(kept.pay_url)
    if not ready:
        placed = services.payment.create_order(_order(job, services, kind, code, amount))
        with session_scope(services.database) as session:
            essential.set_pay_url(session, code, placed.pay_url)
    return code


def _order(job: JobContext, services: Services, kind: ServiceKind, code: str, amount: int) -> Order:
    web = services.settings.web_url.rstrip("/")
    name = NAMES[kind][0]
    return Order(
        order_id=code,
        dossier_code=job.dossier_code,
        amount=amount,
        description=f"{name} {code}",
        lines=(OrderLine(f"provider:{kind}", name, amount),),
        callback_url=f"{web}/callbacks/payment",
        return_url=f"{web}/dich-vu/hoa-don/{code}",
    )
