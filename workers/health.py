"""``/health``, ``/status`` and ``/metrics`` of the worker process, on its own thread."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from workers.heartbeat import Heartbeat


class HealthServer:
    """Serves until stopped; it answers also while every handler is busy."""

    def __init__(
        self,
        host: str,
        port: int,
        heartbeat: Heartbeat,
        registry: CollectorRegistry,
        status: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/health":
                    report = heartbeat.report()
                    content = json.dumps(report).encode()
                    self._answer(200 if report["status"] == "UP" else 503, "application/json", content)
                elif self.path == "/status" and status is not None:
                    self._answer(200, "application/json", json.dumps(status()).encode())
                elif self.path == "/metrics":
                    self._answer(200, CONTENT_TYPE_LATEST, generate_latest(registry))
                else:
                    self._answer(404, "text/plain", b"Expected /health, /status or /metrics")

            def _answer(self, status: int, content_type: str, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """The probes of a supervisor are no news."""

        self._server = ThreadingHTTPServer((host, port), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="health", daemon=True)
        self.port = self._server.server_port

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
