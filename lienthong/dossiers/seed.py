"""What a first start puts into an empty database: authorities from the law, and one demonstration account a role."""

from sqlmodel import Session

from lienthong.dossiers import accounts
from lienthong.dossiers.demo_accounts import DEMO_ACCOUNTS, DemoAccount
from lienthong.dossiers.law import Law
from lienthong.dossiers.portal_rules import sync_organisations
from lienthong.settings import settings

__all__ = ["DEMO_ACCOUNTS", "DemoAccount", "seed"]


def seed(session: Session, law: Law, password: str) -> list[DemoAccount]:
    """Authorities and demonstration accounts; the accounts that were created now. Repeating it changes nothing."""
    law.sync_authorities(session)
    sync_organisations(session, settings().law_dir)
    created = set(accounts.create_demo_accounts(session, password))
    return [account for account in DEMO_ACCOUNTS if account.username in created]
