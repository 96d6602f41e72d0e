"""All tables of the domain: importing this package fills ``SQLModel.metadata``."""

from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, PaymentStatus, SyncStatus
from lienthong.dossiers.tables.document import Document, DocumentField, DocumentRole
from lienthong.dossiers.tables.dossier import Branch, BranchStatus, Component, Dossier, Supplement
from lienthong.dossiers.tables.history import AuditEntry, DeadlineEntry, EscalationEntry, TimelineEntry
from lienthong.dossiers.tables.operations import (
    Intervention,
    InterventionKind,
    MoveOrder,
    OrderState,
    SignInLock,
    VariableSighting,
)
from lienthong.dossiers.tables.payment import Callback, Payment, PaymentLine, PaymentState
from lienthong.dossiers.tables.people import Authority, Role, RoleGrant, User, UserKind
from lienthong.dossiers.tables.work import Counter, Notification, OutboxRow, Task

__all__ = [
    "AuditEntry",
    "Authority",
    "Branch",
    "BranchStatus",
    "BusinessStatus",
    "Callback",
    "Component",
    "ComponentStatus",
    "Counter",
    "DeadlineEntry",
    "DeliveryStatus",
    "Document",
    "DocumentField",
    "DocumentRole",
    "Dossier",
    "EscalationEntry",
    "Intervention",
    "InterventionKind",
    "MoveOrder",
    "Notification",
    "OrderState",
    "OutboxRow",
    "Payment",
    "PaymentLine",
    "PaymentState",
    "PaymentStatus",
    "Role",
    "RoleGrant",
    "SignInLock",
    "Supplement",
    "SyncStatus",
    "Task",
    "TimelineEntry",
    "User",
    "UserKind",
    "VariableSighting",
]
