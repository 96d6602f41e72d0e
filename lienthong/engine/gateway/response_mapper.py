"""Replies of the core become gRPC messages. All JSON text in them is valid JSON: clients parse it unguarded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
from pyzeebe.proto import gateway_pb2 as messages

from lienthong.engine.protocol.records import Value
from lienthong.engine.runtime.results import CreatedWithResult

DEFAULT_TENANT = "<default>"
LARGEST_MESSAGE = 4 * 1024 * 1024
ROOM_FOR_FRAMING = 64 * 1024
LARGEST_JOB = LARGEST_MESSAGE - ROOM_FOR_FRAMING
VERSION = "8.8.0"


def json_text(value: Any) -> str:
    """JSON of any value of a reply; text and bytes are JSON already."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode("utf-8")
    except TypeError:  # integers beyond 64 bits
        return json.dumps(value, ensure_ascii=False)


def value_text(value: Any) -> str:
    """JSON of a plain value: text becomes a JSON string."""
    try:
        return orjson.dumps(value).decode("utf-8")
    except TypeError:
        return json.dumps(value, ensure_ascii=False)


def activated_job(job: Value) -> messages.ActivatedJob:
    """One job."""
    return messages.ActivatedJob(
        key=job["key"],
        type=job["type"],
        processInstanceKey=job["processInstanceKey"],
        bpmnProcessId=job["bpmnProcessId"],
        processDefinitionVersion=job["processDefinitionVersion"],
        processDefinitionKey=job["processDefinitionKey"],
        elementId=job["elementId"],
        elementInstanceKey=job["elementInstanceKey"],
        customHeaders=json_text(job.get("customHeaders") or {}),
        worker=job.get("worker") or "",
        retries=job["retries"],
        deadline=job["deadline"],
        variables=json_text(job.get("variables") or {}),
        tenantId=DEFAULT_TENANT,
    )


def job_batches(jobs: list[messages.ActivatedJob]) -> Iterator[messages.ActivateJobsResponse]:
    """As few messages as the limit of 4 MB allows."""
    together: list[messages.ActivatedJob] = []
    size = 0
    for job in jobs:
        own = job.ByteSize()
        if size and size + own > LARGEST_JOB:
            yield messages.ActivateJobsResponse(jobs=together)
            together, size = [], 0
        together.append(job)
        size += own
    if together:
        yield messages.ActivateJobsResponse(jobs=together)


def created(reply: Value) -> messages.CreateProcessInstanceResponse:
    """CreateProcessInstance."""
    return messages.CreateProcessInstanceResponse(
        processDefinitionKey=reply["processDefinitionKey"],
        bpmnProcessId=reply["bpmnProcessId"],
        version=reply["version"],
        processInstanceKey=reply["processInstanceKey"],
        tenantId=DEFAULT_TENANT,
    )


def created_with_result(
    result: CreatedWithResult, wanted: list[str]
) -> messages.CreateProcessInstanceWithResultResponse:
    """CreateProcessInstanceWithResult."""
    reply = result.reply
    return messages.CreateProcessInstanceWithResultResponse(
        processDefinitionKey=reply["processDefinitionKey"],
        bpmnProcessId=reply["bpmnProcessId"],
        version=reply["version"],
        processInstanceKey=reply["processInstanceKey"],
        variables=result.variables_text(wanted),
        tenantId=DEFAULT_TENANT,
    )


def process_metadata(value: Value) -> messages.ProcessMetadata:
    """One deployed process."""
    return messages.ProcessMetadata(
        bpmnProcessId=value["bpmnProcessId"],
        version=value["version"],
        processDefinitionKey=value["processDefinitionKey"],
        resourceName=value["resourceName"],
        tenantId=DEFAULT_TENANT,
    )


def deployed(reply: Value) -> messages.DeployResourceResponse:
    """DeployResource: all processes, then decisions, then their requirements, then forms."""
    response = messages.DeployResourceResponse(key=reply["key"], tenantId=DEFAULT_TENANT)
    for value in reply.get("processes", ()):
        response.deployments.add().process.CopyFrom(process_metadata(value))
    for value in reply.get("decisions", ()):
        decision = messages.DecisionMetadata(
            dmnDecisionId=value["dmnDecisionId"],
            dmnDecisionName=value["dmnDecisionName"],
            version=value["version"],
            decisionKey=value["decisionKey"],
            dmnDecisionRequirementsId=value["dmnDecisionRequirementsId"],
            decisionRequirementsKey=value["decisionRequirementsKey"],
            tenantId=DEFAULT_TENANT,
        )
        response.deployments.add().decision.CopyFrom(decision)
    for value in reply.get("decisionRequirements", ()):
        requirements = messages.DecisionRequirementsMetadata(
            dmnDecisionRequirementsId=value["dmnDecisionRequirementsId"],
            dmnDecisionRequirementsName=value["dmnDecisionRequirementsName"],
            version=value["version"],
            decisionRequirementsKey=value["decisionRequirementsKey"],
            resourceName=value["resourceName"],
            tenantId=DEFAULT_TENANT,
        )
        response.deployments.add().decisionRequirements.CopyFrom(requirements)
    for value in reply.get("forms", ()):
        form = messages.FormMetadata(
            formId=value["formId"],
            version=value["version"],
            formKey=value["formKey"],
            resourceName=value["resourceName"],
            tenantId=DEFAULT_TENANT,
        )
        response.deployments.add().form.CopyFrom(form)
    return response


def deployed_processes(reply: Value) -> messages.DeployProcessResponse:
    """DeployProcess, the older call."""
    response = messages.DeployProcessResponse(key=reply["key"])
    for value in reply.get("processes", ()):
        response.processes.append(process_metadata(value))
    return response


def _evaluated(value: Value) -> messages.EvaluatedDecision:
    decision = messages.EvaluatedDecision(
        decisionKey=value.get("decisionKey", 0),
        decisionId=value["decisionId"],
        decisionName=value.get("decisionName") or "",
        decisionVersion=value.get("decisionVersion", 0),
        decisionType=value.get("decisionType") or "UNKNOWN",
        decisionOutput=value_text(value.get("decisionOutput")),
        tenantId=DEFAULT_TENANT,
    )
    for each in value.get("evaluatedInputs") or ():
        decision.evaluatedInputs.add(
            inputId=each["inputId"], inputName=each.get("inputName") or "", inputValue=value_text(each["inputValue"])
        )
    for rule in value.get("matchedRules") or ():
        matched = decision.matchedRules.add(ruleId=rule["ruleId"], ruleIndex=rule["ruleIndex"])
        for each in rule.get("evaluatedOutputs") or ():
            matched.evaluatedOutputs.add(
                outputId=each["outputId"],
                outputName=each.get("outputName") or "",
                outputValue=value_text(each["outputValue"]),
            )
    return decision


def evaluated(reply: Value) -> messages.EvaluateDecisionResponse:
    """EvaluateDecision; a failed evaluation is a reply too."""
    response = messages.EvaluateDecisionResponse(
        decisionKey=reply["decisionKey"],
        decisionId=reply["decisionId"],
        decisionName=reply.get("decisionName") or "",
        decisionVersion=reply.get("decisionVersion", 0),
        decisionRequirementsId=reply.get("decisionRequirementsId") or "",
        decisionRequirementsKey=reply.get("decisionRequirementsKey") or 0,
        decisionOutput=reply.get("decisionOutput") or "null",
        failedDecisionId=reply.get("failedDecisionId") or "",
        failureMessage=reply.get("failureMessage") or "",
        tenantId=DEFAULT_TENANT,
        decisionInstanceKey=reply.get("decisionInstanceKey") or reply.get("decisionEvaluationKey") or 0,
    )
    response.evaluatedDecisions.extend(_evaluated(each) for each in reply.get("evaluatedDecisions") or ())
    return response


def topology(host: str, port: int, healthy: bool) -> messages.TopologyResponse:
    """Topology: one broker with one partition, which it leads."""
    response = messages.TopologyResponse(clusterSize=1, partitionsCount=1, replicationFactor=1, gatewayVersion=VERSION)
    broker = response.brokers.add(nodeId=0, host=host, port=port, version=VERSION)
    health = messages.Partition.HEALTHY if healthy else messages.Partition.UNHEALTHY
    broker.partitions.add(partitionId=1, role=messages.Partition.LEADER, health=health)
    return response
