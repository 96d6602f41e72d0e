"""The one place where the web's parts are put together: settings in, a running application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from lienthong.api.app import api_router
from lienthong.api.batches import scheduled_batches
from lienthong.dossiers.clock import DomainClock
from lienthong.dossiers.database import create_database, upgrade
from lienthong.dossiers.documents import DocumentStore
from lienthong.dossiers.law import load_law
from lienthong.dossiers.law_source import LawSource
from lienthong.orchestration.client import OrchestrationClient
from lienthong.portal.app import portal_router
from lienthong.settings import Settings, settings
from lienthong.web.install import install_web

PORTAL_STATIC = Path(__file__).parent / "portal" / "static"
STAFF_DIST = Path(__file__).parent / "staff" / "dist"


def create_web(chosen: Settings) -> FastAPI:
    """Portal, API and staff app over the domain of the chosen settings."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        upgrade(app.state.database)
        with scheduled_batches(app):
            yield

    app = FastAPI(title="Liên Thông", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json", lifespan=lifespan)
    install_web(app, chosen)
    app.state.settings = chosen
    app.state.database = create_database(chosen.database_url)
    app.state.law = load_law(chosen.law_dir, chosen.bpmn_dir, chosen.law_date)
    app.state.law_source = LawSource(app.state.database, app.state.law)
    app.state.documents = DocumentStore(chosen)
    app.state.clock = DomainClock(app.state.database)
    app.state.orchestration = OrchestrationClient(chosen.engine_grpc, chosen.engine_rest, chosen.engine_token or None)
    app.include_router(api_router)
    app.include_router(portal_router)
    app.mount("/static", StaticFiles(directory=PORTAL_STATIC), name="static")
    _serve_operations(app)
    _serve_staff(app)
    return app


def create_web_from_settings() -> FastAPI:
    """The web of the settings of this process: what each of several web processes calls."""
    return create_web(settings())


def _metrics_registry(processes: int) -> CollectorRegistry:
    """This process's figures, or the sum of all web processes."""
    if processes == 1:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _serve_operations(app: FastAPI) -> None:
    """Health and metrics of this process."""

    @app.get("/health", include_in_schema=False)
    def health() -> dict[str, str]:
        return {"status": "UP"}

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(
            generate_latest(_metrics_registry(app.state.settings.web_processes)), media_type=CONTENT_TYPE_LATEST
        )


def _serve_staff(app: FastAPI) -> None:
    """The built staff app; every path below ``/staff/`` that is no file is the app's own page."""

    @app.get("/staff", include_in_schema=False)
    def staff_home() -> Response:
        return RedirectResponse("/staff/")

    @app.get("/staff/{path:path}", include_in_schema=False)
    def staff(path: str) -> Response:
        file = (STAFF_DIST / path).resolve()
        if path and file.is_file() and file.is_relative_to(STAFF_DIST.resolve()):
            immutable = "assets/" in path
            return FileResponse(
                file, headers={"Cache-Control": "public, max-age=31536000, immutable"} if immutable else {}
            )
        return FileResponse(STAFF_DIST / "index.html", headers={"Cache-Control": "no-cache"})
