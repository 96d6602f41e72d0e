"""Adding an element takes five places; whoever forgets one of them is told here which.

1 `ElementType` · 2 the reader's table · 3 the behaviour and its row in the registry · 4 rules and coverage ·
5 three scenarios, and the generated page. See `docs/how-to/add-an-element.md`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from lienthong.engine.core import elements
from lienthong.engine.core.elements import BEHAVIORS
from lienthong.engine.core.triggers.throwing import THROWERS
from lienthong.engine.core.waits import TRIGGERS
from lienthong.engine.model.coverage import REFUSED_ELEMENTS, RUN
from lienthong.engine.model.elements import ElementType, Trigger
from lienthong.engine.model.parse_events import EVENT_TYPES, READERS
from lienthong.engine.model.parser import NODE_TYPES
from lienthong.engine.model.rules_events import ALLOWED, EVENT_SUB_PROCESS_START

REPOSITORY = Path(__file__).parents[2]
NOT_READ = {  # kinds without a tag of their own
    ElementType.PROCESS,
    ElementType.EVENT_SUB_PROCESS,
    ElementType.MULTI_INSTANCE_BODY,
    ElementType.SEQUENCE_FLOW,
}
DEFINITION_TAGS = {
    Trigger.NONE: None,
    Trigger.COMPENSATION: "compensateEventDefinition",
}
FOUND_BY_WALKING = {Trigger.ERROR, Trigger.ESCALATION, Trigger.COMPENSATION, Trigger.LINK}


def load_page_writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("supported_elements", REPOSITORY / "bench" / "supported_elements.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WRITER = load_page_writer()


@pytest.mark.parametrize("kind", sorted(set(ElementType) - NOT_READ))
def test_place_two_every_kind_is_read(kind: ElementType) -> None:
    assert kind in NODE_TYPES.values(), f"{kind} is in ElementType, but model/parser.py NODE_TYPES reads no tag as it"


@pytest.mark.parametrize("kind", sorted(set(ElementType) - {ElementType.SEQUENCE_FLOW}))
def test_place_three_every_kind_has_a_behavior(kind: ElementType) -> None:
    assert kind in BEHAVIORS, f"{kind} is in ElementType, but core/elements/__init__.py has no behavior for it"


def test_place_three_every_file_of_a_kind_is_in_the_registry() -> None:
    folder = Path(str(elements.__file__)).parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "behavior"}
    used = {each.activate.__module__.rpartition(".")[2] for each in BEHAVIORS.values()}
    assert files - used <= {"event_sub_process"}, f"no kind is run by {sorted(files - used)}"


@pytest.mark.parametrize("tag", sorted(NODE_TYPES))
def test_place_four_what_is_read_is_not_refused(tag: str) -> None:
    assert tag in RUN and tag not in REFUSED_ELEMENTS, f"model/coverage.py refuses bpmn:{tag}, which is read"


@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_place_four_every_event_position_says_which_triggers_it_takes(kind: ElementType) -> None:
    assert ALLOWED.get(kind), f"model/rules_events.py ALLOWED says nothing about {kind}"


@pytest.mark.parametrize("trigger", sorted(Trigger))
def test_every_trigger_is_read_and_runs_where_it_is_allowed(trigger: Trigger) -> None:
    tag = DEFINITION_TAGS.get(trigger, f"{trigger.lower()}EventDefinition")
    assert tag is None or (tag in READERS and tag in RUN), f"bpmn:{tag} is not read, or is refused by coverage"
    positions = {kind for kind, triggers in ALLOWED.items() if trigger in triggers}
    assert positions, f"{trigger} is allowed nowhere"
    catching = {ElementType.BOUNDARY_EVENT, ElementType.INTERMEDIATE_CATCH_EVENT, ElementType.RECEIVE_TASK}
    if trigger not in FOUND_BY_WALKING and (positions & catching or trigger in EVENT_SUB_PROCESS_START):
        assert trigger in TRIGGERS, f"core/waits.py TRIGGERS does not open {trigger}"
    if trigger in (Trigger.SIGNAL, Trigger.ESCALATION, Trigger.ERROR):
        assert trigger in THROWERS, f"core/triggers/throwing.py does not throw {trigger}"


@pytest.mark.parametrize("place", WRITER.expected_places(), ids=" ".join)
def test_place_five_every_kind_and_position_has_three_scenarios(place: tuple[str, str]) -> None:
    count = WRITER.count_scenarios()[place]
    assert count >= WRITER.ENOUGH, f"{place} has {count} scenarios in tests/scenarios, but needs {WRITER.ENOUGH}"


def test_place_five_the_page_is_up_to_date() -> None:
    page = WRITER.PAGE.read_text(encoding="utf-8")
    assert page == WRITER.page(), "run python bench/supported_elements.py"
