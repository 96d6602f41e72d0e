"""Where routes get their services: from the state of the app, which the composition root fills."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.engine import Engine
from starlette.requests import Request

from lienthong.api.engine_view import EngineView
from lienthong.api.model_store import ModelStore
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_source import LawSource
from lienthong.dossiers.store import Store
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
