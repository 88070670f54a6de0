"""Responses as RFC 3261 wants them: every Via and Record-Route line back, received and rport, a To-tag.

A proxy finds its way back by its own Via; with one line missing the answer dies there (facts, part 3.5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from protocols.errors import ContentError, RemoteProtocolError
from protocols.sip.grammar import parse_named, parse_uri, parse_via, split, values
from protocols.sip.messages import REASONS, Peer, Request, Response, every, one

ALLOWED: Final = ("MESSAGE", "REGISTER", "OPTIONS", "CANCEL", "BYE")
ALLOW: Final = ("allow", ", ".join(ALLOWED))
SIP_PORT: Final = 5060

MAX_HOPS: Final = 70
"""Via lines of one request: Max-Forwards begins at 70. Each is given back on a line of its own, so that over UDP a
short lie of many commas would hit somebody else with a long answer."""
MAX_NAME_SIGNS: Final = 512
"""Of From, To, Call-ID, CSeq and the first Via, which are remembered; five times what proxies make of them."""

_ONCE: Final = ("from", "to", "call-id", "cseq")
_CSEQ: Final = re.compile(r"([0-9]{1,10})\s+(\S+)")


class Refusal(RemoteProtocolError):
    """A request that is answered with an error. status: the SIP status; headers: what goes with it."""

    def __init__(self, status: int, why: str, headers: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(why)
        self.status, self.headers = status, tuple(headers)


def response(
    request: Request,
    status: int,
    *,
    tag: str,
    peer: Peer | None,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
    reason: str | None = None,
) -> Response:
    """Return the response to a request. tag: ours, set where the request's To has none. peer: where it came from."""
    echoed: list[tuple[str, str]] = [("via", line) for line in _vias(request, peer)]
    echoed += [(name, value) for name, value in request.headers if name == "record-route"]
    for name in _ONCE:
        if (value := one(request, name)) is not None:
            untagged = name == "to" and status > 100 and "tag" not in _params_of(value)
            echoed.append((name, f"{value};tag={tag}" if untagged else value))
    return Response(status, reason or REASONS[status], (*echoed, *headers), body)


def way_back(request: Request, peer: Peer | None) -> int | None:
    """Return the port that the response goes to on the peer's host; None for the very port the request came from."""
    via = parse_via(values(every(request, "via"))[0])
    if peer is None or "rport" in via.params:
        return None
    return via.port or SIP_PORT


def check(request: Request) -> None:
    """See that a request has what every answer needs. Raises Refusal; ContentError where there is nobody to answer."""
    found = values(every(request, "via"))
    parse_via(found[0] if found else "")
    if len(found) > MAX_HOPS:
        raise ContentError("more Via lines than a request can have")
    if request.version != "SIP/2.0":
        raise Refusal(505, "another version of SIP")
    for name in _ONCE:
        if not one(request, name):
            raise Refusal(400, f"{name} is missing")
    if max(len(text) for text in (found[0], *(one(request, name) or "" for name in _ONCE))) > MAX_NAME_SIGNS:
        raise Refusal(400, "a name longer than any real one")
    sequence = _CSEQ.fullmatch(one(request, "cseq") or "")
    if sequence is None or sequence[2].upper() != request.method.upper():
        raise Refusal(400, "CSeq does not fit the method")
    if request.said_bytes is not None and request.said_bytes != len(request.body):
        raise Refusal(400, "the body is shorter than Content-Length says")
    hops = one(request, "max-forwards")
    if hops is not None and not (hops.isascii() and hops.isdigit()):
        raise Refusal(400, "Max-Forwards is no number")
    if request.uri.partition(":")[0].lower() not in ("sip", "sips"):
        raise Refusal(416, "the request's address is no sip: address")
    try:
        for name in ("from", "to"):
            parse_named(one(request, name) or "")
        parse_uri(request.uri)
    except RemoteProtocolError as error:
        raise Refusal(400, str(error)) from None
    if request.method in ("ACK", "CANCEL"):
        return
    if demanded := values(every(request, "require")):
        raise Refusal(420, "an extension that we do not have", [("unsupported", ", ".join(demanded))])


def transaction(request: Request) -> tuple[str, str, str]:
    """Return what a retransmission of this request has in common with it (RFC 3261 section 17.2.3)."""
    via = parse_via(values(every(request, "via"))[0])
    branch = via.params.get("branch") or ""
    if not branch.startswith("z9hG4bK"):  # RFC 2543: everything that names the request
        names = (one(request, name) or "" for name in ("call-id", "cseq", "from"))
        branch = " ".join((branch, request.uri, *names))
    return branch, f"{via.host}:{via.port}", request.method


def _vias(request: Request, peer: Peer | None) -> list[str]:
    first, *rest = values(every(request, "via"))
    if peer is not None:
        via = parse_via(first)
        if "rport" in via.params and not via.params["rport"]:
            parts = [part for part in split(first, ";") if part.rstrip("= \t").lower() != "rport"]
            first = ";".join((*parts, f"received={peer.host}", f"rport={peer.port}"))
        elif via.host != peer.host:
            first += f";received={peer.host}"
    return [first, *rest]


def _params_of(value: str) -> set[str]:
    return {part.partition("=")[0].strip().lower() for part in split(value, ";")[1:]}
