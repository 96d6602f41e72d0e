"""Reception at the counter: a known citizen's data, and cash against a payment receipt (biên lai).

What is known of a citizen comes from what the desk may see anyway: the newest dossier under the personal number in
which one of the viewer's authorities took part, else the account of that number; its source is shown.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from lienthong.dossiers import audit, payments, search
from lienthong.dossiers.errors import Conflict, NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Document, Dossier, Payment, PaymentState, User, UserKind
from lienthong.dossiers.viewers import Viewer

SHORTEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class KnownCitizen:
    """What is held already; ``source`` is a dossier's code, or ``account``."""

    name: str
    personal_number: str
    phone: str
    email: str
    address: str
    organisation: str
    user_id: int | None
    source: str


def known_citizen(session: Session, viewer: Viewer, personal_number: str, now: datetime) -> KnownCitizen | None:
    """Who filed under this number before; the look-up is in the audit."""
    number = personal_number.strip()
    if len(number) < SHORTEST_NUMBER or not number.isdigit():
        return None
    found = _from_dossiers(session, viewer, number) or _from_account(session, number)
    audit.record(session, viewer.username, "citizen-looked-up", "citizen", {"found": found is not None}, now)
    return found


def _from_dossiers(session: Session, viewer: Viewer, number: str) -> KnownCitizen | None:
    own = None if viewer.oversees_all else viewer.case_authorities
    for dossier in search.find_dossiers(session, number, own, 10).dossiers:
        if dossier.applicant_personal_number == number:
            return KnownCitizen(
                dossier.applicant_name,
                number,
                dossier.applicant_phone,
                dossier.applicant_email,
                dossier.applicant_address,
                dossier.organisation_name,
                dossier.applicant_user_id,
                dossier.code,
            )
    return None


def _from_account(session: Session, number: str) -> KnownCitizen | None:
    statement = select(User).where(User.personal_number == number, User.kind == UserKind.CITIZEN)
    user = session.exec(statement.where(col(User.active).is_(True))).first()
    if user is None:
        return None
    return KnownCitizen(user.display_name, number, user.phone, "", "", "", user.id, "account")


def received_before(session: Session, token: str) -> Dossier | None:
    """What was filed at a counter under this token already: a sending whose answer was lost is answered again."""
    statement = select(Dossier).where(Dossier.filing_token == token, Dossier.channel == "counter")
    return session.exec(statement).first()


def take_cash(
    session: Session, store: Store, law: Law, dossier: Dossier, amount: int, cashier: str, now: datetime
) -> Document:
    """Take the whole amount owed in cash and give the receipt; taking it twice gives the same receipt."""
    payment = _owed(session, dossier)
    if payment.status == PaymentState.PENDING:
        if amount != payment.amount:
            raise Conflict(
                "amount",
                f"Số tiền phải thu là {payment.amount:,} đồng.".replace(",", "."),
                f"The amount owed is {payment.amount:,} VND.",
            )
        payments.settle_in_cash(session, dossier, payment, cashier, now)
        data = {"amount": payment.amount, "payment": payment.id}
        audit.record(session, cashier, "cash-taken", dossier.code, data, now)
    return payments.make_receipt(session, store, law, payment.id, now)


def _owed(session: Session, dossier: Dossier) -> Payment:
    payment = payments.of_dossier(session, dossier.id)
    if payment is None or payment.amount == 0:
        raise NotFound("payment", "Hồ sơ chưa có khoản phải thu.", "Nothing is owed for this dossier yet.")
    if payment.status not in (PaymentState.PENDING, PaymentState.PAID):
        raise Conflict("payment", "Khoản thu này đã hủy hoặc hoàn.", "This payment was canceled or refunded.")
    return payment
