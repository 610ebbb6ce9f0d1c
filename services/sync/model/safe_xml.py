"""XML from strangers, read into a small immutable tree or refused by the name of its fault.

The document is decoded here, strictly and by its byte order mark, before any parser sees it, so
that a declaration cannot make two readers see two documents. Expat then reads it piece by piece;
the first event outside the limits ends the reading. A document type declaration is refused where
it begins, so there is no entity to expand and nothing to fetch. A search for the bytes of
``<!DOCTYPE`` would miss it in UTF-16; the parser's event does not.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

_PIECE: Final = 16 * 1024


class UnsafeXml(Exception):
    """The document is not read at all. ``code`` is stable, ``text`` says what was found.

    Codes: ``too_large``, ``encoding``, ``doctype``, ``entity``, ``too_deep``,
    ``too_many_elements``, ``too_many_attributes``, ``name_too_long``, ``attribute_too_long``,
    ``text_too_long``, ``token_too_long``, ``malformed``.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may measure; sizes in bytes before parsing, in characters after."""

    size: int = 20 * 1024 * 1024
    depth: int = 64
    elements: int = 200_000
    attributes: int = 64
    name: int = 512
    attribute: int = 8 * 1024
    # The longest honest text is an attached PDF of ten megabytes, in base64.
    text: int = 14 * 1024 * 1024
    # Expat 2.5 reads an unfinished tag or comment anew with every piece, so its length is bounded.
    token: int = 256 * 1024


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its namespace and local name, its own text as written, its children in order."""

    namespace: str
    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    children: tuple[Element, ...] = ()

    def attribute(self, name: str) -> str | None:
        """The value of an attribute without a namespace."""
        return dict(self.attributes).get(name)

    def all(self, namespace: str, name: str) -> tuple[Element, ...]:
        """The children of that name."""
        return tuple(
            child for child in self.children if child.name == name and child.namespace == namespace
        )


def parse(document: bytes, limits: Limits = LIMITS) -> Element:
    """The root of the document's tree; ``UnsafeXml`` for whatever is not plain, bounded XML.

    UTF-8 with or without a byte order mark, and UTF-16 with one, are read; the declaration, where
    there is one, must say the same.
    """
    if len(document) > limits.size:
        raise UnsafeXml("too_large", f"{len(document)} bytes; at most {limits.size} are read")
    encoding, text = _decoded(document)
    tree = _Tree(limits, encoding)
    _feed(tree, text.encode(), limits)
    assert tree.root is not None, "expat ends well only after a root element"
    return tree.root


def _decoded(document: bytes) -> tuple[str, str]:
    """The encoding that the bytes themselves show, and the text."""
    if document.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnsafeXml("encoding", "UTF-32 is not read; write UTF-8")
    if document.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, codec = "utf-16", "utf-16"
    elif b"\0" in document[:4]:
        raise UnsafeXml("encoding", "UTF-16 without a byte order mark; its byte order is unknown")
    else:
        encoding, codec = "utf-8", "utf-8-sig"
    try:
        return encoding, document.decode(codec)
    except UnicodeDecodeError as error:
        raise UnsafeXml(
            "encoding", f"the byte at {error.start} is not {encoding.upper()}"
        ) from error


def _feed(tree: _Tree, data: bytes, limits: Limits) -> None:
    parser = tree.parser()
    try:
        for start in range(0, len(data), _PIECE):
            end = start + len(data[start : start + _PIECE])
            parser.Parse(data[start:end], False)
            if end - max(parser.CurrentByteIndex, 0) > limits.token:
                raise UnsafeXml("token_too_long", f"a tag or comment of over {limits.token} bytes")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _refused(error) from error


_ENTITY_ERRORS: Final = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_UNDEFINED_ENTITY,
        expat.errors.XML_ERROR_RECURSIVE_ENTITY_REF,
        expat.errors.XML_ERROR_AMPLIFICATION_LIMIT_BREACH,
    )
)


def _refused(error: expat.ExpatError) -> UnsafeXml:
    where = f"line {error.lineno}, column {error.offset}: {expat.ErrorString(error.code)}"
    return UnsafeXml("entity" if error.code in _ENTITY_ERRORS else "malformed", where)


@dataclass(slots=True)
class _Open:
    """An element whose end has not been seen."""

    namespace: str
    name: str
    attributes: tuple[tuple[str, str], ...]
    texts: list[str] = field(default_factory=list)
    length: int = 0
    children: list[Element] = field(default_factory=list)


class _Tree:
    """Expat's events, counted against the limits and folded into elements."""

    def __init__(self, limits: Limits, encoding: str) -> None:
        self.root: Element | None = None
        self._limits = limits
        self._encoding = encoding
        self._open: list[_Open] = []
        self._elements = 0

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.CharacterDataHandler = self._characters
        parser.EndElementHandler = self._end
        return parser

    def _declared(self, version: str, encoding: str | None, _standalone: int) -> None:
        if version != "1.0":
            raise UnsafeXml("malformed", f"XML {version[:10]} is not read, only 1.0")
        if encoding is not None and encoding.lower() != self._encoding:
            raise UnsafeXml(
                "encoding", f"declared as {encoding[:40]}, but it is {self._encoding.upper()}"
            )

    def _doctype(self, name: str, _system: object, _public: object, _subset: object) -> None:
        raise UnsafeXml("doctype", f"a document type declaration ({name[:40]}) is not read")

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._within("too_many_elements", self._elements, self._limits.elements)
        self._within("too_deep", len(self._open) + 1, self._limits.depth)
        self._within("too_many_attributes", len(attributes), self._limits.attributes)
        for name, value in attributes.items():
            self._within("name_too_long", len(name), self._limits.name)
            self._within("attribute_too_long", len(value), self._limits.attribute)
        self._within("name_too_long", len(qualified), self._limits.name)
        namespace, _, name = qualified.rpartition(" ")
        self._open.append(_Open(namespace, name, tuple(attributes.items())))

    def _characters(self, text: str) -> None:
        element = self._open[-1]
        element.length += len(text)
        self._within("text_too_long", element.length, self._limits.text)
        element.texts.append(text)

    def _end(self, _qualified: str) -> None:
        seen = self._open.pop()
        element = Element(
            seen.namespace,
            seen.name,
            seen.attributes,
            "".join(seen.texts),
            tuple(seen.children),
        )
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element

    @staticmethod
    def _within(code: str, found: int, limit: int) -> None:
        if found > limit:
            raise UnsafeXml(code, f"{found} found; at most {limit} are read")
