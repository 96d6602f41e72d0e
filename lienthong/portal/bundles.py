"""Bundles as the portal shows them: from the same law data that the rules use."""

from datetime import date
from pathlib import Path
from typing import Any

from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle, Procedure, Question
from lienthong.dossiers.portal_rules import PortalRules
from lienthong.dossiers.rules.fee import FeeItem
from lienthong.dossiers.rules.folding import fold
from lienthong.portal.text import money, translator
from lienthong.web.language import Language


def limit_text(procedure: Procedure, language: Language) -> str:
    """The time limit in words."""
    unit = {"wd": "unit.working_days", "d": "unit.calendar_days", "h": "unit.hours"}[procedure.limit.unit]
    return translator(language)(unit, count=f"{procedure.limit.value:g}")


def bundle_summary(law: Law, bundle: Bundle, language: Language, on: date) -> dict[str, Any]:
    """A bundle as a card: title, summary, the names of its procedures."""
    vietnamese = language == "vi"
    procedures = [law.procedure(code, on) for code in bundle.procedures]
    return {
        "id": bundle.id,
        "title": bundle.title_vi if vietnamese else bundle.title_en,
        "summary": bundle.summary_vi if vietnamese else bundle.summary_en,
        "procedures": [procedure.name_vi if vietnamese else procedure.name_en for procedure in procedures],
        "codes": [procedure.code for procedure in procedures],
        "questions": [question_view(question, language) for question in bundle.questions],
    }


def question_view(question: Question, language: Language) -> dict[str, Any]:
    """A question of the filing: booleans become yes and no."""
    t = translator(language)
    vietnamese = language == "vi"
    choices = [{"value": c.value, "label": c.label_vi if vietnamese else c.label_en} for c in question.choices]
    if question.kind == "boolean":
        choices = [{"value": "true", "label": t("filing.yes")}, {"value": "false", "label": t("filing.no")}]
    return {
        "name": question.name,
        "label": question.label_vi if vietnamese else question.label_en,
        "type": "number" if question.kind == "integer" else "choice",
        "choices": choices,
        "hint": "",
        "minimum": question.minimum,
        "maximum": question.maximum,
    }


def life_events(rules: PortalRules, language: Language) -> list[dict[str, Any]]:
    """Why people come, as choices."""
    return [
        {"id": one.id, "title": one.title_vi if language == "vi" else one.title_en, "bundles": list(one.bundles)}
        for one in rules.life_events
    ]


def fields_of(rules: PortalRules, bundles: list[Bundle], language: Language) -> list[dict[str, Any]]:
    """The fields that have a procedure in one of the bundles."""
    offered = {code for bundle in bundles for code in bundle.procedures}
    return [
        {"id": one.id, "title": one.title_vi if language == "vi" else one.title_en, "procedures": set(one.procedures)}
        for one in rules.fields
        if offered & set(one.procedures)
    ]


def words_of(rules: PortalRules, bundle: Bundle) -> str:
    """What people call it: the words of its life events and the titles of its fields, in both languages."""
    events = [f"{one.title_vi} {one.title_en} {one.words}" for one in rules.life_events if bundle.id in one.bundles]
    titles = [f"{one.title_vi} {one.title_en}" for one in rules.fields if set(one.procedures) & set(bundle.procedures)]
    return " ".join([*events, *titles])


def search(summaries: list[dict[str, Any]], query: str) -> list[dict[str, Any]]:
    """The bundles whose title, summary or procedures hold every word of the query."""
    words = fold(query).split()
    return [
        summary
        for summary in summaries
        if all(
            word
            in fold(" ".join([summary["title"], summary["summary"], *summary["procedures"], summary.get("words", "")]))
            for word in words
        )
    ]


def fee_text(item: FeeItem) -> str:
    """A fee of the table in words: the smallest and the largest amount that its table holds."""
    tables = [item.amounts, item.caps, *(band.amounts for band in item.bands)]
    amounts = sorted({amount for table in tables for amount in table.values()})
    if not amounts:
        return money(0)
    return money(amounts[0]) if len(amounts) == 1 else f"{money(amounts[0])} – {money(amounts[-1])}"


def fee_items(law: Law, bundle: Bundle, bpmn_dir: Path, on: date) -> list[FeeItem]:
    """The fees that the bundle's decisions may choose: its DMN files name them, the law holds the amounts."""
    folder = bpmn_dir / bundle.id / bundle.version
    decisions = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.dmn")))
    names = dict.fromkeys(fee.item for fee in law.fees if f'"{fee.item}"' in decisions)
    items = [law.fee_item(name, on) for name in names]
    return [item for item in items if fee_text(item) != money(0)]
