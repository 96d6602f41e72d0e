"""The gate of a deployment: the scenarios of every bundle that the chosen files reach, on what would then run."""

import hashlib
from collections import OrderedDict
from threading import Lock

from lienthong.api.model_store import ModelStore
from lienthong.dossiers.law import Law
from lienthong.redeploy.usage import bundles_reached
from lienthong.scenarios.gate import GateResult, Verdict, groups_of, law_rules, run_bundle

KEPT = 24
# The same models and scenarios end the same way under the same law; it is kept, so that no other takes its id.
_RESULTS: OrderedDict[str, tuple[Law, GateResult]] = OrderedDict()
_LOCK = Lock()


def gate(models: ModelStore, law: Law, paths: list[str]) -> dict[str, GateResult]:
    """Bundle → its scenarios' verdicts, with the chosen working copies and, of the rest, what was deployed last."""
    chosen = set(paths)
    files = {path: models.read(path) if path in chosen else models.deployed_content(path) for path in models.paths()}
    return {bundle: of_bundle(models, law, bundle, files) for bundle in bundles_reached(files, chosen)}


def of_bundle(models: ModelStore, law: Law, bundle: str, files: dict[str, bytes]) -> GateResult:
    """All scenarios of one bundle on these files."""
    deployments = groups_of(files, bundle)
    stories = [(path, models.read(path)) for path in models.scenarios(bundle)]
    shared = models.folder / bundle / "scenarios" / "_shared.yaml"
    seen = hashlib.sha256(repr((str(models.folder), bundle, id(law))).encode())
    seen.update(shared.read_bytes() if shared.is_file() else b"")
    for name, content in (*(each for group in deployments for each in group), *stories):
        seen.update(name.encode() + b"\0" + content + b"\0")
    key = seen.hexdigest()
    with _LOCK:
        if key in _RESULTS:
            _RESULTS.move_to_end(key)
            return _RESULTS[key][1]
    result = run_bundle(models.folder, bundle, deployments, law_rules(law, bundle))
    with _LOCK:
        _RESULTS[key] = law, result
        while len(_RESULTS) > KEPT:
            _RESULTS.popitem(last=False)
    return result


def failures(results: dict[str, GateResult]) -> list[Verdict]:
    """Every failed scenario, by bundle."""
    return [verdict for bundle in sorted(results) for verdict in results[bundle].failed]
