"""BPMN in a few words, for tests: `model(start(), service("work"), end(), flows=["start>work>end"])`."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import quoteattr

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="test">'
)


def tag(name: str, content: str = "", /, **attributes: object) -> str:
    """An XML element; underscores at the end of attribute names are dropped (`type_`)."""
    written = "".join(f" {key.rstrip('_')}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>"


def node(name: str, id_: str, content: str = "", extensions: str = "", /, **attributes: object) -> str:
    """A BPMN element with an id."""
    inner = tag("bpmn:extensionElements", extensions) if extensions else ""
    return tag(f"bpmn:{name}", inner + content, id=id_, **attributes)


def flow(spec: str) -> str:
    """`a>b>c` are arrows; `a>b?=x > 1` has a condition. The flow's id is `a-b`."""
    path, _, condition = spec.partition("?")
    ids = path.split(">")
    inner = tag("bpmn:conditionExpression", condition.replace("<", "&lt;")) if condition else ""
    return "".join(tag("bpmn:sequenceFlow", inner, id=f"{a}-{b}", sourceRef=a, targetRef=b) for a, b in pairwise(ids))


def model(*elements: str, flows: list[str], roots: str = "", id_: str = "p", extensions: str = "") -> bytes:
    """A file with one executable process."""
    body = "".join(elements) + "".join(flow(each) for each in flows)
    return (
        _HEAD + node("process", id_, body, extensions, isExecutable="true") + roots + "</bpmn:definitions>"
    ).encode()


def start(id_: str = "start", content: str = "", **attributes: object) -> str:
    """A start event."""
    return node("startEvent", id_, content, **attributes)


def end(id_: str = "end", content: str = "", extensions: str = "") -> str:
    """An end event."""
    return node("endEvent", id_, content, extensions)


def service(id_: str, type_: str | None = None, more: str = "", content: str = "", retries: str = "3") -> str:
    """A service task whose job type is its id unless given."""
    return node("serviceTask", id_, content, tag("zeebe:taskDefinition", type=type_ or id_, retries=retries) + more)


def user(id_: str, more: str = "", content: str = "") -> str:
    """A native user task."""
    return node("userTask", id_, content, "<zeebe:userTask/>" + more)


def mapping(**paths: str) -> str:
    """`mapping(input_x="=1", output_y="=x")`: dots in targets are written as double underscores."""
    entries = ""
    for name, source in paths.items():
        kind, _, target = name.partition("_")
        entries += tag(f"zeebe:{kind}", source=source, target=target.replace("__", "."))
    return tag("zeebe:ioMapping", entries)


def gateway(kind: str, id_: str, **attributes: object) -> str:
    """`exclusive`, `parallel`, `inclusive` or `eventBased`."""
    return node(f"{kind}Gateway", id_, **attributes)


def sub_process(
    id_: str, *elements: str, flows: list[str], content: str = "", event: bool = False, more: str = ""
) -> str:
    """An embedded or event sub-process."""
    body = "".join(elements) + "".join(flow(each) for each in flows) + content
    attributes = {"triggeredByEvent": "true"} if event else {}
    return node("subProcess", id_, body, more, **attributes)


def call(id_: str, process_id: str, more: str = "", extra: str = "", content: str = "", **attributes: object) -> str:
    """A call activity."""
    return node(
        "callActivity", id_, content, tag("zeebe:calledElement", processId=process_id, **attributes) + more + extra
    )


def boundary(id_: str, host: str, content: str, interrupting: bool = True, extensions: str = "") -> str:
    """A boundary event."""
    cancel = "true" if interrupting else "false"
    return node("boundaryEvent", id_, content, extensions, attachedToRef=host, cancelActivity=cancel)


def catch(id_: str, content: str, extensions: str = "") -> str:
    """An intermediate catch event."""
    return node("intermediateCatchEvent", id_, content, extensions)


def throw(id_: str, content: str = "", extensions: str = "") -> str:
    """An intermediate throw event."""
    return node("intermediateThrowEvent", id_, content, extensions)


def timer(kind: str, text: str) -> str:
    """`timer("timeDuration", "PT1H")`."""
    return tag("bpmn:timerEventDefinition", tag(f"bpmn:{kind}", text))


def on(kind: str, reference: str) -> str:
    """An event definition: `on("message", "m")`, `on("error", "e")`, `on("link", "there")`, `on("terminate", "")`."""
    if kind == "link":
        return tag("bpmn:linkEventDefinition", name=reference)
    if not reference:
        return tag(f"bpmn:{kind}EventDefinition")
    return tag(f"bpmn:{kind}EventDefinition", **{f"{kind}Ref": reference})


def message(id_: str, name: str, key: str | None = None) -> str:
    """A message with its correlation key."""
    subscription = tag("zeebe:subscription", correlationKey=key) if key else ""
    return node("message", id_, "", subscription, name=name)


def root(kind: str, id_: str, /, **attributes: object) -> str:
    """A signal, error or escalation."""
    return node(kind, id_, **attributes)


def loop(collection: str, element: str = "item", sequential: bool = False, more: str = "", **attributes: object) -> str:
    """Multi-instance characteristics."""
    details = tag("zeebe:loopCharacteristics", inputCollection=collection, inputElement=element, **attributes)
    inner = tag("bpmn:extensionElements", details) + more
    return tag("bpmn:multiInstanceLoopCharacteristics", inner, isSequential=str(sequential).lower())
