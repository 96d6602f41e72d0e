"""`lienthong dmn FILE --decision ID --context JSON`: evaluate a decision of a file."""

import argparse
import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from lienthong.engine.dmn.evaluation import evaluate_decision
from lienthong.engine.dmn.model import DecisionRequirementsGraph, DmnError
from lienthong.engine.dmn.reader import parse_dmn


def run(args: list[str]) -> int:
    """Evaluate what the arguments say; 1 when the model or the evaluation fails, 2 for wrong arguments."""
    parser = argparse.ArgumentParser(prog="lienthong dmn", description="Evaluate a decision of a DMN file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--decision", help="id or name; may be left out when the file holds one decision")
    parser.add_argument("--context", default="{}", help="variables as a JSON object")
    parser.add_argument("--now", help="the time of now(), as ISO date and time; default: this moment")
    parser.add_argument("--trace", action="store_true", help="also every decision evaluated, its inputs and rules")
    try:
        given = parser.parse_args(args)
        now = datetime.fromisoformat(given.now) if given.now else datetime.now(UTC)
        context = json.loads(given.context, parse_float=Decimal)
        if not isinstance(context, dict):
            raise ValueError("the context is no JSON object")
        graph = parse_dmn(given.file.read_bytes(), given.file.name)
    except SystemExit as stop:
        return int(stop.code or 0)
    except ValueError as error:
        sys.stderr.write(f"Expected a JSON object and an ISO time, but: {error}\n")
        return 2
    except (OSError, DmnError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    decision_id = given.decision or _only(graph)
    if decision_id is None:
        sys.stderr.write(f"Expected --decision to name one of: {', '.join(graph.decisions)}\n")
        return 2
    result = evaluate_decision(graph, decision_id, context, now)
    for warning in result.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    if result.failure is not None:
        sys.stderr.write(f"{result.failure.decision_id}: {result.failure.message}\n")
        return 1
    answer = {"output": result.output, "evaluatedDecisions": result.evaluated_decisions}
    sys.stdout.write(json.dumps(answer if given.trace else result.output, ensure_ascii=False) + "\n")
    return 0


def _only(graph: DecisionRequirementsGraph) -> str | None:
    return next(iter(graph.decisions)) if len(graph.decisions) == 1 else None
