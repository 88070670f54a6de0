"""Whole documents to messages, and back. Strict with requests, lenient with answers.

A receiver can say what is wrong with a request, so the error carries the status to answer with. Of an answer only the
status must be readable: turning a centre's "taken" down for its form would send the alarm again. Elements may come in
any order; empty ones mean absent. Source: facts/alarm-protocols.md parts 1.1, 1.2, 1.5; deviations in README.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from protocols.errors import ContentError, LocalProtocolError, RemoteProtocolError
from protocols.sos_access.codes import Status
from protocols.sos_access.fields import ELEMENTS, POSITION, REQUESTS, ROOTS, TAGS, Element
from protocols.sos_access.framing import MAX_DOCUMENT_BYTES
from protocols.sos_access.messages import AlarmType, Message
from protocols.sos_access.tree import Tree, read_tree

HEADER: Final = b'<?xml version="1.0" encoding="ISO-8859-1"?>\r\n'
ENCODING: Final = "ISO-8859-1"
MASK: Final = b"*" * 15

_STATUS: Final = re.compile(r"[0-9]{1,5}")
_UNPRINTABLE: Final = re.compile(r"[^ -~\xa0-\xff]")
_UNPRINTABLE_IN_LINES: Final = re.compile(r"[^ -~\xa0-\xff\n]")
_SENT_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}")
_NOTHING: Final = "None"
"""What the reference client writes into additionalinfo where it means none."""
_SECRET_BEGINS: Final = re.compile(rb"<(?:[a-z0-9_.-]{1,40}:)?(?:new)?authentication[ \t\r\n>]", re.IGNORECASE)


class Unacceptable(ContentError):
    """A document that is no message. status: what a receiver answers. Names elements, never what stands in them."""

    def __init__(self, why: str, *, status: Status) -> None:
        super().__init__(why)
        self.status = status


def parse(document: bytes) -> Message:
    """Read one document, as framing.py returned it. Raises Unacceptable (the other side's fault)."""
    try:
        tree = read_tree(document)
    except RemoteProtocolError as error:
        raise Unacceptable(str(error), status=Status.INVALID_XML) from None
    kind = ROOTS.get(tree.root)
    if kind is None:
        raise Unacceptable("the root element is none of the protocol's", status=Status.WRONG_CONTENT)
    asked = kind in REQUESTS
    if asked and tree.encoding != ENCODING:
        raise Unacceptable(f"the XML header does not name {ENCODING}", status=Status.XML_HEADER)
    held, unknown = _sorted(tree, ELEMENTS[kind])
    fields: dict[str, Any] = {"unknown": unknown} if asked else {"info": ""}
    for element in ELEMENTS[kind]:
        text = held.get(element.name)
        if text is None and element.mandatory:
            raise Unacceptable(f"{element.tag} is missing", status=Status.MANDATORY_DATA_MISSING)
        if text is not None:
            fields[element.name] = _read(element, text, strict=asked)
    return kind(**fields)


def serialise(message: Message) -> bytes:
    """Write a document. Raises LocalProtocolError for what no receiver would take: lengths, signs, unknown elements."""
    kind = type(message)
    lines = []
    for element in ELEMENTS[kind]:
        value = getattr(message, element.name)
        if value is None:
            if element.mandatory:
                raise LocalProtocolError(f"{element.tag} is mandatory")
            continue
        text = _written(element, value)
        line = f"<{element.tag}>{text}</{element.tag}>"
        lines.append(f"<position>{line}</position>" if element is POSITION else line)
    if getattr(message, "unknown", ()):
        raise LocalProtocolError("elements without a name of ours are heard, never sent")
    body = f"<{TAGS[kind]}>\r\n" + "".join(f"{line}\r\n" for line in lines) + f"</{TAGS[kind]}>"
    document = HEADER + body.encode("latin-1")
    if len(document) > MAX_DOCUMENT_BYTES:
        raise LocalProtocolError("the document is too long")
    return document


def masked(document: bytes) -> bytes:
    """Return a document, whole or broken, with the passwords out of sight: for records and dry runs."""
    parts, at = [], 0
    while begins := _SECRET_BEGINS.search(document, at):
        start = document.find(b">", begins.start()) + 1
        ends = document.find(b"</", start) if start else -1
        parts.append(document[at : start or begins.end()] + MASK)
        at = ends if ends >= 0 else len(document)
    return b"".join(parts) + document[at:]


def _sorted(tree: Tree, elements: tuple[Element, ...]) -> tuple[Mapping[str, str], tuple[tuple[str, str], ...]]:
    """The texts by field, and what we have no name for. Blanks around a text are layout, but not around a password."""
    by_path = {f"position/{e.tag}" if e is POSITION else e.tag: e for e in elements}
    held: dict[str, str] = {}
    unknown = []
    for path, raw in tree.leaves:
        element = by_path.get(path)
        text = raw if element is not None and element.secret else raw.strip()
        if not text or (element is not None and element.lines and text == _NOTHING):
            continue
        if element is None:
            unknown.append((path, text))
        elif element.name in held:
            raise Unacceptable(f"{element.tag} stands there twice", status=Status.WRONG_CONTENT)
        else:
            held[element.name] = text
    return held, tuple(unknown)


def _read(element: Element, text: str, *, strict: bool) -> object:
    signs = len(text) + text.count("\n")
    if (strict or element.secret) and not element.shortest <= signs <= element.longest:
        raise Unacceptable(f"{element.tag} has {signs} signs", status=Status.INVALID_LENGTH)
    if strict and _unprintable(element).search(text):
        raise Unacceptable(f"{element.tag} has signs that are not allowed", status=Status.WRONG_CONTENT)
    if element.name == "status":
        if not _STATUS.fullmatch(text):
            raise Unacceptable("the status is no number", status=Status.WRONG_CONTENT)
        return int(text)
    if element.name == "alarm_type":
        try:
            return AlarmType(text)
        except ValueError:
            raise Unacceptable("alarmtype is neither AL nor RE", status=Status.WRONG_CONTENT) from None
    return text


def _written(element: Element, value: object) -> str:
    text = value.value if isinstance(value, AlarmType) else str(value)
    signs = len(text) + text.count("\n")
    if not element.shortest <= signs <= element.longest:
        raise LocalProtocolError(f"{element.tag} has {signs} signs")
    if _unprintable(element).search(text):
        raise LocalProtocolError(f"{element.tag} has signs that SOS Access cannot carry")
    if element.name == "transmitter_time" and not _SENT_TIME.fullmatch(text):
        raise LocalProtocolError("transmittertime is YYYY-MM-DD HH:MM:SS.mmm")
    return escape(text).replace("\n", "\r\n")


def _unprintable(element: Element) -> re.Pattern[str]:
    return _UNPRINTABLE_IN_LINES if element.lines else _UNPRINTABLE
