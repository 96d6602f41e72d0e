"""Find a bundle or procedure by life event, field or word, and read what it asks, costs and takes."""

import re
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from lienthong.dossiers import filing
from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law_records import Bundle, ComponentRule, Procedure
from lienthong.portal.bundles import (
    bundle_summary,
    fee_items,
    fee_text,
    fields_of,
    life_events,
    limit_text,
    question_view,
    search,
    words_of,
)
from lienthong.portal.deps import Services, services
from lienthong.portal.pages import page
from lienthong.portal.sample_forms import sample_form
from lienthong.portal.text import translator
from lienthong.web.language import Language, current_language
from lienthong.web.problems import problem_for_status
from lienthong.web.users import CurrentUser, optional_user

router = APIRouter()


@router.get("/")
def home(
    request: Request,
    q: str = "",
    viec: str = "",
    linh_vuc: str = "",
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """All bundles, or those that fit the life event (``viec``), the field (``linh_vuc``) and the words (``q``)."""
    language = current_language(request)
    on = given.now.date()
    bundles = given.law.bundles(on)
    shown = [
        {**bundle_summary(given.law, bundle, language, on), "words": words_of(given.rules, bundle)}
        for bundle in bundles
    ]
    events, fields = life_events(given.rules, language), fields_of(given.rules, bundles, language)
    event = next((one for one in events if one["id"] == viec), None)
    field = next((one for one in fields if one["id"] == linh_vuc), None)
    if event is not None:
        shown = [one for one in shown if one["id"] in event["bundles"]]
    if field is not None:
        shown = [one for one in shown if field["procedures"] & set(one["codes"])]
    if q.strip():
        shown = search(shown, q)
    context = {
        "bundles": shown,
        "query": q.strip(),
        "events": events,
        "fields": fields,
        "event": event,
        "field": field,
        "narrowed": bool(q.strip() or event or field),
    }
    return page(request, "home.html", user, context)


@router.get("/thu-tuc/{bundle_id}")
def bundle_page(
    request: Request,
    bundle_id: str,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """One bundle: procedures with limits and legal basis, papers, fees, each with its mark."""
    return page(request, "bundle.html", user, {"bundle": bundle_view(given, bundle_id, current_language(request))})


@router.get("/thu-tuc/{bundle_id}/{code}")
def procedure_page(
    request: Request,
    bundle_id: str,
    code: str,
    user: CurrentUser | None = Depends(optional_user),
    given: Services = Depends(services),
) -> Response:
    """One procedure of a bundle."""
    language = current_language(request)
    bundle, procedure = known_procedure(given, bundle_id, code)
    view = {"bundle": bundle_view(given, bundle_id, language), **procedure_view(given, bundle, procedure, language)}
    return page(request, "procedure.html", user, view)


@router.get("/thu-tuc/{bundle_id}/{code}/mau/{component}.pdf")
def sample(bundle_id: str, code: str, component: str, given: Services = Depends(services)) -> Response:
    """A sample of one paper, made from the same data."""
    bundle, procedure = known_procedure(given, bundle_id, code)
    for rule in procedure.components:
        if rule.code == component:
            content = sample_form(rule.name_vi, rule.name_en, procedure.name_vi, procedure.basis, bundle.title_vi)
            return Response(content, media_type="application/pdf")
    raise problem_for_status(404)


def known_bundle(given: Services, bundle_id: str) -> Bundle:
    """The bundle of that id. Raises the 404 problem."""
    for bundle in given.law.bundles(given.now.date()):
        if bundle.id == bundle_id:
            return bundle
    raise problem_for_status(404)


def known_procedure(given: Services, bundle_id: str, code: str) -> tuple[Bundle, Procedure]:
    """A procedure of a bundle. Raises the 404 problem."""
    bundle = known_bundle(given, bundle_id)
    if code not in bundle.procedures:
        raise problem_for_status(404)
    return bundle, given.law.under_bundle(bundle).procedure(code, given.now.date())


def procedure_view(given: Services, bundle: Bundle, procedure: Procedure, language: Language) -> dict[str, Any]:
    """Everything the page of a procedure shows."""
    vietnamese = language == "vi"
    on = given.now.date()
    law = given.law.under_bundle(bundle)
    try:
        authority = law.authority(law.authority_for(procedure.code, bundle.area_of(bundle.defaults()), on))
        authority_name = authority.name_vi if vietnamese else authority.name_en
    except NotFound:
        authority_name = ""
    field = given.rules.field_of(procedure.code)
    return {
        "procedure": {
            "code": procedure.code,
            "name": procedure.name_vi if vietnamese else procedure.name_en,
            "national_code": procedure.national_code,
            "national_code_mark": procedure.national_code_mark,
            "limit": limit_text(procedure, language),
            "linked_limit": linked_limit(bundle, procedure.code, language),
            "basis": procedure.basis,
            "mark": procedure.mark,
            "source": procedure.source,
            "result": procedure.result_name_vi if vietnamese else procedure.result_name_en,
            "authority": authority_name,
            "field": "" if field is None else field.title_vi if vietnamese else field.title_en,
        },
        "components": [_component(given, bundle, rule, language) for rule in procedure.components],
        "fees": fee_views(given, bundle, language, procedure.code),
    }


def linked_limit(bundle: Bundle, code: str, language: Language) -> dict[str, str] | None:
    """The time limit in the bundle, with its mark; the one that holds under the usual answers."""
    entries = [entry for entry in bundle.limits if entry.code == code]
    if not entries:
        return None
    entry = next((one for one in entries if not one.when), entries[0])
    unit = {"wd": "unit.working_days", "d": "unit.calendar_days", "h": "unit.hours"}[entry.limit.unit]
    return {"text": translator(language)(unit, count=f"{entry.limit.value:g}"), "mark": entry.mark}


def _component(given: Services, bundle: Bundle, rule: ComponentRule, language: Language) -> dict[str, Any]:
    names = {
        one.code: one.name_vi if language == "vi" else one.name_en
        for one in (given.law.under_bundle(bundle).procedure(code, given.now.date()) for code in bundle.procedures)
    }
    return {
        "code": rule.code,
        "name": rule.name_vi if language == "vi" else rule.name_en,
        "form": rule.form,
        "copies": rule.copies,
        "valid_months": rule.valid_months,
        "derivable": rule.derivable,
        "sibling": names.get(rule.satisfied_by or "", ""),
        "conditional": rule.required_when is not None,
        "mark": rule.mark,
    }


def bundle_view(given: Services, bundle_id: str, language: Language) -> dict[str, Any]:
    """Everything the page of a bundle shows."""
    bundle = known_bundle(given, bundle_id)
    on = given.now.date()
    law = given.law.under_bundle(bundle)
    always = set(bundle.active_procedures(bundle.defaults()))
    procedures = [law.procedure(code, on) for code in bundle.procedures]
    names = {p.code: p.name_vi if language == "vi" else p.name_en for p in procedures}
    return {
        **bundle_summary(law, bundle, language, on),
        "procedures": [
            {
                "code": p.code,
                "name": names[p.code],
                "limit": limit_text(p, language),
                "needs": ", ".join(sorted({names[r.satisfied_by] for r in p.components if r.satisfied_by in names})),
                "basis": p.basis,
                "mark": p.mark,
                "optional": p.code not in always,
            }
            for p in procedures
        ],
        "components": usual_papers(given, bundle, procedures, language),
        "fees": fee_views(given, bundle, language),
        "decision": bundle.decision,
        "mark": bundle.mark,
        "source": bundle.source,
        "questions": [question_view(question, language) for question in bundle.questions],
    }


def usual_papers(
    given: Services, bundle: Bundle, procedures: list[Procedure], language: Language
) -> list[dict[str, Any]]:
    """Each kind of paper once: first those that the usual answers ask for, then those that other answers may add."""
    papers: dict[str, dict[str, Any]] = {}
    usual = filing.start_draft(given.law, bundle.id, bundle.defaults(), given.now).papers()
    rules = [(paper.rule, paper.asked) for paper in usual]
    rules += [(rule, False) for procedure in procedures for rule in procedure.components if rule.satisfied_by is None]
    owners = {rule.kind: (procedure.code, rule.code) for procedure in procedures for rule in procedure.components}
    for rule, required in rules:
        name = rule.name_vi if language == "vi" else rule.name_en
        code, component = owners[rule.kind]
        papers.setdefault(rule.kind, {"name": name, "required": required, "sample": f"{code}/mau/{component}.pdf"})
    return list(papers.values())


def fee_views(given: Services, bundle: Bundle, language: Language, code: str = "") -> list[dict[str, str]]:
    """The fees that dossiers of this bundle may meet; of one procedure when it is named."""
    found = fee_items(given.law, bundle, given.settings.bpmn_dir, given.now.date())
    if code:
        found = [item for item in found if code in fee_codes(given, bundle).get(item.item, set())]
    return [
        {"name": item.name_vi if language == "vi" else item.name_en, "text": fee_text(item), "mark": item.mark}
        for item in found
    ]


def fee_codes(given: Services, bundle: Bundle) -> dict[str, set[str]]:
    """Fee item → the procedures that its decision charges it for: rows of the DMN name both."""
    folder = given.settings.bpmn_dir / bundle.id / bundle.version
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.dmn")))
    found: dict[str, set[str]] = {}
    for row in re.findall(r"<rule\b.*?</rule>", text, re.S):
        quoted = re.findall(r'"([^"]+)"', " ".join(re.findall(r"<outputEntry.*?</outputEntry>", row, re.S)))
        codes = {value for value in quoted if value in bundle.procedures}
        for value in quoted:
            if value not in codes:
                found.setdefault(value, set()).update(codes)
    return found
