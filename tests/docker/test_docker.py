"""What is served in containers is what `make run` supervises: schemas, profiles, entry points, alert rules."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from connectors.circuit import CircuitMetrics
from lienthong.cli import COMMANDS
from lienthong.engine.runtime.metrics import EngineMetrics
from lienthong.stack import PROCESSES
from workers.metrics import WorkerMetrics

DOCKER = Path(__file__).resolve().parents[2] / "docker"
BIN = Path(sys.executable).parent
SECRETS = {
    "LIENTHONG_SECRET_KEY": "1",
    "LIENTHONG_PAYMENT_SECRET": "2",
    "LIENTHONG_POPULATION_SECRET": "3",
    "LIENTHONG_S3_SECRET_KEY": "4",
    "LIENTHONG_ENGINE_TOKEN": "5",
    "POSTGRES_PASSWORD": "6",
}
needs_compose = pytest.mark.skipif(not shutil.which("docker-compose"), reason="needs Debian's docker-compose")
needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="needs promtool of Debian's prometheus")


def run(*command: str | Path, environment: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    path = {"PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin"}
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, cwd=DOCKER, env=path | (environment or {})
    )


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def supervised() -> configparser.RawConfigParser:
    """The template filled in for a machine on which the sandbox is left out."""
    running = {f"run_{name}": str(name != "sandbox").lower() for name in PROCESSES}
    names = {"bin": "/b", "root": "/r", "var": "/v", "grpc_port": "1", "rest_port": "2", "archive": "", **running}
    parser = configparser.RawConfigParser(inline_comment_prefixes=None)
    parser.read_string(Template((DOCKER / "supervisord.conf.template").read_text(encoding="utf-8")).substitute(names))
    return parser


def targets() -> dict[str, list[str]]:
    """The entry point of each image."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    found = {}
    for stage in stages:
        name = re.match(r"\S+ AS (\S+)", stage)
        point = re.findall(r"^ENTRYPOINT (\[.*\])$", stage, flags=re.MULTILINE)
        assert name is not None
        found[name.group(1)] = yaml.safe_load(point[-1]) if point else []
    return found


def test_the_compose_file_follows_the_compose_specification() -> None:
    answer = run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")
    assert answer.returncode == 0, answer.stdout


@needs_compose
@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("embedded", {"engine", "web", "worker", "sandbox", "s3"}),
        (
            "camunda",
            {"orchestration", "postgres", "camunda-volume", "web-camunda", "worker-camunda", "sandbox", "s3"},
        ),
        ("metrics", {"prometheus"}),
    ],
)
def test_a_profile_starts_these_services(profile: str, expected: set[str]) -> None:
    answer = run("docker-compose", "-f", "compose.yaml", "--profile", profile, "config", environment=SECRETS)
    assert answer.returncode == 0, answer.stderr
    services = yaml.safe_load(answer.stdout)["services"]
    assert {name for name, service in services.items() if profile in service["profiles"]} == expected


@needs_compose
def test_without_secrets_nothing_starts() -> None:
    answer = run("docker-compose", "-f", "compose.yaml", "--profile", "embedded", "config")
    assert answer.returncode != 0
    assert "LIENTHONG_SECRET_KEY" in answer.stderr


def test_every_secret_is_in_the_example_and_has_no_value_there() -> None:
    lines = (DOCKER / "example.env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    used = set(re.findall(r"\$\{(\w+)", (DOCKER / "compose.yaml").read_text(encoding="utf-8")))
    assert given == dict.fromkeys(used, "")


def test_only_loopback_is_published(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_entry_point_of_each_image_is_a_command_that_is_supervised() -> None:
    points = targets()
    for process in PROCESSES:
        assert points[process] == ["lienthong", process]
        assert process in COMMANDS


def test_every_service_of_ours_is_built_from_its_target(compose: dict[str, Any]) -> None:
    built = {name: service["build"]["target"] for name, service in compose["services"].items() if "build" in service}
    assert set(built.values()) == set(PROCESSES)
    assert all(name.removesuffix("-camunda") == target for name, target in built.items())


def test_supervision_restarts_each_process_and_opens_no_port(supervised: configparser.RawConfigParser) -> None:
    assert not supervised.has_section("inet_http_server")
    programs = [name.removeprefix("program:") for name in supervised.sections() if name.startswith("program:")]
    assert sorted(programs) == sorted(PROCESSES)
    for name in programs:
        section = supervised[f"program:{name}"]
        assert (section["autorestart"], section["startsecs"]) == ("true", "1")
        assert int(section["startretries"]) >= 100_000
        assert section["stdout_logfile"] == f"/v/log/{name}.log"
        assert section["command"].startswith(f'"/b/lienthong" {name}')
        assert section["autostart"] == str(name != "sandbox").lower()


def test_the_sandbox_schema_and_pages_go_into_the_image() -> None:
    ignored = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert not {"connectors", "law", "bpmn", "docker"} & set(ignored)


@needs_promtool
@pytest.mark.parametrize(
    "command",
    [("check", "rules", "rules.yml"), ("test", "rules", "rules_test.yaml"), ("check", "config", "prometheus.yaml")],
)
def test_alert_rules(command: tuple[str, ...]) -> None:
    answer = subprocess.run(["promtool", *command], cwd=DOCKER / "prometheus", capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_metric_of_the_rules_is_one_that_a_process_has() -> None:
    registry = CollectorRegistry()
    WorkerMetrics(registry)
    CircuitMetrics(registry)
    known = set()
    for family in [*registry.collect(), *EngineMetrics().registry.collect()]:
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
        known |= {family.name + suffix for suffix in suffixes}
    used = set(re.findall(r"lienthong_\w+", (DOCKER / "prometheus" / "rules.yml").read_text(encoding="utf-8")))
    assert used
    assert used - known == set()


def test_every_alert_says_what_is_wrong_and_what_to_do_in_both_languages() -> None:
    groups = yaml.safe_load((DOCKER / "prometheus" / "rules.yml").read_text(encoding="utf-8"))["groups"]
    for rule in (rule for group in groups for rule in group["rules"]):
        assert set(rule["annotations"]) == {"summary", "action"}
        assert all(" / " in text for text in rule["annotations"].values())
        assert rule["labels"]["severity"] in ("warning", "critical")
