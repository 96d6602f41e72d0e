"""Time limits of the law, by the element of a diagram to which they belong."""

from datetime import date
from typing import Any

from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle
from lienthong.dossiers.rules.deadline import Limit
from lienthong.redeploy.source_tree import Element, NotXml, read_source
from lienthong.redeploy.usage import bundle_of

Json = dict[str, Any]
_UNITS = {"wd": ("ngày làm việc", "working days"), "d": ("ngày", "days"), "h": ("giờ làm việc", "working hours")}
INTAKE, RETURN = "step-intake", "step-hand-over"


def limits_of(content: bytes, path: str, law: Law, on: date) -> list[Json]:
    """One entry an element: a bundle's calls with their linked limit, a procedure with its limit everywhere."""
    try:
        root = read_source(content).root
    except NotXml:
        return []
    if not path.endswith(".bpmn"):
        return []
    bundle = _bundle(law, path)
    if bundle is not None:
        return _in_bundle(root, bundle, law.under_bundle(bundle), on)
    return [entry for each in root.walk() if each.name[1] == "process" for entry in _of_procedure(each, law, on)]


def _bundle(law: Law, path: str) -> Bundle | None:
    name, _, version = bundle_of(path).partition("/")
    try:
        return law.bundle(name, version) if name else None
    except NotFound:
        return None


def _in_bundle(root: Element, bundle: Bundle, law: Law, on: date) -> list[Json]:
    codes = {each.process_id: each.code for each in law.procedures}
    found = []
    for element in root.walk():
        if element.name[1] != "callActivity":
            continue
        called = next((each for each in element.walk() if each.name[1] == "calledElement"), None)
        process = called.attributes.get(("", "processId"), "") if called else ""
        if process == INTAKE:
            found.append(_entry(element.id, bundle.intake_limit, bundle.mark, bundle.decision))
        elif process == RETURN:
            found.append(_entry(element.id, bundle.return_limit, bundle.mark, bundle.decision))
        for limit in bundle.limits if process else ():
            if codes.get(process) == limit.code or _process_of(law, limit.code, on) == process:
                when = ", ".join(f"{key} = {value}" for key, value in limit.when.items())
                found.append(_entry(element.id, limit.limit, limit.mark, bundle.decision, limit.code, when))
    return found


def _process_of(law: Law, code: str, on: date) -> str:
    try:
        return law.procedure(code, on).process_id
    except NotFound:
        return next((each.process_id for each in law.procedures if each.code == code), "")


def _of_procedure(process: Element, law: Law, on: date) -> list[Json]:
    starts = [each for each in process.children if each.name[1] == "startEvent"]
    place = starts[0].id if starts else process.id
    found = []
    day = law.day(on)
    for procedure in law.procedures:
        holds = procedure.valid_from <= day and (procedure.valid_to is None or procedure.valid_to >= day)
        if procedure.process_id == process.id and holds:
            found.append(_entry(place, procedure.limit, procedure.mark, procedure.basis, procedure.code))
            found += [
                _entry(place, each.limit, each.mark, bundle.decision, f"{bundle.id} {bundle.version}")
                for bundle in law.all_bundles
                for each in bundle.limits
                if each.code == procedure.code
            ]
    return found


def _entry(element_id: str, limit: Limit, mark: str, basis: str, code: str = "", when: str = "") -> Json:
    vi, en = _UNITS.get(str(limit.unit), (str(limit.unit), str(limit.unit)))
    number = f"{limit.value:g}" if isinstance(limit.value, float) else str(limit.value)
    return {
        "elementId": element_id,
        "code": code,
        "text": {"vi": f"{number.replace('.', ',')} {vi}", "en": f"{number} {en}"},
        "when": when,
        "mark": str(mark),
        "basis": basis,
    }
