"""zbctl 8.4.1, unchanged: every subcommand that speaks to a gateway."""

import json
import platform
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import edge_models
import httpx
import pytest

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("clients")]
Zbctl = Callable[..., Any]


@pytest.fixture(scope="module")
def binary(node_packages: Path) -> Path:
    """The program inside the package."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("zbctl's package holds a Linux program for x86-64")
    found = node_packages / "zbctl" / "bin" / "zbctl-cli.linux"
    found.chmod(0o755)
    return found


@pytest.fixture(scope="module")
def zbctl(engine: Any, binary: Path) -> Zbctl:
    """Run a subcommand; its JSON, or its text when it prints none."""

    def run(*arguments: str, fails: bool = False) -> Any:
        command = [str(binary), *arguments, "--insecure", "--address", f"127.0.0.1:{engine.grpc}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError:
            return done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def models(zbctl: Zbctl, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One of everything, deployed by zbctl."""
    folder = tmp_path_factory.mktemp("models")
    files = {
        "one.bpmn": edge_models.one_task(),
        "no.bpmn": edge_models.no_task(),
        "message.bpmn": edge_models.message(),
        "check.form": edge_models.FORM,
        "fees.dmn": edge_models.DECISION,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return zbctl("deploy", "resource", *(str(folder / name) for name in files))


def activated(zbctl: Zbctl) -> Any:
    """The job of a new instance."""
    zbctl("create", "instance", "one-task", "--variables", '{"amount": 5}')
    return zbctl("activate", "jobs", "work", "--maxJobsToActivate", "1", "--worker", "zbctl")["jobs"][0]


def incident_of(engine: Any, instance: str) -> Any:
    """The incident of an instance, from REST."""
    wanted = {"filter": {"processInstanceKey": instance, "state": "ACTIVE"}}
    return httpx.post(f"http://127.0.0.1:{engine.rest}/v2/incidents/search", json=wanted).json()["items"][0]


def test_status_tells_the_topology(zbctl: Zbctl) -> None:
    assert zbctl("status", "-o", "json")["clusterSize"] == 1
    assert "Leader, Healthy" in zbctl("status")


def test_deploy_names_every_resource(models: Any, zbctl: Zbctl, tmp_path: Path) -> None:
    kinds = [next(iter(each)) for each in models["deployments"]]
    assert kinds == ["process", "process", "process", "decision", "decisionRequirements", "form"]
    (tmp_path / "again.bpmn").write_bytes(edge_models.no_task("again"))
    old = zbctl("deploy", str(tmp_path / "again.bpmn"), "--resourceNames", "again.bpmn")
    assert old["processes"][0]["bpmnProcessId"] == "again"


def test_create_instance_by_id_by_key_and_with_result(models: Any, zbctl: Zbctl) -> None:
    key = models["deployments"][1]["process"]["processDefinitionKey"]
    assert zbctl("create", "instance", "no-task")["version"] == 1
    assert zbctl("create", "instance", key)["bpmnProcessId"] == "no-task"
    result = zbctl("create", "instance", "no-task", "--withResult", "--variables", '{"a": 1}')
    assert json.loads(result["variables"]) == {"a": 1}
    assert "NotFound" in zbctl("create", "instance", "nowhere", fails=True)


def test_a_job_is_activated_and_completed(models: Any, zbctl: Zbctl) -> None:
    job = activated(zbctl)
    assert (json.loads(job["variables"]), job["retries"]) == ({"amount": 5}, 3)
    zbctl("complete", "job", job["key"], "--variables", '{"done": true}')
    assert "NotFound" in zbctl("complete", "job", job["key"], fails=True)


def test_a_job_fails_gets_retries_and_its_incident_is_resolved(models: Any, zbctl: Zbctl, engine: Any) -> None:
    job = activated(zbctl)
    zbctl("fail", "job", job["key"], "--retries", "0", "--errorMessage", "down", "--retryBackoff", "0s")
    incident = incident_of(engine, job["processInstanceKey"])
    assert incident["errorMessage"] == "down"
    zbctl("update", "retries", job["key"], "--retries", "2")
    zbctl("resolve", "incident", incident["incidentKey"])
    again = zbctl("activate", "jobs", "work", "--maxJobsToActivate", "1")["jobs"][0]
    assert (again["key"], again["retries"]) == (job["key"], 2)
    zbctl("update", "timeout", job["key"], "--timeout", "60000")
    zbctl("cancel", "instance", job["processInstanceKey"])


def test_an_error_that_nobody_catches_is_an_incident(models: Any, zbctl: Zbctl, engine: Any) -> None:
    job = activated(zbctl)
    zbctl("throwError", "job", job["key"], "--errorCode", "refused", "--errorMessage", "no")
    assert incident_of(engine, job["processInstanceKey"])["errorType"] == "UNHANDLED_ERROR_EVENT"
    zbctl("cancel", "instance", job["processInstanceKey"])
    assert "NotFound" in zbctl("cancel", "instance", job["processInstanceKey"], fails=True)


def test_variables_messages_signals_and_decisions(models: Any, zbctl: Zbctl) -> None:
    instance = zbctl("create", "instance", "message", "--variables", '{"dossierCode": "H7"}')["processInstanceKey"]
    assert int(zbctl("set", "variables", instance, "-o", "json", "--variables", '{"more": 1}')["key"]) > 0
    sent = zbctl("publish", "message", "payment-received", "--correlationKey", "H7", "--ttl", "1m")
    assert int(sent["key"]) > 0
    assert "NotFound" in zbctl("cancel", "instance", instance, fails=True)
    assert int(zbctl("broadcast", "signal", "nobody-waits", "--variables", "{}")["key"]) > 0
    fee = zbctl("evaluate", "decision", "fee", "--variables", '{"area": "city"}')
    assert json.loads(fee["decisionOutput"]) == 4_000_000


def test_a_worker_hands_jobs_to_a_command(models: Any, engine: Any, binary: Path, zbctl: Zbctl) -> None:
    instance = zbctl("create", "instance", "one-task")["processInstanceKey"]
    command = [str(binary), "create", "worker", "work", "--handler", "cat", "--insecure"]
    working = subprocess.Popen(
        [*command, "--address", f"127.0.0.1:{engine.grpc}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert working.stdout is not None
        assert any("completed job" in line.lower() for line in working.stdout), "the worker ended without a job"
    finally:
        working.kill()
        working.wait()
        working.stdout.close()
    assert "NotFound" in zbctl("cancel", "instance", instance, fails=True)


def test_a_resource_is_deleted(models: Any, zbctl: Zbctl, tmp_path: Path) -> None:
    (tmp_path / "short.bpmn").write_bytes(edge_models.no_task("short-lived"))
    made = zbctl("deploy", "resource", str(tmp_path / "short.bpmn"))["deployments"][0]["process"]
    zbctl("delete", "resource", made["processDefinitionKey"])
    assert "NotFound" in zbctl("create", "instance", "short-lived", fails=True)
