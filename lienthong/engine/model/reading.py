"""What the reader carries while it reads one file: the root, and the problems noted so far."""

from __future__ import annotations

from lxml import etree

from lienthong.engine.feel import FeelSyntaxError
from lienthong.engine.model.coverage import owner_id
from lienthong.engine.model.elements import Binding, Called
from lienthong.engine.model.expression import Expression, compile_expression
from lienthong.engine.model.problems import Problem
from lienthong.engine.model.xml import BPMN, extension


class Reading:
    """One file being read."""

    __slots__ = ("_referenced", "associations", "problems", "root", "start_forms")

    def __init__(self, root: etree._Element, problems: list[Problem]) -> None:
        self.root = root
        self.problems = problems
        self.start_forms: dict[str, Called] = {}
        self.associations: dict[str, list[str]] = {}  # ids of what each association leads to, by where it begins
        for drawn in root.iter(f"{{{BPMN}}}association"):
            self.associations.setdefault(drawn.get("sourceRef") or "", []).append(drawn.get("targetRef") or "")
        self._referenced = {
            str(child.get("id")): child for child in root if isinstance(child.tag, str) and child.get("id") is not None
        }

    def problem(self, element_id: str, rule: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(element_id, rule, message))

    def id_of(self, element: etree._Element) -> str:
        """The id of an element, which it must have."""
        if not element.get("id"):
            self.problem(owner_id(element), "id", "Expected every element to have an id, but one has none")
        return element.get("id") or ""

    def expression(self, element_id: str, text: str | None) -> Expression | None:
        """The compiled attribute; None when absent or blank."""
        if text is None or not text.strip():
            return None
        try:
            return compile_expression(text)
        except FeelSyntaxError as error:
            self.problem(element_id, "expression", f'Expected a FEEL expression, but "{text[:200]}": {error}')
            return None

    def referenced(self, element_id: str, kind: str, reference: str | None) -> etree._Element | None:
        """The root element (message, error, …) that `reference` names; None when it names none."""
        if not reference:
            return None
        found = self._referenced.get(reference)
        if found is None or found.tag != f"{{{BPMN}}}{kind}":
            self.problem(element_id, "reference", f'Expected {kind} "{reference}" to exist, but it does not')
            return None
        return found

    def called(self, element_id: str, element: etree._Element, attribute: str) -> Called | None:
        """A called resource: id, binding, version tag."""
        identifier = self.expression(element_id, element.get(attribute))
        if identifier is None:
            return None
        text = element.get("bindingType") or "latest"
        if text not in {binding.value for binding in Binding}:
            self.problem(
                element_id, "binding", f'Expected latest, deployment or versionTag, but bindingType is "{text}"'
            )
            text = "latest"
        binding, tag = Binding(text), element.get("versionTag")
        if (binding is Binding.VERSION_TAG) != bool(tag):
            self.problem(element_id, "binding", "Expected versionTag exactly with bindingType versionTag, but not so")
        return Called(identifier, binding, tag)

    def boolean(self, element_id: str, element: etree._Element, attribute: str, default: bool) -> bool:
        """A boolean attribute."""
        text = element.get(attribute)
        if text not in (None, "true", "false"):
            self.problem(element_id, "boolean", f'Expected {attribute} to be true or false, but it is "{text}"')
        return default if text is None else text == "true"

    def correlation_key(self, message: etree._Element, element_id: str) -> Expression | None:
        """The correlation key of a message."""
        subscription = extension(message, "subscription")
        return None if subscription is None else self.expression(element_id, subscription.get("correlationKey"))
