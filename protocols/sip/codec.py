"""Whole SIP messages to requests and responses, and back.

Lenient in what it takes: bare line feeds, folded lines, short header names, any case. Source: RFC 3261 section 7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from protocols.errors import ContentError, LocalProtocolError
from protocols.sip.messages import VERSION, Headers, Message, Request, Response

MAX_MESSAGE_BYTES: Final = 100_000
"""A SCAIP request has some 500 bytes, and no header of a proxy makes it a hundred times that."""

MAX_HEADERS: Final = 200
"""A request that went through ten proxies has some forty."""

SHORT: Final[Mapping[str, str]] = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
}
"""RFC 3261 section 7.3.3 and the registry's later ones."""

_SPELLED: Final = {"call-id": "Call-ID", "cseq": "CSeq", "www-authenticate": "WWW-Authenticate"}
_REQUEST_LINE: Final = re.compile(r"([A-Za-z0-9.!%*_+`'~-]{1,32}) +(\S{1,2048}) +(SIP/[0-9]{1,4}\.[0-9]{1,4})", re.I)
_STATUS_LINE: Final = re.compile(r"SIP/2\.0 +([1-6][0-9]{2})(?: (.*))?", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,64}")
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_LENGTH: Final = re.compile(r"[0-9]{1,9}")


def parse(raw: bytes) -> Message:
    """Read one message: everything behind the head is its body, cut to what Content-Length says.

    Raises ContentError for what is no SIP message. Lines without a colon are passed over.
    """
    end = _END_OF_HEAD.search(raw)
    head = raw if end is None else raw[: end.start()]
    lines = head.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", " ").split("\n")
    headers = _headers(lines[1:])
    body = b"" if end is None else raw[end.end() :]
    said = next((value for name, value in headers if name == "content-length"), None)
    said_bytes = int(said) if said is not None and _LENGTH.fullmatch(said) else None
    if said_bytes is not None:
        body = body[:said_bytes]
    if asked := _REQUEST_LINE.fullmatch(lines[0].strip()):
        return Request(asked[1], asked[2], headers, body, asked[3].upper(), said_bytes)
    if answered := _STATUS_LINE.fullmatch(lines[0].strip()):
        return Response(int(answered[1]), (answered[2] or "").strip(), headers, body, said_bytes)
    raise ContentError("neither a SIP request nor a response")


def serialise(message: Message) -> bytes:
    """Write a message; Content-Length is ours. Raises LocalProtocolError for what would break its own lines."""
    match message:
        case Request(method, uri):
            first = f"{method} {uri} {VERSION}"
        case Response(status, reason):
            first = f"{VERSION} {status} {reason}"
    lines = [first]
    lines += [f"{spelled(name)}: {value}" for name, value in message.headers if name != "content-length"]
    lines.append(f"Content-Length: {len(message.body)}")
    if any("\r" in line or "\n" in line for line in lines):
        raise LocalProtocolError("a line break inside a SIP header")
    return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape") + message.body


def spelled(name: str) -> str:
    """Write a header's name as people are used to see it."""
    return _SPELLED.get(name) or "-".join(part.capitalize() for part in name.split("-"))


def _headers(lines: list[str]) -> Headers:
    unfolded: list[list[str]] = []
    for line in lines:
        if line[:1] in (" ", "\t"):
            if unfolded:
                unfolded[-1].append(line.strip())
        else:
            unfolded.append([line.strip()])
    if len(unfolded) > MAX_HEADERS:
        raise ContentError(f"more than {MAX_HEADERS} header lines")
    found = []
    for parts in unfolded:
        name, colon, value = " ".join(parts).partition(":")
        bare = name.strip().lower()
        if colon and _TOKEN.fullmatch(bare):
            found.append((SHORT.get(bare, bare), value.strip()))
    return tuple(found)
