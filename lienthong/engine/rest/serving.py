"""The REST edge on a socket: the application, batches and documents, from start to a clean stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from socket import socket
from typing import Any

import uvicorn

from lienthong.engine.rest.app import create_app
from lienthong.engine.rest.batch_store import BatchStore
from lienthong.engine.rest.batches import BatchOperations
from lienthong.engine.rest.document_store import DocumentStore
from lienthong.engine.rest.edge import Edge

GRACE_SECONDS = 2


class QuietServer(uvicorn.Server):
    """Leaves signals to whoever runs the engine."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def rest_served(
    edge: Edge, listener: socket, data_dir: Path | None, token: str | None, tls: tuple[Path, Path] | None
) -> AsyncIterator[None]:
    """Requests are answered and batches worked on while the block runs."""
    batches, documents = BatchOperations(edge, BatchStore(data_dir)), DocumentStore(data_dir)
    batches.resume_all()
    app = create_app(edge, token, batches, documents)
    secure: dict[str, Any] = {"ssl_certfile": str(tls[0]), "ssl_keyfile": str(tls[1])} if tls else {}
    server = QuietServer(
        uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE_SECONDS, **secure
        )
    )
    serving = asyncio.create_task(server.serve([listener]), name="engine-rest")
    try:
        yield
    finally:
        server.should_exit = True
        await batches.stop()
        await asyncio.gather(serving, return_exceptions=True)
        documents.close()
