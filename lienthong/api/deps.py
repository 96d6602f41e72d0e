"""Where routes get their services: from the state of the app, which the composition root fills."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.engine import Engine
from sqlmodel import Session
from starlette.requests import Request

from lienthong.api.engine_view import EngineView
from lienthong.api.model_store import ModelStore
from lienthong.dossiers import access
from lienthong.dossiers.errors import Forbidden
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_source import LawSource
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Dossier, Role
from lienthong.dossiers.viewers import Viewer, viewer_of
from lienthong.settings import Settings
from lienthong.web.users import CurrentUser, require_staff

RETRY_PATIENCE_S = 5.0


def _database(request: Request) -> Engine:
    return cast(Engine, request.app.state.database)


def _law(request: Request) -> Law:
    """The present law with the edits applied so far; an app without a source has one law for its life."""
    source = cast(LawSource | None, getattr(request.app.state, "law_source", None))
    return source.current(_now(request)) if source else cast(Law, request.app.state.law)


def _documents(request: Request) -> Store:
    return cast(Store, request.app.state.documents)


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def _engine(request: Request) -> EngineView:
    return EngineView(request.app.state.orchestration)


def _now(request: Request) -> datetime:
    clock = cast(Callable[[], datetime] | None, getattr(request.app.state, "clock", None))
    return clock() if clock else datetime.now(UTC)


def _models(request: Request) -> ModelStore:
    settings = _settings(request)
    return ModelStore(settings.var_dir / "models", settings.bpmn_dir)


def _retry_patience_s(request: Request) -> float:
    return float(getattr(request.app.state, "retry_patience_s", RETRY_PATIENCE_S))


DatabaseDep = Annotated[Engine, Depends(_database)]
LawDep = Annotated[Law, Depends(_law)]
DocumentsDep = Annotated[Store, Depends(_documents)]
SettingsDep = Annotated[Settings, Depends(_settings)]
EngineDep = Annotated[EngineView, Depends(_engine)]
NowDep = Annotated[datetime, Depends(_now)]
ModelsDep = Annotated[ModelStore, Depends(_models)]
RetryPatienceDep = Annotated[float, Depends(_retry_patience_s)]

StaffDep = Annotated[CurrentUser, Depends(require_staff())]
ConsoleDep = Annotated[CurrentUser, Depends(require_staff("designer", "administrator"))]
AdministratorDep = Annotated[CurrentUser, Depends(require_staff("administrator"))]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a member of staff works: who asks and when, and every service a route of the tasklist needs.

    The guards are here: a route asks its desk for a viewer, a dossier or a role, and gets an error in words otherwise.
    """

    user: CurrentUser
    now: datetime
    database: Engine
    law: Law
    settings: Settings
    documents: Store
    engine: EngineView

    def viewer(self, session: Session) -> Viewer:
        """Who looks, with the people stood in for today."""
        return viewer_of(session, self.user.id, self.now)

    def dossier(self, session: Session, code: str) -> Dossier:
        """A dossier that an authority of the viewer takes part in."""
        return access.require_dossier(session, self.viewer(session), code)

    def receptionist(self, session: Session, desk_id: str) -> Viewer:
        """The viewer, who receives dossiers at this one-stop desk."""
        viewer = self.viewer(session)
        if not {(desk_id, Role.RECEPTION), (desk_id, Role.UNIT_HEAD)}.intersection(viewer.all_grants):
            raise Forbidden(
                "reception",
                "Bạn không tiếp nhận hồ sơ tại Bộ phận Một cửa này.",
                "You do not receive dossiers at this one-stop desk.",
            )
        return viewer

    def leader(self, session: Session) -> Viewer:
        """The viewer, who heads a unit or an authority, or oversees all."""
        viewer = self.viewer(session)
        if not viewer.led:
            raise Forbidden("leader", "Trang này dành cho lãnh đạo.", "This page is for heads.")
        return viewer


def _desk(
    user: StaffDep,
    now: NowDep,
    database: DatabaseDep,
    law: LawDep,
    settings: SettingsDep,
    documents: DocumentsDep,
    engine: EngineDep,
) -> Desk:
    return Desk(user, now, database, law, settings, documents, engine)


DeskDep = Annotated[Desk, Depends(_desk)]
