"""Filing: one transaction writes the dossier with everything that belongs to it, and the message that starts it.

Files are checked and stored before the transaction takes its lock: a refused file leaves nothing behind, a lost
transaction leaves at most a content that no document names.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from graphlib import TopologicalSorter
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, select

from lienthong.dossiers import acceptance, audit, components, documents, letters, numbering, outbox, tracking
from lienthong.dossiers.documents import FileUpload
from lienthong.dossiers.errors import Conflict, Invalid
from lienthong.dossiers.law import Law
from lienthong.dossiers.law_records import Bundle, ComponentRule, required
from lienthong.dossiers.rules.calendar import local
from lienthong.dossiers.rules.status import BusinessStatus, is_final
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Authority, Branch, Dossier


class Filing(BaseModel):
    """What an applicant files; ``filing_token`` makes a repeated sending harmless."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    filing_token: str = Field(min_length=8, max_length=64)
    bundle_id: str
    bundle_version: str | None = None
    applicant_name: str = Field(min_length=1, max_length=120)
    applicant_personal_number: str = Field("", pattern=r"^(\d{9}|\d{12}|)$")
    applicant_phone: str = Field("", max_length=20)
    applicant_email: str = Field("", max_length=200)
    applicant_address: str = Field("", max_length=300)
    organisation_name: str = Field("", max_length=200)
    applicant_user_id: int | None = None
    channel: Literal["online", "counter", "post"] = "online"
    delivery: Literal["online", "desk", "post"] = "online"
    language: Literal["vi", "en"] = "vi"
    options: dict[str, bool | int | str] = {}
    files: list[FileUpload] = []
    origin: Literal["local", "national-portal"] = "local"


@dataclass(frozen=True, slots=True)
class DraftComponent:
    """A paper of one procedure: asked of the applicant or not, and why."""

    procedure_code: str
    rule: ComponentRule
    asked: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a filing would ask for under these options."""

    bundle: Bundle
    options: dict[str, bool | int | str]
    procedures: list[str]
    authorities: dict[str, str]
    components: list[DraftComponent]

    def papers(self) -> list[DraftComponent]:
        """Each kind of paper that the applicant may be asked for, once; papers asked for come first."""
        kinds: dict[str, DraftComponent] = {}
        for component in sorted(self.components, key=lambda one: not one.asked):
            if component.asked or component.reason == "derivable":
                kinds.setdefault(component.rule.kind, component)
        return list(kinds.values())


def answered(bundle: Bundle, options: Mapping[str, Any]) -> dict[str, bool | int | str]:
    """The options with defaults filled in; ``Invalid`` for an unknown one or an answer out of range."""
    result = bundle.defaults()
    known = {question.name: question for question in bundle.questions}
    for name, value in options.items():
        if name not in known or not known[name].accepts(value):
            raise Invalid("option", f"Câu trả lời cho “{name}” không hợp lệ.", f"The answer to “{name}” is not valid.")
        result[name] = value
    return result


def start_draft(law: Law, bundle_id: str, options: Mapping[str, Any], on: datetime | None = None) -> Draft:
    """What filing this bundle would ask for; nothing is written."""
    bundle = law.bundle(bundle_id, on=local(on).date() if on else None)
    law = law.under_bundle(bundle)
    chosen = answered(bundle, options)
    day = local(on).date() if on else bundle.valid_from
    procedures = bundle.active_procedures(chosen)
    return Draft(
        bundle,
        chosen,
        procedures,
        authorities_of(law, bundle, chosen, on) if on else {},
        [
            _draft_component(code, rule, procedures)
            for code in procedures
            for rule in law.procedure(code, day).components
            if required(rule, chosen)
        ],
    )


def _draft_component(code: str, rule: ComponentRule, procedures: list[str]) -> DraftComponent:
    if rule.satisfied_by in procedures:
        return DraftComponent(code, rule, False, f"result-of-{rule.satisfied_by}")
    return DraftComponent(code, rule, not rule.derivable, "derivable" if rule.derivable else "asked")


def authorities_of(law: Law, bundle: Bundle, options: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Desk, Provincial Office, and the competent authority of every procedure of the bundle."""
    area, day = bundle.area_of(options), local(now).date()
    by_procedure = {code: law.authority_for(code, area, day) for code in bundle.procedures}
    desk, office = law.successor(bundle.desk, day), law.successor(bundle.office, day)
    return {"desk": desk, "office": office, **by_procedure}


def filed_before(session: Session, filing_token: str) -> Dossier | None:
    """What was filed under the token, so that a sending whose answer was lost is answered again."""
    return session.exec(select(Dossier).where(Dossier.filing_token == filing_token)).first()


def file_dossier(session: Session, store: Store, law: Law, filing: Filing, now: datetime) -> Dossier:
    """File a dossier, once a token: dossier, branches, components, documents, slip, start message, audit, timeline."""
    bundle = law.bundle(filing.bundle_id, filing.bundle_version, local(now).date())
    law = law.under_bundle(bundle)
    options = answered(bundle, filing.options)
    _refuse_closed_portal(law, filing, now)
    files = [documents.take(store, upload) for upload in filing.files]
    existing = filed_before(session, filing.filing_token)
    if existing is not None:
        return existing
    if session.get(Authority, bundle.desk) is None:
        law.sync_authorities(session)
    dossier = _new_dossier(session, law, bundle, filing, options, now)
    actor = filing.applicant_name if filing.applicant_user_id is None else f"user:{filing.applicant_user_id}"
    for file in files:
        documents.attach_taken(session, dossier, file, now, actor)
    components.lay_out(session, law, dossier, now)
    acceptance.plan_deadlines(session, law, dossier, now, "filing")
    slip = letters.acceptance_slip(session, store, law, dossier, now)
    outbox.add_start(session, bundle.process_id, dossier.code, start_variables(law, dossier, bundle), now)
    tracking.add(
        session,
        dossier.id,
        "filed",
        f"Đã nhận hồ sơ {dossier.code}; giấy tiếp nhận và hẹn trả đã được cấp.",
        f"Dossier {dossier.code} was received; the acceptance slip was given.",
        now,
        data={"slip": slip.id},
    )
    audit.record(session, actor, "dossier-filed", dossier.code, {"bundle": bundle.id, "channel": dossier.channel}, now)
    return dossier


def _refuse_closed_portal(law: Law, filing: Filing, now: datetime) -> None:
    if filing.channel == "online" and filing.origin == "local":
        refuse_when_closed(law, now)


def refuse_when_closed(law: Law, now: datetime) -> None:
    """Online filing here ends by date: from then on a filing arrives through the National Portal [V*: HN-2]."""
    if not law.takes_local_filings(local(now).date()):
        raise Conflict(
            "local-filing-closed",
            "Từ ngày 01/7/2025, hồ sơ trực tuyến nộp trên Cổng Dịch vụ công quốc gia.",
            "Since 1 July 2025 online dossiers are filed on the National Public Service Portal.",
        )


def _new_dossier(
    session: Session, law: Law, bundle: Bundle, filing: Filing, options: dict[str, bool | int | str], now: datetime
) -> Dossier:
    day = local(now).date()
    authorities = authorities_of(law, bundle, options, now)
    active = bundle.active_procedures(options)
    essential = bundle.essential or any(law.procedure(code, day).essential for code in active)
    given = filing.model_dump(exclude={"bundle_id", "bundle_version", "options", "files", "origin"})
    dossier = Dossier(
        **given,
        code=numbering.next_dossier_code(session, bundle.code_pattern, day),
        bundle_id=bundle.id,
        bundle_version=bundle.version,
        options=dict(options),
        authorities=dict(authorities),
        filed_at=now,
        access_token=secrets.token_urlsafe(24),
        essential=essential,
    )
    session.add(dossier)
    session.flush()
    for code in active:
        procedure = law.procedure(code, day)
        branch = Branch(
            dossier_id=dossier.id,
            procedure_code=code,
            procedure_id=procedure.process_id,
            authority_id=authorities[code],
        )
        session.add(branch)
    session.flush()
    return dossier


def start_variables(law: Law, dossier: Dossier, bundle: Bundle) -> dict[str, Any]:
    """The variables of the start message; essential needs come first in every queue.

    ``paperOrder``: in which order a paper file goes from one authority to the next (NĐ 61/2018 art. 19(6)).
    """
    return {
        "dossierCode": dossier.code,
        "bundleId": dossier.bundle_id,
        "bundleVersion": dossier.bundle_version,
        "channel": dossier.channel,
        "delivery": dossier.delivery,
        "applicantName": dossier.applicant_name,
        "authorities": dossier.authorities,
        "options": dossier.options,
        "essential": dossier.essential,
        "paperOrder": paper_order(law, bundle, dossier.options, local(dossier.filed_at).date()),
        "priority": bundle.priority + (20 if dossier.essential else 0),
    }


def paper_order(law: Law, bundle: Bundle, options: Mapping[str, Any], on: date) -> list[dict[str, str]]:
    """The procedures of the bundle's total one after another, each after what it needs, as a paper file goes round."""
    graph = {code: needs for code, needs in law.graph(bundle, options).items() if bundle.in_total(code)}
    refusals = {member.code: member.refusal for member in bundle.members}
    processes = {code: law.under_bundle(bundle).procedure(code, on).process_id for code in graph}
    return [
        {"code": code, "process": processes[code], "refusal": refusals[code]}
        for code in TopologicalSorter(graph).static_order()
    ]


def register_instance(session: Session, dossier_code: str, process_instance_key: str | int, now: datetime) -> bool:
    """Bind the first process instance to the dossier; True when another one already is: this one must end."""
    dossier = tracking.require(session, dossier_code)
    key = str(process_instance_key)
    if dossier.process_instance_key is None:
        dossier.process_instance_key = key
        session.add(dossier)
        audit.record(session, "system", "instance-registered", dossier_code, {"processInstanceKey": key}, now)
    return dossier.process_instance_key != key


def withdraw(session: Session, dossier_code: str, actor: str, reason: str, now: datetime) -> Dossier:
    """The applicant takes the dossier back; the running process ends by its message. Repeating it changes nothing."""
    dossier = tracking.require(session, dossier_code)
    if dossier.status == BusinessStatus.WITHDRAWN:
        return dossier
    if is_final(BusinessStatus(dossier.status)):
        raise Conflict("finished", "Hồ sơ đã kết thúc, không rút được.", "The dossier has ended: too late to withdraw.")
    dossier.status, dossier.finished_at = BusinessStatus.WITHDRAWN, now
    session.add(dossier)
    acceptance.close_branches(session, dossier, now)
    outbox.add_message(session, "dossier-withdrawn", dossier_code, {"withdrawnReason": reason}, now)
    tracking.add(
        session, dossier.id, "withdrawn", "Công dân yêu cầu rút hồ sơ.", "The applicant withdrew the dossier.", now
    )
    audit.record(session, actor, "dossier-withdrawn", dossier_code, {"reason": reason}, now)
    return dossier
