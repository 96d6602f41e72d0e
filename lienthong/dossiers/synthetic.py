"""A made-up year of dossiers, written straight into the database: deterministic, and without any real person.

Every dossier is drawn from its own random source, seeded by year and number, so that the same call writes the same
rows on every machine and database. Names are plainly made up, personal numbers begin with 052099, and the agency
identifier of the codes (000.00.99) is one that no agency has. Shares of late, online and supplemented dossiers are
inventions [I]: they exercise the statistics and say nothing about any authority.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle, ComponentRule, required
from lienthong.dossiers.rules.calendar import (
    ZONE,
    add_working_minutes,
    is_working_day,
)
from lienthong.dossiers.rules.code import dossier_code
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.deadline import bundle_deadlines, due
from lienthong.dossiers.rules.status import BusinessStatus, DeliveryStatus, PaymentStatus, SyncStatus
from lienthong.dossiers.tables import (
    Branch,
    BranchStatus,
    Component,
    Dossier,
    Payment,
    PaymentState,
    Role,
    Supplement,
    Task,
)

CODE_PATTERN: Final = "000.00.99.H08-{yymmdd}-{serial}"
OFFICERS_AN_AUTHORITY: Final = 4
CHUNK: Final = 2000
_TABLES: Final[tuple[type[SQLModel], ...]] = (Dossier, Branch, Component, Supplement, Payment, Task)
_BUNDLES: Final = ("karaoke", "justice-employment", "investment")
_WEIGHTS: Final = (55, 38, 7)
_ONLINE_AT_START: Final = 0.35
_ONLINE_AT_END: Final = 0.75

Rows = dict[type[SQLModel], list[dict[str, Any]]]


@dataclass(slots=True)
class _Year:
    """What all dossiers of a year share: working days, serials of days, planned deadlines."""

    law: Law
    year: int
    days: list[date]
    serials: dict[date, int] = field(default_factory=dict)

    def serial(self, day: date) -> int:
        """The next serial of a day."""
        self.serials[day] = self.serials.get(day, 0) + 1
        return self.serials[day]


def write_year(session: Session, law: Law, count: int, year: int) -> int:
    """Write ``count`` dossiers filed in ``year``; how many were written (0 when the year was written before)."""
    marker = f"synthetic-{year}-{0:07}"
    if session.exec(select(Dossier.id).where(Dossier.id == marker)).first() is not None:
        return 0
    law.sync_authorities(session)
    for rows in chunks(law, count, year):
        for table in _TABLES:
            if rows[table]:
                session.execute(insert(table), rows[table])
    return count


def chunks(law: Law, count: int, year: int) -> Iterator[Rows]:
    """The rows of the year, some thousand dossiers at a time."""
    first = date(year, 1, 1)
    every = [first + timedelta(days=ahead) for ahead in range((date(year + 1, 1, 1) - first).days)]
    shared = _Year(law, year, [day for day in every if is_working_day(law.calendar, day)])
    plan = lru_cache(maxsize=None)(lambda *key: _plan(law, *key))
    rows: Rows = {table: [] for table in _TABLES}
    for number in range(count):
        _write_dossier(rows, shared, plan, number)
        if len(rows[Dossier]) >= CHUNK:
            yield rows
            rows = {table: [] for table in _TABLES}
    yield rows


def _plan(
    law: Law, bundle_id: str, options: tuple[tuple[str, Any], ...], filed: datetime
) -> tuple[dict[str, datetime], dict[str, datetime], datetime]:
    """Start and due time of each branch, and the due time of the bundle."""
    bundle, chosen = law.bundle(bundle_id, "2023"), dict(options)
    start = add_working_minutes(law.calendar, filed, bundle.intake_limit.value * law.calendar.minutes_a_day)
    graph = {code: needs for code, needs in law.graph(bundle, chosen).items() if bundle.in_total(code)}
    dues = bundle_deadlines(graph, law.limits(bundle, chosen), start, law.calendar)
    starts = {code: max((dues[need] for need in needs if need in dues), default=start) for code, needs in graph.items()}
    return starts, dues, due(law.calendar, max(dues.values()), bundle.return_limit)


def _options(random_: random.Random, bundle: Bundle) -> dict[str, bool | int | str]:
    chosen = bundle.defaults()
    for question in bundle.questions:
        if question.kind == "boolean":
            chosen[question.name] = random_.random() < 0.2
        elif question.kind == "choice":
            chosen[question.name] = random_.choice(question.choices).value
        else:
            chosen[question.name] = random_.randint(1, 12)
    return chosen


def _write_dossier(rows: Rows, shared: _Year, plan: Any, number: int) -> None:
    random_ = random.Random(f"{shared.year}/{number}")
    bundle = shared.law.bundle(random_.choices(_BUNDLES, _WEIGHTS)[0], "2023")
    options = _options(random_, bundle)
    position = random_.randrange(len(shared.days))
    day = shared.days[position]
    hour = random_.choice((8, 9, 10, 13, 14))
    filed = datetime.combine(day, time(hour), ZONE)
    starts, dues, due_at = plan(bundle.id, tuple(sorted(options.items())), filed)
    finished = _finish(random_, shared.law, due_at)
    key = f"synthetic-{shared.year}-{number:07}"
    code = dossier_code(CODE_PATTERN, day, shared.serial(day))
    progress = position / len(shared.days)
    online = random_.random() < _ONLINE_AT_START + (_ONLINE_AT_END - _ONLINE_AT_START) * progress
    delivery = "online" if online and random_.random() < 0.7 else random_.choice(("desk", "post"))
    rows[Dossier].append(
        {
            **_defaults(key, code, number),
            "bundle_id": bundle.id,
            "bundle_version": bundle.version,
            "options": options,
            "channel": "online" if online else random_.choice(("counter", "counter", "post")),
            "delivery": delivery,
            "sync_status": SyncStatus.SYNCED if random_.random() < 0.95 else SyncStatus.FAILED,
            "filed_at": filed,
            "accepted_at": filed + timedelta(minutes=30),
            "due_at": due_at,
            "finished_at": finished,
            "late": finished > due_at,
        }
    )
    area = bundle.area_of(options)
    for branch_code in starts:
        authority = shared.law.authority_for(branch_code, area, day)
        span = (starts[branch_code], dues[branch_code])
        _write_branch(rows, shared.law, random_, (key, code, branch_code, authority), span)
        _write_components(rows, shared.law, random_, (key, branch_code, list(starts)), options, day)
    _write_rest(rows, random_, key, filed, online)


def _defaults(key: str, code: str, number: int) -> dict[str, Any]:
    return {
        "id": key,
        "code": code,
        "filing_token": key,
        "applicant_user_id": None,
        "applicant_name": f"Nguyễn Văn Thử {number:07}",
        "applicant_personal_number": f"052099{number % 1_000_000:06}",
        "applicant_phone": "",
        "applicant_email": "",
        "applicant_address": "",
        "organisation_name": "",
        "authorities": {},
        "status": BusinessStatus.DONE,
        "payment_status": PaymentStatus.PAID,
        "delivery_status": DeliveryStatus.HANDED_OVER,
        "process_instance_key": None,
        "access_token": key,
        "essential": False,
        "language": "vi",
        "escalation_level": 0,
    }


def _finish(random_: random.Random, law: Law, due_at: datetime) -> datetime:
    """70 % early, 24 % on the due day, 6 % late [I]."""
    kind = random_.random()
    if kind < 0.70:
        return add_working_minutes(law.calendar, due_at, -60 * random_.randint(9, 24))
    if kind < 0.94:
        return due_at
    return add_working_minutes(law.calendar, due_at, 60 * random_.randint(1, 40))


def _write_branch(
    rows: Rows, law: Law, random_: random.Random, names: tuple[str, str, str, str], span: tuple[datetime, datetime]
) -> None:
    key, code, branch_code, authority = names
    finished = max(_finish(random_, law, span[1]), span[0])
    identity = f"{key.removeprefix('synthetic-')}-{branch_code}"
    rows[Branch].append(
        {
            "id": f"s-{identity}",
            "dossier_id": key,
            "procedure_code": branch_code,
            "procedure_id": law.procedure(branch_code, span[0].date()).process_id,
            "authority_id": authority,
            "status": BranchStatus.ISSUED,
            "started_at": span[0],
            "due_at": span[1],
            "finished_at": finished,
            "escalation_level": 0,
            "late": finished > span[1],
            "result_number": "",
            "result_document_id": None,
        }
    )
    rows[Task].append(
        {
            "user_task_key": f"s-{identity}",
            "dossier_code": code,
            "procedure_code": branch_code,
            "element_id": "appraise",
            "name": "Thẩm định",
            "authority_id": authority,
            "role": Role.OFFICER,
            "assignee": f"{authority}-thu-{random_.randint(1, OFFICERS_AN_AUTHORITY)}",
            "state": "COMPLETED",
            "due_at": span[1],
            "created_at": span[0],
            "priority": 50,
            "form_id": "",
            "process_instance_key": "",
            "escalated_group": "",
            "hidden": True,
        }
    )


def _write_components(
    rows: Rows,
    law: Law,
    random_: random.Random,
    place: tuple[str, str, list[str]],
    options: Mapping[str, Any],
    day: date,
) -> None:
    key, branch_code, siblings = place
    for rule in law.procedure(branch_code, day).components:
        if required(rule, options):
            rows[Component].append(
                {
                    "id": f"s-{key.removeprefix('synthetic-')}-{branch_code}-{len(rows[Component])}",
                    "dossier_id": key,
                    "branch_code": branch_code,
                    "component_code": rule.code,
                    "name": rule.name_vi,
                    "status": _status(random_, rule, siblings),
                    "document_id": None,
                    "provenance": "synthetic",
                }
            )


def _status(random_: random.Random, rule: ComponentRule, siblings: list[str]) -> ComponentStatus:
    if rule.satisfied_by in siblings:
        return ComponentStatus.RESULT_OF_SIBLING
    if rule.derivable and random_.random() < 0.9:
        return ComponentStatus.DERIVED
    return ComponentStatus.REUSED if random_.random() < 0.25 else ComponentStatus.PROVIDED


def _write_rest(rows: Rows, random_: random.Random, key: str, filed: datetime, online: bool) -> None:
    """Requests to supplement (one in eight, few twice) and the payment."""
    number = key.removeprefix("synthetic-")
    for again in range(random_.choices((0, 1, 2), (87, 11, 2))[0]):
        at = filed + timedelta(hours=again + 1)
        rows[Supplement].append(
            {
                "id": f"s-{number}-{again}",
                "dossier_id": key,
                "branch_code": "",
                "note": "Thử nghiệm",
                "stage": "intake",
                "requested_at": at,
                "due_at": at + timedelta(days=10),
                "received_at": at,
                "document_id": None,
            }
        )
    paid_online = online and random_.random() < 0.8
    rows[Payment].append(
        {
            "id": f"s-{number}",
            "dossier_id": key,
            "amount": random_.choice((200_000, 300_000, 600_000, 4_300_000)),
            "status": PaymentState.PAID,
            "order_id": f"s-{number}",
            "transaction_id": f"s-{number}" if paid_online else None,
            "created_at": filed,
            "paid_at": filed,
            "pay_url": "",
        }
    )
