"""Who may move money: the accountant of a dossier's one-stop desk asks and carries out, the desk's head decides.

The Provincial Office sees everything and moves nothing.
"""

from typing import Final

from lienthong.dossiers.errors import Forbidden
from lienthong.dossiers.tables import Dossier, Role
from lienthong.dossiers.viewers import Viewer

SEEING: Final = frozenset({Role.FINANCE, Role.AUTHORITY_HEAD, Role.OFFICE})


def desk_of(dossier: Dossier) -> str:
    """The one-stop desk that takes the money of a dossier."""
    return str(dossier.authorities["desk"])


def desks(viewer: Viewer) -> frozenset[str] | None:
    """The authorities whose money a viewer may see; None is all of them."""
    if viewer.oversees_all:
        return None
    return frozenset(authority for authority, role in viewer.all_grants if role in SEEING)


def may_handle(viewer: Viewer, desk: str) -> bool:
    """Whether the viewer is an accountant of the desk."""
    return (desk, Role.FINANCE) in viewer.all_grants


def keeps_books(viewer: Viewer) -> bool:
    """Whether the viewer is an accountant anywhere: comparisons and the split are of the whole province."""
    return any(role == Role.FINANCE for _, role in viewer.all_grants)


def sees_books(viewer: Viewer) -> bool:
    """Whether the viewer sees the books of the province: accountants and the Provincial Office."""
    return viewer.oversees_all or keeps_books(viewer)


def may_decide(viewer: Viewer, desk: str) -> bool:
    """Whether the viewer heads the desk."""
    return (desk, Role.AUTHORITY_HEAD) in viewer.all_grants


def require_accountant(viewer: Viewer, desk: str = "") -> None:
    """``Forbidden`` unless the viewer is an accountant, of ``desk`` when one is named."""
    if not (may_handle(viewer, desk) if desk else keeps_books(viewer)):
        raise Forbidden(
            "finance", "Việc này của kế toán Bộ phận Một cửa.", "This is for an accountant of the one-stop desk."
        )


def require_decider(viewer: Viewer, desk: str) -> None:
    """``Forbidden`` unless the viewer heads the desk."""
    if not may_decide(viewer, desk):
        raise Forbidden(
            "finance-decision",
            "Chỉ thủ trưởng Bộ phận Một cửa được duyệt hoàn tiền.",
            "Only the head of the one-stop desk decides on a refund.",
        )
