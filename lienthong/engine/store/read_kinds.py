"""What REST shows of each kind of thing: its view, its key, and the form of every field."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Form(Enum):
    """How a column becomes JSON and how a filter's value becomes a column's."""

    KEY = "key"  # 64-bit integer; text in JSON; -1 and 0 are null
    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"  # epoch milliseconds; ISO text in JSON
    JSON = "json"  # JSON text
    NULL = "null"  # a field that this engine never fills
    TENANT = "tenant"  # always <default>


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: `fields` are shown (and can be filtered and sorted), `hidden` can be filtered only."""

    view: str
    key: str
    fields: dict[str, Form]
    hidden: dict[str, Form] = field(default_factory=dict)

    def form_of(self, name: str) -> Form | None:
        """The form of a field, or None when there is no such field."""
        return self.fields.get(name) or self.hidden.get(name)


def _forms(text: str) -> dict[str, Form]:
    """`name:k` is a key, `:i` integer, `:b` boolean, `:d` date, `:j` JSON, `:n` always null; else text."""
    letters = {"k": Form.KEY, "i": Form.INTEGER, "b": Form.BOOLEAN, "d": Form.DATE, "j": Form.JSON, "n": Form.NULL}
    forms: dict[str, Form] = {"tenantId": Form.TENANT}
    for word in text.split():
        name, _, letter = word.partition(":")
        forms[name] = letters[letter] if letter else Form.TEXT
    return forms


KINDS: dict[str, Kind] = {
    "process_instance": Kind(
        "process_instance_view",
        "processInstanceKey",
        _forms(
            "processInstanceKey:k processDefinitionId processDefinitionName processDefinitionVersion:i "
            "processDefinitionVersionTag processDefinitionKey:k parentProcessInstanceKey:k parentElementInstanceKey:k "
            "rootProcessInstanceKey:k startDate:d endDate:d state hasIncident:b tags:j businessId:n"
        ),
    ),
    "element_instance": Kind(
        "element_instance_view",
        "elementInstanceKey",
        _forms(
            "elementInstanceKey:k processInstanceKey:k "
            "rootProcessInstanceKey:k processDefinitionKey:k processDefinitionId "
            "elementId elementName type state startDate:d endDate:d hasIncident:b incidentKey:k"
        ),
        {"flowScopeKey": Form.KEY, "elementInstanceScopeKey": Form.KEY},
    ),
    "sequence_flow": Kind(
        "sequence_flow_view",
        "sequenceFlowId",
        _forms(
            "sequenceFlowId processInstanceKey:k rootProcessInstanceKey:k "
            "processDefinitionKey:k processDefinitionId elementId"
        ),
    ),
    "variable": Kind(
        "variable_view",
        "variableKey",
        _forms("variableKey:k name value scopeKey:k processInstanceKey:k rootProcessInstanceKey:k"),
    ),
    "user_task": Kind(
        "user_task_view",
        "userTaskKey",
        _forms(
            "userTaskKey:k name state assignee "
            "elementId candidateGroups:j candidateUsers:j processDefinitionId creationDate:d "
            "completionDate:d followUpDate:d dueDate:d "
            "externalFormReference processDefinitionVersion:i customHeaders:j "
            "priority:i elementInstanceKey:k processName processDefinitionKey:k processInstanceKey:k "
            "rootProcessInstanceKey:k formKey:k tags:j"
        ),
    ),
    "job": Kind(
        "job_view",
        "jobKey",
        _forms(
            "jobKey:k type kind state retries:i deadline:d worker customHeaders:j errorCode errorMessage "
            "hasFailedWithRetriesLeft:b deniedReason:n isDenied:n listenerEventType elementId elementInstanceKey:k "
            "processInstanceKey:k rootProcessInstanceKey:k processDefinitionKey:k processDefinitionId creationTime:d "
            "lastUpdateTime:d endTime:d"
        ),
    ),
    "incident": Kind(
        "incident_view",
        "incidentKey",
        _forms(
            "incidentKey:k errorType errorMessage state elementId elementInstanceKey:k processInstanceKey:k "
            "rootProcessInstanceKey:k processDefinitionKey:k processDefinitionId jobKey:k creationTime:d"
        ),
    ),
    "process_definition": Kind(
        "process_definition_view",
        "processDefinitionKey",
        _forms("processDefinitionKey:k processDefinitionId name version:i versionTag resourceName hasStartForm:b"),
        {"isLatestVersion": Form.BOOLEAN},
    ),
    "message_subscription": Kind(
        "message_subscription_view",
        "messageSubscriptionKey",
        _forms(
            "messageSubscriptionKey:k messageSubscriptionType messageSubscriptionState "
            "messageName correlationKey elementId "
            "elementInstanceKey:k processInstanceKey:k "
            "rootProcessInstanceKey:k processDefinitionKey:k processDefinitionId "
            "processDefinitionName processDefinitionVersion:i lastUpdatedDate:d toolName:n "
            "inboundConnectorType:n extensionProperties:j"
        ),
    ),
    "correlated_message_subscription": Kind(
        "correlated_message_subscription_view",
        "subscriptionKey",
        _forms(
            "subscriptionKey:k messageKey:k messageName "
            "correlationKey correlationTime:d elementId elementInstanceKey:k "
            "processInstanceKey:k rootProcessInstanceKey:k processDefinitionKey:k processDefinitionId partitionId:i"
        ),
    ),
    "decision_requirements": Kind(
        "decision_requirements_view",
        "decisionRequirementsKey",
        _forms("decisionRequirementsKey:k decisionRequirementsId decisionRequirementsName version:i resourceName"),
    ),
    "decision_definition": Kind(
        "decision_definition_view",
        "decisionDefinitionKey",
        _forms(
            "decisionDefinitionKey:k decisionDefinitionId name "
            "version:i decisionRequirementsId decisionRequirementsKey:k "
            "decisionRequirementsName decisionRequirementsVersion:i"
        ),
        {"isLatestVersion": Form.BOOLEAN},
    ),
    "decision_instance": Kind(
        "decision_instance_view",
        "decisionEvaluationInstanceKey",
        _forms(
            "decisionEvaluationInstanceKey decisionEvaluationKey:k decisionDefinitionId decisionDefinitionKey:k "
            "decisionDefinitionName decisionDefinitionType "
            "decisionDefinitionVersion:i rootDecisionDefinitionKey:k state "
            "result evaluationFailure evaluationDate:d processDefinitionKey:k processInstanceKey:k "
            "rootProcessInstanceKey:k elementInstanceKey:k"
        ),
        {"decisionRequirementsKey": Form.KEY},
    ),
    "resource": Kind(
        "resource_view",
        "resourceKey",
        _forms("resourceKey:k resourceId resourceName version:i versionTag"),
    ),
    "batch_operation": Kind(
        "batch_operation_view",
        "batchOperationKey",
        _forms(
            "batchOperationKey:k state batchOperationType startDate:d endDate:d actorType actorId "
            "operationsTotalCount:i operationsFailedCount:i operationsCompletedCount:i errors:j"
        ),
        {"operationType": Form.TEXT},
    ),
    "batch_operation_item": Kind(
        "batch_operation_item_view",
        "itemKey",
        _forms(
            "operationType batchOperationKey:k itemKey:k processInstanceKey:k rootProcessInstanceKey:k state "
            "processedDate:d errorMessage"
        ),
    ),
    "version_statistics": Kind(
        "version_statistics_view",
        "processDefinitionKey",
        _forms(
            "processDefinitionKey:k processDefinitionId processDefinitionName processDefinitionVersion:i "
            "activeInstancesWithIncidentCount:i activeInstancesWithoutIncidentCount:i"
        ),
    ),
    "definition_statistics": Kind(
        "definition_statistics_view",
        "processDefinitionId",
        _forms(
            "processDefinitionId latestProcessDefinitionName hasMultipleVersions:b "
            "activeInstancesWithIncidentCount:i activeInstancesWithoutIncidentCount:i"
        ),
    ),
}
