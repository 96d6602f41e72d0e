"""Two other BPMN engines on the same two models, in the same run: SpiffWorkflow and bpmn-elements.

Both are libraries without a store of their own. So every completion of a task stores the state of its
instance in SQLite with the engine's fsync policy, in the format that each library brings for this; a
group shares one transaction, as it does in our log. Whoever is not installed is left out by name.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson
from engine_models import one_task, ten_tasks

Figures = dict[str, float]
FOLDER = Path(__file__).parent / "peers"
MODELS = {"one": ("one-task", one_task), "ten": ("ten-tasks", ten_tasks)}
GROUPS = (1, 100)
VARIABLES = {"dossierCode": "H01.26.000001", "amount": 4}


def measured(scale: int, say: Callable[[str], None] = print) -> Figures:
    """Instances a second of each peer, by model and group; says who is left out and why."""
    figures: Figures = {}
    if importlib.util.find_spec("SpiffWorkflow") is None:
        say("SpiffWorkflow is not installed: left out")
    else:
        figures |= _each("spiff", _spiff, 60 * scale)
    missing = _installed()
    if missing is None:
        figures |= _each("elements", _elements, 200 * scale)
    else:
        say(f"bpmn-elements is left out: {missing}")
    return figures


def _each(name: str, life: Callable[[str, int, int], float], count: int) -> Figures:
    figures: Figures = {}
    for model in MODELS:
        for group in GROUPS:
            several = count if model == "one" else max(count // 5, 10)
            several = max(several // group, 1) * group
            figures[f"peer_{name}_{model}_{group}"] = life(model, several, group)
    return figures


# SpiffWorkflow


def _spiff(model: str, count: int, group: int) -> float:
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.task import TaskState

    identifier, content = MODELS[model]
    parser = BpmnParser()
    parser.add_bpmn_str(content().replace(b"bpmn:serviceTask", b"bpmn:manualTask"))  # done from outside, as by a worker
    specification = parser.get_spec(identifier)
    serializer = BpmnWorkflowSerializer()
    with tempfile.TemporaryDirectory() as folder:
        rows = sqlite3.connect(Path(folder) / "spiff.sqlite3", isolation_level=None)
        rows.execute("PRAGMA journal_mode=WAL")
        rows.execute("PRAGMA synchronous=FULL")
        rows.execute("CREATE TABLE instance (number INTEGER PRIMARY KEY, state TEXT)")

        def store(number: int, workflow: BpmnWorkflow) -> None:
            rows.execute("INSERT OR REPLACE INTO instance VALUES (?, ?)", (number, serializer.serialize_json(workflow)))

        def lives(first: int) -> None:
            rows.execute("BEGIN IMMEDIATE")
            running: dict[int, BpmnWorkflow] = {}
            for number in range(first, first + group):
                workflow = running[number] = BpmnWorkflow(specification)
                workflow.set_data(**VARIABLES)
                workflow.do_engine_steps()
                store(number, workflow)
            rows.execute("COMMIT")
            while running:
                rows.execute("BEGIN IMMEDIATE")
                for number, workflow in running.items():
                    task = workflow.get_next_task(state=TaskState.READY, manual=True)
                    task.data["done"] = True
                    task.run()
                    workflow.do_engine_steps()
                    store(number, workflow)
                rows.execute("COMMIT")
                running = {number: each for number, each in running.items() if not each.is_completed()}

        lives(-group)
        started = time.perf_counter()
        for first in range(0, count, group):
            lives(first)
        return count / (time.perf_counter() - started)


# bpmn-elements


def _node(name: str) -> Path:
    return Path(sys.executable).parent / name


def _installed() -> str | None:
    """Fetch the locked packages without their scripts, once; what is missing otherwise."""
    if not _node("npm").exists():
        return "this environment has no Node"
    lock = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    stamp = FOLDER / "node_modules" / ".lock-hash"
    if stamp.is_file() and stamp.read_text() == lock:
        return None
    environment = {**os.environ, "PATH": f"{_node('npm').parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [_node("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    fetched = subprocess.run(command, cwd=FOLDER, env=environment, check=False, capture_output=True, text=True)
    if fetched.returncode:
        return f"its packages could not be fetched ({fetched.stderr.strip().splitlines()[:1]})"
    stamp.write_text(lock)
    return None


def _elements(model: str, count: int, group: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.bpmn"
        file.write_bytes(MODELS[model][1]())
        command = [_node("node"), "--no-warnings", FOLDER / "elements.mjs", file, folder, str(count), str(group)]
        made = subprocess.run(command, check=True, capture_output=True)
    answer = orjson.loads(made.stdout)
    assert answer["completed"] == count + group, f"bpmn-elements completed {answer['completed']} of {count + group}"
    return float(answer["speed"])


if __name__ == "__main__":
    for _name, _value in measured(1).items():
        print(f"{_name:<28} {_value:10,.1f}")
