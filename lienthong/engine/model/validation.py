"""May this model be deployed? All rules together; each finding names element, rule and reason."""

from __future__ import annotations

from lienthong.engine.model import rules_activities, rules_compensation, rules_events, rules_flow, rules_loops
from lienthong.engine.model.elements import ExecutableProcess
from lienthong.engine.model.parser import parse_bpmn
from lienthong.engine.model.problems import Problem

RULES = (*rules_flow.RULES, *rules_events.RULES, *rules_activities.RULES, *rules_compensation.RULES, *rules_loops.RULES)


def check_process(process: ExecutableProcess) -> list[Problem]:
    """All findings about one parsed process."""
    return [problem for rule in RULES for problem in rule(process)]


def check_bpmn(content: bytes, name: str) -> list[Problem]:
    """All findings about a BPMN file; empty when it may be deployed."""
    parsed = parse_bpmn(content)
    problems = list(parsed.problems)
    if problems and problems[0].rule == "readable":
        return problems
    if not parsed.processes:
        problems.append(Problem("", "executable", f"Expected an executable process in {name}, but there is none"))
    seen: set[str] = set()
    for process in parsed.processes:
        if process.id in seen:
            problems.append(Problem(process.id, "unique-id", "Expected process ids to be unique, but this one is not"))
        seen.add(process.id)
        problems.extend(check_process(process))
    return problems


__all__ = ["Problem", "check_bpmn", "check_process"]
