"""TLS and the static token, for gRPC and REST alike."""

import shutil
import ssl
import subprocess
from pathlib import Path

import grpc
import httpx
import pytest
from pyzeebe.proto import gateway_pb2 as messages
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.engine.runtime.command import run
from lienthong.engine.runtime.serve import CannotServe, running

TOKEN = "plainly-a-test-token"
WITH_TOKEN = (("authorization", f"Bearer {TOKEN}"),)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate of the loopback address and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate of this test, and is not installed")
    folder = tmp_path_factory.mktemp("tls")
    files = folder / "engine.crt", folder / "engine.key"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    where = ["-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run([*command.split(), *names, *where], check=True, capture_output=True)
    return files


async def test_both_edges_speak_tls_to_who_trusts_the_certificate(certificate: tuple[Path, Path]) -> None:
    async with running(None, tls=certificate) as served:
        trusted = grpc.ssl_channel_credentials(certificate[0].read_bytes())
        async with grpc.aio.secure_channel(f"localhost:{served.grpc_port}", trusted) as channel:
            assert (await GatewayStub(channel).Topology(messages.TopologyRequest())).clusterSize == 1
        async with httpx.AsyncClient(verify=ssl.create_default_context(cafile=certificate[0])) as http:
            reply = await http.get(f"https://localhost:{served.rest_port}/v2/topology")
            assert reply.json()["clusterSize"] == 1


async def test_plain_text_is_not_answered_where_tls_is_on(certificate: tuple[Path, Path]) -> None:
    async with running(None, tls=certificate) as served:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{served.grpc_port}") as channel:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await GatewayStub(channel).Topology(messages.TopologyRequest(), timeout=5)
            assert refused.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
        async with httpx.AsyncClient() as http:
            with pytest.raises(httpx.TransportError):
                await http.get(f"http://127.0.0.1:{served.rest_port}/v2/topology")


async def test_tls_and_token_together_let_in_only_who_has_both(certificate: tuple[Path, Path]) -> None:
    async with running(None, token=TOKEN, tls=certificate) as served:
        trusted = grpc.ssl_channel_credentials(certificate[0].read_bytes())
        async with grpc.aio.secure_channel(f"localhost:{served.grpc_port}", trusted) as channel:
            stub = GatewayStub(channel)
            for metadata in ((), (("authorization", "Bearer wrong"),)):
                with pytest.raises(grpc.aio.AioRpcError) as refused:
                    await stub.Topology(messages.TopologyRequest(), metadata=metadata)
                assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
            assert (await stub.Topology(messages.TopologyRequest(), metadata=WITH_TOKEN)).clusterSize == 1
        address = f"https://localhost:{served.rest_port}"
        async with httpx.AsyncClient(
            verify=ssl.create_default_context(cafile=certificate[0]), base_url=address
        ) as http:
            refused_reply = await http.get("/v2/topology")
            assert refused_reply.status_code == 401
            assert refused_reply.headers["content-type"] == "application/problem+json"
            assert (await http.get("/v2/topology", headers={"Authorization": f"Bearer {TOKEN}"})).is_success


async def test_a_certificate_that_cannot_be_used_is_one_clear_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("not a certificate")
    with pytest.raises(CannotServe, match="certificate and its private key"):
        async with running(None, tls=(broken, broken)):
            pass


def test_a_certificate_without_its_key_is_refused_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--tls-cert", str(tmp_path / "engine.crt")]) == 1
    assert "--tls-cert and --tls-key together" in capsys.readouterr().err
