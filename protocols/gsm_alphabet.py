"""The GSM 7-bit alphabet as octets, one septet in each, and UCS-2: how SMPP carries the text of a message.

Source: 3GPP TS 23.038, section 6.2.1, default alphabet and its extension table; section 6.2.3 for UCS-2.
"""

from __future__ import annotations

from typing import Final

ESCAPE: Final = 0x1B

# In the order of their codes, 16 a line; the place of ESCAPE is taken by a sign that no text holds.
_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\0ÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
_EXTENDED: Final = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\"} | {
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_CODES: Final = {sign: bytes([code]) for code, sign in enumerate(_BASIC) if code != ESCAPE} | {
    sign: bytes([ESCAPE, code]) for code, sign in _EXTENDED.items()
}
UNKNOWN: Final = "\ufffd"


def encode_gsm7(text: str) -> bytes:
    """Return one octet a septet; signs of the extension table take two. Raises ValueError for a sign it lacks."""
    try:
        return b"".join([_CODES[sign] for sign in text])
    except KeyError:
        raise ValueError("a sign is not in the GSM alphabet") from None


def decode_gsm7(octets: bytes) -> str:
    """Return the text; a code without a sign becomes U+FFFD, an escape to nowhere its second half's own sign."""
    signs: list[str] = []
    escaped = False
    for octet in octets:
        if octet == ESCAPE and not escaped:
            escaped = True
            continue
        basic = _BASIC[octet] if octet < len(_BASIC) and octet != ESCAPE else UNKNOWN
        signs.append(_EXTENDED.get(octet, basic) if escaped else basic)
        escaped = False
    return "".join(signs)


def encode_ucs2(text: str) -> bytes:
    """Return UTF-16 with the high octet first; an emoji is a pair, as telephones read it."""
    return text.encode("utf-16-be", "replace")


def decode_ucs2(octets: bytes) -> str:
    """Return the text; what is no UTF-16 becomes U+FFFD."""
    return octets.decode("utf-16-be", "replace")
