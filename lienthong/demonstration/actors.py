"""People of the demonstration: each speaks HTTP to the portal or the API, as a browser does."""

import html
import re
from collections.abc import Mapping
from typing import Any

import httpx

from lienthong.demonstration.patience import PatientTransport, was_repeated

TIMEOUT_SECONDS = 60.0


class ActorFailed(Exception):
    """A page or the API did not answer as expected; the message names who did what."""


def _expect(response: httpx.Response, who: str, what: str) -> httpx.Response:
    if response.is_success:
        return response
    words = re.sub(r"<[^>]+>|\s+", " ", response.text)[:400]
    raise ActorFailed(f"{who}: {what} answered {response.status_code}: {html.unescape(words).strip()}")


def _form_value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Applicant:
    """A citizen or firm at the portal, without JavaScript; ``patience`` seconds for a server that is away."""

    def __init__(self, web_url: str, username: str, password: str, patience: float = 0.0) -> None:
        self.username = username
        transport = PatientTransport(patience)
        self._client = httpx.Client(
            base_url=web_url, follow_redirects=True, timeout=TIMEOUT_SECONDS, transport=transport
        )
        self._gateway = httpx.Client(timeout=TIMEOUT_SECONDS, transport=transport)
        self._post(
            "/dang-nhap", {"username": username, "password": password, "next": "/ho-so"}, "/dang-nhap", "sign in"
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._gateway.close()

    def _page(self, path: str) -> str:
        return _expect(self._client.get(path), self.username, path).text

    def _post(
        self, path: str, data: Mapping[str, Any], source: str, what: str, files: list[Any] | None = None
    ) -> httpx.Response:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._page(source))
        if token is None:
            raise ActorFailed(f"{self.username}: {source} has no form")
        body = {"csrf_token": token.group(1), **data}
        return _expect(self._client.post(path, data=body, files=files), self.username, what)

    def file(
        self, bundle_id: str, answers: Mapping[str, Any], papers: Mapping[str, tuple[str, bytes]], delivery: str
    ) -> str:
        """File one dossier in three steps; returns its code. Papers are by kind; only those asked for are sent."""
        start = f"/nop-ho-so/{bundle_id}"
        form = self._page(start)
        prefilled = re.findall(r'name="(applicant_\w+|organisation_name)"[^>]* value="([^"]*)"', form)
        data = {name: html.unescape(value) for name, value in prefilled}
        data |= {f"q_{name}": _form_value(value) for name, value in answers.items()}
        step = self._post(start, data | {"delivery": delivery}, start, "answer the questions")
        here = step.url.path
        wanted = re.findall(r'name="file_([\w-]+)"', step.text)
        files = [(f"file_{kind}", papers[kind]) for kind in wanted if kind in papers]
        check = self._post(here, {"go": "check"}, here, f"hand in {sorted(papers)}", files)
        action = re.search(r'action="(/nop-ho-so/[^"]+/gui/[^"]+)"', check.text)
        if action is None:
            raise ActorFailed(f"{self.username}: the portal asked for more papers than {sorted(papers)}")
        token = re.search(r'name="csrf_token" value="([^"]+)"', check.text)
        body = {"csrf_token": token.group(1) if token else "", "truth": "yes"}
        sent = _expect(self._client.post(action.group(1), data=body), self.username, "send")
        return sent.url.path.rsplit("/", 1)[1]

    def owes(self, code: str) -> bool:
        """Whether the dossier's page asks for a payment that is ready to be made."""
        return f'action="/ho-so/{code}/thanh-toan"' in self._page(f"/ho-so/{code}")

    def pay(self, code: str) -> None:
        """Pay at the gateway's own page."""
        page = f"/ho-so/{code}"
        gateway = self._post(f"{page}/thanh-toan", {}, page, "go to the payment page")
        if gateway.url.path != page:  # else the gateway's order was paid meanwhile, or is not ready yet
            answer = self._gateway.post(str(gateway.url))
            if answer.is_error:
                raise ActorFailed(f"{self.username}: the payment page answered {answer.status_code}")


class Officer:
    """A clerk, officer or leader at the tasklist's API; ``patience`` as of an applicant."""

    def __init__(self, web_url: str, username: str, password: str, patience: float = 0.0) -> None:
        self.username = username
        transport = PatientTransport(patience)
        self._client = httpx.Client(base_url=f"{web_url}/api", timeout=TIMEOUT_SECONDS, transport=transport)
        before = self._client.get("/session").json()
        headers = {"X-CSRF-Token": before["csrfToken"]}
        account = {"username": username, "password": password}
        session = _expect(self._client.post("/session", json=account, headers=headers), username, "sign in").json()
        self._client.headers["X-CSRF-Token"] = session["csrfToken"]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str) -> Any:
        """The JSON at a path of the API."""
        return _expect(self._client.get(path), self.username, path).json()

    def post(self, path: str) -> Any:
        """What the API answers to a command without a body."""
        return _expect(self._client.post(path), self.username, path).json()

    def tasks(self, code: str) -> list[dict[str, Any]]:
        """This person's open tasks of one dossier."""
        answer = _expect(self._client.get("/tasks", params={"text": code}), self.username, "read the queue").json()
        return [task for task in answer["items"] if task["dossierCode"] == code]

    def complete(self, task: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
        """Claim the task, confirm what was read with doubt, complete it. A colleague who was first is no failure."""
        key = task["key"]
        claimed = self._client.post(f"/tasks/{key}/claim")
        if claimed.status_code in (404, 409):
            return
        _expect(claimed, self.username, f"claim {task['name']}")
        detail = _expect(self._client.get(f"/tasks/{key}"), self.username, "open the task").json()
        for paper in detail["dossier"]["documents"]:
            for field in paper["fields"]:
                if field["needsReview"]:
                    path = f"/documents/{paper['id']}/fields/{field['name']}"
                    _expect(self._client.put(path, json={"value": field["value"]}), self.username, "confirm a field")
        body = {"variables": dict(variables)}
        completed = self._client.post(f"/tasks/{key}/complete", json=body)
        if completed.status_code in (404, 409) and was_repeated(completed):
            return  # the first sending had arrived: the queue shows the truth
        _expect(completed, self.username, f"complete {task['name']}")
