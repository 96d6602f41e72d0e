"""Tells a provider that its bill is paid, and keeps the receipt number."""

from typing import Any, Final

from lienthong.dossiers import essential
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.tables.portal import EssentialService
from workers.context import JobContext, PermanentFailure, Services
from workers.variables import text

JOB_TYPE: Final = "settle_bill"
TIMEOUT_MS: Final = 30_000


def handle(job: JobContext, services: Services) -> dict[str, Any]:
    """Natural key: the bill and its transaction, here and at the provider."""
    code = text(job, "billCode")
    with read_scope(services.database) as session:
        bill = essential.bill_by_code(session, code)
        kind = session.get_one(EssentialService, bill.service_id).kind
        reference, amount, transaction = bill.provider_reference, bill.amount, bill.transaction_id
    if transaction is None:
        raise PermanentFailure(
            f"Expected a payment of the bill {code}, but none was received.",
            "Compare the payment gateway's list with ours, then resolve this incident.",
        )
    receipt = services.required_partners().utilities.settle(kind, reference, transaction, amount)
    with session_scope(services.database) as session:
        essential.receipted(session, code, receipt, job.now)
    return {"receipt": receipt}
