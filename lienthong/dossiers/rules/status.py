"""Four axes of a dossier's state, kept apart, and their mapping to the ten codes of the National Portal [V*]."""

from enum import IntEnum, StrEnum
from typing import Final


class BusinessStatus(StrEnum):
    """Where the handling stands."""

    FILED = "filed"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    PROCESSING = "processing"
    SUPPLEMENT = "supplement"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    REFUSED = "refused"
    DONE = "done"


class PaymentStatus(StrEnum):
    """Where the money stands."""

    NONE = "none"
    PENDING = "pending"
    PAID = "paid"
    REFUNDED = "refunded"


class DeliveryStatus(StrEnum):
    """Where the result stands on its way to the applicant."""

    NONE = "none"
    READY = "ready"
    HANDED_OVER = "handed_over"


class SyncStatus(StrEnum):
    """Whether the National Portal knows the present state."""

    PENDING = "pending"
    SYNCED = "synced"
    FAILED = "failed"


class NationalCode(IntEnum):
    """Status codes of the National Public Service Portal."""

    NEWLY_REGISTERED = 1
    RECEIVED = 2
    NOT_RECEIVED = 3
    PROCESSING = 4
    SUPPLEMENT_REQUESTED = 5
    FINANCIAL_DUTY = 6
    WITHDRAWAL_REQUESTED = 7
    STOPPED = 8
    PROCESSED = 9
    RETURNED = 10


_BY_STATUS: Final = {
    BusinessStatus.FILED: NationalCode.NEWLY_REGISTERED,
    BusinessStatus.ACCEPTED: NationalCode.RECEIVED,
    BusinessStatus.NOT_ACCEPTED: NationalCode.NOT_RECEIVED,
    BusinessStatus.PROCESSING: NationalCode.PROCESSING,
    BusinessStatus.SUPPLEMENT: NationalCode.SUPPLEMENT_REQUESTED,
    BusinessStatus.WITHDRAWN: NationalCode.WITHDRAWAL_REQUESTED,
    BusinessStatus.STOPPED: NationalCode.STOPPED,
    BusinessStatus.REFUSED: NationalCode.PROCESSED,
    BusinessStatus.DONE: NationalCode.PROCESSED,
}
_AWAITS_MONEY: Final = frozenset({BusinessStatus.ACCEPTED, BusinessStatus.PROCESSING})
_FINISHED: Final = frozenset({BusinessStatus.DONE, BusinessStatus.REFUSED})

_NEXT: Final[dict[BusinessStatus, frozenset[BusinessStatus]]] = {
    BusinessStatus.FILED: frozenset(set(BusinessStatus) - {BusinessStatus.FILED}),
    BusinessStatus.ACCEPTED: frozenset(set(BusinessStatus) - {BusinessStatus.FILED, BusinessStatus.NOT_ACCEPTED}),
    BusinessStatus.PROCESSING: frozenset(set(BusinessStatus) - {BusinessStatus.FILED, BusinessStatus.NOT_ACCEPTED}),
    BusinessStatus.SUPPLEMENT: frozenset(set(BusinessStatus) - {BusinessStatus.FILED}),
    BusinessStatus.NOT_ACCEPTED: frozenset(),
    BusinessStatus.WITHDRAWN: frozenset(),
    BusinessStatus.STOPPED: frozenset(),
    BusinessStatus.REFUSED: frozenset(),
    BusinessStatus.DONE: frozenset(),
}


def national_code(status: BusinessStatus, payment: PaymentStatus, delivery: DeliveryStatus) -> NationalCode:
    """The one code of the National Portal for three axes: 10 outranks 9, and unpaid money (6) outranks 2 and 4."""
    if status in _FINISHED and delivery == DeliveryStatus.HANDED_OVER:
        return NationalCode.RETURNED
    if status in _AWAITS_MONEY and payment == PaymentStatus.PENDING:
        return NationalCode.FINANCIAL_DUTY
    return _BY_STATUS[status]


def may_follow(status: BusinessStatus, after: BusinessStatus) -> bool:
    """Whether a dossier may go from ``status`` to ``after``; staying is always allowed, an end is final."""
    return status == after or after in _NEXT[status]


def is_final(status: BusinessStatus) -> bool:
    """Whether nothing can follow this status any more."""
    return not _NEXT[status]
