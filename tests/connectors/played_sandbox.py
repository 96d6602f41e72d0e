"""A real sandbox over HTTP on a free loopback port, and clients that speak to it as the workers do."""

import socket as socket_module
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import httpx
import uvicorn
from prometheus_client import CollectorRegistry

from connectors.circuit import Circuit, CircuitMetrics
from connectors.identity.call import IdentityClient
from connectors.messaging.call import MessagingClient
from connectors.national_portal.call import NationalPortalClient
from connectors.payment.call import PaymentClient
from connectors.population.call import PopulationClient
from connectors.population.request import Access
from connectors.post.call import PostClient
from connectors.sandbox.app import create_sandbox
from connectors.utilities.call import UtilitiesClient
from lienthong.settings import Settings

Client = (
    PopulationClient
    | PaymentClient
    | PostClient
    | MessagingClient
    | UtilitiesClient
    | NationalPortalClient
    | IdentityClient
)
Kept = TypeVar("Kept", bound=Client)


def listening() -> socket_module.socket:
    """A socket on a free port, so that the address is known before the server is made."""
    made = socket_module.socket()
    made.bind(("127.0.0.1", 0))
    return made


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The sandbox of ``settings`` on a free port, as its address; gone at the end."""
    socket = listening()
    address = f"http://127.0.0.1:{socket.getsockname()[1]}"
    settings.identity_issuer = f"{address}/identity"
    config = uvicorn.Config(create_sandbox(settings), log_level="error")
    server = uvicorn.Server(config)
    ready = threading.Event()
    original = server.startup

    async def startup(sockets: Any = None) -> None:
        await original(sockets=sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    assert ready.wait(20), "Expected the sandbox to start, but it did not"
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(20)
        socket.close()


class Sandbox:
    """The address of a running sandbox, its secrets, and its faults."""

    def __init__(self, url: str, settings: Settings) -> None:
        self.url = url
        self.settings = settings
        self.registry = CollectorRegistry()
        self.metrics = CircuitMetrics(self.registry)
        self._clients: list[Client] = []

    def fault(self, system: str, **value: Any) -> None:
        httpx.put(f"{self.url}/_faults/{system}", json=value).raise_for_status()

    def population(self, timeout_s: float = 5.0, **circuit: Any) -> PopulationClient:
        access = Access("lienthong", self.settings.population_secret, "VN/BD/LIENTHONG", "key-of-this-test")
        way = Circuit("population", self.metrics, **circuit)
        client = PopulationClient(f"{self.url}/population/037", access, way, httpx.Timeout(timeout_s))
        self._clients.append(client)
        return client

    def payment(self, secret: str | None = None, **circuit: Any) -> PaymentClient:
        way = Circuit("payment", self.metrics, **circuit)
        client = PaymentClient(f"{self.url}/payment", secret or self.settings.payment_secret, way)
        self._clients.append(client)
        return client

    def post(self, secret: str | None = None, **circuit: Any) -> PostClient:
        way = Circuit("post", self.metrics, **circuit)
        return self._kept(PostClient(f"{self.url}/post", secret or self.settings.post_secret, way))

    def messaging(self, **circuit: Any) -> MessagingClient:
        way = Circuit("messaging", self.metrics, **circuit)
        return self._kept(MessagingClient(f"{self.url}/messaging", self.settings.messaging_secret, way))

    def utilities(self, **circuit: Any) -> UtilitiesClient:
        way = Circuit("utilities", self.metrics, **circuit)
        return self._kept(UtilitiesClient(f"{self.url}/utilities", self.settings.utilities_secret, way))

    def national_portal(self, **circuit: Any) -> NationalPortalClient:
        way = Circuit("national_portal", self.metrics, **circuit)
        secret = self.settings.national_portal_secret
        return self._kept(NationalPortalClient(f"{self.url}/national-portal", secret, way))

    def identity(self, secret: str | None = None, **circuit: Any) -> IdentityClient:
        way = Circuit("identity", self.metrics, **circuit)
        chosen = secret or self.settings.identity_client_secret
        return self._kept(IdentityClient(f"{self.url}/identity", self.settings.identity_client_id, chosen, way))

    def _kept(self, client: Kept) -> Kept:
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()


class Receiver:
    """A real web server that takes callbacks and remembers each with its signature."""

    def __init__(self) -> None:
        self.received: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        self._arrived = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver._arrived:
                    receiver.received.append((body, self.headers["X-Signature"]))
                    status = receiver.answers.pop(0) if receiver.answers else 200
                    receiver._arrived.notify_all()
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Tests stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/callbacks/payment"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def wait_for(self, count: int) -> list[tuple[bytes, str]]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, timeout=20), self.received
            return list(self.received)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
