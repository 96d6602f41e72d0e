"""Which element instances an instruction of a modification means."""

from __future__ import annotations

from lienthong.engine.protocol.records import Value
from lienthong.engine.rest import request_mapper
from lienthong.engine.rest.edge import Body, Edge, key_of
from lienthong.engine.rest.error_mapper import BadRequest


async def active(edge: Edge, process_instance_key: int, element_id: str) -> list[int]:
    """The active instances of an element; refused when there is none."""
    wanted = {"processInstanceKey": process_instance_key, "elementId": element_id, "state": "ACTIVE"}
    found = (await edge.search("element_instance", {"filter": wanted, "page": {"limit": 1000}})).items
    if not found:
        raise BadRequest(f"Expected an active instance of element '{element_id}', but there is none")
    return [int(item["elementInstanceKey"]) for item in found]


async def terminations(edge: Edge, key: int, instructions: list[Body]) -> list[int]:
    """The element instances that terminate instructions name, by key or by element id."""
    keys: list[int] = []
    for instruction in instructions:
        if instruction.get("elementInstanceKey"):
            keys.append(key_of(instruction["elementInstanceKey"]))
        else:
            keys += await active(edge, key, request_mapper.needed(instruction, "elementId"))
    return keys


async def moves(edge: Edge, key: int, instructions: list[Body]) -> tuple[list[Value], list[int]]:
    """Move instructions as what to activate and which element instances to terminate."""
    activate: list[Value] = []
    terminate: list[int] = []
    for instruction in instructions:
        source = request_mapper.needed(instruction, "sourceElementInstruction")
        if source.get("sourceElementInstanceKey"):
            found = [key_of(source["sourceElementInstanceKey"])]
        else:
            found = await active(edge, key, request_mapper.needed(source, "sourceElementId"))
        scope = instruction.get("ancestorScopeInstruction") or {}
        one = {
            "elementId": request_mapper.needed(instruction, "targetElementId"),
            "ancestorElementInstanceKey": scope.get("ancestorElementInstanceKey"),
            "variableInstructions": instruction.get("variableInstructions"),
        }
        activate += [request_mapper.activation(one) for _ in found]
        terminate += found
    return activate, terminate
