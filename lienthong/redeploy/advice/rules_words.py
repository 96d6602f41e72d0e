"""Rules about what a reader needs: documentation of every element, a template of every job."""

from collections.abc import Iterator

from lienthong.engine.model.elements import ExecutableProcess
from lienthong.redeploy.advice.finding import Finding, found
from lienthong.redeploy.advice.shelf import Shelf
from lienthong.redeploy.changes import title
from lienthong.redeploy.source_tree import Element

TEMPLATE = ("http://camunda.org/schema/zeebe/1.0", "modelerTemplate")


def documentation(process: ExecutableProcess, drawn: dict[str, Element]) -> Iterator[Finding]:
    """The process and every element say what they rest on."""
    for node in process.elements.values():
        element = drawn.get(node.id)
        if element is None:
            continue
        words = [each.text.strip() for each in element.children if each.name[1] == "documentation"]
        if not any(words):
            yield found("documentation", node.id, title(node))


def templates(process: ExecutableProcess, drawn: dict[str, Element], shelf: Shelf) -> Iterator[Finding]:
    """A job follows an element template, and its type is one that some worker does."""
    for node in process.elements.values():
        if node.job is None or node.id not in drawn:
            continue
        job_type = node.job.type
        if job_type.is_static and shelf.job_types and job_type.source not in shelf.job_types:
            yield found("job-type-unknown", node.id, title(node), job_type.source)
        elif TEMPLATE not in drawn[node.id].attributes:
            yield found("template", node.id, title(node))
