"""What follows from a dossier's story: messages, statuses, deliveries, reminders; and the one clock."""

from datetime import UTC, datetime, timedelta

from portal_world import NOW, PortalWorld, Visitor, words
from sqlmodel import select

from lienthong.dossiers import (
    acceptance,
    clock,
    deliveries,
    documents,
    notifications,
    portal_events,
    portal_notices,
    reminders,
    tracking,
)
from lienthong.dossiers.clock import DomainClock
from lienthong.dossiers.database import read_scope, session_scope
from lienthong.dossiers.portal_rules import load_portal_rules
from lienthong.dossiers.tables import Task
from lienthong.dossiers.tables.portal import NationalStatus, OutgoingMessage, PostalDelivery
from lienthong.portal.sample_forms import sample_form


def filed(portal: PortalWorld, citizen: Visitor, **changes: str) -> str:
    with session_scope(portal.database) as session:
        portal_events.consume(session, NOW)  # the first pass starts at the present end
    sent = citizen.post(citizen.check(**changes), {"truth": "yes"})
    return sent.headers["location"].rsplit("/", 1)[1]


def test_an_applicant_is_told_once_a_channel_when_a_dossier_moves(portal: PortalWorld, citizen: Visitor) -> None:
    code = filed(portal, citizen, applicant_email="thu@example.vn")
    with session_scope(portal.database) as session:
        notifications.notify(session, portal.law, code, "supplement-requested", NOW)
        assert portal_events.waiting(session)
        assert portal_events.consume(session, NOW) > 0
        portal_events.consume(session, NOW)
        assert not portal_events.waiting(session)
        sent = session.exec(select(OutgoingMessage)).all()
        assert sorted((one.channel, one.address) for one in sent) == [
            ("email", "thu@example.vn"),
            ("sms", "0900000001"),
        ]
        assert all(code in one.text for one in sent)
        assert [row.status for row in session.exec(select(NationalStatus)).all()] == [1]
    assert f"Hồ sơ {code} cần bổ sung" in words(citizen.get("/thong-bao"))


def test_nobody_is_told_against_their_wish(portal: PortalWorld, citizen: Visitor) -> None:
    citizen.post("/tai-khoan", {"phone": "0900000001", "email": "thu@example.vn", "by_email": "yes"})
    code = filed(portal, citizen)
    with session_scope(portal.database) as session:
        notifications.notify(session, portal.law, code, "accepted", NOW)
        portal_events.consume(session, NOW)
        assert [one.channel for one in session.exec(select(OutgoingMessage)).all()] == ["email"]


def test_a_message_that_does_not_leave_is_tried_again_later_each_time(portal: PortalWorld) -> None:
    with session_scope(portal.database) as session:
        notice = portal_notices.tell(session, 1, "bill", "Hóa đơn", "A bill", "/dich-vu", NOW)
        (message,) = portal_notices.due(session, NOW)
        assert message.source == f"notice:{notice.id}"
        portal_notices.failed(session, message.id, "down", NOW)
        assert portal_notices.due(session, NOW) == []
        assert portal_notices.due(session, NOW + timedelta(minutes=2)) == [message]
        portal_notices.failed(session, message.id, "refused", NOW, final=True)
        assert portal_notices.due(session, NOW + timedelta(days=9)) == []


def test_a_ready_result_goes_by_post_and_is_followed(portal: PortalWorld, citizen: Visitor) -> None:
    code = filed(portal, citizen, delivery="post", applicant_address="Số 1 đường Thử Nghiệm")
    with session_scope(portal.database) as session:
        notifications.notify(session, portal.law, code, "result-ready", NOW)
        portal_events.consume(session, NOW)
        (delivery,) = session.exec(select(PostalDelivery)).all()
        assert (delivery.order_number, delivery.address) == (f"{code}-KQ", "Số 1 đường Thử Nghiệm")
        assert [one.order_number for one, _ in deliveries.due(session, NOW)] == [delivery.order_number]
        deliveries.failed(session, delivery.order_number, "down", NOW)
        assert deliveries.due(session, NOW) == []
        deliveries.moved(session, delivery.order_number, "EB000000001VN", 1, NOW)
        deliveries.moved(session, delivery.order_number, "EB000000001VN", 1, NOW)
        deliveries.moved(session, delivery.order_number, "EB000000001VN", 3, NOW)
        assert deliveries.due(session, NOW + timedelta(days=9)) == []  # delivered: nothing more to ask
        kinds = [one.kind for one in tracking.timeline(session, delivery.dossier_id)]
        assert kinds.count("post") == 2
    assert "Bưu điện: Đã phát · vận đơn EB000000001VN" in words(citizen.get(f"/ho-so/{code}"))


def test_no_delivery_is_planned_for_another_way_of_receiving(portal: PortalWorld, citizen: Visitor) -> None:
    code = filed(portal, citizen)
    with session_scope(portal.database) as session:
        assert deliveries.plan(session, tracking.require(session, code), NOW) is None


def expiring(portal: PortalWorld, code: str, days_left: int) -> datetime:
    """A work permit of the dossier, and the moment at which it has so many days left."""
    content = sample_form("Giấy phép", "Permit", "J3", "", "")
    given = ("work-permit", "Giấy phép 1.pdf", "result", NOW)
    with session_scope(portal.database) as session:
        dossier = tracking.require(session, code)
        documents.attach_pdf(session, portal.store, dossier, content, *given, number="1/GP")
    expires = reminders.months_later(NOW.date(), 24)
    return NOW + (expires - NOW.date()) - timedelta(days=days_left)


def test_a_paper_that_expires_is_reminded_of_once_with_a_prefilled_form(portal: PortalWorld, citizen: Visitor) -> None:
    code = citizen.file()
    now = expiring(portal, code, days_left=30)
    rules = load_portal_rules(portal.settings.law_dir)
    with session_scope(portal.database) as session:
        assert len(reminders.remind(session, rules, now)) == 1
        assert reminders.remind(session, rules, now) == []
    assert "hết hạn ngày 24/11/2028" in words(citizen.get("/ho-so"))
    link = citizen.get("/ho-so").text.split('href="/nhac-han/')[1].split('"')[0]
    assert "Liên thông nhóm thủ tục hành chính Tư pháp" in words(citizen.get(f"/nhac-han/{link}"))
    stranger = Visitor(portal)
    stranger.sign_in("nguoikhac")
    assert stranger.get(f"/nhac-han/{link}").status_code == 404
    filing = citizen.post(f"/nhac-han/{link}", {"act": "use"}).headers["location"]
    form = citizen.get(filing)
    assert f"từ hồ sơ {code}" in words(form) and 'value="052099000001"' in form.text
    assert "hết hạn ngày" not in words(citizen.get("/ho-so"))


def test_a_paper_that_is_good_for_long_is_not_reminded_of(portal: PortalWorld, citizen: Visitor) -> None:
    now = expiring(portal, citizen.file(), days_left=100)
    with session_scope(portal.database) as session:
        assert reminders.remind(session, load_portal_rules(portal.settings.law_dir), now) == []


def test_months_end_where_the_month_ends() -> None:
    day = datetime(2026, 8, 31, tzinfo=UTC).date()
    assert reminders.months_later(day, 6).isoformat() == "2027-02-28"
    assert reminders.months_later(day, 4).isoformat() == "2026-12-31"


def test_web_and_workers_share_one_clock(portal: PortalWorld) -> None:
    wall, ticks = [NOW], [0.0]
    shared = DomainClock(portal.database, lambda: wall[0], lambda: ticks[0])
    assert shared() == NOW
    with session_scope(portal.database) as session:
        assert clock.publish(session, 86_400_000) is True
        assert clock.publish(session, 86_400_100) is False  # a difference between machines is none
    assert shared() == NOW  # read at most once a second
    ticks[0] = 1.5
    assert shared() == NOW + timedelta(days=1)
    with session_scope(portal.database) as session:
        assert clock.publish(session, 0) is True
    ticks[0] = 3.0
    assert shared() == NOW


def test_a_page_says_who_holds_a_branch_how_long_still_and_how_late(portal: PortalWorld, citizen: Visitor) -> None:
    code = citizen.file()
    with session_scope(portal.database) as session:
        acceptance.accept(session, portal.store, portal.law, code, "tiepnhan", NOW)
        acceptance.set_deadline(session, portal.law, code, "K4", NOW)
        session.add(
            Task(
                user_task_key="1",
                dossier_code=code,
                procedure_code="K4",
                element_id="appraise",
                name="Thẩm định",
                authority_id="bd-ca-huyen",
                role="officer",
                assignee="tiepnhan",
                created_at=NOW,
            )
        )
    page = words(citizen.get(f"/ho-so/{code}"))
    assert "Đang do Trần Thị Mẫu xử lý" in page and "(còn 5 ngày làm việc)" in page
    public = words(Visitor(portal).post("/tra-cuu", {"code": code, "digits": "0001"}))
    assert "Trần Thị Mẫu" not in public and "Đang do Công an huyện Thử Nghiệm xử lý" in public
    portal.app.state.clock = lambda: NOW + timedelta(days=14)
    with read_scope(portal.database) as session:
        assert tracking.by_code(session, code) is not None
    assert "trễ" in words(citizen.get(f"/ho-so/{code}"))
