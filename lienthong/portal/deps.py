"""What the portal's routes ask of the application: the only place that reads ``app.state``."""

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import Request
from sqlalchemy.engine import Engine

from lienthong.dossiers.documents import DocumentStore
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_source import LawSource
from lienthong.dossiers.portal_rules import PortalRules, load_portal_rules
from lienthong.orchestration.client import OrchestrationClient
from lienthong.portal.drafts import DraftFolder
from lienthong.settings import Settings


class Services:
    """The domain as one request sees it."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        self.database: Engine = state.database
        self.store: DocumentStore = state.documents
        self.settings: Settings = state.settings
        self.orchestration: OrchestrationClient = state.orchestration
        self._clock: Callable[[], datetime] | None = getattr(state, "clock", None)
        source: LawSource | None = getattr(state, "law_source", None)
        self.law: Law = source.current(self.now) if source else state.law
        self.rules: PortalRules = load_portal_rules(self.settings.law_dir)
        self.drafts = DraftFolder(self.settings.var_dir / "drafts")

    @property
    def now(self) -> datetime:
        """The present, or what the application's own clock says it is."""
        return datetime.now(UTC) if self._clock is None else self._clock()


def services(request: Request) -> Services:
    """Dependency: the domain's services."""
    return Services(request)
