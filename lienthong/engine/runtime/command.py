"""`lienthong engine`: serve the embedded engine alone."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lienthong engine", description="Serve the embedded engine.")
    parser.add_argument(
        "--data", type=Path, default=None, metavar="DIR", help="keep everything there (default: memory)"
    )
    parser.add_argument("--grpc-port", type=int, default=26500, metavar="N")
    parser.add_argument("--rest-port", type=int, default=8080, metavar="N")
    parser.add_argument("--host", default="127.0.0.1", help="other than loopback needs a token")
    parser.add_argument("--token", default=None, help="the bearer token of every call")
    parser.add_argument("--token-file", type=Path, default=None, metavar="FILE", help="read the token from there")
    parser.add_argument("--tls-cert", type=Path, default=None, metavar="FILE", help="PEM; TLS for gRPC and REST")
    parser.add_argument("--tls-key", type=Path, default=None, metavar="FILE", help="PEM; the certificate's private key")
    parser.add_argument("--read-lag", default="0s", metavar="SECONDS", help="delay searches on purpose, e.g. 5s")
    parser.add_argument(
        "--archive-after",
        default=None,
        metavar="DAYS",
        help="move instances into the archive so many days after their end, e.g. 90d (default: never)",
    )
    parser.add_argument(
        "--transport",
        choices=("http2", "grpcio"),
        default=None,
        help="what carries gRPC: the engine's own HTTP/2 (default on loopback), or grpcio's server (default elsewhere)",
    )
    return parser


def run(arguments: list[str]) -> int:
    """0 after a clean stop, 1 with one clear line when the engine cannot serve."""
    given = _parser().parse_args(arguments)
    from lienthong.engine.runtime.serve import CannotServe, serve
    from lienthong.engine.store import StoreRefused

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        token = given.token_file.read_text().strip() if given.token_file else given.token
        lag = float(str(given.read_lag).removesuffix("s"))
        if (given.tls_cert is None) != (given.tls_key is None):
            raise CannotServe("Expected --tls-cert and --tls-key together, but one is missing")
        tls = (given.tls_cert, given.tls_key) if given.tls_cert else None
        days = None if given.archive_after is None else float(str(given.archive_after).removesuffix("d"))
        if days is not None and (days < 0 or given.data is None):
            raise CannotServe("Expected --archive-after with a number of days from 0, and --data")
        serve(given.data, given.grpc_port, given.rest_port, given.host, token or None, lag, tls, days, given.transport)
    except (CannotServe, StoreRefused, OSError, ValueError) as error:
        sys.stderr.write(f"lienthong engine: {error}\n")
        return 1
    return 0
