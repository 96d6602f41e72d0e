"""The worker's metrics, on one registry: jobs by type and outcome, duration, in flight, retries, loops, polls."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

DURATION_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class WorkerMetrics:
    """Every metric by its attribute; labels are job types and loop names, never a dossier."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.jobs = Counter("lienthong_jobs", "Jobs by type and outcome", ["type", "outcome"], registry=registry)
        self.duration = Histogram(
            "lienthong_job_duration_seconds",
            "Time a handler took",
            ["type"],
            buckets=DURATION_BUCKETS,
            registry=registry,
        )
        self.in_flight = Gauge("lienthong_jobs_in_flight", "Jobs being handled", ["type"], registry=registry)
        self.retries = Counter(
            "lienthong_job_retries", "Jobs given back to be tried again", ["type"], registry=registry
        )
        self.extensions = Counter("lienthong_job_extensions", "Times a job got more time", ["type"], registry=registry)
        self.last_poll = Gauge(
            "lienthong_worker_last_poll_timestamp_seconds", "Last poll that succeeded", ["type"], registry=registry
        )
        self.restarts = Counter("lienthong_worker_restarts", "Times the worker took a new channel", registry=registry)
        self.loop_errors = Counter("lienthong_loop_errors", "Passes of a loop that failed", ["loop"], registry=registry)
        self.loop_success = Gauge(
            "lienthong_loop_last_success_timestamp_seconds", "Last pass that succeeded", ["loop"], registry=registry
        )
