"""Which questions of a bundle apply: those whose answer changes something, found in the same data the rules use.

A question is asked when some other answer to it would run other procedures, give them other limits, ask for other
papers, send the dossier elsewhere, or change the fee.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle, Question, required
from lienthong.portal.bundles import fee_items


def relevant(law: Law, bundle: Bundle, bpmn_dir: Path, options: Mapping[str, Any], on: date) -> set[str]:
    """The names of the questions to ask when the answers so far are ``options``."""
    under = law.under_bundle(bundle)
    answered = {**bundle.defaults(), **options}
    always = fee_facts(under, bundle, bpmn_dir, on) | {bundle.area.option}
    here = _outcome(under, bundle, answered, on)
    return {
        question.name
        for question in bundle.questions
        if question.name in always
        or any(_outcome(under, bundle, {**answered, question.name: value}, on) != here for value in _answers(question))
    }


def fee_facts(law: Law, bundle: Bundle, bpmn_dir: Path, on: date) -> set[str]:
    """The answers that fees depend on: named in the bundle's fee decision, or counted by a fee of its table."""
    folder = bpmn_dir / bundle.id / bundle.version
    decisions = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.dmn")))
    counted = {getattr(item, "fact", None) for item in fee_items(law, bundle, bpmn_dir, on)}
    return {
        question.name
        for question in bundle.questions
        if f"options.{question.name}" in decisions or question.name in counted
    }


def _answers(question: Question) -> list[Any]:
    if question.kind == "boolean":
        return [True, False]
    if question.kind == "choice":
        return [choice.value for choice in question.choices]
    return [value for value in (question.minimum, question.maximum) if value is not None]


def _outcome(law: Law, bundle: Bundle, options: Mapping[str, Any], on: date) -> tuple[Any, ...]:
    codes = bundle.active_procedures(options)
    limits = tuple((code, law.limits(bundle, options)[code]) for code in codes)
    papers = tuple(
        (code, rule.code) for code in codes for rule in law.procedure(code, on).components if required(rule, options)
    )
    return tuple(codes), limits, papers, bundle.area_of(options)
