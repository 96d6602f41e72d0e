"""What may be tried how often without an account: look-ups, registrations, petitions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request
from sqlmodel import Session

from lienthong.dossiers import rate_limits
from lienthong.web.problems import Problem


@dataclass(frozen=True, slots=True)
class RateRule:
    """So many tries in a span."""

    name: str
    limit: int
    span: timedelta

    def require(self, session: Session, who: str, now: datetime) -> None:
        """Count a try. Raises the 429 problem when there were too many."""
        if not rate_limits.take(session, f"{self.name}:{who}", self.limit, self.span, now):
            raise too_many(self.span)

    def forget(self, session: Session, who: str) -> None:
        """What was wanted has succeeded."""
        rate_limits.forget(session, f"{self.name}:{who}")


LOOKUPS = RateRule("lookup", 10, timedelta(minutes=15))
LOOKUPS_OF_CODE = RateRule("lookup-code", 20, timedelta(hours=1))
REGISTRATIONS = RateRule("register", 10, timedelta(hours=1))
PETITIONS = RateRule("petition", 10, timedelta(hours=1))
UPLOADS_TO_VERIFY = RateRule("verify", 30, timedelta(minutes=15))


def visitor(request: Request) -> str:
    """Whom tries are counted for: the address of the other end."""
    return request.client.host if request.client is not None else "unknown"


def too_many(span: timedelta) -> Problem:
    """The 429 problem."""
    minutes = max(1, int(span.total_seconds() // 60))
    return Problem(
        429,
        "too-many",
        f"Bạn đã thử quá nhiều lần. Hãy đợi {minutes} phút rồi thử lại.",
        f"Too many tries. Wait {minutes} minutes, then try again.",
        {"Retry-After": str(60 * minutes)},
    )
