"""The portal's jobs and loops against the played outward systems: bills, messages, statuses, deliveries."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from prometheus_client import CollectorRegistry
from sqlmodel import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "connectors"))
from played_sandbox import served

from connectors.circuit import Circuit, CircuitMetrics
from connectors.errors import Unavailable
from connectors.payment.call import PaymentClient
from lienthong.dossiers import (
    accounts,
    deliveries,
    essential,
    national_portal,
    portal_notices,
    reconciliation,
    tracking,
)
from lienthong.dossiers.database import create_database, read_scope, session_scope, upgrade
from lienthong.dossiers.filing import Filing, file_dossier
from lienthong.dossiers.law import load_law
from lienthong.dossiers.store import MemoryStore
from lienthong.dossiers.tables import User
from lienthong.settings import Settings
from workers import end_service, issue_bill, portal_loops, register_service, remind_bill, settle_bill
from workers.context import JobContext, Services
from workers.partners import build_partners

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[tuple[Settings, str]]:
    settings = Settings(var_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'domain.sqlite3'}")
    with stamina.set_testing(True, attempts=2, cap=True), served(settings) as address:
        for name in ("national_portal", "post", "messaging", "utilities"):
            setattr(settings, f"{name}_url", f"{address}/{name.replace('_', '-')}")
        yield settings, address


@pytest.fixture
def services(sandbox: tuple[Settings, str]) -> Iterator[Services]:
    settings, address = sandbox
    database = create_database(settings.database_url)
    upgrade(database)
    law, circuits = load_law(ROOT / "law", ROOT / "bpmn"), CircuitMetrics(CollectorRegistry())
    with session_scope(database) as session:
        law.sync_authorities(session)
        accounts.create_account(session, "congdan", "Thu-nghiem-1", "Nguyễn Văn Thử", "citizen", phone="0900000001")
    unused: Any = None
    made = Services(
        database=database,
        settings=settings,
        law=law,
        documents=MemoryStore(),
        population=unused,
        payment=PaymentClient(f"{address}/payment", settings.payment_secret, Circuit("payment", circuits)),
        orchestration=unused,
        partners=build_partners(settings, circuits),
    )
    yield made
    made.required_partners().close()
    made.payment.close()


def job(code: str, **variables: Any) -> JobContext:
    return JobContext(1, "test", code, {"dossierCode": code, **variables}, 3, 2, "element", {}, NOW)


def requested(services: Services, kind: essential.ServiceKind, address: str = "Số 1", **facts: Any) -> str:
    with session_scope(services.database) as session:
        user = session.exec(select(User)).one()
        return essential.request(session, kind, user, "Nguyễn Văn Thử", "0900000001", address, facts, NOW).code


def paid(services: Services, bill_code: str) -> None:
    with session_scope(services.database) as session:
        bill = essential.bill_by_code(session, bill_code)
        bill.status, bill.transaction_id, bill.paid_at = "paid", "TX1", NOW
        session.add(bill)


def test_water_is_registered_billed_paid_and_ended(services: Services) -> None:
    code = requested(services, essential.ServiceKind.WATER)
    first = register_service.handle(job(code), services)
    assert first == register_service.handle(job(code), services)  # the answer was lost
    assert (first["accepted"], first["period"]) == (True, "2026-11")
    bill = issue_bill.handle(job(code, period="2026-11"), services)
    assert bill == issue_bill.handle(job(code, period="2026-11"), services)
    assert (bill["found"], bill["period"], bill["billAt"]) == (True, "2026-12", "2026-12-01T08:00:00+07:00")
    assert remind_bill.handle(job(code, billCode=bill["billCode"]), services) == {"stillOpen": True}
    paid(services, bill["billCode"])
    receipt = settle_bill.handle(job(code, billCode=bill["billCode"]), services)
    assert receipt == settle_bill.handle(job(code, billCode=bill["billCode"]), services)
    assert remind_bill.handle(job(code, billCode=bill["billCode"]), services) == {"stillOpen": False}
    end_service.handle(job(code), services)
    assert issue_bill.handle(job(code, period="2026-12"), services)["found"] is False
    with read_scope(services.database) as session:
        service = essential.by_code(session, code)
        (kept,) = essential.bills(session, service.id)
        assert (service.status, kept.receipt_number) == ("ended", receipt["receipt"])
        assert kept.pay_url.startswith(services.settings.identity_issuer.removesuffix("/identity"))


def test_an_address_that_nobody_serves_is_refused_with_its_reason(services: Services) -> None:
    code = requested(services, essential.ServiceKind.WASTE, "Thôn ngoài vùng")
    assert register_service.handle(job(code), services)["accepted"] is False
    with read_scope(services.database) as session:
        assert essential.by_code(session, code).note == "Địa chỉ ngoài vùng phục vụ"


def test_tuition_of_an_unknown_student_is_not_found(services: Services) -> None:
    code = requested(services, essential.ServiceKind.TUITION, "", studentCode="SV999999")
    assert issue_bill.handle(job(code, period="2026-K1"), services) == {"found": False, "billCode": ""}


def test_a_provider_that_is_down_is_a_failure_that_may_be_tried_again(
    services: Services, sandbox: tuple[Settings, str]
) -> None:
    httpx.put(f"{sandbox[1]}/_faults/utilities", json={"down": True}).raise_for_status()
    with pytest.raises(Unavailable):
        register_service.handle(job(requested(services, essential.ServiceKind.WATER)), services)


def test_messages_leave_once_and_wait_while_the_gateway_is_down(
    services: Services, sandbox: tuple[Settings, str]
) -> None:
    with session_scope(services.database) as session:
        user_id = session.exec(select(User)).one().id or 0
        portal_notices.tell(session, user_id, "bill", "Hóa đơn thử", "A bill", "/dich-vu", NOW)
    httpx.put(f"{sandbox[1]}/_faults/messaging", json={"down": True}).raise_for_status()
    assert portal_loops.send_messages(services, NOW) == 0
    httpx.put(f"{sandbox[1]}/_faults/messaging", json={}).raise_for_status()
    later = NOW + timedelta(minutes=5)
    assert portal_loops.send_messages(services, NOW) == 0  # its time has not come
    assert portal_loops.send_messages(services, later) == 1
    assert portal_loops.send_messages(services, later) == 0
    inbox = httpx.get(f"{sandbox[1]}/messaging/inbox", params={"to": "0900000001"}).json()
    assert [message["text"] for message in inbox] == ["Hóa đơn thử"]


def filed(services: Services, delivery: str = "online") -> str:
    asked: Any = {
        "filing_token": f"token-{delivery}",
        "bundle_id": "karaoke",
        "applicant_name": "Nguyễn Văn Thử",
        "applicant_personal_number": "052099000001",
        "applicant_phone": "0900000001",
        "applicant_address": "Số 1 đường Thử Nghiệm",
        "delivery": delivery,
    }
    with session_scope(services.database) as session:
        return file_dossier(session, services.documents, services.law, Filing(**asked), NOW).code


def test_a_status_reaches_the_national_portal_once(services: Services, sandbox: tuple[Settings, str]) -> None:
    code = filed(services)
    with session_scope(services.database) as session:
        national_portal.note_change(session, tracking.require(session, code), NOW)
    assert portal_loops.tell_national_portal(services, NOW) == 1
    assert portal_loops.tell_national_portal(services, NOW) == 0
    told = httpx.get(f"{sandbox[1]}/national-portal/statuses/{code}").json()
    assert [status["TrangThai"] for status in told] == ["1"]
    with read_scope(services.database) as session:
        assert tracking.require(session, code).sync_status == "synced"


def test_a_delivery_is_registered_and_followed(services: Services, sandbox: tuple[Settings, str]) -> None:
    code = filed(services, "post")
    with session_scope(services.database) as session:
        deliveries.plan(session, tracking.require(session, code), NOW)
    assert portal_loops.follow_deliveries(services, NOW) == 1
    for _ in range(2):
        httpx.post(f"{sandbox[1]}/post/move", data={"order_number": f"{code}-KQ", "action": "advance"})
    assert portal_loops.follow_deliveries(services, NOW + timedelta(hours=1)) == 1
    with read_scope(services.database) as session:
        delivery = deliveries.of_dossier(session, tracking.require(session, code).id)
        assert delivery is not None and (delivery.state, delivery.tracking_number) == (3, "EB000000001VN")


def test_hourly_work_is_done_once_an_hour_and_again_when_the_clock_is_set_back() -> None:
    done: list[datetime] = []
    work = portal_loops.EveryHour(done.append)
    for minutes in (0, 30, 59, 61, 62, -300):
        work(NOW + timedelta(minutes=minutes))
    assert done == [NOW, NOW + timedelta(minutes=61), NOW - timedelta(minutes=300)]


def test_yesterdays_payments_are_compared_with_the_gateways_books_once(services: Services) -> None:
    assert not portal_loops.compare_yesterday(services, NOW, NOW - timedelta(days=2)), "the clock was moved"
    assert portal_loops.compare_yesterday(services, NOW, NOW)
    assert not portal_loops.compare_yesterday(services, NOW, NOW)
    with read_scope(services.database) as session:
        [made] = reconciliation.latest(session)
        assert (made.source, made.day.isoformat(), made.matched) == ("gateway", "2026-11-23", 0)


def test_a_gateway_that_is_away_is_asked_again_later(services: Services) -> None:
    gone = PaymentClient("http://127.0.0.1:1/payment", "x", Circuit("payment", CircuitMetrics(CollectorRegistry())))
    away = replace(services, payment=gone)
    assert not portal_loops.compare_yesterday(away, NOW, NOW)
    assert portal_loops.compare_yesterday(services, NOW, NOW)
    gone.close()


def test_where_no_body_has_ended_no_dossier_moves(services: Services) -> None:
    assert portal_loops.move_to_successors(services, NOW) == 0
