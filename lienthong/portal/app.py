"""All routes of the portal in one router; every changing request carries the session's CSRF token."""

from fastapi import APIRouter, Depends

from lienthong.portal import account, callbacks, catalogue_pages, dossier_pages, filing_pages, tracking_pages
from lienthong.web.csrf import csrf_protect

portal_router = APIRouter(include_in_schema=False)
for _module in (catalogue_pages, account, filing_pages, dossier_pages, tracking_pages):
    portal_router.include_router(_module.router, dependencies=[Depends(csrf_protect)])
portal_router.include_router(callbacks.router)  # signed by the payment gateway instead
