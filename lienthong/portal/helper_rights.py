"""In which right somebody files for another: clerks and youth helpers by their role, everybody as a proxy."""

from lienthong.dossiers import petitions
from lienthong.dossiers.entrusted import Clerk
from lienthong.dossiers.tables import Role
from lienthong.portal.drafts import Behalf
from lienthong.web.problems import Problem
from lienthong.web.users import CurrentUser

ROLES: dict[str, Role] = {"enterprise": Role.POST_CLERK, "youth": Role.YOUTH_HELPER}


def own_authorities(user: CurrentUser) -> set[str] | None:
    """The authorities whose petitions somebody answers; None (all) for the Provincial Office."""
    return petitions.own_authorities((grant.authority_id, grant.role) for grant in user.grants)


def organisation_of(user: CurrentUser, role: Role) -> str:
    """The organisation at which somebody holds a helper's role; empty for nobody's."""
    return next((grant.authority_id for grant in user.grants if grant.role == role), "")


def may_file(user: CurrentUser, behalf: Behalf) -> bool:
    """Whether this person may file in that right."""
    return behalf in ("self", "proxy") or bool(organisation_of(user, ROLES[behalf]))


def require_clerk(user: CurrentUser) -> Clerk:
    """The clerk of an entrusted enterprise. Raises the 403 problem."""
    organisation = organisation_of(user, Role.POST_CLERK)
    if not organisation:
        raise _no_role()
    return Clerk(user.id, user.display_name, organisation)


def require_helper(user: CurrentUser) -> str:
    """The organisation of a clerk or youth helper. Raises the 403 problem."""
    found = organisation_of(user, Role.POST_CLERK) or organisation_of(user, Role.YOUTH_HELPER)
    if not found:
        raise _no_role()
    return found


def _no_role() -> Problem:
    return Problem(
        403,
        "role",
        "Tài khoản của bạn không có vai trò cần cho việc này.",
        "Your account does not hold the role this needs.",
    )


def helper_links(user: CurrentUser) -> list[tuple[str, str]]:
    """(path, catalogue key) of the pages that somebody's roles open beside a citizen's own."""
    links = []
    if organisation_of(user, Role.POST_CLERK):
        links.append(("/uy-thac", "nav.entrusted"))
    if organisation_of(user, Role.YOUTH_HELPER):
        links.append(("/ho-tro", "nav.helper"))
    if user.is_staff and user.roles.intersection(petitions.ANSWERING):
        links += [("/can-bo/phan-anh", "nav.petitions_staff"), ("/can-bo/bien-ban", "nav.minutes")]
    return links
