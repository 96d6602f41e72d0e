"""Random pairs of versions and markings: what the report says is what the pure core does."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.redeploy.changes import read_process
from lienthong.redeploy.impact import Assessment, Verdict
from lienthong.redeploy.mapping import refusals
from lienthong.redeploy.marking import marking_of
from tests.engine.engine_run import EngineRun
from tests.redeploy.random_models import history, migrate, random_model, step, true_marking, walk

SEEDS = st.integers(0, 10_000)
EXPLORED = 300
PATIENCE = 400


def placed(seed: int) -> tuple[EngineRun, int]:
    """An instance of a random model, somewhere on its way; the key is 0 when it has ended."""
    run, random = EngineRun(), Random(seed)
    run.deploy(random_model(seed))
    key = run.create(choice=random.randrange(3))
    walk(run, random, random.randrange(6))
    return run, key if key in run.state.elements and run.state.jobs else 0


def ends(run: EngineRun) -> bool:
    """Whether any way of completing jobs ends the instance; markings are looked at once."""
    seen: set[tuple[tuple[str, int], ...]] = set()
    todo = [run]
    while todo:
        here = todo.pop()
        if here.idle:
            return True
        place = tuple(sorted(_place(here).items()))
        if place in seen:
            continue
        seen.add(place)
        assert len(seen) < EXPLORED, "a random model is larger than can be explored"
        for key in sorted(here.state.jobs):
            for choice in range(3):
                after = deepcopy(here)
                step(after, key, choice)
                todo.append(after)
    return False


def stuck(run: EngineRun) -> bool:
    """Whether any way of completing jobs leads to where nothing can be done and nothing has ended."""
    seen: set[tuple[tuple[str, int], ...]] = set()
    todo = [run]
    while todo and len(seen) < EXPLORED:
        here = todo.pop()
        place = tuple(sorted(_place(here).items()))
        if here.idle or place in seen:
            continue
        seen.add(place)
        if not here.state.jobs:
            return True
        for key in sorted(here.state.jobs):
            for choice in range(3):
                after = deepcopy(here)
                step(after, key, choice)
                todo.append(after)
    return False


def _place(run: EngineRun) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in run.state.elements.values():
        found[each.element_id] += 1
        found.update(each.tokens)
    return found


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS)
def test_the_marking_is_the_true_one_or_is_called_ambiguous(seed: int) -> None:
    run, key = placed(seed)
    if key:
        process = read_process(random_model(seed), "p")
        found = marking_of(process, history(run, key))
        assert found.ambiguous or found == true_marking(run, key)


@settings(max_examples=200, deadline=None)
@given(seed=SEEDS, other=SEEDS)
def test_what_is_called_safe_ends_and_what_is_refused_is_refused(seed: int, other: int) -> None:
    run, key = placed(seed)
    if not key:
        return
    old, new = read_process(random_model(seed), "p"), read_process(random_model(other), "p")
    marking = true_marking(run, key)
    assessment = Assessment(old, new)
    verdict, reasons = assessment.judge(marking)
    run.deploy(random_model(other) + b" ")
    refused = refusals(old, new, marking, assessment.mapping)
    outcome = migrate(run, key, assessment.mapping)
    assert bool(outcome.rejection) is bool(refused), (outcome.rejection, refused)
    if verdict is Verdict.ITSELF:
        walk(run, Random(seed), PATIENCE)
        assert run.idle, run.active()
    if verdict is Verdict.CANNOT and not refused:
        assert reasons[0].code == "stranded"
        assert not ends(run)


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, other=SEEDS)
def test_what_is_called_safe_is_never_stuck_whatever_is_chosen(seed: int, other: int) -> None:
    run, key = placed(seed)
    if not key:
        return
    old, new = read_process(random_model(seed), "p"), read_process(random_model(other), "p")
    assessment = Assessment(old, new)
    if assessment.judge(true_marking(run, key))[0] is Verdict.ITSELF:
        run.deploy(random_model(other) + b" ")
        assert not migrate(run, key, assessment.mapping).rejection
        assert not stuck(run)


@settings(max_examples=120, deadline=None)
@given(seed=SEEDS, other=SEEDS, choices=st.integers(0, 10_000))
def test_a_chosen_mapping_is_judged_as_the_engine_takes_it(seed: int, other: int, choices: int) -> None:
    run, key = placed(seed)
    if not key:
        return
    old, new = read_process(random_model(seed), "p"), read_process(random_model(other), "p")
    marking, random = true_marking(run, key), Random(choices)
    suggested = Assessment(old, new).suggestions
    open_ones = [suggested[name] for name, _ in marking.elements]
    chosen = {each.source: random.choice(each.candidates) for each in open_ones if each.candidates}
    if len(set(chosen.values())) < len(chosen):
        return  # two steps cannot become one
    assessment = Assessment(old, new, chosen)
    verdict, _ = assessment.judge(marking)
    refused = refusals(old, new, marking, assessment.mapping)
    run.deploy(random_model(other) + b" ")
    outcome = migrate(run, key, assessment.mapping)
    assert bool(outcome.rejection) is bool(refused), (outcome.rejection, refused)
    if verdict is Verdict.ITSELF:
        assert not stuck(run)


def test_the_random_pairs_hold_every_verdict() -> None:
    seen: Counter[str] = Counter()
    for seed in range(400):
        run, key = placed(seed)
        if key:
            old, new = (read_process(random_model(each), "p") for each in (seed, seed + 1_000))
            verdict, reasons = Assessment(old, new).judge(true_marking(run, key))
            seen[reasons[0].code if reasons else verdict.value] += 1
    assert {"itself", "unmapped", "stranded", "gone"} <= seen.keys(), seen
