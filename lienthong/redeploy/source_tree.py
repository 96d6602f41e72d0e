"""A model's XML as a tree that remembers its text: which bytes of the file each element is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

XSI_TYPE = ("http://www.w3.org/2001/XMLSchema-instance", "type")
Name = tuple[str, str]  # namespace, local name
DEFAULTS = frozenset({("isInterrupting", "true"), ("cancelActivity", "true")})  # editors leave out what is the default


class NotXml(Exception):
    """The file is no XML, or holds what a model may not hold (a document type)."""


@dataclass(slots=True, eq=False)
class Element:
    """One element and where it stands; offsets are bytes of the UTF-8 text."""

    name: Name
    attributes: dict[Name, str]
    prefixes: dict[str, str]  # prefix → namespace, as declared here or above
    begin: int
    head_end: int = 0
    foot_begin: int = 0
    end: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)
    parent: Element | None = None

    @property
    def id(self) -> str:
        """The id, empty when it has none."""
        return self.attributes.get(("", "id"), "")

    def walk(self) -> Iterator[Element]:
        """This element and everything inside it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def form(self) -> tuple[object, ...]:
        """What the element says, whatever its prefixes, quotes, indentation and order of attributes."""
        text = "" if self.children else self.text
        return (self.name, tuple(sorted(self.attributes.items())), text, tuple(each.form() for each in self.children))


@dataclass(slots=True)
class Source:
    """The text and its tree."""

    content: bytes
    root: Element

    def ids(self) -> dict[str, Element]:
        """Elements by id."""
        return {each.id: each for each in self.root.walk() if each.id}


def read_source(content: bytes) -> Source:
    """Parse a file; NotXml when it cannot be."""
    reader = _Reader(content)
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotXml(str(error)) from error
    if reader.root is None:
        raise NotXml("Expected a root element, but there is none")
    return Source(content, reader.root)


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.root: Element | None = None
        self.open: list[Element] = []
        self.waiting: Element | None = None  # its head ends where the next event begins
        self.parser = expat.ParserCreate("UTF-8")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise NotXml("Expected no document type, but there is one")

    def _start(self, tag: str, pairs: list[str]) -> None:
        above = self.open[-1] if self.open else None
        raw = dict(zip(pairs[::2], pairs[1::2], strict=True))
        prefixes = dict(above.prefixes) if above else {"xml": "http://www.w3.org/XML/1998/namespace"}
        for key, value in raw.items():
            if key == "xmlns" or key.startswith("xmlns:"):
                prefixes[key[6:]] = value
        attributes = {}
        for key, value in raw.items():
            if key == "xmlns" or key.startswith("xmlns:") or (key, value) in DEFAULTS:
                continue
            name = _expanded(key, prefixes, "")
            attributes[name] = "|".join(_expanded(value, prefixes)) if name == XSI_TYPE else value
        begin = self.parser.CurrentByteIndex
        made = Element(_expanded(tag, prefixes), attributes, prefixes, begin, parent=above)
        made.head_end = _head_end(self.content, begin)
        if above is not None:
            above.children.append(made)
        elif self.root is None:
            self.root = made
        self.open.append(made)

    def _end(self, _tag: str) -> None:
        closed = self.open.pop()
        if self.content[closed.head_end - 2 : closed.head_end] == b"/>":
            closed.foot_begin = closed.end = closed.head_end
        else:
            closed.foot_begin = self.parser.CurrentByteIndex
            closed.end = self.content.index(b">", closed.foot_begin) + 1
        if closed.children:
            closed.text = ""

    def _text(self, text: str) -> None:
        if self.open and not self.open[-1].children:
            self.open[-1].text += text


def _expanded(name: str, prefixes: dict[str, str], default: str | None = None) -> Name:
    prefix, colon, local = name.partition(":")
    if not colon:
        return (prefixes.get("", "") if default is None else default, name)
    return (prefixes.get(prefix, prefix), local)


def _head_end(content: bytes, begin: int) -> int:
    quote = 0
    for at in range(begin, len(content)):
        byte = content[at]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in (0x22, 0x27):
            quote = byte
        elif byte == 0x3E:
            return at + 1
    raise NotXml("Expected the start tag to end, but it does not")
