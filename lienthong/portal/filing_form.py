"""What an applicant entered, checked: pure functions from form values to a draft and a list of problems."""

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from lienthong.portal.drafts import Behalf, Delivery, Draft

DELIVERIES: tuple[Delivery, ...] = ("online", "desk", "post")
RELATIONS = ("parent", "spouse", "child", "employee", "other")
PERSON_FIELDS = (
    "applicant_name",
    "applicant_personal_number",
    "applicant_phone",
    "applicant_email",
    "applicant_address",
    "organisation_name",
)


def fill_draft(
    draft: Draft, form: Mapping[str, Any], questions: list[dict[str, Any]], t: Callable[..., str]
) -> list[str]:
    """Put the form into the draft; what is wrong is kept for mending and named in words."""
    before = {name: getattr(draft, name) for name in PERSON_FIELDS}
    problems = [*_person(draft, form, t), *_behalf(draft, form, t)]
    for question in questions:
        if problem := _answer(draft, question, str(form.get(f"q_{question['name']}", "")), t):
            problems.append(problem)
    wanted = [delivery for delivery in DELIVERIES if delivery == form.get("delivery")]
    if wanted:
        draft.delivery = wanted[0]
    else:
        problems.append(t("filing.missing_delivery"))
    if draft.delivery == "post" and not draft.applicant_address:
        problems.append(t("filing.missing_address"))
    draft.sources = {name: source for name, source in draft.sources.items() if getattr(draft, name) == before[name]}
    return problems


def _person(draft: Draft, form: Mapping[str, Any], t: Callable[..., str]) -> list[str]:
    draft.applicant_name = _line(form, "applicant_name", 120)
    draft.applicant_personal_number = re.sub(r"\s", "", str(form.get("applicant_personal_number", "")))[:20]
    draft.applicant_phone = re.sub(r"[\s.\-]", "", str(form.get("applicant_phone", "")))[:20]
    draft.applicant_email = _line(form, "applicant_email", 200)
    draft.applicant_address = _line(form, "applicant_address", 300)
    draft.organisation_name = _line(form, "organisation_name", 200)
    problems = []
    if not draft.applicant_name:
        problems.append(t("filing.missing_name"))
    if not re.fullmatch(r"\d{12}", draft.applicant_personal_number):
        problems.append(t("filing.wrong_number", given=draft.applicant_personal_number))
    if not re.fullmatch(r"\+?\d{9,11}", draft.applicant_phone):
        problems.append(t("filing.wrong_phone", given=draft.applicant_phone))
    if draft.applicant_email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", draft.applicant_email):
        problems.append(t("filing.wrong_email", given=draft.applicant_email))
    return problems


def _behalf(draft: Draft, form: Mapping[str, Any], t: Callable[..., str]) -> list[str]:
    asked = str(form.get("behalf", draft.behalf))
    if asked in get_args(Behalf):
        draft.behalf = asked  # type: ignore[assignment]  # one of the four, as just checked
    relation = str(form.get("relation", ""))
    draft.relation = relation if draft.behalf == "proxy" and relation in RELATIONS else ""
    return [t("filing.missing_relation")] if draft.behalf == "proxy" and not draft.relation else []


def _line(form: Mapping[str, Any], name: str, longest: int) -> str:
    return " ".join(str(form.get(name, "")).split())[:longest]


def _answer(draft: Draft, question: dict[str, Any], text: str, t: Callable[..., str]) -> str | None:
    """Read one answer into the draft's options; the problem in words when it is none."""
    name, label = question["name"], question["label"]
    if question["type"] == "number":
        least, most = question["minimum"], question["maximum"]
        in_range = re.fullmatch(r"\d{1,9}", text) and (least is None or int(text) >= least)
        if not in_range or (most is not None and int(text) > most):
            return t("filing.number_range", label=label, minimum=least, maximum=most, given=text)
        draft.options[name] = int(text)
        return None
    values = [str(choice["value"]) for choice in question["choices"]]
    if text not in values:
        return t("filing.missing_answer", label=label)
    draft.options[name] = {"true": True, "false": False}.get(text, text)
    return None
