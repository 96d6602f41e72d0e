"""What the engine knows of BPMN and of the zeebe extensions: everything else is refused, by name.

Three tables: elements that run or are only drawn, attributes, extensions. An element, attribute
or extension outside of them changes nothing at run time, so a deployment that holds one is
refused rather than half obeyed.
"""

from __future__ import annotations

from lxml import etree

from lienthong.engine.model.problems import Problem
from lienthong.engine.model.xml import BPMN, CAMUNDA7, XSI, ZEEBE, local_name, namespace

_RUN_TAGS = """
    definitions process subProcess callActivity startEvent endEvent intermediateCatchEvent intermediateThrowEvent
    boundaryEvent serviceTask sendTask scriptTask businessRuleTask receiveTask userTask manualTask task
    exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway sequenceFlow incoming outgoing
    conditionExpression extensionElements message signal error escalation messageEventDefinition
    timerEventDefinition signalEventDefinition errorEventDefinition escalationEventDefinition
    linkEventDefinition terminateEventDefinition compensateEventDefinition timeDate timeDuration timeCycle
    multiInstanceLoopCharacteristics completionCondition"""
RUN = frozenset(_RUN_TAGS.split())
_DRAWN_TAGS = """
    documentation collaboration participant participantMultiplicity messageFlow laneSet lane flowNodeRef childLaneSet
    dataObject dataObjectReference dataStore dataStoreReference dataState textAnnotation text group association
    category categoryValue categoryValueRef ioSpecification dataInput dataOutput inputSet outputSet dataInputRefs
    dataOutputRefs dataInputAssociation dataOutputAssociation sourceRef targetRef property itemDefinition
    auditing monitoring source target import interface operation inMessageRef outMessageRef"""
DRAWN = frozenset(_DRAWN_TAGS.split())
REFUSED_ELEMENTS = {
    "adHocSubProcess": "ad-hoc sub-processes do not run here",
    "transaction": "transactions do not run here",
    "complexGateway": "complex gateways do not run here",
    "standardLoopCharacteristics": "the standard loop does not run here; use multi-instance or a gateway",
    "conditionalEventDefinition": "conditional events do not run here",
    "cancelEventDefinition": "cancel events do not run here",
}
_ACTIVITY_TAGS = """
    serviceTask sendTask scriptTask businessRuleTask receiveTask userTask manualTask task subProcess callActivity"""
ACTIVITY_TAGS = frozenset(_ACTIVITY_TAGS.split())
_COMMON = frozenset({"id", "name"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "process": frozenset({"isExecutable", "processType", "isClosed"}),
    "subProcess": frozenset({"triggeredByEvent"}),
    "startEvent": frozenset({"isInterrupting", "parallelMultiple"}),
    "boundaryEvent": frozenset({"attachedToRef", "cancelActivity", "parallelMultiple"}),
    "intermediateCatchEvent": frozenset({"parallelMultiple"}),
    "receiveTask": frozenset({"messageRef", "instantiate", "implementation"}),
    "sendTask": frozenset({"messageRef", "implementation"}),
    "serviceTask": frozenset({"implementation"}),
    "userTask": frozenset({"implementation"}),
    "businessRuleTask": frozenset({"implementation"}),
    "scriptTask": frozenset({"scriptFormat"}),
    "exclusiveGateway": frozenset({"gatewayDirection", "default"}),
    "inclusiveGateway": frozenset({"gatewayDirection", "default"}),
    "parallelGateway": frozenset({"gatewayDirection"}),
    "eventBasedGateway": frozenset({"gatewayDirection", "instantiate", "eventGatewayType"}),
    "sequenceFlow": frozenset({"sourceRef", "targetRef"}),
    "message": frozenset({"itemRef"}),
    "signal": frozenset({"structureRef"}),
    "error": frozenset({"errorCode", "structureRef"}),
    "escalation": frozenset({"escalationCode", "structureRef"}),
    "messageEventDefinition": frozenset({"messageRef"}),
    "signalEventDefinition": frozenset({"signalRef"}),
    "errorEventDefinition": frozenset({"errorRef"}),
    "escalationEventDefinition": frozenset({"escalationRef"}),
    "compensateEventDefinition": frozenset({"activityRef", "waitForCompletion"}),
    "multiInstanceLoopCharacteristics": frozenset({"isSequential"}),
}
ONLY_VALUE = {  # attributes that are known with one value, their default
    "instantiate": "false",
    "parallelMultiple": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "eventGatewayType": "Exclusive",
    "language": "feel",
}
EXTENSIONS: dict[str, frozenset[str]] = {
    "taskDefinition": frozenset({"type", "retries"}),
    "taskHeaders": frozenset(),
    "header": frozenset({"id", "key", "value"}),
    "ioMapping": frozenset(),
    "input": frozenset({"source", "target"}),
    "output": frozenset({"source", "target"}),
    "subscription": frozenset({"correlationKey"}),
    "loopCharacteristics": frozenset({"inputCollection", "inputElement", "outputCollection", "outputElement"}),
    "calledElement": frozenset(
        {"processId", "propagateAllChildVariables", "propagateAllParentVariables", "bindingType", "versionTag"}
    ),
    "calledDecision": frozenset({"decisionId", "resultVariable", "bindingType", "versionTag"}),
    "script": frozenset({"expression", "resultVariable"}),
    "userTask": frozenset(),
    "assignmentDefinition": frozenset({"assignee", "candidateGroups", "candidateUsers"}),
    "taskSchedule": frozenset({"dueDate", "followUpDate"}),
    "priorityDefinition": frozenset({"priority"}),
    "formDefinition": frozenset({"formKey", "formId", "externalReference", "bindingType", "versionTag"}),
    "userTaskForm": frozenset({"id"}),
    "versionTag": frozenset({"value"}),
    "properties": frozenset(),
    "property": frozenset({"name", "value"}),
}


def owner_id(element: etree._Element) -> str:
    """The id of the nearest element that has one."""
    current: etree._Element | None = element
    while current is not None:
        if current.get("id"):
            return str(current.get("id"))
        current = current.getparent()
    return ""


def uncovered(root: etree._Element) -> list[Problem]:
    """Everything in the file that would silently be ignored."""
    problems: list[Problem] = []
    for element in root.iter():
        tag: object = element.tag
        if not isinstance(tag, str):
            problems.append(Problem(owner_id(element), "xml-entity", "Expected no entity reference, but there is one"))
        elif namespace(element) == BPMN:
            problems.extend(_bpmn_element(element))
        elif namespace(element) == ZEEBE:
            problems.extend(_extension(element))
        elif namespace(element) == CAMUNDA7:
            problems.append(_refused(element, f"camunda:{local_name(element)} belongs to Camunda 7"))
    return problems


def _refused(element: etree._Element, reason: str) -> Problem:
    text = f"Expected only what the engine runs, but {reason} (what runs: docs/reference/supported-elements.md)"
    return Problem(owner_id(element), "unsupported", text)


def _bpmn_element(element: etree._Element) -> list[Problem]:
    name = local_name(element)
    if name in REFUSED_ELEMENTS:
        return [_refused(element, REFUSED_ELEMENTS[name])]
    if name not in RUN and name not in DRAWN:
        return [_refused(element, f"bpmn:{name} is unknown")]
    if name in DRAWN or name == "definitions":
        return []
    return [problem for key, value in element.attrib.items() for problem in _attribute(element, name, str(key), value)]


def _attribute(element: etree._Element, tag: str, key: str, value: str | bytes) -> list[Problem]:
    text = value.decode() if isinstance(value, bytes) else value
    qualified = etree.QName(key)
    if qualified.namespace == CAMUNDA7:
        return [_refused(element, f"the attribute camunda:{qualified.localname} belongs to Camunda 7")]
    if qualified.namespace == ZEEBE:
        design = qualified.localname.startswith(("modelerTemplate", "modelerConfiguration"))
        return [] if design else [_refused(element, f"the attribute zeebe:{qualified.localname} is unknown")]
    if qualified.namespace:
        known = qualified.namespace != XSI or qualified.localname in ("type", "schemaLocation")
        return [] if known else [_refused(element, f"the attribute xsi:{qualified.localname} is unknown")]
    if qualified.localname in ONLY_VALUE:
        only = ONLY_VALUE[qualified.localname]
        return (
            []
            if text.lower() == only.lower()
            else [_refused(element, f'{qualified.localname}="{text}" does not run here')]
        )
    if qualified.localname == "isForCompensation" and tag in ACTIVITY_TAGS:
        return []
    if qualified.localname in _COMMON or qualified.localname in ATTRIBUTES.get(tag, frozenset()):
        return []
    return [_refused(element, f"the attribute {qualified.localname} of bpmn:{tag} has no effect here")]


def _extension(element: etree._Element) -> list[Problem]:
    name = local_name(element)
    if name not in EXTENSIONS:
        return [_refused(element, f"zeebe:{name} does not run here")]
    unknown = [str(key) for key in element.attrib if str(key) not in EXTENSIONS[name] and not str(key).startswith("{")]
    return [_refused(element, f"the attribute {key} of zeebe:{name} has no effect here") for key in unknown]
