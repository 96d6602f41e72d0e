"""How long a page of the queue and a search take with so many dossiers: p50 and p95 in milliseconds, SQLite or
PostgreSQL. ``python bench/tasklist.py [DOSSIERS] [DATABASE_URL]``; without an address a SQLite file in a folder of its
own, removed afterwards. The database must be empty: it is filled by plain inserts (the triggers keep the search)."""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

from lienthong.dossiers import queue, search
from lienthong.dossiers.database import create_database, read_scope, upgrade
from lienthong.dossiers.queue import QueueFilter, View
from lienthong.dossiers.rules.folding import fold
from lienthong.dossiers.viewers import Viewer

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DOSSIERS = 1_200_000
OPEN_SHARE = 0.03  # of a year's dossiers so many are being worked on at a time
BATCH = 20_000
ROUNDS = 200
AUTHORITIES = [f"bd-thu-{number:02}" for number in range(40)]
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Thanh", "Quốc", "Kim", "Hữu", "Xuân")
GIVEN = ("Thử", "Mẫu", "Ánh", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Mai", "Ngân", "Phúc", "Quân")


def dossier(number: int, dice: random.Random) -> dict[str, Any]:
    name = f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"
    filed = NOW - timedelta(minutes=(DOSSIERS - number) // 3)
    return {
        "id": f"bench-{number:07}",
        "code": f"000.00.{number % 90:02}.H08-{filed:%y%m%d}-{number:07}",
        "filing_token": f"bench-token-{number}",
        "bundle_id": "karaoke",
        "bundle_version": "2023",
        "applicant_name": name,
        "applicant_personal_number": f"052{dice.randrange(10**9):09}",
        "applicant_phone": f"09{dice.randrange(10**8):08}",
        "organisation_name": f"Công ty TNHH {dice.choice(GIVEN)} {dice.choice(MIDDLE)}" if number % 3 == 0 else "",
        "authorities": {"desk": AUTHORITIES[number % 5], "K5": AUTHORITIES[number % 40]},
        "filed_at": filed,
        "access_token": f"bench-access-{number}",
        **dict.fromkeys(("applicant_email", "applicant_address"), ""),
        **{"channel": "online", "delivery": "online", "options": {}, "status": "processing", "language": "vi"},
        **{"payment_status": "none", "delivery_status": "none", "sync_status": "pending"},
        **{"essential": False, "escalation_level": 0, "late": False},
    }


def task(number: int, row: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    hidden = dice.random() > OPEN_SHARE
    due = NOW + timedelta(minutes=dice.randrange(-2_000, 15_000))
    return {
        "user_task_key": f"{2**51 + number}",
        "dossier_code": row["code"],
        "procedure_code": "K5",
        "element_id": "appraise",
        "name": "Thẩm định",
        "authority_id": AUTHORITIES[number % 40],
        "role": "officer",
        "assignee": f"canbo-{dice.randrange(400)}" if dice.random() < 0.4 else None,
        "state": "COMPLETED" if hidden else "CREATED",
        "due_at": due,
        "sort_at": due,
        "rank": -50,
        "revision": number,
        "search_text": fold(f"{row['code']} Thẩm định {row['applicant_name']} {row['organisation_name']}"),
        "created_at": row["filed_at"],
        "priority": 50,
        "hidden": hidden,
        **dict.fromkeys(("form_id", "process_instance_key", "escalated_group"), ""),
    }


def fill(engine: Engine, count: int) -> None:
    dice = random.Random(7)
    tables: list[Table] = [SQLModel.metadata.tables[name] for name in ("dossier", "task")]
    for start in range(0, count, BATCH):
        rows = [dossier(number, dice) for number in range(start, min(start + BATCH, count))]
        tasks = [task(start + index, row, dice) for index, row in enumerate(rows)]
        with engine.begin() as connection:
            connection.execute(tables[0].insert(), rows)
            connection.execute(tables[1].insert(), tasks)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def measure(name: str, acts: Iterator[Callable[[], object]]) -> None:
    times = []
    for act in acts:
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(times, n=20)
    print(f"{name:<46} p50 {statistics.median(times):7.1f} ms   p95 {cuts[18]:7.1f} ms   of {len(times)}", flush=True)


def run(engine: Engine) -> None:
    dice = random.Random(11)
    soon = NOW + timedelta(hours=8)

    def viewer() -> Viewer:
        return Viewer(1, f"canbo-{dice.randrange(400)}", ((dice.choice(AUTHORITIES), "officer"),))

    def head() -> Viewer:
        return Viewer(1, "truongphong", tuple((one, "officer") for one in AUTHORITIES[:13]))

    def page(who: Viewer, wanted: QueueFilter) -> Callable[[], object]:
        def act() -> None:
            with read_scope(engine) as session:
                queue.page(session, who, wanted, NOW, soon)
                queue.counts(session, who, wanted, NOW, soon)

        return act

    def find(typed: str, own: set[str] | None) -> Callable[[], object]:
        def act() -> None:
            with read_scope(engine) as session:
                search.find_dossiers(session, typed, own, 30)

        return act

    def name() -> str:
        return f"{dice.choice(FAMILY)} {dice.choice(MIDDLE)} {dice.choice(GIVEN)}"

    def own() -> set[str]:
        return {dice.choice(AUTHORITIES)}

    rounds = range(ROUNDS)
    measure("queue, page and counts", (page(viewer(), QueueFilter()) for _ in rounds))
    measure("queue of a head of 13 groups", (page(head(), QueueFilter()) for _ in rounds))
    measure("queue, overdue", (page(viewer(), QueueFilter(View.OVERDUE)) for _ in rounds))
    measure("queue, searched", (page(viewer(), QueueFilter(text=dice.choice(GIVEN))) for _ in rounds))
    measure("search: whole name, own authority", (find(name(), own()) for _ in rounds))
    measure("search: one common word, own authority", (find(dice.choice(FAMILY), own()) for _ in rounds))
    measure("search: three letters being typed", (find(dice.choice(GIVEN)[:3], own()) for _ in rounds))
    measure("search: serial of a code", (find(f"{dice.randrange(DOSSIERS):07}", own()) for _ in rounds))
    measure("search: whole name, all authorities", (find(name(), None) for _ in rounds))
    measure("search: nothing fits", (find("không có ai như thế này", own()) for _ in rounds))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DOSSIERS
    with TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        engine = create_database(url)
        upgrade(engine)
        started = time.perf_counter()
        fill(engine, count)
        print(
            f"{count:,} dossiers and tasks in {engine.dialect.name}: {time.perf_counter() - started:.0f} s", flush=True
        )
        run(engine)
        engine.dispose()


if __name__ == "__main__":
    main()
