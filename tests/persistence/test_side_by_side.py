"""Several processes at one dossier: whatever the database, what must happen once happens once."""

import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from lienthong.dossiers import audit, filing, payments, results
from lienthong.dossiers.database import create_database, read_scope, session_scope, upgrade
from lienthong.dossiers.documents import MemoryStore
from lienthong.dossiers.law import Law
from lienthong.dossiers.tables import Counter, Dossier, TimelineEntry
from tests.persistence.conftest import karaoke

SIDES = 6


def at_once(database: Engine, work: Callable[[Session, int], object]) -> list[object]:
    """Run the work in several transactions that start together; what each gave."""
    barrier, given = threading.Barrier(SIDES), list[object]()

    def run(number: int) -> None:
        barrier.wait(10)
        with session_scope(database) as session:
            given.append(work(session, number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(SIDES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(given) == SIDES, "a transaction failed"
    return given


def filed(database: Engine, store: MemoryStore, law: Law, paper: bytes, now: datetime) -> Dossier:
    with session_scope(database) as session:
        return filing.file_dossier(session, store, law, karaoke("side-by-side", paper), now)


def test_of_several_transactions_for_one_order_exactly_one_pays(
    database: Engine, store: MemoryStore, law: Law, paper: bytes, now: datetime
) -> None:
    dossier = filed(database, store, law, paper, now)
    rules = [{"procedureCode": "K4", "feeItem": "security-certificate"}]
    with session_scope(database) as session:
        payment = payments.create_payment(session, law, dossier.code, rules, now)

    def pay(session: Session, number: int) -> str:
        body = {"callbackId": f"c-{number}", "orderId": payment.order_id, "transactionId": f"t-{number}"}
        return payments.receive_callback(session, {**body, "amount": payment.amount, "status": "paid"}, now)

    outcomes = at_once(database, pay)
    assert sorted(map(str, outcomes)) == ["already_paid"] * (SIDES - 1) + ["paid"]
    with read_scope(database) as session:
        kinds = session.exec(select(TimelineEntry.kind).where(TimelineEntry.dossier_id == dossier.id)).all()
        assert kinds.count("paid") == 1 and kinds.count("payment-warning") == SIDES - 1


def test_a_result_is_issued_once_however_many_workers_have_the_job(
    database: Engine, store: MemoryStore, law: Law, paper: bytes, now: datetime
) -> None:
    dossier = filed(database, store, law, paper, now)
    issued = at_once(
        database,
        lambda session, _: results.issue(session, store, law, dossier.code, "K4", "bd-ca-huyen", "w", now).number,
    )
    assert len(set(issued)) == 1
    with read_scope(database) as session:
        assert audit.verify(session).ok


def test_a_reader_sees_one_state_throughout(database: Engine) -> None:
    with read_scope(database) as reader:
        assert reader.get(Counter, "state") is None
        with session_scope(database) as writer:
            writer.add(Counter(name="state", value=1))
        reader.expire_all()
        assert reader.get(Counter, "state") is None


def test_processes_that_start_together_migrate_once(database: Engine) -> None:
    address = database.url.render_as_string(hide_password=False)
    failures: list[BaseException] = []

    def start() -> None:
        engine = create_database(address)
        try:
            upgrade(engine)
        except BaseException as error:
            failures.append(error)
        engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
