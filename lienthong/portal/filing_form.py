"""What an applicant entered, checked: pure functions from form values to a draft and a list of problems."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lienthong.portal.drafts import Delivery, Draft

DELIVERIES: tuple[Delivery, ...] = ("online", "desk", "post")


def fill_draft(
    draft: Draft, form: Mapping[str, Any], questions: list[dict[str, Any]], t: Callable[..., str]
) -> list[str]:
    """Put the form into the draft; what is wrong is kept for mending and named in words."""
    problems = []
    draft.applicant_name = " ".join(str(form.get("applicant_name", "")).split())[:120]
    draft.applicant_personal_number = re.sub(r"\s", "", str(form.get("applicant_personal_number", "")))[:20]
    draft.applicant_phone = re.sub(r"[\s.\-]", "", str(form.get("applicant_phone", "")))[:20]
    draft.organisation_name = " ".join(str(form.get("organisation_name", "")).split())[:200]
    if not draft.applicant_name:
        problems.append(t("filing.missing_name"))
    if not re.fullmatch(r"\d{12}", draft.applicant_personal_number):
        problems.append(t("filing.wrong_number", given=draft.applicant_personal_number))
    if not re.fullmatch(r"\+?\d{9,11}", draft.applicant_phone):
        problems.append(t("filing.wrong_phone", given=draft.applicant_phone))
    for question in questions:
        if problem := _answer(draft, question, str(form.get(f"q_{question['name']}", "")), t):
            problems.append(problem)
    wanted = [delivery for delivery in DELIVERIES if delivery == form.get("delivery")]
    if wanted:
        draft.delivery = wanted[0]
    else:
        problems.append(t("filing.missing_delivery"))
    return problems


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
