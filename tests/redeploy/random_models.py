"""Random models of blocks, sound and unsound, that share their ids; and a walk through them on the pure core."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from lienthong.engine.model.elements import ElementType
from lienthong.engine.protocol.records import Intent, Outcome, ValueType
from lienthong.redeploy.marking import History, Marking
from tests.engine.engine_run import EngineRun
from tests.engine.model_text import end, gateway, model, service, start

TASKS = 5
PAIRS = [("parallel", "parallel"), ("exclusive", "exclusive"), ("inclusive", "inclusive"), ("exclusive", "parallel")]


@dataclass
class Drawing:
    """A process while it is drawn."""

    random: Random
    elements: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    blocks: int = 0

    def number(self) -> int:
        self.blocks += 1
        return self.blocks

    def task(self) -> tuple[str, str]:
        free = [f"t{index}" for index in range(TASKS) if f"t{index}" not in self.used]
        name = self.random.choice(free) if free else f"x{len(self.used)}"
        self.used.add(name)
        self.elements.append(service(name))
        return name, name

    def block(self, depth: int) -> tuple[str, str]:
        kind = self.random.choice(["task", "task", "sequence", "split", "split", "loop"]) if depth else "task"
        if kind == "task":
            return self.task()
        if kind == "sequence":
            first, second = self.block(depth - 1), self.block(depth - 1)
            self.flows.append(f"{first[1]}>{second[0]}")
            return first[0], second[1]
        return self.loop(depth) if kind == "loop" else self.split(depth)

    def split(self, depth: int) -> tuple[str, str]:
        opening, closing = self.random.choice(PAIRS)
        number = self.number()
        begin, finish = f"{opening}{number}", f"{closing}Join{number}"
        bodies = [self.block(depth - 1) for _ in range(self.random.choice([2, 2, 3]))]
        default = {} if opening == "parallel" else {"default": f"{begin}-{bodies[-1][0]}"}
        self.elements += [gateway(opening, begin, **default), gateway(closing, finish)]
        for index, (entry, leaving) in enumerate(bodies):
            choose = "" if opening == "parallel" or index == len(bodies) - 1 else f"?=choice = {index}"
            self.flows += [f"{begin}>{entry}{choose}", f"{leaving}>{finish}"]
        return begin, finish

    def loop(self, depth: int) -> tuple[str, str]:
        body = self.block(depth - 1)
        number = self.number()
        back, again = f"back{number}", f"again{number}"
        after = self.task()[0]
        self.elements += [gateway("exclusive", back), gateway("exclusive", again, default=f"{again}-{after}")]
        self.flows += [f"{back}>{body[0]}", f"{body[1]}>{again}", f"{again}>{back}?=choice = 0", f"{again}>{after}"]
        return back, after


def random_model(seed: int) -> bytes:
    """A model of up to three levels of blocks."""
    drawing = Drawing(Random(seed))
    entry, leaving = drawing.block(2)
    flows = [f"start>{entry}", *drawing.flows, f"{leaving}>end"]
    return model(start(), *drawing.elements, end(), flows=flows)


def walk(run: EngineRun, random: Random, steps: int) -> None:
    """Complete random jobs, choosing at random."""
    for _ in range(steps):
        if not run.state.jobs:
            return
        step(run, random.choice(sorted(run.state.jobs)), random.randrange(3))


def step(run: EngineRun, job_key: int, choice: int) -> None:
    """Complete one job with a choice."""
    run.do(ValueType.JOB, Intent.COMPLETE, job_key, variables={"choice": choice})


def history(run: EngineRun, key: int) -> History:
    """What REST would say of an instance: active and completed elements, and the set of flows."""
    active = Counter(each.element_id for each in run.state.elements.values() if each.type is not ElementType.PROCESS)
    facts = [event for event in run.log if event.value_type is ValueType.PROCESS_INSTANCE]
    completed = Counter(
        event.value["elementId"]
        for event in facts
        if event.intent is Intent.ELEMENT_COMPLETED and event.value["bpmnElementType"] != "PROCESS"
    )
    flows = frozenset(event.value["elementId"] for event in facts if event.intent is Intent.SEQUENCE_FLOW_TAKEN)
    assert key in run.state.elements
    return History(active, completed, flows)


def true_marking(run: EngineRun, key: int) -> Marking:
    """Where the instance really stands."""
    tokens = tuple(sorted(run.state.elements[key].tokens.items()))
    return Marking(tuple(sorted(history(run, key).active.items())), tokens)


def migrate(run: EngineRun, key: int, names: dict[str, str]) -> Outcome:
    """Ask the core to move the instance to the latest version."""
    latest = run.state.latest("PROCESS", "p")
    assert latest is not None
    rows = [{"sourceElementId": source, "targetElementId": target} for source, target in names.items()]
    value = {"targetProcessDefinitionKey": latest.key, "mappingInstructions": rows}
    return run.submit(ValueType.PROCESS_INSTANCE_MIGRATION, Intent.MIGRATE, key, **value)
