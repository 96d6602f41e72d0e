"""Random block-structured processes: whatever is drawn can be deployed and can end."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from engine.model_text import (
    boundary,
    catch,
    end,
    gateway,
    mapping,
    message,
    model,
    node,
    on,
    root,
    service,
    start,
    sub_process,
    tag,
    throw,
    timer,
    user,
)
from hypothesis import strategies as st

LEAVES = [
    "service",
    "user",
    "script",
    "timer",
    "message",
    "many",
    "bounded",
    "asked",
    "event_gateway",
    "signal",
    "undone",
]
Tree = Any  # a leaf's name, or (kind, [trees])

TREES: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.tuples(
        st.sampled_from(["sequence", "exclusive", "parallel", "inclusive", "sub_process"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
PROCESSES: st.SearchStrategy[Tree] = st.tuples(st.just("sequence"), st.lists(TREES, min_size=2, max_size=3))
ROOTS = (
    message("m", "go", "=key")
    + root("error", "e", errorCode="boom")
    + root("signal", "s", name="fire")
    + root("escalation", "x", escalationCode="late")
)


@dataclass
class Writing:
    """A process being written: elements, flows, and the last number given."""

    elements: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    count: int = 0

    def id(self, kind: str) -> str:
        """A new element id."""
        self.count += 1
        return f"{kind}{self.count}"


def write(tree: Tree, struck: bool) -> bytes:
    """The BPMN of a tree; `struck` adds a non-interrupting event sub-process and a terminate end."""
    writing = Writing()
    first, last = _block(writing, tree)
    stop = end("end", on("terminate", "") if struck else "")
    flows = [f"start>{first}", f"{last}>end", *writing.flows]
    extra = ""
    if struck:
        begin = start("struck", on("message", "m"), isInterrupting="false")
        extra = sub_process("esp", begin, service("help"), end("ee"), flows=["struck>help>ee"], event=True)
    return model(start(), *writing.elements, stop, extra, flows=flows, roots=ROOTS)


def _block(writing: Writing, tree: Tree) -> tuple[str, str]:
    """Write a block; the ids at which it is entered and left."""
    if isinstance(tree, str):
        return _leaf(writing, tree)
    kind, inner = tree
    if kind == "sequence":
        parts = [_block(writing, each) for each in inner]
        for (_, out), (into, _) in pairwise(parts):
            writing.flows.append(f"{out}>{into}")
        return parts[0][0], parts[-1][1]
    if kind == "sub_process":
        return _sub_process(writing, inner)
    return _branches(writing, kind, inner)


def _branches(writing: Writing, kind: str, inner: list[Tree]) -> tuple[str, str]:
    fork, join = writing.id("fork"), writing.id("join")
    parts = [_block(writing, each) for each in inner]
    bypass = writing.id("bypass")
    writing.elements.append(node("task", bypass))
    default = {} if kind == "parallel" else {"default": f"{fork}-{bypass}"}
    writing.elements += [gateway(kind, fork, **default), gateway(kind, join)]
    writing.flows += [f"{fork}>{bypass}>{join}"]
    for index, (into, out) in enumerate(parts):
        condition = "" if kind == "parallel" else f"?=n > {index}"
        writing.flows += [f"{fork}>{into}{condition}", f"{out}>{join}"]
    return fork, join


def _sub_process(writing: Writing, inner: list[Tree]) -> tuple[str, str]:
    within = Writing(count=writing.count + 1)
    id_ = f"sub{within.count}"
    first, last = _block(within, ("sequence", inner))
    up = within.id("up")
    within.elements.append(throw(up, on("escalation", "x")))
    flows = [f"{id_}s>{first}", f"{last}>{up}>{id_}e", *within.flows]
    writing.count = within.count
    caught, other = writing.id("caught"), writing.id("e")
    late, aside = writing.id("late"), writing.id("e")
    writing.elements += [
        sub_process(
            id_, start(f"{id_}s"), *within.elements, end(f"{id_}e"), flows=flows, more=mapping(input_local="=n")
        ),
        boundary(caught, id_, on("error", "e")),
        end(other),
        boundary(late, id_, on("escalation", "x"), False),
        end(aside),
    ]
    writing.flows += [f"{caught}>{other}", f"{late}>{aside}"]
    return id_, id_


def _leaf(writing: Writing, kind: str) -> tuple[str, str]:
    id_ = writing.id(kind)
    script = tag("zeebe:script", expression="=n + 1", resultVariable="m")
    simple = {
        "service": lambda: service(id_, "work", mapping(input_a="=n", output_n="=n")),
        "user": lambda: user(id_),
        "script": lambda: node("scriptTask", id_, "", script),
        "timer": lambda: catch(id_, timer("timeDuration", "PT1H")),
        "message": lambda: catch(id_, on("message", "m")),
        "signal": lambda: catch(id_, on("signal", "s")),
    }
    if kind in simple:
        writing.elements.append(simple[kind]())
    elif kind == "event_gateway":
        return _event_gateway(writing, id_)
    else:
        return id_, _with_extras(writing, kind, id_)
    return id_, id_


def _with_extras(writing: Writing, kind: str, id_: str) -> str:
    if kind == "many":
        details = tag(
            "zeebe:loopCharacteristics",
            inputCollection="=items",
            inputElement="item",
            outputCollection="results",
            outputElement="=item",
        )
        inner = tag("bpmn:extensionElements", details)
        repeated = tag("bpmn:multiInstanceLoopCharacteristics", inner, isSequential=str(writing.count % 2 == 0).lower())
        writing.elements.append(service(id_, "work", content=repeated))
        return id_
    struck, other = writing.id("struck"), writing.id("other")
    if kind == "undone":
        return _undone(writing, id_)
    if kind == "asked":  # interrupting: its way leads back, or a join further on would starve
        event = boundary(struck, id_, on("message", "m"))
        writing.elements += [service(id_, "work"), event, gateway("exclusive", other)]
        writing.flows += [f"{id_}>{other}", f"{struck}>{other}"]
        return other
    event = boundary(struck, id_, timer("timeCycle", "R2/PT30M"), interrupting=False)
    writing.elements += [service(id_, "work"), event, end(other)]
    writing.flows.append(f"{struck}>{other}")
    return id_


def _undone(writing: Writing, id_: str) -> str:
    """A task whose work is undone at once by the throw behind it, with whatever else the scope has done."""
    struck, undo, back = writing.id("undone"), writing.id("undo"), writing.id("back")
    handler = node("serviceTask", undo, "", tag("zeebe:taskDefinition", type="work"), isForCompensation="true")
    writing.elements += [
        service(id_, "work"),
        boundary(struck, id_, on("compensate", "")),
        handler,
        tag("bpmn:association", id=f"{undo}-line", sourceRef=struck, targetRef=undo),
        throw(back, on("compensate", "")),
    ]
    writing.flows.append(f"{id_}>{back}")
    return back


def _event_gateway(writing: Writing, id_: str) -> tuple[str, str]:
    late, came, merge = writing.id("late"), writing.id("came"), writing.id("merge")
    writing.elements += [
        gateway("eventBased", id_),
        catch(late, timer("timeDuration", "PT2H")),
        catch(came, on("message", "m")),
        gateway("exclusive", merge),
    ]
    writing.flows += [f"{id_}>{late}>{merge}", f"{id_}>{came}>{merge}"]
    return id_, merge


__all__ = ["PROCESSES", "Tree", "write"]
