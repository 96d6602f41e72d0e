"""Every setting of the product, read once from the environment (prefix ``LIENTHONG_``).

Nothing else reads the environment. ``port_base`` moves all ports together.
"""

import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_PORT_BASE = 8000


class Settings(BaseSettings):
    """Settings with the embedded defaults of one machine; addresses follow ``port_base`` unless given."""

    model_config = SettingsConfigDict(env_prefix="LIENTHONG_", extra="ignore")

    port_base: int = Field(DEFAULT_PORT_BASE, ge=1024, le=46000)
    bind_host: str = "127.0.0.1"
    var_dir: Path = Path("var")
    bpmn_dir: Path = Path("bpmn")
    law_dir: Path = Path("law")
    law_date: date | Literal["today", "as-in-file"] = "as-in-file"
    database_url: str = ""
    engine_grpc: str = ""
    engine_rest: str = ""
    engine_token: str = ""
    engine_archive_days: int = Field(365, ge=0)  # ended instances go to the archive after so many; 0: never
    s3_endpoint: str = ""
    s3_access_key: str = "lienthong"
    s3_secret_key: str = "embedded-secret"
    s3_bucket: str = "dossiers"
    s3_secure: bool = False
    sandbox_url: str = ""
    national_portal_url: str = ""
    post_url: str = ""
    messaging_url: str = ""
    utilities_url: str = ""
    identity_issuer: str = ""
    identity_client_id: str = "lienthong"
    web_url: str = ""
    worker_urls: str = ""  # addresses of the workers' health pages, with commas between them
    two_person_moves: bool = False  # a move of running dossiers needs a second administrator
    secret_key: str = "embedded-secret-key-change-outside-one-machine"
    payment_secret: str = "embedded-payment-secret"
    signing_key: Path | None = None
    signing_certificate: Path | None = None
    signing_trust: Path | None = None
    population_secret: str = "embedded-population-secret"
    national_portal_secret: str = "embedded-national-portal-secret"
    post_secret: str = "embedded-post-secret"
    messaging_secret: str = "embedded-messaging-secret"
    utilities_secret: str = "embedded-utilities-secret"
    identity_client_secret: str = "embedded-identity-secret"
    language: str = "vi"
    warning_share: float = Field(0.8, gt=0, lt=1)
    job_retries: int = Field(3, ge=1)
    job_backoff_ms: int = Field(2000, ge=0)
    job_backoff_cap_ms: int = Field(60000, ge=0)
    web_processes: int = Field(1, ge=1, le=64)
    ocr_engine: str = "aster"
    ocr_processes: int = Field(1, ge=1)
    field_confidence: float = Field(0.85, gt=0, le=1)
    undo_grace_s: float = Field(8.0, ge=0, le=600)
    scan_dir: str = ""
    upload_limit_bytes: int = 20 * 1024 * 1024
    log_level: str = "INFO"

    @property
    def scans(self) -> Path:
        """Where desks' scanners put their files: a folder a desk."""
        return Path(self.scan_dir) if self.scan_dir else self.var_dir / "scans"

    @property
    def web_port(self) -> int:
        return self.port_base

    @property
    def rest_port(self) -> int:
        return self.port_base + 80

    @property
    def s3_port(self) -> int:
        return self.port_base + 333

    @property
    def sandbox_port(self) -> int:
        return self.port_base + 1090

    @property
    def worker_port(self) -> int:
        return self.port_base + 1095

    @property
    def grpc_port(self) -> int:
        return self.port_base + 18500

    def model_post_init(self, _context: object) -> None:
        """Fill every address that was not given from the port scheme."""
        self.database_url = self.database_url or f"sqlite:///{self.var_dir.resolve() / 'domain.sqlite3'}"
        self.engine_grpc = self.engine_grpc or f"127.0.0.1:{self.grpc_port}"
        self.engine_rest = self.engine_rest or f"http://127.0.0.1:{self.rest_port}"
        self.s3_endpoint = self.s3_endpoint or f"127.0.0.1:{self.s3_port}"
        self.sandbox_url = self.sandbox_url or f"http://127.0.0.1:{self.sandbox_port}"
        for name in ("national_portal", "post", "messaging", "utilities"):
            if not getattr(self, f"{name}_url"):
                setattr(self, f"{name}_url", f"{self.sandbox_url.rstrip('/')}/{name.replace('_', '-')}")
        self.identity_issuer = self.identity_issuer or f"{self.sandbox_url.rstrip('/')}/identity"
        self.web_url = self.web_url or f"http://127.0.0.1:{self.web_port}"
        self.worker_urls = self.worker_urls or f"http://127.0.0.1:{self.worker_port}"


@lru_cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()


def count_together(folder: Path) -> None:
    """Tell the processes that this one starts to keep their metrics in one folder; what an earlier run left goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # the metrics library takes it from there alone
