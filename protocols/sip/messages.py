"""SIP requests and responses as the wire has them.

headers: (name, value) in the order of coming; names in small letters and their long form ("call-id"), values as
written. What is not UTF-8 in them is kept byte by byte (surrogateescape).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Headers = tuple[tuple[str, str], ...]

VERSION: Final = "SIP/2.0"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for something. said_bytes: what Content-Length claims of the body, None where it says nothing."""

    method: str
    uri: str
    headers: Headers
    body: bytes = b""
    version: str = VERSION
    said_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to a request. status: 100 to 699."""

    status: int
    reason: str
    headers: Headers
    body: bytes = b""
    said_bytes: int | None = None


Message = Request | Response


@dataclass(frozen=True, slots=True)
class Peer:
    """Where the other end's bytes come from: host without brackets, port."""

    host: str
    port: int


def every(message: Message, name: str) -> list[str]:
    """Return all values of a header, in order. name: in small letters, long form."""
    return [value for key, value in message.headers if key == name]


def one(message: Message, name: str) -> str | None:
    """Return the first value of a header, or None."""
    return next((value for key, value in message.headers if key == name), None)


REASONS: Final[Mapping[int, str]] = {
    100: "Trying",
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    423: "Interval Too Brief",
    481: "Call/Transaction Does Not Exist",
    488: "Not Acceptable Here",
    489: "Bad Event",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "Version Not Supported",
}
"""The statuses that we send, with RFC 3261's words."""
