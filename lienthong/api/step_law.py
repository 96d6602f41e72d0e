"""What the law asks at a step: the words of the model's step and the facts of law/, each with its mark."""

import re
from typing import Any
from xml.etree import ElementTree

from lienthong.api.dossier_view import both
from lienthong.api.engine_view import EngineView
from lienthong.dossiers.errors import DomainError
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Procedure, required
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.deadline import Limit, LimitUnit
from lienthong.dossiers.tables import Dossier, Task
from lienthong.orchestration.client import EngineRejected, EngineUnavailable

Json = dict[str, Any]
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_MARK = re.compile(r"\[(V\*?|S|M|I)\]")
_UNITS = {
    LimitUnit.WORKING_DAYS: ("ngày làm việc", "working days"),
    LimitUnit.CALENDAR_DAYS: ("ngày", "days"),
    LimitUnit.WORKING_HOURS: ("giờ làm việc", "working hours"),
}


def step_law(law: Law, engine: EngineView, task: Task, dossier: Dossier | None) -> Json:
    """The step's words, and the procedure's (or at the desk the bundle's) basis, time limit and papers."""
    if dossier is None:  # a process about no single dossier has only the words of its model
        return {"step": _documentation(engine, task), "procedure": None, "limit": None, "components": []}
    law, day = law.under(dossier), local(dossier.filed_at).date()
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    answer: Json = {"step": _documentation(engine, task), "procedure": None, "limit": None, "components": []}
    try:
        procedure = law.procedure(task.procedure_code, day) if task.procedure_code else None
    except (DomainError, LookupError):
        procedure = None
    if procedure is None:
        answer["procedure"] = {
            "name": both(bundle.title_vi, bundle.title_en),
            "basis": bundle.decision,
            "mark": bundle.mark,
            "source": bundle.source,
        }
        answer["limit"] = {**_limit(bundle.intake_limit), "mark": bundle.mark}
        return answer
    answer["procedure"] = {
        "name": both(procedure.name_vi, procedure.name_en),
        "basis": procedure.basis,
        "mark": procedure.mark,
        "source": procedure.source,
    }
    marks = [entry.mark for entry in bundle.limits if entry.code == procedure.code]
    linked = bundle.limit(procedure.code, dossier.options) if marks else procedure.limit
    answer["limit"] = {**_limit(linked), "mark": marks[0] if marks else procedure.mark}
    answer["components"] = _components(procedure, dossier)
    return answer


def _limit(limit: Limit) -> Json:
    vi, en = _UNITS[limit.unit]
    return {"text": both(f"{limit.value:g} {vi}".replace(".", ","), f"{limit.value:g} {en}")}


def _components(procedure: Procedure, dossier: Dossier) -> list[Json]:
    return [
        {"name": both(rule.name_vi, rule.name_en), "mark": rule.mark}
        for rule in procedure.components
        if required(rule, dossier.options)
    ]


def _documentation(engine: EngineView, task: Task) -> Json | None:
    """What the model says at the step, ``Vietnamese | EN: English``; None when the engine is away."""
    try:
        instance = engine.client.process_instance(task.process_instance_key) if task.process_instance_key else None
        xml = engine.xml(str(instance["processDefinitionKey"])) if instance else ""
    except (EngineRejected, EngineUnavailable):
        return None
    said = said_at(xml, task.element_id)
    if not said:
        return None
    vi, _, en = said.partition("| EN:")
    mark = _MARK.search(vi)
    return {"text": both(vi.strip(), en.strip() or vi.strip()), "mark": mark.group(1) if mark else ""}


def said_at(xml: str, element_id: str) -> str:
    """The documentation of one element of a model; empty when there is none."""
    if not xml:
        return ""
    for element in ElementTree.fromstring(xml).iter():
        if element.get("id") == element_id:
            return (element.findtext(f"{_BPMN}documentation") or "").strip()
    return ""
