"""The sandbox as one web application: population, payment, faults, health and metrics."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from connectors.sandbox.delivery import CallbackDelivery
from connectors.sandbox.faults import Misbehavior, fault_routes
from connectors.sandbox.payment import payment_routes
from connectors.sandbox.population import population_routes
from connectors.sandbox.store import SandboxStore
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
        if system in ("population", "payment"):
            requests.labels(system, str(response.status_code)).inc()
        return response

    @app.get("/health")
    def health() -> Response:
        alive = delivery.is_alive
        return JSONResponse({"status": "UP" if alive else "DOWN"}, 200 if alive else 503)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
