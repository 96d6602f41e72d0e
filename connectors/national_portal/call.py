"""Tells the National Portal how dossiers stand, and fetches the files that an incoming filing names."""

from typing import Any, Final

import httpx

from connectors.circuit import Circuit
from connectors.errors import Refused
from connectors.national_portal.messages import SYSTEM, DossierStatus, status_body
from connectors.wire import TIMEOUT, SignedClient, content_of

LARGEST_FILE: Final = 20 * 1024 * 1024


class NationalPortalClient(SignedClient):
    """The National Portal at its address."""

    def __init__(self, url: str, secret: str, circuit: Circuit, timeout: httpx.Timeout = TIMEOUT) -> None:
        super().__init__(SYSTEM, url, secret, circuit, timeout)

    def tell_status(self, status: DossierStatus) -> None:
        """One change of status; telling the same again changes nothing there."""
        answer = self.post("/statuses", status_body(status))
        if answer.get("status") not in (0, 1):
            raise Refused(SYSTEM, f"did not take the status: {str(answer)[:200]}", "Compare the dossier's code.")

    def tell_dossier(self, body: dict[str, Any]) -> None:
        """A dossier that was filed here; 1 says that it is known already."""
        answer = self.post("/dossiers", body)
        if answer.get("status") not in (0, 1):
            raise Refused(SYSTEM, f"did not take the dossier: {str(answer)[:200]}", "Compare the dossier's fields.")

    def file(self, address: str) -> bytes:
        """The content of a file of a filing: only from the National Portal itself, and bounded."""
        if not address.startswith(f"{self._url}/"):
            raise Refused(SYSTEM, "named a file that is not its own", "Ask the National Portal for the right address.")
        content = self.circuit.call(lambda: content_of(SYSTEM, lambda: self._http.get(address)))
        if len(content) > LARGEST_FILE:
            raise Refused(SYSTEM, "named a file that is too large", "Ask the applicant for a smaller file.")
        return content
