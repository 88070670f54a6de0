"""Which families the first bytes of a connection may be of: for a port that hears a language it does not speak.

Nothing is decoded by it. A receiver serves one family; this only lets it say which one it was sent by mistake.
Source: the heads of the families' frames, each in its own README.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

LOOKED_AT_BYTES: Final = 64
"""The longest head that tells a family apart is a request line of SIP."""

TLS: Final = "tls"
"""No family: a device that speaks TLS to a port that does not."""

_BCD: Final = b"[" + b"".join(b"\\x%d0-\\x%d9" % (tens, tens) for tens in range(10)) + b"]"
"""A byte whose both halves are decimal digits."""

_HEADS: Final[Mapping[re.Pattern[bytes], frozenset[str]]] = {
    re.compile(pattern, re.DOTALL): frozenset(families.split())
    for pattern, families in (
        (rb"\[[0-9A-Za-z]{2}\*[0-9A-Za-z]{1,20}\*", "watch"),
        # A log-in of topin is 15 bytes long without serial and checksum, one of gt06 is 18.
        (rb"\x78\x78\x0d\x01.{9}\x0d\x0a", "topin"),
        (rb"\x78\x78[\x0d\x11]\x01.{8}(?!.\x0d\x0a)", "gt06"),
        (rb"\x78\x78(?![\x0d\x11]\x01)", "gt06 topin"),
        (rb"\x78\x78[\x0d\x11]\x01.{0,10}\Z", "gt06 topin"),
        (rb"\x79\x79", "gt06"),
        (rb"\x00\x0f[0-9]{1,15}", "teltonika"),
        (rb"\x00\x00\x00\x00\x00\x00.{2}[\x07\x08\x0c\x0d\x0e\x10\x8e]", "teltonika"),
        (rb".{4}\x01.\x00\x0f[0-9]{15}", "teltonika"),
        (rb"\xab[\x00-\x3f]", "minifinder2"),
        (rb"\+(?:RESP|BUFF|ACK):GT|\+(?:RSP|BSP|EVT|BVT|INF|BNF|HBD|CRD|BRD|LGN|ACK)", "gl200"),
        (rb"\$\$[A-Za-z][0-9]{1,4},[0-9]", "meitrack"),
        (rb"![1345ABCD],", "minifinder"),
        (rb"\*[A-Z]{2},", "h02"),
        (rb"\$(?!\$)" + _BCD + rb"{5}", "h02"),
        (rb"\x67\x67|EL..", "eelink"),
        (rb"(?:GET|POST|HEAD|PUT|OPTIONS) [/*]", "osmand owntracks"),
        (rb"\x0a?(?:[0-9A-Fa-f]{4}|..)0[0-9A-Fa-f]{3}\"", "dc09"),
        (rb"\s*(?:\xef\xbb\xbf)?<(?:\?xml|[a-z]{4,}[0-9 >])", "sos_access"),
        (rb"(?:MESSAGE|REGISTER|OPTIONS|INVITE) sips?:", "scaip"),
        (rb"\x16\x03[\x00-\x04]", TLS),
    )
}


def family_of(first: bytes) -> frozenset[str]:
    """Return the families whose frames may begin so; empty where it is none that we know.

    first: what came first on a connection or in a datagram; LOOKED_AT_BYTES of it are looked at.
    """
    head = first[:LOOKED_AT_BYTES]
    return frozenset().union(*(families for pattern, families in _HEADS.items() if pattern.match(head)))
