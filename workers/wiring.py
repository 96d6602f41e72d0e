"""The worker process put together: settings in; services, loops and runner out."""

from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from connectors.circuit import Circuit, CircuitMetrics
from connectors.payment.call import PaymentClient
from connectors.population.call import PopulationClient
from connectors.population.request import Access
from lienthong.dossiers import audit_heads, consultations
from lienthong.dossiers.database import create_database, read_scope, session_scope, upgrade
from lienthong.dossiers.law import load_law
from lienthong.dossiers.law_source import LawSource
from lienthong.dossiers.ports import DatabaseCompletions, DatabaseOutbox, DatabaseTasks
from lienthong.dossiers.store import DocumentStore
from lienthong.orchestration.client import OrchestrationClient
from lienthong.orchestration.completions import CompletionSender
from lienthong.orchestration.relay import Relay
from lienthong.orchestration.task_feed import TaskFeed
from lienthong.settings import Settings
from workers import portal_loops
from workers.context import Services
from workers.engine_time import EngineTime
from workers.heartbeat import Heartbeat
from workers.loops import Pass, SupervisedLoop
from workers.metrics import WorkerMetrics
from workers.partners import build_partners
from workers.scan_folder import ScanFolder

RELAY_INTERVAL_S = 0.25
FEED_INTERVAL_S = 0.5
SCAN_INTERVAL_S = 1.0
COMPLETION_INTERVAL_S = 0.5
SILENCE_INTERVAL_S = 5.0
STORIES_INTERVAL_S = 0.5
AUDIT_INTERVAL_S = 5.0
OUTWARD_INTERVAL_S = 1.0
LOOPS = [
    "relay",
    "task-feed",
    "completions",
    "consultations",
    "audit-head",
    "scan-folder",
    "stories",
    "messages",
    "national-portal",
    "deliveries",
    "reminders",
    "reconciliation",
    "succession",
    "clock",
]
CLIENT = "VN/BD/LIENTHONG"


def wall_clock() -> datetime:
    """The time by which people at the tasklist act: a grace time is theirs, whatever the engine's clock says."""
    return datetime.now(UTC)


def build_services(settings: Settings, registry: CollectorRegistry) -> Services:
    """Everything outside the workers, as ``settings`` say; the database is brought to its newest migration."""
    database = create_database(settings.database_url)
    upgrade(database)
    circuits = CircuitMetrics(registry)
    access = Access("lienthong", settings.population_secret, CLIENT, CLIENT)
    sandbox = settings.sandbox_url.rstrip("/")
    law = load_law(settings.law_dir, settings.bpmn_dir, settings.law_date)
    return Services(
        database=database,
        settings=settings,
        law=law,
        law_source=LawSource(database, law),
        documents=DocumentStore(settings),
        population=PopulationClient(f"{sandbox}/population/037", access, Circuit("population", circuits)),
        payment=PaymentClient(f"{sandbox}/payment", settings.payment_secret, Circuit("payment", circuits)),
        orchestration=OrchestrationClient(settings.engine_grpc, settings.engine_rest, settings.engine_token or None),
        partners=build_partners(settings, circuits),
    )


def build_loops(
    services: Services, heartbeat: Heartbeat, metrics: WorkerMetrics, engine_time: EngineTime
) -> list[SupervisedLoop]:
    """The outbox relay and the task feed, each on its own thread."""
    relay = Relay(DatabaseOutbox(services.database), services.orchestration)
    feed = TaskFeed(DatabaseTasks(services.database), services.orchestration)
    sender = CompletionSender(DatabaseCompletions(services.database), services.orchestration)
    scan_folder = ScanFolder(services)
    beats = (heartbeat, metrics)

    def close_silent(now: datetime) -> int:
        with session_scope(services.database) as session:
            return consultations.close_silent(session, services.law, now)

    def sign_audit(now: datetime) -> object:
        with read_scope(services.database) as session:
            if audit_heads.is_signed(session, now):
                return None
        with session_scope(services.database) as session:
            return audit_heads.sign_head(session, services.settings, now)

    return [
        SupervisedLoop("audit-head", sign_audit, AUDIT_INTERVAL_S, wall_clock, beats),
        SupervisedLoop("completions", sender.run_once, COMPLETION_INTERVAL_S, wall_clock, beats),
        SupervisedLoop("consultations", close_silent, SILENCE_INTERVAL_S, engine_time.latest, beats),
        SupervisedLoop("scan-folder", scan_folder.run_once, SCAN_INTERVAL_S, wall_clock, beats),
        SupervisedLoop("relay", relay.run_once, RELAY_INTERVAL_S, engine_time.latest, beats),
        SupervisedLoop("task-feed", feed.run_once, FEED_INTERVAL_S, engine_time.latest, beats),
        *_portal_loops(services, engine_time, beats),
    ]


def _portal_loops(
    services: Services, engine_time: EngineTime, beats: tuple[Heartbeat, WorkerMetrics]
) -> list[SupervisedLoop]:
    """What follows from the stories of dossiers: each way out of the house on a thread of its own."""
    works: list[tuple[str, Pass, float]] = [
        ("stories", lambda now: portal_loops.follow_stories(services, now), STORIES_INTERVAL_S),
        ("messages", lambda now: portal_loops.send_messages(services, now), OUTWARD_INTERVAL_S),
        ("national-portal", lambda now: portal_loops.tell_national_portal(services, now), OUTWARD_INTERVAL_S),
        ("deliveries", lambda now: portal_loops.follow_deliveries(services, now), OUTWARD_INTERVAL_S),
        (
            "reminders",
            portal_loops.EveryHour(lambda now: portal_loops.remind_of_expiry(services, now)),
            OUTWARD_INTERVAL_S,
        ),
        (
            "reconciliation",
            portal_loops.EveryHour(lambda now: portal_loops.compare_yesterday(services, now, wall_clock())),
            OUTWARD_INTERVAL_S,
        ),
        (
            "succession",
            portal_loops.EveryHour(lambda now: portal_loops.move_to_successors(services, now)),
            OUTWARD_INTERVAL_S,
        ),
        ("clock", lambda _: portal_loops.publish_clock(services, engine_time, wall_clock), OUTWARD_INTERVAL_S),
    ]
    return [SupervisedLoop(name, work, interval, engine_time.latest, beats) for name, work, interval in works]
