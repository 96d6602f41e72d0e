"""On time, early, late; the share of online dossiers; and dossiers before and after the start of a scheme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.statistics.figure import Figure, Meaning, figure
from lienthong.dossiers.statistics.records import DossierRecord, Period, Scope, Timeliness, finished_in

KINDS: Final = {
    Timeliness.EARLY: Meaning("early", "Trước hạn", "Early", "100 x early / finished", "V*"),
    Timeliness.ON_TIME: Meaning("on-time", "Đúng hạn", "On time", "100 x on time / finished", "V*"),
    Timeliness.LATE: Meaning("late", "Quá hạn", "Late", "100 x late / finished", "V*"),
}
ONLINE: Final = Meaning("online-share", "Tỷ lệ nộp trực tuyến", "Online share", "100 x filed online / filed", "V*")
GROWTH: Final = Meaning(
    "scheme-growth",
    "Tăng hồ sơ trực tuyến từ khi có đề án",
    "Growth of online dossiers since the scheme's start",
    "100 x (online after - online before) / online before, spans of equal length around the start",
    "S",
)


@dataclass(frozen=True, slots=True)
class Change:
    """Online dossiers filed in spans of equal length before and from a day on, and the growth in percent."""

    start: date
    days: int
    before: int
    after: int
    growth: Figure


def timely(dossiers: Sequence[DossierRecord], scope: Scope, span: Period) -> dict[Timeliness, Figure]:
    """The three shares in percent of the dossiers that ended in the period."""
    ended = [(one, one.timeliness()) for one in finished_in(dossiers, span, scope)]
    counted = [(one, kind) for one, kind in ended if kind is not None]
    codes = {kind: [one.code for one, was in counted if was is kind] for kind in KINDS}
    return {
        kind: figure(meaning, 100 * len(codes[kind]), len(counted), 1, codes[kind]) for kind, meaning in KINDS.items()
    }


def online_share(dossiers: Sequence[DossierRecord], scope: Scope, span: Period) -> Figure:
    """The percentage of dossiers filed in the period that came online."""
    filed = sorted(one.code for one in dossiers if span.covers(one.filed_at) and scope.branches(one))
    online = {one.code for one in dossiers if one.channel == "online"}
    offline = [code for code in filed if code not in online]
    return figure(ONLINE, 100 * (len(filed) - len(offline)), len(filed), 1, filed, offline)


def around(dossiers: Sequence[DossierRecord], start: date, days: int) -> Change:
    """Online dossiers in ``days`` days before ``start`` and as many from it on; the youth scheme told of +64 % [S]."""
    days_of = [(local(one.filed_at).date(), one.code) for one in dossiers if one.channel == "online"]
    span = timedelta(days=days)
    before = sorted(code for day, code in days_of if start - span <= day < start)
    after = sorted(code for day, code in days_of if start <= day < start + span)
    growth = figure(GROWTH, 100 * (len(after) - len(before)), len(before), 1, [*before, *after])
    return Change(start, days, len(before), len(after), growth)
