"""Components of a dossier: laid out at filing, looked up where they exist already, filled by siblings' results."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from lienthong.dossiers import audit, repository, tracking
from lienthong.dossiers.errors import NotFound
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import required
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.components import ComponentStatus
from lienthong.dossiers.rules.reuse import AWAITS, Held, Resolution, Source, Wanted, resolve_components, still_valid
from lienthong.dossiers.tables import Branch, Component, Document, DocumentRole, Dossier


@dataclass(frozen=True, slots=True)
class ReuseOutcome:
    """What is still missing and what was found again, each as ``branch/component``."""

    missing: list[str]
    reused: list[str]


def of_dossier(session: Session, dossier_id: str) -> list[Component]:
    """The components of a dossier by branch and code."""
    found = session.exec(select(Component).where(Component.dossier_id == dossier_id)).all()
    return sorted(found, key=lambda one: (tracking.natural(one.branch_code), one.component_code))


def wanted(law: Law, dossier: Dossier) -> dict[Wanted, str]:
    """What the running procedures ask for, with its name in Vietnamese."""
    day = local(dossier.filed_at).date()
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    return {
        Wanted(code, rule.code, rule.kind, rule.satisfied_by, rule.valid_months): rule.name_vi
        for code in bundle.active_procedures(dossier.options)
        for rule in law.under(dossier).procedure(code, day).components
        if required(rule, dossier.options)
    }


def lay_out(session: Session, law: Law, dossier: Dossier, now: datetime) -> None:
    """Write the components of a new dossier, each as it stands."""
    asked = wanted(law, dossier)
    resolutions = _resolve(session, law, dossier, asked, now)
    for one, resolution in zip(asked, resolutions, strict=True):
        component = Component(
            dossier_id=dossier.id, branch_code=one.branch_code, component_code=one.component_code, name=asked[one]
        )
        _apply(component, resolution)
        session.add(component)
    session.flush()


def check_reuse(session: Session, law: Law, dossier_code: str, now: datetime) -> ReuseOutcome:
    """Look up every missing component again, in the legal order; what a sibling will bring is not missing."""
    dossier = tracking.require(session, dossier_code)
    present = {(row.branch_code, row.component_code): row for row in of_dossier(session, dossier.id)}
    missing, reused = [], []
    for resolution in _resolve(session, law, dossier, wanted(law, dossier), now):
        component = present[resolution.branch_code, resolution.component_code]
        if component.status == ComponentStatus.MISSING:
            _apply(component, resolution)
            session.add(component)
        place = f"{component.branch_code}/{component.component_code}"
        if component.status == ComponentStatus.MISSING and not component.provenance.startswith(AWAITS):
            missing.append(place)
        elif component.status in (ComponentStatus.REUSED, ComponentStatus.DERIVED):
            reused.append(place)
    audit.record(session, "system", "reuse-checked", dossier_code, {"missing": missing, "reused": reused}, now)
    return ReuseOutcome(missing, reused)


def expire(session: Session, law: Law, dossier_code: str, procedure_code: str, now: datetime) -> list[str]:
    """The names of a branch's papers that are too old by now; each is missing again and asked for anew."""
    dossier = tracking.require(session, dossier_code)
    limits = {
        one.component_code: one.valid_months
        for one in wanted(law, dossier)
        if one.branch_code == procedure_code and one.valid_months is not None
    }
    expired = []
    for row in of_dossier(session, dossier.id):
        if row.branch_code != procedure_code or row.component_code not in limits or row.document_id is None:
            continue
        document = session.get_one(Document, row.document_id)
        if still_valid(local(document.created_at).date(), limits[row.component_code], local(now).date()):
            continue
        row.status, row.document_id, row.provenance = ComponentStatus.MISSING, None, ""
        session.add(row)
        expired.append(row.name)
    if expired:
        audit.record(session, "system", "papers-expired", dossier_code, {"branch": procedure_code, "n": expired}, now)
    return expired


def _resolve(session: Session, law: Law, dossier: Dossier, asked: Iterable[Wanted], now: datetime) -> list[Resolution]:
    own = session.exec(
        select(Document).where(Document.dossier_id == dossier.id, Document.role == DocumentRole.UPLOAD)
    ).all()
    siblings = law.bundle(dossier.bundle_id, dossier.bundle_version).active_procedures(dossier.options)
    held = [*repository.held(session, dossier, local(now).date()), *_derivable(law, dossier, now)]
    return resolve_components(
        list(asked), {document.kind: document.id for document in own}, siblings, held, local(now).date()
    )


def _derivable(law: Law, dossier: Dossier, now: datetime) -> list[Held]:
    """Kinds of paper that a national database answers for a known person or organisation."""
    if not (dossier.applicant_personal_number or dossier.organisation_name):
        return []
    day = local(dossier.filed_at).date()
    bundle = law.bundle(dossier.bundle_id, dossier.bundle_version)
    kinds = {
        rule.kind
        for code in bundle.active_procedures(dossier.options)
        for rule in law.under(dossier).procedure(code, day).components
        if rule.derivable
    }
    return [
        Held(kind, None, local(now).date(), Source.NATIONAL_DATABASE, "national-database") for kind in sorted(kinds)
    ]


def _apply(component: Component, resolution: Resolution) -> None:
    component.status = resolution.status
    component.document_id = resolution.document_id
    component.provenance = resolution.provenance


def provide(
    session: Session,
    dossier: Dossier,
    component_code: str,
    document: Document,
    now: datetime,
    branch_code: str | None = None,
) -> list[Component]:
    """A document given for a component, in one branch or in all that ask for it."""
    rows = [
        row
        for row in of_dossier(session, dossier.id)
        if row.component_code == component_code and branch_code in (None, row.branch_code)
    ]
    if not rows:
        raise NotFound("component", "Hồ sơ không có thành phần này.", "The dossier has no such component.")
    for row in rows:
        row.status, row.document_id, row.provenance = ComponentStatus.PROVIDED, document.id, "supplement"
        session.add(row)
    audit.record(session, "system", "component-provided", dossier.code, {"component": component_code}, now)
    return rows


def fill_by_result(session: Session, branch: Branch, document: Document, number: str) -> list[str]:
    """The result of one branch becomes the paper its siblings wait for; names them as ``branch/component``."""
    filled = []
    for row in of_dossier(session, branch.dossier_id):
        if row.provenance == f"{AWAITS}{branch.procedure_code}":
            row.status, row.document_id = ComponentStatus.RESULT_OF_SIBLING, document.id
            row.provenance = f"result:{branch.procedure_code}:{number}"
            session.add(row)
            filled.append(f"{row.branch_code}/{row.component_code}")
    return filled
