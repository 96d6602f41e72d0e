"""What a filing is likely to cost, before it is sent: the bundle's own fee decision and the law's amounts.

Nothing is written. The decision is asked of the engine, so that the preview follows whatever version is deployed.
"""

import json
import logging
from dataclasses import dataclass
from typing import Any

from lienthong.dossiers import filing
from lienthong.dossiers.errors import DomainError
from lienthong.dossiers.rules import fee
from lienthong.orchestration.errors import EngineRejected, EngineUnavailable
from lienthong.portal.deps import Services
from lienthong.portal.drafts import Draft
from lienthong.portal.text import money
from lienthong.web.language import Language

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FeePreview:
    """Expected fees: one (name, amount in words) a line, and their sum in words."""

    lines: tuple[tuple[str, str], ...]
    total: str


def preview(given: Services, draft: Draft, language: Language) -> FeePreview | None:
    """The expected fees of the draft; None when they cannot be told now, which must not keep anybody from filing."""
    try:
        return _preview(given, draft, language)
    except (EngineUnavailable, EngineRejected, DomainError, ValueError) as failure:
        log.warning("No fee preview for %s: %s", draft.bundle_id, failure)
        return None


def _preview(given: Services, draft: Draft, language: Language) -> FeePreview:
    bundle = given.law.bundle(draft.bundle_id, on=given.now.date())
    options = filing.answered(bundle, draft.options)
    answer = given.orchestration.evaluate_decision(bundle.decision_of_fees, {"options": options})
    rules: list[dict[str, Any]] = json.loads(answer["output"]) or []
    facts = {**options, "area": bundle.area_of(options)}
    lines, total = [], 0
    for name in dict.fromkeys((str(rule["procedureCode"]), str(rule["feeItem"])) for rule in rules):
        item = given.law.fee_item(name[1], given.now.date())
        owed = fee.amount(item, facts)
        total += owed
        if owed:
            lines.append((item.name_vi if language == "vi" else item.name_en, money(owed)))
    return FeePreview(tuple(lines), money(total))
