"""The people of the load test, for locust: citizens who file and look, clerks who read their queue and search.

The share of each act is in ``READS``; a filing is three posts with one scanned page for every paper asked for.
"""

import itertools
import os
import random
import re
from typing import Any

import gevent
from locust import FastHttpUser, constant_throughput, task

BUNDLE = "karaoke"
ANSWERS = {
    "q_area": "city",
    "q_roomCount": "4",
    "q_needsRegistration": "false",
    "q_needsFireDesign": "false",
    "q_needsCriminalRecord": "false",
    "delivery": "online",
}
PASSWORD = os.environ["LOAD_PASSWORD"]
CITIZENS = int(os.environ["LOAD_CITIZENS"])
OFFICERS = os.environ["LOAD_OFFICERS"].split(",")
WORDS = ["karaoke", "nguyễn văn thử", "giay phep", "quy nhơn", "lao dong nuoc ngoai"]
PAGE = open(os.environ["LOAD_PAGE"], "rb").read()  # noqa: SIM115, PTH123
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

_numbers = itertools.count()
_codes: list[str] = []


class Filer(FastHttpUser):
    """Signs in once, then files at a steady pace."""

    weight = int(os.environ["LOAD_FILERS"])
    fixed_count = weight
    wait_time = constant_throughput(float(os.environ["LOAD_FILINGS_EACH"]))

    def on_start(self) -> None:
        self._sign_in(f"tai{next(_numbers) % CITIZENS}")
        gevent.sleep(random.uniform(0, 1 / float(os.environ["LOAD_FILINGS_EACH"])))  # not all of them at once

    def _sign_in(self, name: str) -> None:
        page = self.client.get("/dang-nhap", name="setup: sign-in page").text or ""
        token = TOKEN.search(page)
        data = {"csrf_token": token.group(1) if token else "", "username": name, "password": PASSWORD, "next": "/ho-so"}
        self.client.post("/dang-nhap", data=data, name="setup: sign in")

    @task
    def file(self) -> None:
        start = f"/nop-ho-so/{BUNDLE}"
        form = self.client.get(start, name="read: questions").text or ""
        prefilled = dict(re.findall(r'name="(applicant_\w+|organisation_name)"[^>]* value="([^"]*)"', form))
        step = self._send(start, form, {**prefilled, **ANSWERS}, "write: answers")
        if step is None or step.url is None:
            return
        here = "/" + step.url.split("/", 3)[3]
        files = [(kind, PAGE) for kind in re.findall(r'name="file_([\w-]+)"', step.text or "")]
        check = self._send(here, step.text or "", {"go": "check"}, "write: papers", files)
        action = re.search(r'action="(/nop-ho-so/[^"]+/gui/[^"]+)"', (check.text if check else "") or "")
        if check is None or action is None:
            return
        sent = self._send(action.group(1), check.text or "", {"truth": "yes"}, "write: send")
        if sent is not None and sent.url is not None and "/ho-so/" in sent.url:
            _codes.append(sent.url.rsplit("/", 1)[1].split("?")[0])
            del _codes[:-5000]

    def _send(self, path: str, page: str, data: dict[str, str], name: str, files: list[Any] | None = None) -> Any:
        token = TOKEN.search(page)
        body = {"csrf_token": token.group(1) if token else "", **data}
        with self.client.post(path, name=name, catch_response=True, **_body(body, files)) as response:
            if response.status_code != 200:
                response.failure(f"{name}: {response.status_code}")
                return None
            return response


def _body(fields: dict[str, str], files: list[tuple[str, bytes]] | None) -> dict[str, Any]:
    """A form post; with files as multipart, which locust's fast client does not write itself."""
    if files is None:
        return {"data": fields}
    boundary = "lienthong-load"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for kind, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file_{kind}"; filename="{kind}.jpg"\r\n'
        parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return {"data": b"".join(parts), "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"}}


class Reader(FastHttpUser):
    """A citizen who looks around: the public pages, own dossiers, one dossier."""

    fixed_count = int(os.environ["LOAD_READERS"])
    wait_time = constant_throughput(1.0)

    def on_start(self) -> None:
        Filer._sign_in(self, f"tai{next(_numbers) % CITIZENS}")  # type: ignore[arg-type]

    @task(3)
    def home(self) -> None:
        self.client.get("/", name="read: home")

    @task(2)
    def procedure(self) -> None:
        self.client.get(f"/thu-tuc/{BUNDLE}", name="read: procedure")

    @task(3)
    def dossiers(self) -> None:
        page = self.client.get("/ho-so", name="read: own dossiers").text or ""
        codes = re.findall(r'href="/ho-so/([\w.-]+)"', page)
        if codes:
            self.client.get(f"/ho-so/{random.choice(codes)}", name="read: dossier")

    @task(1)
    def track(self) -> None:
        self.client.get("/tra-cuu", name="read: tracking")


class Clerk(FastHttpUser):
    """An officer at the tasklist: queue, search, one task; completes nothing, so that the queue stays long."""

    fixed_count = int(os.environ["LOAD_CLERKS"])
    wait_time = constant_throughput(1.0)

    def on_start(self) -> None:
        token = self.client.get("/api/session", name="setup: session").json()["csrfToken"]
        account = {"username": OFFICERS[next(_numbers) % len(OFFICERS)], "password": PASSWORD}
        self.client.post("/api/session", json=account, headers={"X-CSRF-Token": token}, name="setup: sign in")

    @task(5)
    def queue(self) -> None:
        items = self.client.get("/api/tasks", name="read: queue").json().get("items", [])
        if items:
            self.client.get(f"/api/tasks/{random.choice(items)['key']}", name="read: task")

    @task(2)
    def search(self) -> None:
        self.client.get(f"/api/search?text={random.choice(WORDS)}", name="read: search")
