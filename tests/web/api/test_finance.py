"""Money after the payment: the accountant asks and carries out, the head decides, differences are settled by hand."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from staff_world import CODE, NOW, World

from lienthong.dossiers import payments
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.tables import Dossier, Payment

Person = Callable[[str], TestClient]
RULES = [
    {"procedureCode": "K4", "feeItem": "security-certificate"},
    {"procedureCode": "K5", "feeItem": "business-registration"},
]


def callback(session: Session, payment: Payment, transaction: str) -> None:
    body = {"callbackId": f"c-{transaction}", "orderId": payment.order_id, "transactionId": transaction}
    payments.receive_callback(session, {**body, "amount": payment.amount, "status": "paid"}, NOW)


@pytest.fixture
def paid(world: World) -> str:
    """The dossier of the world is paid; the order of its payment."""
    with session_scope(world.database) as session:
        dossier = session.exec(select(Dossier).where(Dossier.code == CODE)).one()
        payment = payments.create_payment(session, world.law, dossier.code, RULES, NOW)
        callback(session, payment, "TX-1")
        return payment.order_id


def test_a_refund_from_the_payment_to_the_money_gone_back(as_person: Person, paid: str) -> None:
    accountant, head = as_person("ketoan"), as_person("thutruong")
    payment = accountant.get(f"/api/finance/payments/{CODE}").json()["payment"]
    assert {line["procedureCode"] for line in payment["lines"]} == {"K4", "K5"}
    wanted = {"paymentId": payment["id"], "procedureCode": "K4", "reason": "Người nộp rút hồ sơ"}
    asked = accountant.post("/api/finance/refunds", json=wanted).json()
    assert (asked["state"], asked["mayDecide"], asked["mayCarryOut"]) == ("requested", False, True)
    [waiting] = head.get("/api/finance").json()["refunds"]
    assert (waiting["id"], waiting["mayDecide"]) == (asked["id"], True)
    path = f"/api/finance/refunds/{asked['id']}"
    decision = {"approved": True, "note": "đủ giấy tờ"}
    assert accountant.post(f"{path}/decision", json=decision).status_code == 403
    assert head.post(f"{path}/decision", json=decision).json()["state"] == "approved"
    assert accountant.post(f"{path}/done", json={"reference": "RF-1"}).json()["state"] == "done"
    books = accountant.get("/api/finance").json()
    assert (
        books["refunds"] == [] and sum(one["due"] for one in books["shares"]) == payment["amount"] - waiting["amount"]
    )


def test_money_on_top_is_shown_until_somebody_asks_to_give_it_back(as_person: Person, world: World, paid: str) -> None:
    with session_scope(world.database) as session:
        callback(session, session.exec(select(Payment).where(Payment.order_id == paid)).one(), "TX-2")
    accountant = as_person("ketoan")
    [surplus] = accountant.get("/api/finance").json()["surpluses"]
    wanted = {"paymentId": surplus["paymentId"], "transactionId": "TX-2", "reason": "Trả hai lần"}
    assert accountant.post("/api/finance/refunds", json=wanted).status_code == 200
    assert accountant.get("/api/finance").json()["surpluses"] == []


def test_a_bank_statement_is_compared_and_a_difference_settled(as_person: Person, paid: str) -> None:
    accountant = as_person("ketoan")
    content = f"\ufefforder_id,transaction_id,amount\n{paid},TX-1,1\n"
    given = {"day": "2026-11-24", "content": content}
    assert accountant.post("/api/finance/statements", json=given).json() == {"matched": 0, "differences": 1}
    [item] = accountant.get("/api/finance").json()["differences"]
    assert (item["difference"], item["theirs"], item["dossierCode"]) == ("amount", 1, CODE)
    path = f"/api/finance/differences/{item['id']}/resolution"
    assert as_person("canbo.motcua").post(path, json={"note": "nhầm"}).status_code == 403
    assert accountant.post(path, json={"note": "ngân hàng đã sửa"}).status_code == 204
    assert accountant.get("/api/finance").json()["differences"] == []


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "order_id,transaction_id,amount\nX,TX,mười\n"])
def test_an_unreadable_statement_says_what_is_needed(as_person: Person, content: str) -> None:
    answer = as_person("ketoan").post("/api/finance/statements", json={"day": "2026-11-24", "content": content})
    assert answer.status_code == 422 and "Sao kê không đọc được" in answer.text


def test_others_see_no_books(as_person: Person, paid: str) -> None:
    assert as_person("canbo.motcua").get("/api/finance").status_code == 403
    assert as_person("quantri").get("/api/finance").status_code == 403
    head = as_person("thutruong").get("/api/finance").json()
    assert (head["comparisons"], head["shares"], head["accountant"], head["books"]) == ([], [], False, False)
    assert as_person("vanphong").get("/api/finance").json()["shares"] != []
