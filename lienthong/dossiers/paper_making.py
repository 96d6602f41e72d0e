"""Making a paper of a dossier: filled, rendered, signed, stored, and findable by its printed code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlmodel import Session

from lienthong.dossiers import documents
from lienthong.dossiers.papers import moment, render
from lienthong.dossiers.papers.code import paper_code
from lienthong.dossiers.papers.signing import identity, sign_pdf
from lienthong.dossiers.store import Store
from lienthong.dossiers.tables import Document, Dossier, PaperCode
from lienthong.settings import settings


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper is: template, kind and role in the dossier, number, file name; ``issue`` counts re-issues."""

    template: str
    kind: str
    role: str
    number: str
    file_name: str
    issue: int = 1


def make(
    session: Session,
    store: Store,
    dossier: Dossier,
    paper: Paper,
    data: Mapping[str, Any],
    now: datetime,
    actor: str = "system",
) -> Document:
    """The signed PDF/A of a paper, stored with the dossier."""
    chosen = settings()
    code = paper_code(chosen.secret_key, dossier.code, paper.kind, paper.number, str(paper.issue))
    filled = {
        **data,
        "number": paper.number,
        "verify": code,
        "qr": f"{chosen.web_url}/xac-minh/{code}?hs={dossier.code}",
        "signed_at": moment(now),
        "signer": signer_name(identity(chosen).certificate),
    }
    content = sign_pdf(chosen, render(paper.template, filled, now), f"{paper.kind} {dossier.code}", now)
    document = documents.attach_pdf(
        session, store, dossier, content, paper.kind, paper.file_name, paper.role, now, actor, paper.number
    )
    session.merge(PaperCode(code=code, document_id=document.id))
    session.flush()
    return document


@lru_cache(maxsize=4)
def signer_name(certificate: Path) -> str:
    """The common name of a certificate, as papers print it."""
    loaded = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    names = loaded.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
