"""Every route × everybody: what each may do is written down in ``matrix.txt`` and held to.

A line is ``METHOD /path/{pattern} whose: letters``, one letter a person in the order of the first line: ``y`` let in
(whatever the route then says of the data), ``n`` refused or hidden (403, 404), ``s`` sent to the sign-in (401, 303),
``d`` asked for other data (422).
``own`` is the dossier of *congdan*, at the authority of *canbo-congan*; ``other`` that of somebody else, at another
authority. ``WRITE_MATRIX=1`` writes the file anew; every change of it is read before it is kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from access_bodies import Asking
from access_world import NOBODY, OTHER, OWN, PEOPLE, AccessWorld, Ids, build, routes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
MATRIX = Path(__file__).parent / "matrix.txt"
# What a path means: the first pattern that fits says which id of a dossier (or what else) stands for a name in braces.
MEANINGS: tuple[tuple[str, dict[str, str]], ...] = (
    (r"/dich-vu/hoa-don/", {"code": "bill"}),
    (r"/dich-vu/", {"code": "service"}),
    (r"/phan-anh/|/can-bo/phan-anh/|/api/petitions/", {"code": "petition"}),
    (r"/thu-tuc/", {}),
    (r"/api/tasks/", {"key": "task"}),
    (r"", {"code": "code", "document_id": "document"}),
)
PLAIN = {"bundle_id": "karaoke", "code": "K4", "component": "K4-form", "kind": "csv"}
BODIES: dict[str, dict[str, Any]] = {
    "POST /ho-so/{code}/danh-gia": {"data": {"overall": "5", "attitude": "5", "speed": "5"}},
    "POST /ho-so/{code}/rut": {"data": {"reason": "Thử", "sure": "yes"}},
    "POST /dich-vu/{code}/ngung": {"data": {"sure": "yes"}},
    "POST /can-bo/phan-anh/{code}": {"data": {"text": "Nội dung trả lời thử", "outcome": "explained"}},
}
WITHOUT_PERSONAL_DATA = {
    "/api/tasks/{key}/law",
    "/api/tasks/{key}/diagram",
    "/api/reception/dossiers/{code}/payment",
    "/api/console/dossiers/{code}/deadlines",
}
STREAMS = re.compile(r"/live|/events|/stream")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccessWorld]:
    made = build(tmp_path_factory.mktemp("access"))
    yield made
    made.database.dispose()


def parameters(pattern: str) -> list[str]:
    return [name.split(":")[0] for name in re.findall(r"{([^}]+)}", pattern)]


def meaning(pattern: str) -> dict[str, str]:
    return next(names for fitting, names in MEANINGS if re.match(fitting, pattern))


def about_a_dossier(pattern: str) -> bool:
    return any(name in meaning(pattern) for name in parameters(pattern))


def fill(pattern: str, ids: Ids) -> str:
    names = meaning(pattern)

    def value(match: re.Match[str]) -> str:
        name = match.group(1).split(":")[0]
        return str(getattr(ids, names[name])) if name in names else PLAIN.get(name, "1")

    return re.sub(r"{([^}]+)}", value, pattern)


def letter(answer: httpx.Response) -> str:
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/dang-nhap")
    if answer.status_code == 401 or to_sign_in:
        return "s"
    if answer.status_code == 422:
        return "d"
    return "n" if answer.status_code in (403, 404) else "y"


def lines(world: AccessWorld) -> dict[str, str]:
    found = {}
    asking = Asking(world.app)
    for method, pattern in sorted(set(routes(world.app)), key=lambda one: (one[1], one[0])):
        if STREAMS.search(pattern) or (pattern in ("/dang-xuat", "/api/session") and method in ("POST", "DELETE")):
            continue
        for whose in (OWN, OTHER) if about_a_dossier(pattern) else ("-",):
            path = fill(pattern, world.ids[OTHER if whose == OTHER else OWN])
            body = BODIES.get(f"{method} {pattern}") or asking.of(method, pattern)
            letters = "".join(letter(world.knock(person, method, path, body)) for person in PEOPLE)
            found[f"{method} {pattern} {whose}"] = letters
    return found


def written() -> dict[str, str]:
    rows = MATRIX.read_text("utf-8").splitlines()[1:]
    return {name: letters for name, _, letters in (row.rpartition(": ") for row in rows)}


def test_everybody_gets_what_the_matrix_says(world: AccessWorld) -> None:
    found = lines(world)
    if os.environ.get("WRITE_MATRIX"):
        body = "".join(f"{name}: {letters}\n" for name, letters in found.items())
        MATRIX.write_text(" ".join(PEOPLE) + "\n" + body, "utf-8")
    assert MATRIX.read_text("utf-8").splitlines()[0] == " ".join(PEOPLE)
    expected = written()
    assert found.keys() == expected.keys()
    assert {name: row for name, row in found.items() if row != expected[name]} == {}


def allowed(row: str, person: str) -> bool:
    """A question for other data counts: whoever is asked was let in."""
    return row[PEOPLE.index(person)] in "yd"


def test_no_applicant_reaches_a_dossier_of_somebody_else() -> None:
    for name, row in written().items():
        if name.endswith((" own", " other")):
            assert not any(allowed(row, person) for person in ("nguoikhac", "buudien", "doanvien")), name
        if name.endswith(" other"):
            assert not allowed(row, "congdan"), name


def test_without_an_account_no_dossier_opens() -> None:
    for name, row in written().items():
        if name.endswith((" own", " other")):
            assert not allowed(row, NOBODY), name


def test_an_officer_reaches_no_dossier_of_another_authority() -> None:
    for name, row in written().items():
        if name.endswith(" other"):
            assert not allowed(row, "canbo-congan"), name
        if name.endswith(" own"):
            assert not allowed(row, "canbo-xaydung"), name


def test_applicants_have_nothing_to_say_at_the_staff_api() -> None:
    for name, row in written().items():
        _method, path, _whose = name.split(" ")
        if path.startswith("/api/") and path not in ("/api/session", "/api/openapi.json"):
            assert not allowed(row, "congdan") and not allowed(row, NOBODY), name


def test_only_administrators_and_designers_operate() -> None:
    for name, row in written().items():
        _method, path, _whose = name.split(" ")
        if re.match(r"/api/(console|redeploy|models|administration|operations|designer)", path):
            for person in ("tiepnhan", "canbo-congan", "truongphong"):
                assert not allowed(row, person), name


def test_a_view_of_a_dossier_by_somebody_else_is_in_the_audit(world: AccessWorld) -> None:
    silent = []
    for method, pattern in sorted(set(routes(world.app))):
        if method != "GET" or not about_a_dossier(pattern) or STREAMS.search(pattern):
            continue
        for person in ("tiepnhan", "canbo-congan", "truongphong", "vanphong", "quantri"):
            before = world.audited()
            answer = world.knock(person, method, fill(pattern, world.ids[OWN]))
            personal = pattern not in WITHOUT_PERSONAL_DATA
            if personal and answer.status_code == 200 and world.audited() == before:
                silent.append(f"{person} {pattern}")
    assert silent == []
