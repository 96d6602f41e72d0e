"""Three hundred dossiers of the karaoke bundle, standing in many places: the real bundle over stubs of what it calls.

Every called process is one user task, every job is done by hand: so a dossier can be put wherever the bundle may
stand, through the public interfaces alone, and driven to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lxml import etree

from lienthong.orchestration.client import OrchestrationClient
from lienthong.redeploy.changes import read_process
from tests.engine.model_text import end, model, start, tag, user

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "bpmn" / "karaoke" / "2023"
PROCESS = "karaoke-v2023"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ALL = {"area": "city", "roomCount": 3, "needsRegistration": True, "needsFireDesign": True, "needsCriminalRecord": True}
NONE = {**ALL, "needsRegistration": False, "needsFireDesign": False, "needsCriminalRecord": False}
ANSWERS = {"duplicate": False, "reopened": False}
LANES = 4
ROUNDS = 40

BEGINNING = ["register-instance", "step-intake", "record-accepted", "step-fee", "set-deadline", "record-processing"]
K0, K1, K2, K3, K4, K5A, K5 = (
    f"procedure-{name}"
    for name in (
        "business-registration",
        "fire-design",
        "fire-acceptance",
        "criminal-record",
        "security-certificate",
        "karaoke-appraisal",
        "karaoke-licence",
    )
)
BRANCHES: list[list[str]] = [
    [],
    [K0],
    [K0, K3],
    [K1],
    [K1, K2],
    [K0, K1, K2, K3],
    [K0, K1, K2, K3, K4],
    [K5A],
    [K0, K5A],
    [K0, K1, K2, K3, K5A],
    [K0, K1, K2, K3, K4, K5A],
    [K0, K1, K2, K3, K4, K5A, K5],
    [K0, K1, K2, K3, K4, K5A, K5, "step-hand-over"],
]
RECIPES = [BEGINNING[:count] for count in range(len(BEGINNING))] + [[*BEGINNING, *branches] for branches in BRANCHES]


def called(content: bytes) -> set[str]:
    """The processes that the bundle calls by name."""
    nodes = read_process(content, PROCESS).elements.values()
    return {node.call.called.id.source for node in nodes if node.call is not None and node.call.called.id.is_static}


def stub(process_id: str) -> bytes:
    """A called process of one user task."""
    version = tag("zeebe:versionTag", value="v2023")
    return model(start(), user("work"), end(), flows=["start>work>end"], id_=process_id, extensions=version)


def with_review(content: bytes) -> bytes:
    """The next version: a legal review stands between the join and the licence."""
    tree = etree.fromstring(content)
    process = tree.find(f"{{{BPMN}}}process")
    assert process is not None
    (flow,) = (
        each
        for each in process.findall(f"{{{BPMN}}}sequenceFlow")
        if (each.get("sourceRef"), each.get("targetRef")) == ("ready-for-licence", "karaoke-licence")
    )
    spaces = f'xmlns:bpmn="{BPMN}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" name="Rà soát pháp lý"'
    review = etree.fromstring(user("legal-review").replace("<bpmn:userTask", f"<bpmn:userTask {spaces}", 1))
    flow.set("targetRef", "legal-review")
    after = etree.SubElement(process, f"{{{BPMN}}}sequenceFlow", id="flow-review-licence")
    after.set("sourceRef", "legal-review")
    after.set("targetRef", "karaoke-licence")
    process.insert(1, review)
    licence = next(each for each in process.iter() if each.get("id") == "karaoke-licence")
    incoming = next(each for each in licence if each.tag == f"{{{BPMN}}}incoming" and each.text == flow.get("id"))
    incoming.text = "flow-review-licence"
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


class Province:
    """The dossiers, where each stands, and the hand that drives them."""

    def __init__(self, client: OrchestrationClient, count: int) -> None:
        self.client, self.count = client, count
        self.keys: dict[str, str] = {}  # dossier code → instance
        self.recipe: dict[str, list[str]] = {}  # instance → what may be done

    def seed(self) -> None:
        """Deploy, file, and put every dossier where its recipe ends."""
        content = (FOLDER / "bundle.bpmn").read_bytes()
        stubs = [(f"stubs/{name}.bpmn", stub(name)) for name in sorted(called(content))]
        decisions = [(f"karaoke/2023/{file.name}", file.read_bytes()) for file in sorted(FOLDER.glob("*.dmn"))]
        self.client.deploy(stubs)
        self.client.deploy([("karaoke/2023/bundle.bpmn", content), *decisions])
        codes = [f"H08-{number:04}" for number in range(self.count)]
        with ThreadPoolExecutor(LANES) as lanes:
            list(lanes.map(self._file, range(self.count), codes))
        for item in self.client.search_variables({"name": "dossierCode"}):
            if item["scopeKey"] == item["processInstanceKey"]:
                self.keys[str(item["value"]).strip('"')] = str(item["processInstanceKey"])
        self.recipe = {self.keys[code]: RECIPES[number % len(RECIPES)] for number, code in enumerate(codes)}
        self.drive(lambda root, act: act in self.recipe[root])

    def _file(self, number: int, code: str) -> None:
        variables: dict[str, Any] = {
            "dossierCode": code,
            "bundleId": "karaoke",
            "bundleVersion": "2023",
            "authorities": {"desk": "bd-ttpvhcc", "office": "bd-vpubnd"},
            "options": ALL,
            "essential": False,
            "priority": 50,
        }
        self.client.publish_message(PROCESS, code, variables, f"file-{number}")

    def drive(self, may: Callable[[str, str], bool]) -> None:
        """Do every job and task that ``may`` be done (root instance, element of a job or process of a task)."""
        for _ in range(ROUNDS):
            if not self._round(may):
                return
        raise AssertionError("Expected the dossiers to settle, but they go on for ever")

    def _round(self, may: Callable[[str, str], bool]) -> int:
        jobs = [
            each
            for each in self.client.search_jobs({"state": {"$in": ["CREATED", "MIGRATED"]}})
            if may(_root(each), str(each["elementId"]))
        ]
        tasks = [
            each for each in self.client.search_user_tasks({"state": "CREATED"}) if may(_root(each), _act_of(each))
        ]
        with ThreadPoolExecutor(LANES) as lanes:
            list(lanes.map(self._complete_job, jobs))
            list(lanes.map(self._complete_task, tasks))
        return len(jobs) + len(tasks)

    def _complete_job(self, job: dict[str, Any]) -> None:
        self.client.rest.json("POST", f"/jobs/{job['jobKey']}/completion", {"variables": ANSWERS}, idempotent=False)

    def _complete_task(self, task: dict[str, Any]) -> None:
        answers = {"outcome": "accept", "note": "", "routing": "online", "result": {"outcome": "issued"}, "paid": True}
        self.client.complete_user_task(str(task["userTaskKey"]), answers)

    def roots(self) -> list[dict[str, Any]]:
        """The bundle's instances."""
        return self.client.search_process_instances({"processDefinitionId": PROCESS})

    def versions(self) -> Counter[int]:
        """How many run on which version."""
        found = [item for item in self.roots() if item["state"] == "ACTIVE"]
        return Counter(int(item["processDefinitionVersion"]) for item in found)

    def passed(self, element_id: str) -> Counter[str]:
        """How often each instance has completed an element."""
        wanted = {"elementId": element_id, "state": "COMPLETED"}
        return Counter(str(item["processInstanceKey"]) for item in self.client.search_element_instances(wanted))

    def markings(self) -> set[tuple[str, ...]]:
        """The distinct sets of open elements of the bundle."""
        found: dict[str, list[str]] = {}
        wanted = {"processDefinitionId": PROCESS, "state": "ACTIVE"}
        for item in self.client.search_element_instances(wanted):
            found.setdefault(str(item["processInstanceKey"]), []).append(str(item["elementId"]))
        return {tuple(sorted(open_ones)) for open_ones in found.values()}


def _root(item: dict[str, Any]) -> str:
    return str(item.get("rootProcessInstanceKey") or item["processInstanceKey"])


def _act_of(task: dict[str, Any]) -> str:
    return str(task["processDefinitionId"] if task["elementId"] == "work" else task["elementId"])


def keys_of(province: Province, recipes: Iterable[list[str]]) -> set[str]:
    """The instances whose recipe is among these."""
    wanted = list(recipes)
    return {key for key, recipe in province.recipe.items() if recipe in wanted}
