"""Each job type on a real database: what it does, and that doing it again changes nothing."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.errors import Unavailable
from lienthong.dossiers import payments
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.notifications import TEMPLATES
from lienthong.dossiers.rules.calendar import ZONE
from lienthong.dossiers.tables import (
    AuditEntry,
    Branch,
    Document,
    Dossier,
    EscalationEntry,
    Notification,
    OutboxRow,
    Payment,
    Supplement,
)
from workers import (
    check_reuse,
    collect_fee,
    escalate_sla,
    hand_over,
    issue_result,
    look_up_citizen,
    notify,
    record_status,
    register_instance,
    request_supplement,
    set_deadline,
)
from workers.context import PermanentFailure

ROOT = Path(__file__).parents[2]
K4_FEE = [{"procedureCode": "K4", "feeItem": "security-certificate"}]
FREE = [{"procedureCode": "K4", "feeItem": "free"}]


def accepted(desk: Any) -> str:
    """A dossier whose clocks run, the bundle's and K4's."""
    code: str = desk.file()
    record_status.handle(desk.job(code, {"status": "accepted"}), desk.services)
    set_deadline.handle(desk.job(code, {"scope": "bundle"}), desk.services)
    record_status.handle(desk.job(code, {"status": "processing"}), desk.services)
    set_deadline.handle(desk.job(code, {"scope": "branch"}, procedureCode="K4"), desk.services)
    return code


def test_the_first_instance_registers_and_a_second_learns_that_it_is_a_duplicate(desk: Any, services: Any) -> None:
    code = desk.file()
    job = desk.job(code)
    assert register_instance.handle(job, services) == {"duplicate": False}
    assert register_instance.handle(job, services) == {"duplicate": False}
    other = type(job)(**{**{f: getattr(job, f) for f in job.__slots__}, "process_instance_key": 43})
    assert register_instance.handle(other, services) == {"duplicate": True}


def test_a_known_citizen_matches_and_the_query_is_in_the_audit_without_personal_data(
    desk: Any, services: Any, rows: Any
) -> None:
    code = desk.file()
    assert look_up_citizen.handle(desk.job(code), services) == {"citizen": {"found": True, "matches": True}}
    [entry] = [entry for entry in rows(AuditEntry) if entry.act == "population-lookup"]
    assert (entry.subject, entry.actor) == (code, "bd-ttpvhcc/reception")
    assert entry.data["fields"] == ["HoVaTen", "NgayThangNamSinh", "SoDinhDanh"]
    assert "Thử" not in json.dumps(entry.data, ensure_ascii=False)
    assert "052099" not in json.dumps(entry.data)


def test_a_wrong_name_is_not_found(desk: Any, services: Any) -> None:
    code = desk.file(applicant_name="Lê Văn Khác")
    assert look_up_citizen.handle(desk.job(code), services) == {"citizen": {"found": False, "matches": False}}


def test_without_a_number_nobody_is_asked(desk: Any, services: Any, sandbox: Any) -> None:
    sandbox.fault("population", down=True)
    code = desk.file(applicant_personal_number="")
    assert look_up_citizen.handle(desk.job(code), services) == {"citizen": {"found": False, "matches": False}}


def test_a_population_service_that_is_down_is_a_failure_to_try_again(desk: Any, services: Any, sandbox: Any) -> None:
    sandbox.fault("population", down=True)
    with pytest.raises(Unavailable):
        look_up_citizen.handle(desk.job(desk.file()), services)


def test_reuse_says_what_is_missing_in_both_runs(desk: Any, services: Any) -> None:
    code = desk.file(files=[])
    first = check_reuse.handle(desk.job(code), services)
    assert first["missingComponents"], "a filing without papers misses some"
    assert check_reuse.handle(desk.job(code), services) == first


@pytest.mark.parametrize(("scope", "variables"), [("bundle", {}), ("branch", {"procedureCode": "K4"})])
def test_a_clock_is_started_once_and_its_watch_told_once(
    desk: Any, services: Any, rows: Any, scope: str, variables: dict[str, Any]
) -> None:
    code = desk.file()
    job = desk.job(code, {"scope": scope}, **variables)
    first = set_deadline.handle(job, services)
    assert set_deadline.handle(job, services) == first
    due_at = datetime.fromisoformat(first["dueAt"])
    assert due_at > desk.now
    assert all(desk.now < datetime.fromisoformat(at) <= due_at for at in first["escalations"])
    sent = [row.payload for row in rows(OutboxRow) if row.payload["name"] == "deadline-set"]
    assert [payload["correlationKey"] for payload in sent] == [code if scope == "bundle" else f"{code}/K4"]


def test_a_model_without_a_known_scope_is_an_incident(desk: Any, services: Any) -> None:
    code = desk.file()
    with pytest.raises(PermanentFailure, match="header 'scope'"):
        set_deadline.handle(desk.job(code), services)
    with pytest.raises(PermanentFailure, match="planet"):
        set_deadline.handle(desk.job(code, {"scope": "planet"}), services)


def test_a_fee_is_one_payment_and_one_order_whatever_is_repeated(
    desk: Any, services: Any, rows: Any, sandbox: Any
) -> None:
    code = desk.file()
    first = collect_fee.handle(desk.job(code, feeRules=K4_FEE), services)
    assert collect_fee.handle(desk.job(code, feeRules=K4_FEE), services) == first
    [payment] = rows(Payment)
    assert (first["paymentId"], first["paid"]) == (payment.id, False)
    assert first["amount"] == payment.amount > 0
    page = httpx.get(payment.pay_url)
    assert "Thanh toán" in page.text
    assert services.payment.order(payment.order_id).status == "pending"


def test_a_gateway_that_was_down_gets_the_order_of_the_same_payment_later(
    desk: Any, services: Any, rows: Any, sandbox: Any
) -> None:
    code = desk.file()
    sandbox.fault("payment", down=True)
    with pytest.raises(Unavailable):
        collect_fee.handle(desk.job(code, feeRules=K4_FEE), services)
    sandbox.fault("payment")
    collect_fee.handle(desk.job(code, feeRules=K4_FEE), services)
    assert len(rows(Payment)) == 1


def test_nothing_owed_is_paid_at_once_and_no_order_is_placed(desk: Any, services: Any, sandbox: Any) -> None:
    sandbox.fault("payment", down=True)
    answer = collect_fee.handle(desk.job(desk.file(), feeRules=FREE), services)
    assert (answer["amount"], answer["paid"]) == (0, True)


def test_a_fee_that_was_paid_in_between_is_told_as_paid(desk: Any, services: Any, rows: Any) -> None:
    code = desk.file()
    collect_fee.handle(desk.job(code, feeRules=K4_FEE), services)
    [payment] = rows(Payment)
    body = {"callbackId": "c", "orderId": payment.order_id, "transactionId": "t", "amount": payment.amount,
            "status": "paid", "paidAt": desk.now.isoformat()}  # fmt: skip
    with session_scope(services.database) as session:
        assert payments.receive_callback(session, body, desk.now) == "paid"
    assert collect_fee.handle(desk.job(code, feeRules=K4_FEE), services)["paid"] is True


def test_fee_rules_that_are_no_list_of_contexts_are_an_incident(desk: Any, services: Any) -> None:
    with pytest.raises(PermanentFailure, match="feeRules"):
        collect_fee.handle(desk.job(desk.file(), feeRules="many"), services)


def test_each_rung_of_the_ladder_is_climbed_once(desk: Any, services: Any, rows: Any) -> None:
    code = accepted(desk)
    deadline = set_deadline.handle(desk.job(code, {"scope": "branch"}, procedureCode="K4"), services)
    late = desk.later(datetime.fromisoformat(deadline["dueAt"]) + timedelta(minutes=1))
    variables: dict[str, Any] = {"procedureCode": "K4", **deadline}
    levels = []
    for _ in range(len(deadline["escalations"])):
        answer = escalate_sla.handle(late.job(code, **variables), services)
        assert escalate_sla.handle(late.job(code, **variables), services) == answer
        levels.append(answer["escalationLevel"])
        variables["escalations"] = answer["escalations"]
    assert levels == sorted(levels)
    assert variables["escalations"] == []
    assert len(rows(EscalationEntry)) == len(levels) >= 2
    [branch] = [branch for branch in rows(Branch) if branch.procedure_code == "K4"]
    assert branch.late


def test_a_notice_is_written_once_a_job_and_again_for_another_job(desk: Any, services: Any, rows: Any) -> None:
    code = desk.file()
    headers = {"template": "payment-reminder"}
    notify.handle(desk.job(code, headers), services)
    later = desk.later(desk.now + timedelta(hours=1))
    notify.handle(later.job(code, headers), services)
    assert len(rows(Notification)) == 1
    notify.handle(later.job(code, headers, key=2), services)
    assert len(rows(Notification)) == 2


def test_a_refused_branch_gets_its_letter_once(desk: Any, services: Any, rows: Any) -> None:
    code = accepted(desk)
    job = desk.job(code, {"template": "branch-refused"}, procedureCode="K4", note="Không đủ điều kiện")
    notify.handle(job, services)
    notify.handle(job, services)
    assert [branch.status for branch in rows(Branch) if branch.procedure_code == "K4"] == ["refused"]
    assert len([document for document in rows(Document) if document.kind == "refusal"]) == 1


def test_every_notice_of_the_models_has_a_text() -> None:
    used = {
        name
        for model in (ROOT / "bpmn").rglob("*.bpmn")
        for name in re.findall(r'<zeebe:header key="template" value="([^"]+)"', model.read_text(encoding="utf-8"))
    }
    assert used, "Expected notices in bpmn/, but found none"
    assert used - set(TEMPLATES) == set()


def test_one_result_a_procedure(desk: Any, services: Any, rows: Any) -> None:
    code = accepted(desk)
    [branch] = [branch for branch in rows(Branch) if branch.procedure_code == "K4"]
    job = desk.job(code, procedureCode="K4", authority=branch.authority_id)
    first = issue_result.handle(job, services)
    assert issue_result.handle(job, services) == first
    assert (first["result"]["procedureCode"], first["result"]["outcome"]) == ("K4", "issued")
    [document] = [document for document in rows(Document) if document.role == "result"]
    assert first["result"]["documentId"] == document.id
    assert services.documents.get(document.storage_key).startswith(b"%PDF")


def test_acceptance_gives_the_slip_with_dates_once(desk: Any, services: Any, rows: Any) -> None:
    code = desk.file()
    for _ in range(2):
        record_status.handle(desk.job(code, {"status": "accepted"}), services)
    [dossier] = rows(Dossier)
    assert (dossier.status, dossier.accepted_at) == ("accepted", desk.now.astimezone(dossier.accepted_at.tzinfo))
    assert dossier.due_at > dossier.accepted_at


def test_a_dossier_that_is_not_accepted_gets_form_03_once(desk: Any, services: Any, rows: Any) -> None:
    code = desk.file()
    for hour in range(2):
        late = desk.later(desk.now + timedelta(hours=hour))
        record_status.handle(late.job(code, {"status": "not_accepted"}, note="Sai thẩm quyền"), services)
    assert [dossier.status for dossier in rows(Dossier)] == ["not_accepted"]
    assert len([document for document in rows(Document) if document.kind == "refusal"]) == 1


def test_a_request_to_supplement_is_asked_once_with_its_deadline(desk: Any, services: Any, rows: Any) -> None:
    code = desk.file()
    first = request_supplement.handle(desk.job(code, note="Thiếu sơ đồ"), services)
    assert request_supplement.handle(desk.job(code, note="Thiếu sơ đồ"), services) == first
    [supplement] = rows(Supplement)
    assert (first["supplementId"], supplement.note) == (supplement.id, "Thiếu sơ đồ")
    assert datetime.fromisoformat(first["supplementDueAt"]) > desk.now


def test_hand_over_closes_the_dossier_once(desk: Any, services: Any, rows: Any) -> None:
    code = accepted(desk)
    for branch in rows(Branch):
        if branch.status == "active":
            job = desk.job(code, procedureCode=branch.procedure_code, authority=branch.authority_id)
            issue_result.handle(job, services)
    for _ in range(2):
        assert hand_over.handle(desk.job(code), services) == {"handedOver": True}
    [dossier] = rows(Dossier)
    assert (dossier.status, dossier.delivery_status) == ("done", "handed_over")
    assert len([entry for entry in rows(AuditEntry) if entry.act == "handed-over"]) == 1


def test_times_of_day_carry_the_zone_of_the_province(desk: Any, services: Any) -> None:
    answer = set_deadline.handle(desk.job(desk.file(), {"scope": "bundle"}), services)
    assert datetime.fromisoformat(answer["dueAt"]).utcoffset() == desk.now.replace(tzinfo=ZONE).utcoffset()
