"""The domain's own rules as pure jobs: deadlines and fees from the law data, at the virtual now.

Loaded only when asked for, and only where the law data lies beside the models; a bundle that the law
does not know (a model under test in some other folder) has no rules, and its file must answer every job.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lienthong.scenarios.format import Publication
from lienthong.scenarios.pure_jobs import NoPureJobs, PureAnswer, PureJobs

if TYPE_CHECKING:
    from lienthong.dossiers.law import Law
    from lienthong.dossiers.law_records import Bundle


def rule_jobs(bundle_dir: Path, start_variables: Mapping[str, Any]) -> PureJobs:
    """The rules of the bundle in ``bundle_dir`` (``bpmn/<bundle>/<version>``) for a dossier with these variables."""
    folder = bundle_dir.parent.parent.parent / "law"
    if not (folder / "bundles.yaml").is_file():
        return NoPureJobs()
    law = _law(folder, bundle_dir.parent.parent)
    known = {(bundle.id, bundle.version) for bundle in law.all_bundles}
    if (bundle_dir.parent.name, bundle_dir.name) not in known:
        return NoPureJobs()
    bundle = law.bundle(bundle_dir.parent.name, bundle_dir.name)
    return RuleJobs(law.under_bundle(bundle), bundle, dict(start_variables.get("options", {})))


@lru_cache(maxsize=4)
def _law(folder: Path, bpmn_dir: Path) -> "Law":
    from lienthong.dossiers.law import load_law

    return load_law(folder, bpmn_dir, "today")


class RuleJobs:
    """``set_deadline`` and ``collect_fee`` by the rules that the workers use too."""

    def __init__(self, law: "Law", bundle: "Bundle", options: dict[str, Any]) -> None:
        self.law = law
        self.bundle = bundle
        self.options = {**bundle.defaults(), **options}

    def answer(
        self, job_type: str, headers: Mapping[str, str], variables: Mapping[str, Any], now: datetime
    ) -> PureAnswer | None:
        """Deadlines (with the message of the outbox) and fees; None for any other type."""
        if job_type == "set_deadline" and headers.get("scope") == "consultation":
            return self._consultation(variables, now)
        if job_type == "set_deadline":
            return self._deadline(headers.get("scope", ""), variables, now)
        if job_type == "collect_fee":
            return self._fee(variables, now)
        return None

    def _deadline(self, scope: str, variables: Mapping[str, Any], now: datetime) -> PureAnswer:
        from lienthong.dossiers.rules.deadline import bundle_deadlines, clock_start, due, escalation_times

        calendar = self.law.calendar
        start = clock_start(calendar, now, self.bundle.start_rule)
        key = str(variables["dossierCode"])
        if scope == "branch":
            code = str(variables["procedureCode"])
            key = f"{key}/{code}"
            due_at = due(calendar, start, self.bundle.limit(code, self.options))
        else:
            needs = self.law.graph(self.bundle, self.options)
            counted = {node: wanted for node, wanted in needs.items() if self.bundle.in_total(node)}
            limits = self.law.limits(self.bundle, self.options)
            begin = due(calendar, start, self.bundle.intake_limit)
            last = max(bundle_deadlines(counted, limits, begin, calendar).values())
            due_at = due(calendar, last, self.bundle.return_limit)
            if self.bundle.total_limit is not None:
                due_at = min(due_at, due(calendar, start, self.bundle.total_limit))
        escalations = [at.isoformat() for _, at in escalation_times(calendar, start, due_at)]
        values = {"dueAt": due_at.isoformat(), "escalations": escalations}
        return PureAnswer(dict(values), [Publication("deadline-set", key, dict(values))])

    def _fee(self, variables: Mapping[str, Any], now: datetime) -> PureAnswer:
        from lienthong.dossiers.rules.deadline import iso_period
        from lienthong.dossiers.rules.fee import amount

        facts = {**self.options, "area": self.bundle.area_of(self.options)}
        rules = variables.get("feeRules") or []
        total = sum(amount(self.law.fee_item(str(rule["feeItem"]), now.date()), facts) for rule in rules)
        period = iso_period(self.bundle.payment_reminder)
        payment = {"paymentId": f"{variables['dossierCode']}-1", "amount": total, "paid": total == 0}
        return PureAnswer({**payment, "reminderPeriod": period})

    def _consultation(self, variables: Mapping[str, Any], now: datetime) -> PureAnswer:
        from lienthong.dossiers.rules.deadline import due

        procedure = self.law.procedure(str(variables["procedureCode"]), now.date())
        until = due(self.law.calendar, now, procedure.consultation.limit)
        return PureAnswer({"consultationDueAt": until.isoformat()})
