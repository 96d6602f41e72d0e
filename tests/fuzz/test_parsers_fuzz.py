"""Mangled texts through the BPMN, FEEL and DMN parsers: an answer or a named refusal, no crash, no hang."""

from pathlib import Path

import edge_models
from hypothesis import given
from hypothesis import strategies as st

from lienthong.engine.core.process import process
from lienthong.engine.core.state import State
from lienthong.engine.feel import FeelSyntaxError, parse_expression, parse_unary_tests
from lienthong.engine.protocol.records import Command, Intent, ValueType

ROOT = Path(__file__).resolve().parents[2]
NOW_MS = 1_790_000_000_000
WORDS = (
    '1 0.5 -2 "a" true null [ ] { } ( ) , : . .. + - * / ** = != < <= > >= and or not if then else for in return '
    'some every satisfies between instance of function x y item context list @"2026-01-01" date( duration( "P1D" ) '
    "string(x) count([1,2]) [1..3] ?"
)
PIECES = WORDS.split(" ")
FEEL = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | st.text(max_size=60)
MODELS = [edge_models.one_task(), edge_models.user_task(), edge_models.timer(), edge_models.message()]
MODELS += [path.read_bytes() for path in sorted((ROOT / "bpmn").rglob("*.bpmn"))[:6]]
TABLES = [edge_models.DECISION, *(path.read_bytes() for path in sorted((ROOT / "bpmn").rglob("*.dmn"))[:6])]


@st.composite
def mangled(draw: st.DrawFn, models: list[bytes]) -> bytes:
    """A model in which a few stretches were cut out, doubled, swapped with another model's or overwritten."""
    content = draw(st.sampled_from(models))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 400)))
        other = draw(st.sampled_from(models))
        place = draw(st.integers(0, len(other)))
        middle = draw(
            st.sampled_from([b"", content[start:end] * 2, other[place : place + 200]]) | st.binary(max_size=8)
        )
        content = content[:start] + middle + content[end:]
    return content


@st.composite
def renamed(draw: st.DrawFn, models: list[bytes]) -> bytes:
    """A model that is still XML: some of its attribute values and texts stand in other places, or are junk."""
    content = draw(st.sampled_from(models)).decode()
    parts = content.split('"')
    values = list(range(1, len(parts), 2))[8:]
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.sampled_from(values))
        parts[place] = draw(st.sampled_from([parts[each] for each in values]) | FEEL.map(escaped))
    return '"'.join(parts).encode("utf-8", "replace")


def escaped(text: str) -> str:
    """Text as an attribute value."""
    return "".join(
        letter
        for letter in text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        if letter.isprintable()
    )


def deployed(name: str, content: bytes) -> None:
    """Deploy; what is taken is also started."""
    state = State()
    value = {"resources": [{"name": name, "content": content}]}
    outcome = process(state, Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, value), NOW_MS)
    if outcome.rejection is not None:
        assert outcome.rejection.reason
        return
    for each in (outcome.reply or {}).get("processes", ()):
        start = {"bpmnProcessId": each["bpmnProcessId"], "version": -1, "variables": {"dossierCode": "H1"}}
        process(state, Command(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, 0, start), NOW_MS)
    for each in (outcome.reply or {}).get("decisions", ()):
        value = {"decisionId": each["dmnDecisionId"], "decisionKey": 0, "variables": {"area": "city"}}
        process(state, Command(ValueType.DECISION_EVALUATION, Intent.EVALUATE, 0, value), NOW_MS)


@given(text=FEEL)
def test_feel_answers_or_says_where_it_is_wrong(text: str) -> None:
    for parse in (parse_expression, parse_unary_tests):
        try:
            compiled = parse(text)
        except FeelSyntaxError as error:
            assert error.line >= 1
            continue
        compiled.evaluate({"x": 1, "y": "two", "list": [1, 2], "context": {"a": None}})


@given(content=mangled(MODELS) | renamed(MODELS))
def test_bpmn_is_taken_or_refused(content: bytes) -> None:
    deployed("model.bpmn", content)


@given(content=mangled(TABLES) | renamed(TABLES))
def test_dmn_is_taken_or_refused(content: bytes) -> None:
    deployed("table.dmn", content)
