"""What fits into one text message: the GSM 7-bit alphabet, or UCS-2 where a sign is not in it.

Source: 3GPP TS 23.038, section 6.2.1 (default alphabet and its extension table); TS 23.040 for the 140 octets
of one message: 160 septets or 70 UTF-16 units.
"""

from __future__ import annotations

from larmcentral.channels.cutting import cut

GSM7_LIMIT = 160
UCS2_LIMIT = 70

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")


def septets(text: str) -> int:
    """Weight of a text in GSM-7; signs of the extension table take two."""
    return len(text) + sum(char in EXTENDED for char in text)


def utf16_units(text: str) -> int:
    """Weight of a text in UCS-2 as phones count it: an emoji takes two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_gsm7(text: str) -> bool:
    """Whether every sign has a place in the GSM 7-bit alphabet or its extension."""
    return all(char in BASIC or char in EXTENDED for char in text)


def fits_one_message(text: str) -> bool:
    """Whether the text goes as one message, uncut."""
    return septets(text) <= GSM7_LIMIT if is_gsm7(text) else utf16_units(text) <= UCS2_LIMIT


def one_message(text: str) -> str:
    """Return the text, cut with an ellipsis where it would need a second message."""
    if is_gsm7(text):
        return cut(text, GSM7_LIMIT, septets, "...")
    return cut(text, UCS2_LIMIT, utf16_units, "…")
