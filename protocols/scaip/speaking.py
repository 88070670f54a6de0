"""What the centre says of its own accord: its response (mrs) as a SIP MESSAGE, and the document in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from protocols.conversation import Account
from protocols.errors import RemoteProtocolError
from protocols.openers import Draw
from protocols.scaip.cases import Way
from protocols.scaip.codec import MOST_STE, serialise_mrs
from protocols.scaip.messages import Mrq, Mrs, whole_number
from protocols.sip.codec import serialise
from protocols.sip.grammar import hosted, parse_named, parse_uri, values
from protocols.sip.messages import Peer, Request, every, one
from protocols.sip.registrar import MAX_CONTACT_SIGNS, Binding

MEDIA_TYPE: Final = "application/scaip+xml"
ASKS_INTERVAL: Final = 1
"""hbo 001: the unit lets us set how often it says that it lives."""
MAX_HEARTBEAT_MIN: Final = 1_440


def way_to(request: Request, bindings: Sequence[Binding], peer: Peer | None) -> Way:
    """Say how to answer a unit: its registered contact, else the one it names, else the name it gives itself.

    The bytes go to the host that the request came from, whatever the contact says: through a proxy the way back is the
    proxy, behind a firewall the contact is an address of nowhere, and nobody can make us send to a third party. Only
    the port is the contact's, where the unit spoke to us without a proxy between and names its own host.
    """
    named = parse_named(one(request, "from") or "")
    contact = next((binding.contact for binding in bindings), None) or _contact(request) or named.uri
    by, port = parse_named(one(request, "to") or "").uri, None
    try:
        parse_uri(by)
    except RemoteProtocolError:
        by = request.uri
    try:
        address = parse_uri(contact)
        if peer is not None and address.host == peer.host and len(values(every(request, "via"))) == 1:
            port = address.port
    except RemoteProtocolError:
        contact = named.uri
    ours = parse_uri(request.uri)
    sent_by = hosted(ours.host) + (f":{ours.port}" if ours.port else "")
    return Way(contact, f"<{named.uri}>", by, sent_by, port)


def message(way: Way, document: bytes, *, transport: str, draw: Draw) -> tuple[bytes, str]:
    """Return a MESSAGE of ours and its branch, which names the answer to it."""
    branch = f"z9hG4bK{draw(12).hex()}"
    headers = (
        ("via", f"SIP/2.0/{transport} {way.sent_by};branch={branch};rport"),
        ("max-forwards", "70"),
        ("from", f"<{way.by}>;tag={draw(8).hex()}"),
        ("to", way.to),
        ("call-id", f"{draw(16).hex()}@larmcentral"),
        ("cseq", "1 MESSAGE"),
        ("content-type", MEDIA_TYPE),
    )
    return serialise(Request("MESSAGE", way.uri, headers, document)), branch


def document(mrs: Mrs) -> bytes:
    """Write a response."""
    return serialise_mrs(mrs)


def heartbeat_min(mrq: Mrq, account: Account | None) -> int | None:
    """Return the minutes between signs of life that we ask for, or None where unit or account leaves it as it is."""
    options: Mapping[str, str] = {} if account is None else account.options
    wanted = whole_number(options.get("heartbeat_min"))
    if whole_number(mrq.hbo) != ASKS_INTERVAL or wanted is None or not 1 <= wanted <= MAX_HEARTBEAT_MIN:
        return None
    return wanted


def plain(text: str) -> str | None:
    """Return words as ste can carry them: ASCII, 128 signs; å becomes a. None where nothing is left."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return "".join(sign for sign in bare if sign.isprintable())[:MOST_STE].strip() or None


def _contact(request: Request) -> str | None:
    try:
        first = next(iter(values(every(request, "contact"))), "")
        uri = parse_uri(parse_named(first).uri).text
    except RemoteProtocolError:
        return None
    return uri if len(uri) <= MAX_CONTACT_SIGNS and " " not in uri else None


def asked_at(now: datetime) -> str:
    """Write a time as SIP's Date has it: some units set their clock by it."""
    return now.strftime("%a, %d %b %Y %H:%M:%S GMT")
