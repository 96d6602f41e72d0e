"""All nouns of an executable process, in one page. Plain data; nothing here decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from lienthong.engine.model.expression import Expression


class ElementType(StrEnum):
    """Kinds of element; the names are those of `bpmnElementType` in records."""

    __hash__ = str.__hash__

    PROCESS = "PROCESS"
    SUB_PROCESS = "SUB_PROCESS"
    EVENT_SUB_PROCESS = "EVENT_SUB_PROCESS"
    CALL_ACTIVITY = "CALL_ACTIVITY"
    MULTI_INSTANCE_BODY = "MULTI_INSTANCE_BODY"
    START_EVENT = "START_EVENT"
    INTERMEDIATE_CATCH_EVENT = "INTERMEDIATE_CATCH_EVENT"
    INTERMEDIATE_THROW_EVENT = "INTERMEDIATE_THROW_EVENT"
    BOUNDARY_EVENT = "BOUNDARY_EVENT"
    END_EVENT = "END_EVENT"
    SERVICE_TASK = "SERVICE_TASK"
    SEND_TASK = "SEND_TASK"
    SCRIPT_TASK = "SCRIPT_TASK"
    BUSINESS_RULE_TASK = "BUSINESS_RULE_TASK"
    RECEIVE_TASK = "RECEIVE_TASK"
    USER_TASK = "USER_TASK"
    MANUAL_TASK = "MANUAL_TASK"
    TASK = "TASK"
    EXCLUSIVE_GATEWAY = "EXCLUSIVE_GATEWAY"
    PARALLEL_GATEWAY = "PARALLEL_GATEWAY"
    INCLUSIVE_GATEWAY = "INCLUSIVE_GATEWAY"
    EVENT_BASED_GATEWAY = "EVENT_BASED_GATEWAY"
    SEQUENCE_FLOW = "SEQUENCE_FLOW"


class Trigger(StrEnum):
    """What sets an event off or what an event gives off; the second dimension beside its position."""

    __hash__ = str.__hash__

    NONE = "NONE"
    MESSAGE = "MESSAGE"
    TIMER = "TIMER"
    SIGNAL = "SIGNAL"
    ERROR = "ERROR"
    ESCALATION = "ESCALATION"
    LINK = "LINK"
    COMPENSATION = "COMPENSATION"
    TERMINATE = "TERMINATE"


class Binding(StrEnum):
    """Which version of a called resource is meant."""

    LATEST = "latest"
    DEPLOYMENT = "deployment"
    VERSION_TAG = "versionTag"


class TimerKind(StrEnum):
    """How a timer says when."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


TASK_TYPES = frozenset(
    {
        ElementType.SERVICE_TASK,
        ElementType.SEND_TASK,
        ElementType.SCRIPT_TASK,
        ElementType.BUSINESS_RULE_TASK,
        ElementType.RECEIVE_TASK,
        ElementType.USER_TASK,
        ElementType.MANUAL_TASK,
        ElementType.TASK,
    }
)
ACTIVITY_TYPES = TASK_TYPES | {ElementType.SUB_PROCESS, ElementType.CALL_ACTIVITY}
SCOPE_TYPES = frozenset({ElementType.PROCESS, ElementType.SUB_PROCESS, ElementType.EVENT_SUB_PROCESS})
GATEWAY_TYPES = frozenset(
    {
        ElementType.EXCLUSIVE_GATEWAY,
        ElementType.PARALLEL_GATEWAY,
        ElementType.INCLUSIVE_GATEWAY,
        ElementType.EVENT_BASED_GATEWAY,
    }
)


@dataclass(slots=True)
class Mapping:
    """One input or output mapping; `target` is a dotted path."""

    source: Expression
    target: str


@dataclass(slots=True)
class JobDefinition:
    """What a worker is asked to do."""

    type: Expression
    retries: Expression


@dataclass(slots=True)
class EventDefinition:
    """The trigger of an event and what it needs."""

    trigger: Trigger
    reference: str = ""  # id of the message, signal, error or escalation; name of a link; activity to undo
    name: Expression | None = None  # message or signal name; None: no reference
    correlation_key: Expression | None = None
    code: Expression | None = None  # error or escalation code; None or empty: catch all
    timer_kind: TimerKind | None = None
    timer: Expression | None = None
    wait_for_completion: bool = True  # of a thrown compensation
    timers_given: int = 0  # how many of date, duration and cycle the model holds


@dataclass(slots=True)
class Called:
    """A called process, decision or form: its id and which version."""

    id: Expression
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


@dataclass(slots=True)
class CallDefinition:
    """A call activity's callee and how variables cross."""

    called: Called
    propagate_all_parent_variables: bool = True
    propagate_all_child_variables: bool = True


@dataclass(slots=True)
class DecisionCall:
    """A business rule task's decision and the variable that takes its result."""

    called: Called
    result_variable: str


@dataclass(slots=True)
class Script:
    """A FEEL script and the variable that takes its result."""

    expression: Expression
    result_variable: str


@dataclass(slots=True)
class UserTaskDefinition:
    """Who works on a user task, until when, and with which form."""

    native: bool
    assignee: Expression | None = None
    candidate_groups: Expression | None = None
    candidate_users: Expression | None = None
    due_date: Expression | None = None
    follow_up_date: Expression | None = None
    priority: Expression | None = None
    form: Called | None = None
    form_key: Expression | None = None
    external_reference: Expression | None = None


@dataclass(slots=True)
class Loop:
    """Multi-instance: one inner instance an item of `input_collection`."""

    sequential: bool
    input_collection: Expression | None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    completion_condition: Expression | None = None


@dataclass(slots=True)
class SequenceFlow:
    """An arrow; `condition` only behind exclusive and inclusive gateways."""

    id: str
    source: str
    target: str
    condition: Expression | None = None


@dataclass(slots=True)
class FlowNode:
    """An element of a process, a sub-process, or the process itself (`scope` is "" then)."""

    id: str
    type: ElementType
    scope: str
    name: str = ""
    incoming: list[SequenceFlow] = field(default_factory=list)
    outgoing: list[SequenceFlow] = field(default_factory=list)
    default_flow: str | None = None
    inputs: list[Mapping] = field(default_factory=list)
    outputs: list[Mapping] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    event: EventDefinition | None = None
    interrupting: bool = True
    attached_to: str | None = None
    boundary_events: list[FlowNode] = field(default_factory=list)
    children: list[FlowNode] = field(default_factory=list)
    event_sub_processes: list[FlowNode] = field(default_factory=list)
    start: FlowNode | None = None  # none start of a scope; the only start of an event sub-process
    job: JobDefinition | None = None
    user_task: UserTaskDefinition | None = None
    call: CallDefinition | None = None
    decision: DecisionCall | None = None
    script: Script | None = None
    loop: Loop | None = None
    has_inclusive_join: bool = False
    is_handler: bool = False  # begins only when an activity is to be undone
    compensation_handler: str = ""  # id of the activity that undoes this one, or that a boundary event leads to

    @property
    def trigger(self) -> Trigger:
        """The trigger of an event; NONE for everything else."""
        return self.event.trigger if self.event is not None else Trigger.NONE

    @property
    def is_join(self) -> bool:
        """Whether tokens wait here for one another."""
        return len(self.incoming) > 1 and self.type in (ElementType.PARALLEL_GATEWAY, ElementType.INCLUSIVE_GATEWAY)


@dataclass(slots=True)
class ExecutableProcess:
    """One executable process of a BPMN file."""

    id: str
    name: str
    version_tag: str | None
    root: FlowNode
    elements: dict[str, FlowNode]
    flows: dict[str, SequenceFlow]
    start_form: Called | None = None

    def start_events(self) -> list[FlowNode]:
        """Start events of the process itself, in document order."""
        return [node for node in self.root.children if node.type is ElementType.START_EVENT]
