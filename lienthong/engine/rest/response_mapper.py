"""Replies of the core become REST's JSON: keys as text, every field that the published models require."""

from __future__ import annotations

import json
from typing import Any

import orjson

from lienthong.engine.protocol.records import Value
from lienthong.engine.rest.edge import Body

DEFAULT_TENANT = "<default>"
VERSION = "8.8.0"


def json_text(value: Any) -> str:
    """JSON text of a plain value: text becomes a JSON string."""
    try:
        return orjson.dumps(value).decode("utf-8")
    except TypeError:  # integers beyond 64 bits
        return json.dumps(value, ensure_ascii=False)


def _key(value: Any) -> str | None:
    return str(value) if value and int(value) > 0 else None


def created(reply: Value, variables: Body, tags: list[str]) -> Body:
    """A created process instance."""
    return {
        "processDefinitionId": reply["bpmnProcessId"],
        "processDefinitionVersion": reply["version"],
        "processDefinitionKey": str(reply["processDefinitionKey"]),
        "processInstanceKey": str(reply["processInstanceKey"]),
        "tenantId": DEFAULT_TENANT,
        "variables": variables,
        "tags": tags,
        "businessId": None,
    }


def activated_job(job: Value) -> Body:
    """An activated job."""
    return {
        "jobKey": str(job["key"]),
        "type": job["type"],
        "processDefinitionId": job["bpmnProcessId"],
        "processDefinitionVersion": job["processDefinitionVersion"],
        "processDefinitionKey": str(job["processDefinitionKey"]),
        "processInstanceKey": str(job["processInstanceKey"]),
        "rootProcessInstanceKey": _key(job.get("rootProcessInstanceKey")),
        "elementId": job["elementId"],
        "elementInstanceKey": str(job["elementInstanceKey"]),
        "customHeaders": job.get("customHeaders") or {},
        "worker": job.get("worker") or "",
        "retries": job["retries"],
        "deadline": job["deadline"],
        "variables": job.get("variables") or {},
        "tenantId": DEFAULT_TENANT,
        "kind": "BPMN_ELEMENT",
        "listenerEventType": "UNSPECIFIED",
        "userTask": None,
        "tags": job.get("tags") or [],
    }


def _deployment(**filled: Body) -> Body:
    names = ("processDefinition", "decisionDefinition", "decisionRequirements", "form", "resource")
    return {name: filled.get(name) for name in names}


def deployed(reply: Value) -> Body:
    """A deployment: processes, decisions, their requirements, forms."""
    tenant = {"tenantId": DEFAULT_TENANT}
    deployments = [
        _deployment(
            processDefinition={
                "processDefinitionId": value["bpmnProcessId"],
                "processDefinitionVersion": value["version"],
                "processDefinitionKey": str(value["processDefinitionKey"]),
                "resourceName": value["resourceName"],
                **tenant,
            }
        )
        for value in reply.get("processes", ())
    ]
    deployments += [
        _deployment(
            decisionDefinition={
                "decisionDefinitionId": value["dmnDecisionId"],
                "decisionDefinitionKey": str(value["decisionKey"]),
                "name": value["dmnDecisionName"],
                "version": value["version"],
                "decisionRequirementsId": value["dmnDecisionRequirementsId"],
                "decisionRequirementsKey": str(value["decisionRequirementsKey"]),
                **tenant,
            }
        )
        for value in reply.get("decisions", ())
    ]
    deployments += [
        _deployment(
            decisionRequirements={
                "decisionRequirementsId": value["dmnDecisionRequirementsId"],
                "decisionRequirementsName": value["dmnDecisionRequirementsName"],
                "decisionRequirementsKey": str(value["decisionRequirementsKey"]),
                "version": value["version"],
                "resourceName": value["resourceName"],
                **tenant,
            }
        )
        for value in reply.get("decisionRequirements", ())
    ]
    deployments += [
        _deployment(
            form={
                "formId": value["formId"],
                "formKey": str(value["formKey"]),
                "version": value["version"],
                "resourceName": value["resourceName"],
                **tenant,
            }
        )
        for value in reply.get("forms", ())
    ]
    return {"deploymentKey": str(reply["key"]), "deployments": deployments, **tenant}


def _evaluated(value: Value, evaluation_key: str, index: int) -> Body:
    return {
        "decisionDefinitionId": value["decisionId"],
        "decisionDefinitionKey": str(value.get("decisionKey") or 0),
        "decisionDefinitionName": value.get("decisionName") or "",
        "decisionDefinitionVersion": value.get("decisionVersion") or 0,
        "decisionDefinitionType": value.get("decisionType") or "UNKNOWN",
        "decisionEvaluationInstanceKey": f"{evaluation_key}-{index}",
        "output": json_text(value.get("decisionOutput")),
        "tenantId": DEFAULT_TENANT,
        "evaluatedInputs": [
            {
                "inputId": each["inputId"],
                "inputName": each.get("inputName") or "",
                "inputValue": json_text(each["inputValue"]),
            }
            for each in value.get("evaluatedInputs") or ()
        ],
        "matchedRules": [matched_rule(rule) for rule in value.get("matchedRules") or ()],
    }


def matched_rule(rule: Value) -> Body:
    """A rule that fitted, with its outputs."""
    outputs = [
        {
            "outputId": each["outputId"],
            "outputName": each.get("outputName") or "",
            "outputValue": json_text(each["outputValue"]),
            "ruleId": rule["ruleId"],
            "ruleIndex": rule["ruleIndex"],
        }
        for each in rule.get("evaluatedOutputs") or ()
    ]
    return {"ruleId": rule["ruleId"], "ruleIndex": rule["ruleIndex"], "evaluatedOutputs": outputs}


def evaluated(reply: Value) -> Body:
    """A decision's evaluation; a failed one is a reply too."""
    evaluation = str(reply.get("decisionEvaluationKey") or reply.get("decisionInstanceKey") or 0)
    return {
        "decisionDefinitionId": reply["decisionId"],
        "decisionDefinitionKey": str(reply["decisionKey"]),
        "decisionDefinitionName": reply.get("decisionName") or "",
        "decisionDefinitionVersion": reply.get("decisionVersion") or 0,
        "decisionRequirementsId": reply.get("decisionRequirementsId") or "",
        "decisionRequirementsKey": str(reply.get("decisionRequirementsKey") or 0),
        "decisionEvaluationKey": evaluation,
        "decisionInstanceKey": evaluation,
        "output": reply.get("decisionOutput") or "null",
        "failedDecisionDefinitionId": reply.get("failedDecisionId") or None,
        "failureMessage": reply.get("failureMessage") or None,
        "tenantId": DEFAULT_TENANT,
        "evaluatedDecisions": [
            _evaluated(each, evaluation, index) for index, each in enumerate(reply.get("evaluatedDecisions") or (), 1)
        ],
    }


def topology(host: str, port: int, healthy: bool) -> Body:
    """One broker with one partition, which it leads."""
    partition = {"partitionId": 1, "role": "leader", "health": "healthy" if healthy else "unhealthy"}
    return {
        "brokers": [{"nodeId": 0, "host": host, "port": port, "version": VERSION, "partitions": [partition]}],
        "clusterId": None,
        "clusterSize": 1,
        "partitionsCount": 1,
        "replicationFactor": 1,
        "gatewayVersion": VERSION,
        "lastCompletedChangeId": "-1",
    }
