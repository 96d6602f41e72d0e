"""A made-up year of dossiers, written straight into the database: deterministic, and without any real person.

Every dossier is drawn from its own random source, seeded by year and number, so that the same call writes the same
rows on every machine and database, in any number of processes. Names are plainly made up, personal numbers begin with
052099, and the agency identifier of the codes (000.00.99) is one that no agency has. Shares of late, online and
supplemented dossiers are inventions [I]: they exercise the statistics and say nothing about any authority.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle, ComponentRule, Procedure, required
from lienthong.dossiers.rules.calendar import (
    ZONE,
    add_working_minutes,
    is_working_day,
)
from lienthong.dossiers.rules.code import dossier_code
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.deadline import Limit, bundle_deadlines, due
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
VERSION: Final = "2023"
OFFICERS_AN_AUTHORITY: Final = 4
CHUNK: Final = 2000
TABLES: Final[tuple[type[SQLModel], ...]] = (Dossier, Branch, Component, Supplement, Payment, Task)
_BUNDLES: Final = ("karaoke", "justice-employment", "investment")
_WEIGHTS: Final = (55, 38, 7)
_ONLINE_AT_START: Final = 0.35
_ONLINE_AT_END: Final = 0.75
_CACHED: Final = 200_000

Rows = dict[type[SQLModel], list[dict[str, Any]]]


@dataclass(slots=True)
class Year:
    """What all dossiers of a year share: working days, and how far the serials of each day have come."""

    law: Law
    year: int
    days: list[date]
    serials: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, law: Law, year: int) -> "Year":
        """The year with its working days."""
        first = date(year, 1, 1)
        every = [first + timedelta(days=ahead) for ahead in range((date(year + 1, 1, 1) - first).days)]
        return cls(law, year, [day for day in every if is_working_day(law.calendar, day)])

    def position(self, number: int) -> int:
        """On which working day a dossier is filed: known without drawing the dossier."""
        digest = hashlib.blake2b(f"{self.year}/{number}".encode(), digest_size=4).digest()
        return int.from_bytes(digest, "big") % len(self.days)

    def count(self, numbers: range) -> None:
        """Take the serials of these dossiers as given, so that another part of the year may go on."""
        for number in numbers:
            self.serial(self.position(number))

    def serial(self, position: int) -> int:
        """The next serial of a day."""
        self.serials[position] = self.serials.get(position, 0) + 1
        return self.serials[position]


@dataclass(slots=True)
class _Draft:
    """One dossier while its rows are drawn, with the rules of the year looked up once."""

    rows: Rows
    rules: "_Rules"
    random: random.Random
    key: str
    code: str
    day: date


class _Rules:
    """Law and calendar by what repeats: a year has few days and fewer procedures."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.bundle = lru_cache(maxsize=None)(lambda bundle_id: law.bundle(bundle_id, VERSION))
        self.shape = lru_cache(maxsize=None)(self._shape)
        self.plan = lru_cache(maxsize=None)(self._plan)
        self._shapes: list[tuple[Graph, Limits]] = []
        self.procedure = lru_cache(maxsize=None)(law.procedure)
        self.authority = lru_cache(maxsize=None)(law.authority_for)
        self.shifted = lru_cache(maxsize=_CACHED)(self._shifted)

    def _shape(self, bundle_id: str, options: tuple[tuple[str, Any], ...]) -> int:
        """The number of a shape: few shapes, many options."""
        found = _shape(self.law, bundle_id, options)
        if found not in self._shapes:
            self._shapes.append(found)
        return self._shapes.index(found)

    def _plan(
        self, bundle_id: str, number: int, filed: datetime
    ) -> tuple[dict[str, datetime], dict[str, datetime], datetime]:
        return _plan(self.law, bundle_id, self._shapes[number], filed)

    def _shifted(self, at: datetime, minutes: int) -> datetime:
        return add_working_minutes(self.law.calendar, at, minutes)


def marker(year: int) -> str:
    """The id of the first dossier of a made-up year."""
    return f"synthetic-{year}-{0:07}"


def write_year(session: Session, law: Law, count: int, year: int) -> int:
    """Write ``count`` dossiers filed in ``year``; how many were written (0 when the year was written before)."""
    if session.exec(select(Dossier.id).where(Dossier.id == marker(year))).first() is not None:
        return 0
    law.sync_authorities(session)
    for rows in chunks(law, count, year):
        for table in TABLES:
            if rows[table]:
                session.execute(insert(table), rows[table])
    return count


def chunks(law: Law, count: int, year: int) -> Iterator[Rows]:
    """The rows of the year, some thousand dossiers at a time."""
    return part(Year.of(law, year), range(count))


def part(shared: Year, numbers: range) -> Iterator[Rows]:
    """The rows of some dossiers of a year; the serials of those before them must have been counted."""
    rules = _Rules(shared.law)
    rows: Rows = {table: [] for table in TABLES}
    for number in numbers:
        _write_dossier(rows, shared, rules, number)
        if len(rows[Dossier]) >= CHUNK:
            yield rows
            rows = {table: [] for table in TABLES}
    yield rows


Graph = tuple[tuple[str, tuple[str, ...]], ...]
Limits = tuple[tuple[str, Limit], ...]


def _shape(law: Law, bundle_id: str, options: tuple[tuple[str, Any], ...]) -> tuple[Graph, Limits]:
    """What of the options decides the deadlines: which procedures run, in which order, with which limits."""
    bundle, chosen = law.bundle(bundle_id, VERSION), dict(options)
    graph = {code: needs for code, needs in law.graph(bundle, chosen).items() if bundle.in_total(code)}
    return tuple(graph.items()), tuple(law.limits(bundle, chosen).items())


def _plan(
    law: Law, bundle_id: str, shape: tuple[Graph, Limits], filed: datetime
) -> tuple[dict[str, datetime], dict[str, datetime], datetime]:
    """Start and due time of each branch, and the due time of the bundle."""
    bundle, graph, limits = law.bundle(bundle_id, VERSION), dict(shape[0]), dict(shape[1])
    start = add_working_minutes(law.calendar, filed, bundle.intake_limit.value * law.calendar.minutes_a_day)
    dues = bundle_deadlines(graph, limits, start, law.calendar)
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


def _write_dossier(rows: Rows, shared: Year, rules: _Rules, number: int) -> None:
    random_ = random.Random(f"{shared.year}/{number}")
    bundle = rules.bundle(random_.choices(_BUNDLES, _WEIGHTS)[0])
    options = _options(random_, bundle)
    position = shared.position(number)
    day = shared.days[position]
    filed = datetime.combine(day, time(random_.choice((8, 9, 10, 13, 14))), ZONE)
    starts, dues, due_at = rules.plan(bundle.id, rules.shape(bundle.id, tuple(sorted(options.items()))), filed)
    finished = _finish(random_, rules, due_at)
    key = f"synthetic-{shared.year}-{number:07}"
    code = dossier_code(CODE_PATTERN, day, shared.serial(position))
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
    area, draft = bundle.area_of(options), _Draft(rows, rules, random_, key, code, day)
    for branch_code in starts:
        authority = rules.authority(branch_code, area, day)
        _write_branch(draft, branch_code, authority, (starts[branch_code], dues[branch_code]))
        _write_components(draft, branch_code, list(starts), options)
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


def _finish(random_: random.Random, rules: _Rules, due_at: datetime) -> datetime:
    """70 % early, 24 % on the due day, 6 % late [I]."""
    kind = random_.random()
    if kind < 0.70:
        return rules.shifted(due_at, -60 * random_.randint(9, 24))
    if kind < 0.94:
        return due_at
    return rules.shifted(due_at, 60 * random_.randint(1, 40))


def _write_branch(draft: _Draft, branch_code: str, authority: str, span: tuple[datetime, datetime]) -> None:
    rows, random_, key = draft.rows, draft.random, draft.key
    finished = max(_finish(random_, draft.rules, span[1]), span[0])
    identity = f"{key.removeprefix('synthetic-')}-{branch_code}"
    rows[Branch].append(
        {
            "id": f"s-{identity}",
            "dossier_id": key,
            "procedure_code": branch_code,
            "procedure_id": draft.rules.procedure(branch_code, span[0].date()).process_id,
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
            "dossier_code": draft.code,
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


def _write_components(draft: _Draft, branch_code: str, siblings: list[str], options: Mapping[str, Any]) -> None:
    rows, key = draft.rows, draft.key
    procedure: Procedure = draft.rules.procedure(branch_code, draft.day)
    for place, rule in enumerate(procedure.components):
        if required(rule, options):
            rows[Component].append(
                {
                    "id": f"s-{key.removeprefix('synthetic-')}-{branch_code}-{place}",
                    "dossier_id": key,
                    "branch_code": branch_code,
                    "component_code": rule.code,
                    "name": rule.name_vi,
                    "status": _status(draft.random, rule, siblings),
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
