"""What applicants say of finished dossiers, and what it comes to."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, func, select

from lienthong.dossiers import audit
from lienthong.dossiers.errors import Conflict
from lienthong.dossiers.rules.status import BusinessStatus, is_final
from lienthong.dossiers.tables import Dossier
from lienthong.dossiers.tables.portal import Rating


class NewRating(BaseModel):
    """Three marks from 1 (bad) to 5 (good), and words."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    overall: int = Field(ge=1, le=5)
    attitude: int = Field(ge=1, le=5)
    speed: int = Field(ge=1, le=5)
    comment: str = Field("", max_length=2000)


def rate(session: Session, dossier: Dossier, new: NewRating, now: datetime) -> Rating:
    """Keep the rating of a finished dossier; rating again replaces it."""
    if not is_final(BusinessStatus(dossier.status)):
        raise Conflict(
            "unfinished", "Hồ sơ chưa kết thúc nên chưa đánh giá được.", "It can be rated once it has ended."
        )
    rating = session.merge(Rating(dossier_id=dossier.id, at=now, **new.model_dump()))
    audit.record(session, "applicant", "dossier-rated", dossier.code, {"overall": new.overall}, now)
    session.flush()
    return rating


def of_dossier(session: Session, dossier_id: str) -> Rating | None:
    """The rating of a dossier."""
    return session.get(Rating, dossier_id)


def summary(session: Session) -> dict[str, str | int | None]:
    """How many ratings there are, their mean, and the share of 4 and 5; None without any."""
    count, total = session.exec(select(func.count(), func.coalesce(func.sum(Rating.overall), 0))).one()
    good = session.exec(select(func.count()).where(Rating.overall >= 4)).one()
    if not count:
        return {"count": 0, "mean": None, "satisfied": None}
    mean = (Decimal(int(total)) / int(count)).quantize(Decimal("0.1"))
    share = (Decimal(100 * int(good)) / int(count)).quantize(Decimal("0.1"))
    return {"count": int(count), "mean": str(mean), "satisfied": str(share)}
