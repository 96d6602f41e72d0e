"""Against a real engine: the report, a batch that resumes and undoes, nothing twice, no timer begun anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lienthong.orchestration.client import OrchestrationClient
from lienthong.redeploy.batch import Batches, BatchFiles
from lienthong.redeploy.changes import read_process
from lienthong.redeploy.impact import Verdict
from lienthong.redeploy.report import VersionImpact, as_csv, group_id, impact_on, items
from tests.redeploy.served import NEW, OLD, served, started, task_of

CHOSEN = {"check": "verify"}


@pytest.fixture
def client() -> Iterator[OrchestrationClient]:
    with served() as running:
        yield running


def report(client: OrchestrationClient, chosen: dict[str, str] | None = None, but: str = "") -> VersionImpact:
    (found,) = impact_on(client, read_process(NEW, "licence"), lambda keys: dict.fromkeys(keys, "H"), chosen, but)
    return found


def batch(client: OrchestrationClient, folder: Path) -> tuple[Batches, str]:
    deployed = client.deploy([("demo/licence.bpmn", NEW)])["deployments"][0]["processDefinition"]
    key = str(deployed["processDefinitionKey"])
    found = report(client, CHOSEN, key)
    rows = items(found, key, [group_id(group.marking) for group in found.impact.groups])
    batches = Batches(BatchFiles(folder), client)
    return batches, batches.files.create(rows, "quantri", "2026-11-24T03:00:00Z")


def test_the_report_sorts_the_dossiers_and_a_mapping_settles_what_needed_a_choice(client: OrchestrationClient) -> None:
    started(client, 9)
    first = report(client).impact
    assert [first.count(verdict) for verdict in Verdict] == [3, 6, 0]
    assert {reason.code for group in first.groups for reason in group.reasons} == {"unmapped", "join"}
    second = report(client, CHOSEN).impact
    assert [second.count(verdict) for verdict in Verdict] == [9, 0, 0]


def test_what_was_moved_goes_on_in_the_new_version_to_its_end(client: OrchestrationClient, tmp_path: Path) -> None:
    keys = started(client, 3)
    batches, job_id = batch(client, tmp_path)
    batches.start(job_id)
    batches.wait(job_id)
    assert batches.progress(job_id)["counts"] == {"moved": 3}
    for element_id, number in (("verify", 0), ("appraise", 0), ("appraise", 1)):
        client.complete_user_task(task_of(client, keys[number], element_id))
    for key in keys:
        client.complete_user_task(task_of(client, key, "decide"))
        client.complete_user_task(task_of(client, key, "inspect"))
    assert client.search_process_instances({"state": "ACTIVE"}) == []


def test_undo_moves_back_only_what_still_stands_on_mapped_elements(client: OrchestrationClient, tmp_path: Path) -> None:
    keys = started(client, 3)
    batches, job_id = batch(client, tmp_path)
    batches.run(job_id)
    client.complete_user_task(task_of(client, keys[2], "decide"))  # it waits at the new step now
    batches.files.write(job_id, {**batches.files.read(job_id), "wish": "undo"})
    batches.run(job_id)
    progress = batches.progress(job_id)
    assert progress["counts"] == {"undone": 2, "kept": 1}
    versions = {item["processInstanceKey"]: item["processDefinitionVersion"] for item in _all(client)}
    assert [versions[key] for key in keys] == [1, 1, 2]


def test_a_batch_that_was_cut_short_goes_on_and_moves_nothing_twice(
    client: OrchestrationClient, tmp_path: Path
) -> None:
    started(client, 6)
    batches, job_id = batch(client, tmp_path)
    batches.run(job_id)
    log = tmp_path / job_id / "outcomes.jsonl"
    lines = log.read_text("utf-8").splitlines()
    log.write_text("\n".join(lines[:3]) + '\n{"key": "1', "utf-8")  # the crash came in the middle of a line
    calls: list[str] = []
    again = Batches(BatchFiles(tmp_path), Counting(client, calls))
    assert again.progress(job_id)["state"] == "paused"
    again.run(job_id)
    assert again.progress(job_id)["counts"] == {"moved": 6}
    assert calls == []


def test_a_paused_batch_stops_after_the_items_in_hand(client: OrchestrationClient, tmp_path: Path) -> None:
    started(client, 3)
    batches, job_id = batch(client, tmp_path)
    batches.pause(job_id)
    batches.run(job_id)
    assert batches.progress(job_id)["counts"] == {"waiting": 3}
    batches.start(job_id)
    batches.wait(job_id)
    assert batches.progress(job_id)["left"] == 0


def test_an_instance_that_ended_meanwhile_is_told_so_and_the_file_says_it(
    client: OrchestrationClient, tmp_path: Path
) -> None:
    keys = started(client, 3)
    batches, job_id = batch(client, tmp_path)
    client.cancel_process_instance(keys[0])
    batches.run(job_id)
    progress = batches.progress(job_id)
    assert progress["counts"] == {"moved": 2, "ended": 1}
    assert [line.split(",")[4] for line in as_csv(progress).splitlines()].count("moved") == 2


def test_a_mapped_timer_is_said_to_be_kept(client: OrchestrationClient) -> None:
    started(client, 1)
    (group,) = report(client, CHOSEN).impact.groups
    assert [each["en"] for each in group.timers] == ["The timer «late» keeps when it is due."]
    assert read_process(OLD, "licence").elements["late"].attached_to == "appraise"


class Counting:
    """The client, noting each migration."""

    def __init__(self, client: OrchestrationClient, calls: list[str]) -> None:
        self._client, self._calls = client, calls

    def process_instance(self, key: str) -> dict[str, object] | None:
        return self._client.process_instance(key)

    def migrate_process_instance(self, key: str, target_definition_key: str, mapping: object) -> None:
        self._calls.append(key)


def _all(client: OrchestrationClient) -> list[dict[str, object]]:
    return client.search_process_instances({"state": "ACTIVE"})


def test_a_job_is_read_as_it_was_written(tmp_path: Path) -> None:
    files = BatchFiles(tmp_path)
    leg = {"source": "1", "target": "2", "mapping": {"a": "b"}}
    rows = [{"key": str(number), "dossierCode": f"H{number}", **leg} for number in range(3)]
    job = files.read(files.create(rows, "quantri", "2026-11-24T03:00:00Z"))
    assert (job["items"], job["wish"]) == (rows, "run")
    assert files.ids() == [job["id"]]
