"""Makes the one payment of a dossier and places its order; the signed callback decides when it is paid."""

from typing import Any, Final
from urllib.parse import urlencode

from connectors.payment.order import Order, OrderLine
from lienthong.dossiers import payments, tracking
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.rules.deadline import iso_period
from lienthong.dossiers.tables import Payment
from lienthong.dossiers.tables.payment import PaymentState
from workers.context import JobContext, Services
from workers.variables import contexts

JOB_TYPE: Final = "collect_fee"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural keys: one payment a dossier, one order a payment, here and at the gateway."""
    rules = contexts(job, "feeRules")
    with session_scope(services.database) as session:
        payment = payments.create_payment(session, services.law, job.dossier_code, rules, job.now)
    if payment.status == PaymentState.PENDING and not payment.pay_url:
        placed = services.payment.create_order(_order(job, services, payment))
        with session_scope(services.database) as session:
            payments.set_pay_url(session, payment.id, placed.pay_url)
    with read_scope(services.database) as session:
        paid = payments.get(session, payment.id).status == PaymentState.PAID
        dossier = tracking.require(session, job.dossier_code)
        bundle = services.law.bundle(dossier.bundle_id, dossier.bundle_version)
    reminder = iso_period(bundle.payment_reminder)
    return {"paymentId": payment.id, "amount": payment.amount, "paid": paid, "reminderPeriod": reminder}


def _order(job: JobContext, services: Services, payment: Payment) -> Order:
    web = services.settings.web_url.rstrip("/")
    back = urlencode({"code": job.dossier_code})
    with read_scope(services.database) as session:
        lines = payments.lines(session, payment.id)
        return Order(
            order_id=payment.order_id,
            dossier_code=job.dossier_code,
            amount=payment.amount,
            description=f"Phí, lệ phí hồ sơ {job.dossier_code}",
            lines=tuple(OrderLine(line.authority_id, line.name, line.amount) for line in lines if line.amount),
            callback_url=f"{web}/callbacks/payment",
            return_url=f"{web}/tra-cuu?{back}",
            language=tracking.require(session, job.dossier_code).language,
        )
