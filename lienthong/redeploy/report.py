"""The impact on all running versions of the processes of a deployment, as the console and the file show it."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lienthong.engine.model.elements import ExecutableProcess
from lienthong.redeploy.changes import changes, read_process, title
from lienthong.redeploy.impact import Group, Impact, Verdict, assess
from lienthong.redeploy.marking import Marking
from lienthong.redeploy.running import Item, Reading, root_keys, running_of, standing

Json = dict[str, Any]
CODES_SHOWN = 200
Codes = Callable[[set[str]], Mapping[str, str]]


class Asking(Reading, Protocol):
    """What the report asks; the orchestration client fits."""

    def search_process_definitions(self, filter: Mapping[str, Any] | None = None) -> list[Item]:
        """Versions of processes."""
        ...

    def process_definition_xml(self, key: str) -> str:
        """The model of one version."""
        ...


@dataclass(frozen=True, slots=True)
class VersionImpact:
    """What a new version would mean for the instances of one running version."""

    process_id: str
    version: int
    key: str
    old: ExecutableProcess
    new: ExecutableProcess
    impact: Impact

    def groups(self, wanted: Iterable[str]) -> list[Group]:
        """The groups with these ids."""
        ids = set(wanted)
        return [group for group in self.impact.groups if group_id(group.marking) in ids]


def group_id(marking: Marking) -> str:
    """The same marking has the same id in every report."""
    return hashlib.sha256(repr(marking).encode()).hexdigest()[:16]


def impact_on(
    client: Asking,
    new: ExecutableProcess,
    codes: Codes,
    chosen: Mapping[str, str] | None = None,
    but: str = "",
    only: str = "",
) -> list[VersionImpact]:
    """One report for each version of the process that has running instances.

    ``but`` is the target's own key; ``only`` the key of the one version that is asked about.
    """
    found = []
    versions = client.search_process_definitions({"processDefinitionId": new.id})
    for definition in sorted(versions, key=lambda item: -int(item["version"])):
        key = str(definition["processDefinitionKey"])
        instances = [] if key == but or only not in ("", key) else running_of(client, key)
        if not instances:
            continue
        old = read_process(client.process_definition_xml(key).encode(), new.id)
        names = codes(set(root_keys(client, instances).values()))
        impact = assess(old, new, standing(client, key, old, names, instances), chosen)
        found.append(VersionImpact(new.id, int(definition["version"]), key, old, new, impact))
    return found


def as_json(found: VersionImpact) -> Json:
    """The report on one version: words, groups with counts and dossiers, and the mapping table."""
    impact, old, new = found.impact, found.old, found.new
    used = {key for group in impact.groups for key, _ in group.marking.elements} | {
        old.flows[key].target for group in impact.groups for key, _ in group.marking.tokens
    }
    return {
        "processId": found.process_id,
        "version": found.version,
        "definitionKey": found.key,
        "changes": [
            {"kind": each.kind, "elementId": each.element_id, "setting": each.setting, "text": each.text}
            for each in changes(old, new)
        ],
        "counts": {verdict.value: impact.count(verdict) for verdict in Verdict},
        "groups": [_group(found, group) for group in impact.groups],
        "mapping": [
            {
                "source": each.source,
                "sourceName": title(old.elements[each.source]),
                "target": impact.mapping.get(each.source, ""),
                "suggested": each.target,
                "by": each.by,
                "candidates": [{"id": key, "name": title(new.elements[key])} for key in each.candidates],
            }
            for each in impact.suggestions
            if each.source in used
        ],
    }


def _group(found: VersionImpact, group: Group) -> Json:
    names = [title(found.old.elements[key]) for key, _ in group.marking.elements]
    waits = [title(found.old.elements[found.old.flows[key].target]) for key, _ in group.marking.tokens]
    return {
        "id": group_id(group.marking),
        "verdict": group.verdict.value,
        "count": len(group.instances),
        "elements": names,
        "waitsAt": sorted(set(waits)),
        "reasons": [each.text for each in group.reasons],
        "movable": is_movable(group),
        "timers": list(group.timers),
        "dossiers": [each.dossier_code or each.key for each in group.instances[:CODES_SHOWN]],
    }


def is_movable(group: Group) -> bool:
    """Whether the engine would take the migration: by itself, or because somebody has chosen to."""
    asked = {"ambiguous", "may-strand", "may-strand-before", "unexplored"}
    return group.verdict is Verdict.ITSELF or (
        group.verdict is Verdict.CHOICE and all(reason.code in asked for reason in group.reasons)
    )


def items(found: VersionImpact, target_key: str, wanted: Iterable[str], limit: int | None = None) -> list[Json]:
    """The items of a batch: every movable instance of the wanted groups."""
    rows = [
        {
            "key": each.key,
            "dossierCode": each.dossier_code,
            "source": found.key,
            "target": target_key,
            "mapping": found.impact.mapping,
        }
        for group in found.groups(wanted)
        if is_movable(group)
        for each in group.instances
    ]
    return rows[:limit]


def impact_csv(found: Iterable[VersionImpact]) -> str:
    """The impact for the file: a line an instance, with its group, verdict and reasons in both languages."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(
        ("process", "version", "dossierCode", "processInstanceKey", "verdict", "elements", "reasonsVi", "reasonsEn")
    )
    for each in found:
        for group in each.impact.groups:
            elements = "; ".join(title(each.old.elements[key]) for key, _ in group.marking.elements)
            reasons = ["; ".join(reason.text[language] for reason in group.reasons) for language in ("vi", "en")]
            for running in group.instances:
                told = (each.process_id, str(each.version), running.dossier_code, running.key, group.verdict.value)
                rows.writerow([_harmless(value) for value in (*told, elements, *reasons)])
    return out.getvalue()


def as_csv(progress: Json) -> str:
    """The report of a batch for the file: a line an instance."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("dossierCode", "processInstanceKey", "source", "target", "outcome", "detail"))
    for item in progress["items"]:
        told = (item["dossierCode"], item["key"], item["source"], item["target"], item["outcome"], item["detail"])
        rows.writerow([_harmless(str(value)) for value in told])
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text  # a spreadsheet would run it
