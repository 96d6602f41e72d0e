"""Every procedure, alone, walks all its paths: supplement, too late, consultation, return, refusals, watch."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lienthong.scenarios.coverage import Coverage
from lienthong.scenarios.format import Answer, Publication, Scenario, Step, duration_of
from lienthong.scenarios.runner import ScenarioRun
from lienthong.scenarios.suite import deployments_of
from tests.models.bpmn_files import BPMN_DIR, NS, read

PROCEDURES = sorted((BPMN_DIR / "procedures").glob("*.bpmn"))
DEPLOYMENTS = deployments_of(BPMN_DIR / "karaoke" / "2023")[:2]
BY_FILE = {Path(name).stem: (name, content) for group in DEPLOYMENTS for name, content in group}
FORMS = [resource for group in DEPLOYMENTS for resource in group if resource[0].endswith(".form")]
STEPS = [resource for resource in DEPLOYMENTS[0] if resource[0].endswith(".bpmn")]
KEY = '=dossierCode + "/" + procedureCode'
WATCH = {"dueAt": "2023-03-10T17:00:00+07:00", "escalations": ["2023-03-09T17:00:00+07:00"]}
THEIRS = ["gl-thu/officer"]
RESULT = '={procedureCode: procedureCode, outcome: "issued", documentId: "doc", number: "1"}'
ANSWERS = [
    Answer("set_deadline", "set-consultation-deadline", variables={"consultationDueAt": "2023-03-13T17:00:00+07:00"}),
    Answer("set_deadline", variables=dict(WATCH), publish=[Publication("deadline-set", KEY, dict(WATCH))]),
    Answer("notify"),
    Answer("escalate_sla", variables={"escalations": [], "escalationLevel": 1}),
    Answer("request_supplement", variables={"supplementId": "S", "supplementDueAt": "2023-03-20T08:00:00+07:00"}),
    Answer("issue_result", variables={"result": RESULT}),
    Answer("check_reuse", variables={"expiredComponents": []}),
]


def story(process_id: str, *steps: tuple[str, Any], before: list[Answer] | None = None) -> ScenarioRun:
    """A run of one procedure alone."""
    variables = {"dossierCode": "D-1", "procedureCode": "X1", "authority": "bd-thu", "priority": None, "options": {}}
    numbered = [Step(number, kind, value) for number, (kind, value) in enumerate(steps, 1)]
    at = datetime.fromisoformat("2023-03-01T08:00:00+07:00")
    answers = [*(before or []), *ANSWERS]
    scenario = Scenario(process_id, Path("told-in-the-test"), at, None, process_id, variables, answers, numbered)
    return ScenarioRun(scenario, [[*STEPS, *FORMS], [BY_FILE[process_id]]])


def do(element: str, outcome: str | None = None, **more: Any) -> tuple[str, Any]:
    """Complete a user task."""
    return "task", {"element": element, "variables": ({"outcome": outcome} if outcome else {}) | more}


def stories(process_id: str, elements: set[str]) -> list[ScenarioRun]:
    """Enough stories to walk every path that this procedure has."""
    begin = [do("assign-officer")] if "assign-officer" in elements else []
    received = ("message", Publication("supplement-received", KEY))
    supplemented = [do("appraise", "supplement"), received]
    sign, ended = [do("decide", "sign")] if "decide" in elements else [], ("expect", {"ended": True})
    refused = ("expect", {"incidents": ["refused"], "completed": ["notify-refused"], "waiting": []})
    told = [
        story(process_id, *begin, *supplemented, do("appraise", "approve"), *sign, ended),
        story(process_id, *begin, do("appraise", "refuse"), refused),
        story(process_id, *begin, do("appraise", "supplement"), ("advance", duration_of("P20D")), refused),
        story(
            process_id,
            *begin,
            ("advance", duration_of("P10D")),
            ("expect", {"completed": ["watch-ended"]}),
            do("appraise", "approve"),
            *sign,
            ended,
        ),
    ]
    moved = ("message", Publication("branch-transferred", KEY, {"newAuthority": "gl-thu"}))
    theirs = (
        "task",
        {"element": "appraise", "variables": {"outcome": "approve"}, "expect": {"candidateGroups": THEIRS}},
    )
    supplement_first = [*begin, do("appraise", "supplement"), moved, received]
    told.append(story(process_id, *supplement_first, theirs, *sign, ended))
    if "check-papers" in elements:
        told += expiry_stories(process_id, begin, received, [do("appraise", "approve"), *sign, ended], refused)
    if "decide" in elements:
        again = [do("appraise", "approve"), do("decide", "return"), do("appraise", "approve"), do("decide", "refuse")]
        told.append(story(process_id, *begin, *again, refused))
    if "consult" in elements:
        asked = do("appraise", "approve", needsConsultation=True)
        told.append(story(process_id, *begin, asked, ("advance", duration_of("P15D")), *sign, ended))
    return told


def expiry_stories(
    process_id: str, begin: list[tuple[str, Any]], received: tuple[str, Any], rest: list[Any], refused: tuple[str, Any]
) -> list[ScenarioRun]:
    """Papers that expired while the branch waited: asked for anew, given in time or not."""
    expired = [Answer("check_reuse", variables={"expiredComponents": ["Phiếu lý lịch tư pháp"]})]
    valid_again = Answer("check_reuse", variables={"expiredComponents": []})
    asked = ("job", Answer("check_reuse", variables={"expiredComponents": ["Phiếu lý lịch tư pháp"]}))
    return [
        story(
            process_id, asked, ("expect", {"active": ["renew-papers"]}), received, ("job", valid_again), *begin, *rest
        ),
        story(process_id, ("advance", duration_of("P20D")), refused, before=expired),
    ]


@pytest.mark.parametrize("file", PROCEDURES, ids=lambda file: file.stem)
def test_every_path_of_the_procedure_can_be_walked(file: Path) -> None:
    elements = {str(element.get("id")) for element in read(file).iter(f"{{{NS['bpmn']}}}*")}
    coverage = Coverage()
    for run in stories(file.stem, elements):
        result = run.run()
        assert result.failure is None, (result.failure, result.log)
        coverage.add([[BY_FILE[file.stem]]], result.world.flows_taken)
    assert coverage.models[file.stem].missed == []
