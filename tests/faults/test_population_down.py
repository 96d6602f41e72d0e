"""The population service is away: tries with a growing wait, then one incident that says what to do; then on."""

import json
import re
from itertools import pairwise
from typing import Any

import httpx
import pytest
from running import Running, eventually

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.xdist_group("stack"), pytest.mark.timeout(240)]


def retries_in_log(running: Running, code: str) -> list[dict[str, Any]]:
    lines = [line for line in running.log("worker").splitlines() if line.startswith("{") and code in line]
    events = [json.loads(line) for line in lines]
    return [event for event in events if event.get("job_type") == "look_up_citizen" and "backoff_ms" in event]


def test_retries_then_one_incident_and_on_when_it_is_back(running: Running) -> None:
    applicant = running.applicant()
    running.fault("population", down=True)
    code = running.file(applicant, "karaoke", needsCriminalRecord=False)

    [incident] = eventually(lambda: running.incidents(code), 90, "an incident")

    waits = retries_in_log(running, code)
    tried = [event["retries"] for event in waits if "retries" in event]
    assert tried == sorted(tried, reverse=True) and len(set(tried)) == running.settings.job_retries - 1
    assert incident["errorType"] == "JOB_NO_RETRIES"
    assert "population" in incident["errorMessage"] and "503" in incident["errorMessage"]
    assert re.search(r"Check that the population service runs .* resolve this incident", incident["errorMessage"])
    assert "052199000002" not in incident["errorMessage"]

    console = running.officer("quantri")
    listed = [item for item in console.get("/console/incidents")["incidents"] if item["dossierCode"] == code]
    assert [item["key"] for item in listed] == [str(incident["incidentKey"])]

    running.fault("population")
    answer = console.post(f"/console/incidents/{incident['incidentKey']}/retry")
    assert answer["outcome"] in ("resolved", "pending")
    eventually(lambda: not running.incidents(code), 20, "the incident to be gone")
    running.drive(code, applicant)
    assert running.dossier(code).delivery_status == "handed_over"
    everything = running.cast.engine.search_incidents({"processInstanceKey": incident["processInstanceKey"]})
    assert [str(item["incidentKey"]) for item in everything] == [str(incident["incidentKey"])]


def test_a_short_outage_needs_nobody(running: Running) -> None:
    applicant = running.applicant()
    running.fault("population", fail_next=2)
    code = running.file(applicant, "karaoke", needsCriminalRecord=False)
    running.drive(code, applicant)
    assert running.dossier(code).delivery_status == "handed_over"
    events = retries_in_log(running, code)
    assert all(later["backoff_ms"] >= earlier["backoff_ms"] for earlier, later in pairwise(events))
    assert httpx.get(f"{running.settings.sandbox_url}/_faults/population").json()["fail_next"] == 0
