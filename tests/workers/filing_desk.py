"""A desk that files dossiers and makes jobs of them, at a known moment."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lienthong.dossiers import filing
from lienthong.dossiers.database import session_scope
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.rules.calendar import ZONE
from workers.context import JobContext, Services

TUESDAY = datetime(2023, 1, 3, 8, 0, tzinfo=ZONE)
KINDS = ("application-form", "business-registration", "fire-acceptance", "personal-history", "criminal-record")


@dataclass
class Desk:
    """Files dossiers, and makes jobs of them."""

    services: Services
    paper: bytes
    now: datetime = TUESDAY

    def file(self, token: str = "first", **changes: Any) -> str:
        value = filing.Filing(
            **{
                "filing_token": f"token-{token}",
                "bundle_id": "karaoke",
                "applicant_name": "Nguyễn Văn Thử",
                "applicant_personal_number": "052099000001",
                "applicant_phone": "0900 000 123",
                "files": [FileUpload(kind=kind, file_name=f"{kind}.pdf", content=self.paper) for kind in KINDS],
                **changes,
            }
        )
        with session_scope(self.services.database) as session:
            law, store = self.services.law, self.services.documents
            return filing.file_dossier(session, store, law, value, self.now).code

    def job(self, code: str, headers: dict[str, str] | None = None, key: int = 1, **variables: Any) -> JobContext:
        return JobContext(
            job_key=key,
            job_type="test",
            dossier_code=code,
            variables={"dossierCode": code, **variables},
            retries=3,
            process_instance_key=42,
            element_id="here",
            headers=headers or {},
            now=self.now,
        )

    def later(self, now: datetime) -> "Desk":
        return replace(self, now=now)
