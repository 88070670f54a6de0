"""HTTP as a value: one request in, one response out. Parsing HTTP itself is the shell's work.

A protocol over HTTP keeps HttpConversation, the contract of conversation.py cut to one request
(ops/decisions/0002-http-conversation.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Final, Protocol, runtime_checkable
from urllib.parse import unquote

from protocols.conversation import Account, Nak, SignalsReceived, Token
from protocols.errors import RemoteProtocolError
from protocols.orders import Order

MAX_BODY_BYTES: Final = 256 * 1024
"""A phone sends one position of 1 kB at a time; a day's queue in one list is some 200 kB."""

MAX_URI_BYTES: Final = 16 * 1024
"""The query form puts all into the URL; the longest seen, with 30 access points, has 1.5 kB."""

MAX_SECRETS: Final = 8
"""Places where one request may carry its secret, a few repeats included; each costs one hash."""

_SECRET_IN_PAIRS: Final = re.compile(r"(?i)(^|[?&])(secret=)[^&#]*")
_PUBLIC_SEGMENTS: Final = frozenset({"", "osmand", "owntracks", "pub"})


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. uri: path and query as on the request line. headers: names in any case, in order."""

    method: str
    uri: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first header of this name, or None."""
        wanted = name.lower()
        return next((value for given, value in self.headers if given.lower() == wanted), None)

    @property
    def query(self) -> str:
        """What follows the first question mark, without a fragment."""
        return self.uri.partition("#")[0].partition("?")[2]

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty if none was said."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One response. The shell adds Content-Length, Date and what else its server wants."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpFault:
    """The request broke the protocol or came from somebody we do not know: count it, keep raw, send response."""

    error: RemoteProtocolError
    raw: bytes
    response: HttpResponse


HttpEvent = SignalsReceived | HttpFault


class HttpConversation(Protocol):
    """One protocol over HTTP, receiver's side. One instance may serve any number of requests, one at a time."""

    def receive_request(self, request: HttpRequest, now: datetime) -> Sequence[HttpEvent]:
        """Take one request; return either one HttpFault, or SignalsReceived of which the last carries the token.

        Never raises.
        """
        ...

    def ack(self, token: Token, now: datetime) -> HttpResponse:
        """Return the response that promises the signals are kept. LocalProtocolError for a token not owed."""
        ...

    def nak(self, token: Token, why: Nak, now: datetime) -> HttpResponse:
        """Return the response that makes the phone try again, or says that we do not know it."""
        ...


@runtime_checkable
class HttpTakesOrders(Protocol):
    """A protocol whose responses can carry an order to the phone that asked."""

    def with_order(self, order: Order, response: HttpResponse, now: datetime) -> HttpResponse | None:
        """Return a positive response with the order in it; None where this protocol has no words for the order."""
        ...


class Proof(Enum):
    """Whether a request comes from the device it names."""

    PROVEN = "proven"
    UNKNOWN_DEVICE = "unknown_device"
    WRONG_SECRET = "wrong_secret"


def prove(account: Account | None, secrets: Sequence[str]) -> Proof:
    """Compare what a request offers with what the account asks for, in constant time for each.

    An account without a secret asks for none. secrets: from secrets_of(), at most MAX_SECRETS are looked at.
    """
    if account is None:
        return Proof.UNKNOWN_DEVICE
    if account.secret is None:
        return Proof.PROVEN
    proven = False
    for offered in secrets[:MAX_SECRETS]:
        hashed = hashlib.sha256(offered.encode("utf-8", "surrogatepass")).digest()
        proven |= hmac.compare_digest(hashed, account.secret)
    return Proof.PROVEN if proven else Proof.WRONG_SECRET


def secrets_of(request: HttpRequest, named: Sequence[str] = ()) -> list[str]:
    """Return every secret that a request may offer: bearer, Basic password, secret= fields, last path segment.

    named: values of secret= in the query or form, which the protocol has read anyway.
    """
    scheme, _, credentials = (request.header("authorization") or "").partition(" ")
    offered = [credentials.strip()] if scheme.lower() == "bearer" else []
    if basic := basic_credentials(request):
        offered.append(basic[1])
    offered += named[: MAX_SECRETS - 3]
    offered.append(last_segment(request))
    return [secret for secret in offered if secret]


def basic_credentials(request: HttpRequest) -> tuple[str, str] | None:
    """Return (user, password) of HTTP Basic, or None where there is none to read."""
    scheme, _, credentials = (request.header("authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(credentials.strip().encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
    user, colon, password = decoded.decode("utf-8", "replace").partition(":")
    return (user, password) if colon else None


def last_segment(request: HttpRequest) -> str:
    """Return the last segment of the path, percent-decoded; empty if there is none or it is the protocol's name."""
    segment = unquote(_path(request.uri).rstrip("/").rpartition("/")[2])
    return "" if segment.lower() in _PUBLIC_SEGMENTS else segment


def for_the_record(request: HttpRequest) -> bytes:
    """Write the request down as it came, without what proves its sender: secrets are not kept in clear."""
    path = _path(request.uri)
    if last_segment(request):
        path = path.rstrip("/").rpartition("/")[0] + "/***"
    query = "?" + _SECRET_IN_PAIRS.sub(r"\1\2***", request.query) if request.query else ""
    body = request.body
    if body.lstrip()[:1] not in (b"{", b"["):
        body = _SECRET_IN_PAIRS.sub(r"\1\2***", body.decode("latin-1")).encode("latin-1")
    return f"{request.method} {path}{query}\n".encode("utf-8", "backslashreplace") + body


def wire(response: HttpResponse) -> bytes:
    """Write a response as HTTP/1.1 would carry it; for tools that show what a phone would see."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    headers = (*response.headers, ("Content-Length", str(len(response.body))))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {response.status} {phrase}\r\n{lines}\r\n".encode("latin-1", "replace") + response.body


def _path(uri: str) -> str:
    return uri.partition("#")[0].partition("?")[0]
