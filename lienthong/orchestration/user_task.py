"""A user task of the engine, as the feed reads it and the tasklist keeps it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UserTask:
    """A user task with the dossier it belongs to and the group that may work on it."""

    user_task_key: str
    dossier_code: str
    procedure_code: str
    element_id: str
    name: str
    authority_id: str
    role: str
    assignee: str | None
    state: str
    due_at: datetime | None
    created_at: datetime
    priority: int
    form_id: str
    process_instance_key: str
