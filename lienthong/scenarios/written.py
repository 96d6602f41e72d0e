"""Writing scenario files: a play as a new file, and one step more in a file that exists."""

from typing import Any

import yaml

Json = dict[str, Any]
ROUTINE_ANSWERS: tuple[Json, ...] = (
    {"type": "register_instance", "variables": {"duplicate": False}},
    {"type": "digitise", "variables": {"reading": {"documents": 3, "lowConfidence": [], "needsReview": False}}},
    {"type": "look_up_citizen", "variables": {"citizen": {"found": True, "matches": True}}},
    {"type": "check_reuse", "variables": {"missingComponents": [], "reusedComponents": []}},
    {"type": "notify"},
    {"type": "record_status"},
    {"type": "escalate_sla", "variables": {"escalations": "=sublist(escalations, 2)", "escalationLevel": "=1"}},
    {
        "type": "request_supplement",
        "variables": {"supplementId": "S-1", "supplementDueAt": '=string(now() + duration("P14D"))'},
    },
    {
        "type": "issue_result",
        "variables": {"result": '={procedureCode: procedureCode, outcome: "issued", documentId: "d", number: "1"}'},
    },
    {"type": "hand_over", "variables": {"handedOver": True}},
)
"""What the workers answer on an ordinary day; a folder's own ``_shared.yaml`` says it better where there is one."""


def scenario_text(title: str, start: Json, steps: list[Json], use: str = "", defaults: list[Json] | None = None) -> str:
    """A play as a file of ``scenarios/``: a line a step."""
    lines = [f"scenario: {_flow(title)}"]
    if use:
        lines.append(f"use: {use}")
    if start:
        lines.append("start:")
        lines += [f"  {key}: {_flow(value)}" for key, value in start.items()]
    if defaults:
        lines += ["defaults:", "  jobs:"]
        lines += [f"    - {_flow(answer)}" for answer in defaults]
    lines.append("steps:")
    lines += [f"  - {step_line(step)}" for step in steps]
    return "\n".join(lines) + "\n"


def step_line(step: Json) -> str:
    """One step as it stands behind the dash."""
    ((kind, value),) = step.items()
    return f"{kind}: {_flow(value)}"


def with_step(text: str, index: int, step: Json) -> str:
    """The file with one step more before the ``index``-th (from 0); everything else keeps its text."""
    node = yaml.compose(text)
    assert isinstance(node, yaml.MappingNode)
    steps = next(value for key, value in node.value if key.value == "steps")
    lines = text.splitlines(keepends=True)
    if index < len(steps.value):
        at = steps.value[index].start_mark.line
    else:
        at = len(text.rstrip("\n").splitlines())
        lines[-1:] = [lines[-1].rstrip("\n") + "\n"]
    dash = lines[steps.value[0].start_mark.line].split("-", 1)[0]
    return "".join([*lines[:at], f"{dash}- {step_line(step)}\n", *lines[at:]])


def _flow(value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1_000_000, sort_keys=False)
    return str(text).removesuffix("\n").removesuffix("...").rstrip("\n")
