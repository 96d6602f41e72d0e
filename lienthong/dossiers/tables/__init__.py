"""All tables of the domain: importing this package fills ``SQLModel.metadata``."""

from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, PaymentStatus, SyncStatus
from lienthong.dossiers.tables import portal
from lienthong.dossiers.tables.document import Document, DocumentField, DocumentRole
from lienthong.dossiers.tables.dossier import Branch, BranchStatus, Component, Dossier, Supplement
from lienthong.dossiers.tables.history import AuditEntry, DeadlineEntry, EscalationEntry, TimelineEntry
from lienthong.dossiers.tables.keeping import Assessment, OwnerKind, RepositoryItem, ReuseConsent
from lienthong.dossiers.tables.late_list import (
    LateList,
    LateListCorrection,
    LateListObjection,
    LateListRow,
    ListState,
    ObjectionState,
)
from lienthong.dossiers.tables.law import EditKind, EditState, LawEdit
from lienthong.dossiers.tables.money import Difference, Reconciliation, ReconciliationItem, Refund, RefundState
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
from lienthong.dossiers.tables.proof import AuditHead, PaperCode
from lienthong.dossiers.tables.tasklist import (
    Comment,
    Consultation,
    DossierText,
    HeldCompletion,
    HeldState,
    QueueTicket,
    SavedFilter,
    ScannedPaper,
    Substitution,
    TaskDraft,
    TicketState,
)
from lienthong.dossiers.tables.work import Counter, Notification, OutboxRow, Task

__all__ = [
    "Assessment",
    "AuditEntry",
    "AuditHead",
    "Authority",
    "Branch",
    "BranchStatus",
    "BusinessStatus",
    "Callback",
    "Comment",
    "Component",
    "ComponentStatus",
    "Consultation",
    "Counter",
    "DeadlineEntry",
    "DeliveryStatus",
    "Difference",
    "Document",
    "DocumentField",
    "DocumentRole",
    "Dossier",
    "DossierText",
    "EditKind",
    "EditState",
    "EscalationEntry",
    "HeldCompletion",
    "HeldState",
    "Intervention",
    "InterventionKind",
    "LateList",
    "LateListCorrection",
    "LateListObjection",
    "LateListRow",
    "LawEdit",
    "ListState",
    "MoveOrder",
    "Notification",
    "ObjectionState",
    "OrderState",
    "OutboxRow",
    "OwnerKind",
    "PaperCode",
    "Payment",
    "PaymentLine",
    "PaymentState",
    "PaymentStatus",
    "QueueTicket",
    "Reconciliation",
    "ReconciliationItem",
    "Refund",
    "RefundState",
    "RepositoryItem",
    "ReuseConsent",
    "Role",
    "RoleGrant",
    "SavedFilter",
    "ScannedPaper",
    "SignInLock",
    "Substitution",
    "Supplement",
    "SyncStatus",
    "Task",
    "TaskDraft",
    "TicketState",
    "TimelineEntry",
    "User",
    "UserKind",
    "VariableSighting",
    "portal",
]
