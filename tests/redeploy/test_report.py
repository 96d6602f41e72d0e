"""The report in words, mappings and verdicts, case by case."""

from __future__ import annotations

import pytest

from lienthong.redeploy.changes import Process, changes, read_process
from lienthong.redeploy.impact import Assessment, Running, Verdict, assess
from lienthong.redeploy.mapping import suggest
from lienthong.redeploy.marking import History, Marking, marking_of
from lienthong.redeploy.words import say, setting_names
from tests.engine.model_text import boundary, end, gateway, model, service, start, sub_process, tag, user

DUE = '<zeebe:taskSchedule dueDate="={days}"/>'
HANDS = '<zeebe:assignmentDefinition candidateGroups="{groups}"/>'


def read(*elements: str, flows: list[str]) -> Process:
    return read_process(model(start(), *elements, end(), flows=flows), "p")


def plain(*names: str) -> Process:
    return read(*(service(name) for name in names), flows=[">".join(("start", *names, "end"))])


def at(*elements: str, tokens: tuple[tuple[str, int], ...] = ()) -> Marking:
    return Marking(tuple((element, 1) for element in elements), tokens)


def drawn(name: str, groups: str, days: str, job: str, retries: str, condition: str) -> Process:
    settings = HANDS.format(groups=groups) + DUE.format(days=days)
    task = user("appraise", settings).replace('id="appraise"', f'id="appraise" name="{name}"')
    return read(
        task,
        service("notify", job, retries=retries),
        gateway("exclusive", "choose", default="choose-end"),
        flows=["start>appraise>choose>end", f"choose>notify?={condition}", "notify>end"],
    )


def test_every_setting_inside_a_box_is_told_in_both_languages() -> None:
    old = drawn("Thẩm định", "officer", "5", "notify", "3", "ok")
    new = drawn("Thẩm định", "unit_head", "3", "send", "5", "not(ok)")
    told = [change.text for change in changes(old, new)]
    assert [text["vi"] for text in told] == [
        "Nhóm xử lý của «Thẩm định»: officer → unit_head.",
        "Thời hạn của «Thẩm định»: =5 → =3.",
        "Loại việc máy của «notify»: notify → send.",
        "Số lần thử lại của «notify»: 3 → 5.",
        "Điều kiện của «choose – notify»: =ok → =not(ok).",
    ]
    assert told[1]["en"] == "Time limit of «Thẩm định»: =5 → =3."


def test_a_renamed_added_and_removed_element_and_its_flows_are_told() -> None:
    kinds = {change.kind for change in changes(plain("a", "b"), plain("a", "c"))}
    assert kinds == {"added", "removed", "flow-added", "flow-removed"}
    named = [drawn(name, "g", "1", "n", "1", "ok") for name in ("Cũ", "Mới")]
    assert changes(*named)[0].text["vi"] == "Đổi tên «Cũ» thành «Mới»."
    assert changes(named[0], named[0]) == []


def test_every_setting_the_difference_knows_has_a_name() -> None:
    told = {
        change.setting for change in changes(drawn("a", "g", "1", "n", "1", "x"), drawn("a", "h", "2", "m", "2", "y"))
    }
    assert told <= setting_names()
    assert say("setting", "due-date", element="a", before="", after="1")["vi"] == "Thời hạn của «a»: (không có) → 1."


@pytest.mark.parametrize(
    ("old", "new", "by", "target"),
    [
        (plain("a"), plain("a"), "id", "a"),
        (plain("a"), plain("b"), "type", "b"),
        (plain("a"), plain("b", "c"), "", ""),
        (drawn("Xét", "g", "1", "n", "1", "x"), drawn("Xét", "g", "1", "n", "1", "x"), "id", "appraise"),
    ],
)
def test_a_suggestion_says_on_what_it_rests(old: Process, new: Process, by: str, target: str) -> None:
    source = "a" if "a" in old.elements else "appraise"
    found = suggest(old, new)[source]
    assert (found.by, found.target) == (by, target)


def test_a_suggested_name_is_not_taken_without_a_choice() -> None:
    assert Assessment(plain("a"), plain("b")).judge(at("a"))[0] is Verdict.CHOICE
    assert Assessment(plain("a"), plain("b"), {"a": "b"}).judge(at("a"))[0] is Verdict.ITSELF


def test_a_step_of_which_no_kind_is_left_cannot_move() -> None:
    old = read(user("a"), flows=["start>a>end"])
    verdict, (reason,) = Assessment(old, plain("b")).judge(at("a"))
    assert (verdict, reason.code, reason.by_rule) == (Verdict.CANNOT, "gone", True)


def test_a_step_that_moved_into_a_sub_process_needs_a_choice() -> None:
    inner = sub_process("box", start("begin"), service("a"), end("done"), flows=["begin>a>done"])
    new = read(inner, flows=["start>box>end"])
    verdict, (reason,) = Assessment(plain("a"), new).judge(at("a"))
    assert (verdict, reason.code) == (Verdict.CHOICE, "other-scope")


def forked(kind: str, *names: str) -> Process:
    default = {} if kind == "parallel" else {"default": f"fork-{names[-1]}"}
    elements = [gateway(kind, "fork", **default), gateway("parallel", "join"), *(service(name) for name in names)]
    first = [f"fork>{name}" + ("" if kind == "parallel" or name == names[-1] else "?=x") for name in names]
    return read(*elements, flows=["start>fork", *first, *(f"{name}>join" for name in names), "join>end"])


def test_a_branch_added_before_a_join_strands_what_stands_behind_its_fork() -> None:
    old, new = forked("parallel", "a", "b"), forked("parallel", "a", "b", "c")
    verdict, (reason,) = Assessment(old, new).judge(at("a", tokens=(("b-join", 1),)))
    assert (verdict, reason.code, reason.element_id) == (Verdict.CANNOT, "stranded", "join")
    assert Assessment(old, old).judge(at("a", tokens=(("b-join", 1),)))[0] is Verdict.ITSELF


def test_a_way_that_may_starve_a_join_needs_a_choice() -> None:
    new = read(
        service("before"),
        gateway("exclusive", "pick", default="pick-last"),
        gateway("parallel", "fork"),
        gateway("parallel", "join"),
        service("a"),
        service("last"),
        flows=["start>before>pick>fork>a>join>last>end", "fork>join", "pick>last"],
    )
    assert Assessment(plain("before"), new).judge(at("before"))[0] is Verdict.ITSELF
    starved = read(
        service("before"),
        gateway("exclusive", "pick", default="pick-b"),
        gateway("parallel", "join"),
        service("a"),
        service("b"),
        gateway("exclusive", "skip", default="skip-end"),
        flows=["start>before>skip>pick>a>join>end", "skip>end", "pick>b>join"],
    )
    assert starved.elements["join"].is_join
    verdict, reasons = Assessment(plain("before"), starved).judge(at("before"))
    assert (verdict, reasons[0].code) == (Verdict.CHOICE, "may-strand")
    told = Assessment(starved, starved).judge(at("before"))[1]
    assert [reason.code for reason in told] == ["may-strand-before"]


def test_what_the_data_leave_open_needs_a_choice() -> None:
    process = forked("exclusive", "a", "b")
    history = History({"a": 1}, {"fork": 2, "b": 2, "join": 3}, frozenset({"fork-a", "fork-b"}))
    marking = marking_of(process, history)
    assert marking.ambiguous == ("join",)
    assert Assessment(process, process).judge(marking)[0] is Verdict.CHOICE
    foreign = marking_of(forked("parallel", "a", "b"), History({"a": 1}, {"b": 1}, None, foreign=True))
    assert foreign.ambiguous == ("join",)


def test_running_timers_are_told_to_stay_to_end_or_to_begin() -> None:
    timer = tag("bpmn:timerEventDefinition", tag("bpmn:timeDuration", "P5D"))

    def timed(*events: str) -> Process:
        drawn_events = [part for name in events for part in (boundary(name, "a", timer), end(f"{name}End"))]
        return read(service("a"), *drawn_events, flows=["start>a>end", *(f"{name}>{name}End" for name in events)])

    told = Assessment(timed("one", "two"), timed("one", "three")).timers(at("a"))
    assert [text["en"].split("»")[1].split(" when")[0] for text in told] == [" keeps", " is closed.", " starts"]


def test_instances_of_one_marking_are_one_group() -> None:
    running = [Running(str(index), f"H{index}", at("a" if index % 3 else "b")) for index in range(9)]
    groups = assess(plain("a", "b"), plain("a", "b"), running).groups
    assert [len(group.instances) for group in groups] == [6, 3]
