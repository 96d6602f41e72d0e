"""Twenty times kill -9, over all five processes in turn, while dossiers of all bundles run: each ends, once.

Once is looked up where it would show: one instance, one payment, one transaction at the gateway, one result a
procedure with a number of its own, one receipt.
"""

import time
from collections import Counter
from collections.abc import Callable

import pytest
from running import InBackground, Running, descendants, eventually, processes_with
from sqlmodel import select

from lienthong.demonstration.actors import Applicant
from lienthong.dossiers import audit
from lienthong.dossiers.tables import OutboxRow

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.xdist_group("stack"), pytest.mark.timeout(600)]

VICTIMS = ("engine", "worker", "web", "sandbox", "s3")
KILLS = 20
SECONDS_BETWEEN_KILLS = 4.0
KILLS_WITHIN_SECONDS = 300.0
SECONDS_IN_ALL = 480.0  # a dossier's own work takes long on a busy machine
FILINGS = ("karaoke", "justice-employment", "karaoke", "investment", "karaoke", "justice-employment", "karaoke")


def test_twenty_kills_lose_and_double_nothing(running: Running, record_property: Callable[[str, object], None]) -> None:
    running.officers()
    began = time.monotonic()
    codes: list[str] = []
    people: list[Applicant] = []

    def file_and_drive(bundles: tuple[str, ...]) -> None:
        applicant = running.applicant()
        people.append(applicant)
        mine = []
        for bundle_id in bundles:
            mine.append(running.file(applicant, bundle_id))
            codes.append(mine[-1])
        for code in mine:
            running.drive(code, applicant, SECONDS_IN_ALL)

    work = [InBackground(lambda half=half: file_and_drive(FILINGS[half::2])) for half in (0, 1)]
    kills: Counter[str] = Counter()
    for number in range(KILLS):
        time.sleep(SECONDS_BETWEEN_KILLS)
        victim = VICTIMS[number % len(VICTIMS)]
        running.kill(victim)
        kills[victim] += 1
    under_fire = time.monotonic() - began
    for each in work:
        each.join(SECONDS_IN_ALL - (time.monotonic() - began))
    for person in people:
        person.close()
    record_property("seconds_under_fire", round(under_fire))
    record_property("seconds_to_the_last_end", round(time.monotonic() - began))

    assert under_fire < KILLS_WITHIN_SECONDS
    assert sum(kills.values()) == KILLS and set(kills) == set(VICTIMS)
    assert len(set(codes)) == len(FILINGS)
    for code in codes:
        assert_ended_once(running, code)
    assert_nothing_is_left(running, codes)


def assert_ended_once(running: Running, code: str) -> None:
    dossier = running.dossier(code)
    assert (dossier.status, dossier.delivery_status) == ("done", "handed_over"), code
    assert running.incidents(code) == []

    instances = [item for item in running.instances(code) if str(item["state"]) == "COMPLETED"]
    assert str(dossier.process_instance_key) in {str(item["processInstanceKey"]) for item in instances}
    assert [item for item in running.instances(code) if str(item["state"]) == "ACTIVE"] == []

    [payment] = running.payments(code)
    orders = running.sandbox_rows(
        "SELECT order_id, status, transaction_id FROM payment_order WHERE json_extract(body, '$.dossierCode') = ?", code
    )
    if payment.amount:
        assert orders == [(payment.order_id, "paid", payment.transaction_id)], code
        assert len(running.messages(code, "payment-received")) == 1
        assert len(running.documents(code, "receipt")) == 1
    assert payment.status == "paid"

    branches = [branch for branch in running.branches(code) if branch.result_document_id]
    results = running.documents(code, "result")
    assert sorted(branch.result_document_id for branch in branches) == sorted(result.id for result in results), code
    assert len({branch.result_number for branch in branches}) == len(branches)
    assert {branch.status for branch in running.branches(code)} <= {"issued", "skipped"}
    assert len(running.documents(code, "slip")) >= 1


def assert_nothing_is_left(running: Running, codes: list[str]) -> None:
    """No message that never went out, a chain of audit without a gap, and no reading process of a killed worker."""
    with running.session() as session:
        waiting = [row for row in session.exec(select(OutboxRow)) if row.done_at is None]
        assert [row.payload["name"] for row in waiting if row.payload["dossierCode"] in codes] == []
        assert audit.verify(session).ok
    eventually(lambda: not orphans(running), 10, "no process of a killed worker to be left")


def orphans(running: Running) -> set[int]:
    """Processes of this stack that nobody supervises."""
    supervisor = running.supervisor_pid()
    return processes_with("LIENTHONG_VAR_DIR", str(running.settings.var_dir)) - descendants(supervisor) - {supervisor}
