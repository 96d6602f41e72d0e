"""All routes of the portal in one router; every changing request carries the session's CSRF token."""

from fastapi import APIRouter, Depends

from lienthong.portal import (
    account,
    callbacks,
    catalogue_pages,
    desk_pages,
    dossier_pages,
    entrusted_pages,
    essential_pages,
    filing_pages,
    helper_pages,
    identity_pages,
    late_pages,
    national_inbound,
    notice_pages,
    paper_pages,
    petition_pages,
    public_pages,
    reminder_pages,
    repository_pages,
    sending_pages,
    tracking_pages,
)
from lienthong.web.csrf import csrf_protect

portal_router = APIRouter(include_in_schema=False)
for _module in (
    catalogue_pages,
    account,
    identity_pages,
    filing_pages,
    paper_pages,
    sending_pages,
    dossier_pages,
    notice_pages,
    petition_pages,
    reminder_pages,
    repository_pages,
    essential_pages,
    helper_pages,
    entrusted_pages,
    desk_pages,
    tracking_pages,
    public_pages,
    late_pages,
):
    portal_router.include_router(_module.router, dependencies=[Depends(csrf_protect)])
portal_router.include_router(callbacks.router)  # signed by the payment gateway instead
portal_router.include_router(national_inbound.router)  # signed by the National Portal instead
