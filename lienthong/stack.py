"""The processes of one machine under supervision: each is restarted when it dies.

The commands are the entry points of the container images, so what runs here is what runs there.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from string import Template

from lienthong.commands.status import health_addresses, healthy
from lienthong.settings import Settings

TEMPLATE = Path(__file__).resolve().parents[1] / "docker" / "supervisord.conf.template"
SECRET_NAMES = (
    "LIENTHONG_SECRET_KEY",
    "LIENTHONG_PAYMENT_SECRET",
    "LIENTHONG_POPULATION_SECRET",
    "LIENTHONG_S3_SECRET_KEY",
    "LIENTHONG_NATIONAL_PORTAL_SECRET",
    "LIENTHONG_POST_SECRET",
    "LIENTHONG_MESSAGING_SECRET",
    "LIENTHONG_UTILITIES_SECRET",
    "LIENTHONG_IDENTITY_CLIENT_SECRET",
)
PROCESSES = ("engine", "s3", "sandbox", "web", "worker")


def load_secrets(var_dir: Path) -> None:
    """Put this machine's random secrets into the environment; made once, readable by the owner alone."""
    file = var_dir / "secrets.env"
    if not file.is_file():
        var_dir.mkdir(parents=True, exist_ok=True)
        lines = [f"{name}={secrets.token_urlsafe(32)}" for name in SECRET_NAMES]
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write("\n".join(lines) + "\n")
    for line in file.read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


class StackFailed(Exception):
    """A process did not come up; the message says which, and shows the end of its log."""


class Stack:
    """The supervised processes of one machine, from start to stop."""

    def __init__(self, settings: Settings, leave_out: tuple[str, ...] = ()) -> None:
        self.settings = settings
        self.names = tuple(name for name in PROCESSES if name not in leave_out)
        self._supervisor: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """What every child gets: this environment, with the settings that all must share."""
        shared = {
            "LIENTHONG_PORT_BASE": str(self.settings.port_base),
            "LIENTHONG_VAR_DIR": str(self.settings.var_dir.resolve()),
            "LIENTHONG_ENGINE_GRPC": self.settings.engine_grpc,
            "LIENTHONG_ENGINE_REST": self.settings.engine_rest,
            "PYTHONUNBUFFERED": "1",
        }
        return {**os.environ, **shared}

    def start(self) -> None:
        """Write the supervisor's configuration and start it; children start beside one another."""
        var_dir = self.settings.var_dir.resolve()
        for folder in ("log", "run", "engine", "s3", "sandbox"):
            (var_dir / folder).mkdir(parents=True, exist_ok=True)
        configuration = var_dir / "run" / "supervisord.conf"
        configuration.write_text(self._configuration(var_dir))
        command = [str(Path(sys.executable).parent / "supervisord"), "-n", "-c", str(configuration)]
        with (var_dir / "log" / "supervisord.out").open("ab") as log:
            self._supervisor = subprocess.Popen(
                command, env=self.environment(), stdout=log, stderr=log, start_new_session=True
            )

    def _configuration(self, var_dir: Path) -> str:
        names = {
            "bin": str(Path(sys.executable).parent),
            "root": str(TEMPLATE.parents[1]),
            "var": str(var_dir),
            "grpc_port": str(self.settings.grpc_port),
            "rest_port": str(self.settings.rest_port),
            "archive": f"--archive-after {days}d" if (days := self.settings.engine_archive_days) else "",
            **{f"run_{name}": str(name in self.names).lower() for name in PROCESSES},
        }
        return Template(TEMPLATE.read_text()).substitute(names)

    def wait(self, seconds: float = 120.0, say: Callable[[str], None] = lambda line: None) -> None:
        """Wait until every process is well. Raises StackFailed, naming the one that is not."""
        missing = {name: url for name, url in health_addresses(self.settings).items() if name in self.names}
        end = time.monotonic() + seconds
        while missing and time.monotonic() < end:
            if self._supervisor is not None and self._supervisor.poll() is not None:
                raise StackFailed(f"Expected the supervisor to run, but it ended: {self._tail('supervisord')}")
            for name in [name for name, url in missing.items() if healthy(url)]:
                say(name)
                del missing[name]
            time.sleep(0.1)
        if missing:
            name = next(iter(missing))
            raise StackFailed(f"Expected {name} to be well within {seconds:.0f} s, but it is not. {self._tail(name)}")

    def _tail(self, name: str) -> str:
        logs = sorted((self.settings.var_dir / "log").glob(f"{name}*"))
        lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()[-12:]]
        return "Its log ends:\n  " + "\n  ".join(lines)

    def running(self) -> bool:
        """Whether the supervisor lives."""
        return self._supervisor is not None and self._supervisor.poll() is None

    def stop(self, seconds: float = 25.0) -> None:
        """Ask everything to end, then wait for it."""
        if self._supervisor is None:
            return
        self._supervisor.send_signal(signal.SIGTERM)
        try:
            self._supervisor.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._supervisor.pid, signal.SIGKILL)
        self._supervisor = None
