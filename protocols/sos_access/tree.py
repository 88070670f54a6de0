"""The XML of a whole document, two levels deep, without document types and entities of its own.

Expat (in the standard library) says what is well-formed. Source: XML 1.0; facts/alarm-protocols.md part 1.5, trap 6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from protocols.errors import ContentError

# <?xml version="1.0" encoding="ISO-8859-1"?>, either case, either quotation mark
_HEADER: Final = re.compile(
    rb"""<\?xml[ \t\r\n][^?>]{0,60}?encoding[ \t\r\n]?=[ \t\r\n]?["']([A-Za-z0-9._-]{1,40})["']"""
)
_HEADER_WITHIN_BYTES: Final = 200
_DEEPEST: Final = 3
"""Root, element, and what stands inside `position`."""
_MOST_ELEMENTS: Final = 200
"""Ten times what the longest message has."""


@dataclass(frozen=True, slots=True)
class Tree:
    """What a document holds. encoding: as its header names it, in capitals, None without one.

    leaves: (path below the root, text) in the order of coming, for instance ("position/pos", "N593293E0180686").
    """

    root: str
    encoding: str | None
    leaves: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Growing:
    path: list[str] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    bears: list[bool] = field(default_factory=list)
    leaves: list[tuple[str, str]] = field(default_factory=list)
    root: str = ""
    elements: int = 0

    def begin(self, tag: str, _: dict[str, str]) -> None:
        self.elements += 1
        if len(self.path) == _DEEPEST or self.elements > _MOST_ELEMENTS:
            raise ContentError("too many elements, or one too deep")
        if self.path:
            self.bears[-1] = True
        else:
            self.root = tag
        self.path.append(tag)
        self.texts.append([])
        self.bears.append(False)

    def text(self, text: str) -> None:
        self.texts[-1].append(text)

    def end(self, _: str) -> None:
        text = "".join(self.texts.pop())
        if not self.bears.pop() and len(self.path) > 1:
            self.leaves.append(("/".join(self.path[1:]), text))
        self.path.pop()


def read_tree(document: bytes, *, otherwise: str = "iso-8859-1") -> Tree:
    """Read a whole document. Raises ContentError for what is not well-formed, goes deeper, or defines anything.

    A document that claims UTF-8 is read so, one that names nothing as otherwise says (ISO-8859-1 is SOS Access' own),
    every other one as ISO-8859-1.
    """
    found = _HEADER.match(document[:_HEADER_WITHIN_BYTES].lstrip(b" \t\r\n"))
    encoding = None if found is None else found[1].decode("ascii").upper()
    growing = _Growing()
    claimed = "utf-8" if encoding == "UTF-8" else "iso-8859-1"
    parser = expat.ParserCreate(otherwise if encoding is None else claimed)
    parser.buffer_text = True
    parser.StartElementHandler = growing.begin
    parser.CharacterDataHandler = growing.text
    parser.EndElementHandler = growing.end
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(document.lstrip(b" \t\r\n"), True)
    except expat.ExpatError as error:
        raise ContentError(f"not well-formed XML: {expat.ErrorString(error.code)}") from None
    return Tree(growing.root, encoding, tuple(growing.leaves))


def _no_doctype(*_: object) -> None:
    raise ContentError("a document type")
