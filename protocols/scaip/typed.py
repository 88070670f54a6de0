"""What a person types or pastes to see what it means: a whole SIP message, or a bare request document."""

from __future__ import annotations

import re
from typing import Final

from protocols.errors import RemoteProtocolError
from protocols.scaip.codec import parse_mrq
from protocols.scaip.speaking import MEDIA_TYPE
from protocols.sip.codec import parse, serialise
from protocols.sip.messages import Request

_ESCAPED: Final = re.compile(rb"\\r\\n|\\n")
_USER: Final = re.compile(r"[0-9A-Za-z+_.-]{1,32}")


def typed(line: bytes) -> bytes:
    """Return the message that a line stands for: \\r\\n written out become line ends, a bare <mrq> gets a MESSAGE, and
    one that does not say how long it is ends where the line ends."""
    if not line.lstrip().startswith(b"<"):
        raw = _ESCAPED.sub(b"\r\n", line)
        try:
            message = parse(raw)
        except RemoteProtocolError:
            return raw
        return raw if message.said_bytes is not None else serialise(message)
    document = _ESCAPED.sub(b"\n", line.strip())
    try:
        cid = parse_mrq(document).cid or ""
    except RemoteProtocolError:
        cid = ""
    user = cid if _USER.fullmatch(cid) else "unit"
    headers = (
        ("via", "SIP/2.0/TCP unit.invalid;branch=z9hG4bKtyped"),
        ("from", f"<sip:{user}@unit.invalid>;tag=typed"),
        ("to", "<sip:larmcentral@larm.invalid>"),
        ("call-id", "typed"),
        ("cseq", "1 MESSAGE"),
        ("content-type", MEDIA_TYPE),
    )
    return serialise(Request("MESSAGE", "sip:larmcentral@larm.invalid", headers, document))
