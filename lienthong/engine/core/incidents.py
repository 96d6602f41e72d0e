"""Incidents: an element or a job stands still until somebody has helped."""

from __future__ import annotations

from lienthong.engine.core.entities import ElementInstance, JobState
from lienthong.engine.core.step import Failure, Step, Verb, not_found, wrong_state
from lienthong.engine.protocol.records import Command, Intent, ValueType


def raise_incident(
    step: Step, instance: ElementInstance, failure: Failure, job_key: int = -1, *, bans: bool = False
) -> None:
    """The element (or its job) stands still because of `failure`; `bans`: so does its whole process instance."""
    job = step.state.jobs.get(job_key)
    record = {
        "errorType": failure.error_type,
        "errorMessage": failure.message,
        "bpmnProcessId": instance.value["bpmnProcessId"],
        "processDefinitionKey": instance.definition_key,
        "processInstanceKey": instance.process_instance_key,
        "elementId": instance.element_id,
        "elementInstanceKey": instance.key,
        "variableScopeKey": instance.key,
        "jobKey": job_key,
        "jobType": job.type if job is not None else "",
    }
    if bans:
        record["bans"] = True
    step.emit(ValueType.INCIDENT, Intent.CREATED, step.next_key(), record)


def close_all(step: Step, instance: ElementInstance) -> None:
    """The element ends, its incidents with it."""
    for key in list(instance.incidents):
        step.emit(ValueType.INCIDENT, Intent.RESOLVED, key, step.state.incidents[key].value)


def resolve(step: Step, command: Command) -> None:
    """Close the incident and try again what it blocked; a new failure is a new incident."""
    incident = step.state.incidents.get(command.key)
    if incident is None:
        not_found("an incident with key", command.key)
    job = step.state.jobs.get(incident.job_key)
    if job is not None and job.state is JobState.FAILED and job.value["retries"] < 1:
        wrong_state(f"Expected job {job.key} to have retries left before its incident is resolved, but it has none")
    step.emit(ValueType.INCIDENT, Intent.RESOLVED, command.key, incident.value)
    if job is not None:
        step.emit(ValueType.JOB, Intent.RECURRED, job.key, {**job.value, "recurDate": -1})
        return
    retry(step, step.state.elements[incident.element_instance_key])


def retry(step: Step, instance: ElementInstance) -> None:
    """Do again what the element could not do."""
    activating = instance.state is Intent.ELEMENT_ACTIVATING
    step.follow(Verb.ACTIVATE if activating else Verb.COMPLETE, instance.key)
