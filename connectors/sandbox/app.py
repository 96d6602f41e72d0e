"""The sandbox as one web application: every outward system, faults, health and metrics."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from connectors.sandbox.delivery import CallbackDelivery
from connectors.sandbox.faults import SYSTEMS, Misbehavior, fault_routes
from connectors.sandbox.identity import Provider, identity_routes
from connectors.sandbox.messaging import messaging_routes
from connectors.sandbox.national_portal import national_portal_routes
from connectors.sandbox.payment import payment_routes
from connectors.sandbox.population import population_routes
from connectors.sandbox.post import post_routes
from connectors.sandbox.signed import page
from connectors.sandbox.store import SandboxStore
from connectors.sandbox.utilities import utilities_routes
from lienthong.settings import Settings
from lienthong.settings import settings as process_settings


def create_sandbox(settings: Settings | None = None) -> FastAPI:
    """The sandbox over ``var/sandbox.sqlite3`` of ``settings``; callbacks are delivered while it is served."""
    chosen = settings or process_settings()
    store = SandboxStore(chosen.var_dir / "sandbox.sqlite3")
    misbehavior = Misbehavior(store)
    delivery = CallbackDelivery(store, misbehavior, chosen.payment_secret)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        delivery.start()
        yield
        delivery.stop()
        store.close()

    app = FastAPI(title="Liên Thông sandbox", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.store = store
    app.state.delivery = delivery
    app.include_router(fault_routes(store))
    app.include_router(population_routes(store, misbehavior, chosen.population_secret))
    app.include_router(payment_routes(store, misbehavior, chosen.payment_secret))
    app.include_router(post_routes(store, misbehavior, chosen.post_secret))
    app.include_router(messaging_routes(store, misbehavior, chosen.messaging_secret))
    app.include_router(utilities_routes(store, misbehavior, chosen.utilities_secret))
    app.include_router(national_portal_routes(store, misbehavior, chosen.national_portal_secret, chosen.web_url))
    client = (chosen.identity_client_id, chosen.identity_client_secret)
    app.include_router(identity_routes(misbehavior, Provider(store, chosen.identity_issuer, *client, chosen.web_url)))
    _serve_operations(app, store, delivery)
    return app


def _serve_operations(app: FastAPI, store: SandboxStore, delivery: CallbackDelivery) -> None:
    registry = CollectorRegistry()
    requests = Counter(
        "lienthong_sandbox_requests", "Requests by system and status", ["system", "status"], registry=registry
    )
    waiting = Gauge("lienthong_sandbox_callbacks_waiting", "Callbacks that have not arrived yet", registry=registry)
    waiting.set_function(store.waiting_callbacks)

    @app.middleware("http")
    async def count(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        system = request.url.path.split("/")[1]
        if system in SYSTEMS:
            requests.labels(system, str(response.status_code)).inc()
        return response

    @app.get("/")
    def home() -> Response:
        return page("home.html")

    @app.get("/health")
    def health() -> Response:
        alive = delivery.is_alive
        return JSONResponse({"status": "UP" if alive else "DOWN"}, 200 if alive else 503)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
