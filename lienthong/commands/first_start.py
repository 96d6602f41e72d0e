"""What the first start does once: tables, authorities and accounts, models. Each step may be repeated."""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lienthong.commands.models import deployments
from lienthong.dossiers import seed
from lienthong.dossiers.database import create_database, session_scope, upgrade
from lienthong.dossiers.documents import DocumentStore
from lienthong.dossiers.law import load_law
from lienthong.dossiers.papers.signing import identity
from lienthong.orchestration.client import OrchestrationClient
from lienthong.settings import Settings

PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Progress:
    """Which steps of the first start are done: a file in ``var/``, so that an interrupted start goes on."""

    def __init__(self, var_dir: Path) -> None:
        self._file = var_dir / "first-start.json"

    def done(self) -> dict[str, str]:
        """Step → when."""
        return dict(json.loads(self._file.read_text())) if self._file.is_file() else {}

    def mark(self, step: str) -> None:
        """Record a step as done."""
        steps = self.done() | {step: datetime.now(UTC).isoformat(timespec="seconds")}
        staged = self._file.with_suffix(".new")
        staged.write_text(json.dumps(steps, indent=1))
        staged.replace(self._file)


def new_password() -> str:
    """A random password that is easy to type."""
    return "-".join("".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(4)) for _ in range(3))


def create_accounts(settings: Settings, password: str) -> None:
    """Tables at the newest migration, authorities of the law, one demonstration account a role, the key that signs."""
    database = create_database(settings.database_url)
    upgrade(database)
    with session_scope(database) as session:
        seed.seed(session, load_law(settings.law_dir, settings.bpmn_dir, settings.law_date), password)
    identity(settings)


def deploy_models(settings: Settings, say: Callable[[str], None]) -> None:
    """Deploy ``bpmn/`` and make the bucket for documents."""
    DocumentStore(settings).ensure_bucket()
    client = OrchestrationClient(settings.engine_grpc, settings.engine_rest, settings.engine_token or None)
    for title, resources in deployments(settings.bpmn_dir):
        client.deploy(resources)
        say(f"{title} ({len(resources)} files)")
