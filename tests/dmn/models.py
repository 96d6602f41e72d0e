"""Small DMN models for the tests, written by functions."""

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def definitions(inner: str, namespace: str = DMN_13) -> bytes:
    """A DMN file around elements."""
    return (
        f'<definitions xmlns="{namespace}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="drg" name="Test" '
        f'namespace="http://test">{inner}</definitions>'
    ).encode()


def table(
    rules: list[tuple[str, str]], policy: str = "UNIQUE", attributes: str = "", output: str = "", before: str = ""
) -> bytes:
    """A decision `rate` over the input `amount` with one output."""
    rows = "".join(
        f'<rule id="r{number}"><inputEntry id="i{number}"><text>{_escaped(test)}</text></inputEntry>'
        f'<outputEntry id="o{number}"><text>{_escaped(value)}</text></outputEntry></rule>'
        for number, (test, value) in enumerate(rules, 1)
    )
    return definitions(
        f'{before}<decision id="rate" name="Rate"><decisionTable id="table" hitPolicy="{policy}" {attributes}>'
        '<input id="in" label="Amount"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression>'
        f'</input><output id="out" name="rate">{output}</output>{rows}</decisionTable></decision>'
    )


def literal(decision_id: str, expression: str, requires: str = "", variable: str = "") -> str:
    """A decision with a literal expression."""
    return (
        f'<decision id="{decision_id}" name="{decision_id}"><variable name="{decision_id}" {variable}/>{requires}'
        f"<literalExpression><text>{_escaped(expression)}</text></literalExpression></decision>"
    )


def needs(kind: str, element_id: str) -> str:
    """A requirement: needs("Decision", "a")."""
    outer = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return f'<{outer}><required{kind} href="#{element_id}"/></{outer}>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
