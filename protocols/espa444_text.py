"""Words for the display of a pager, in the signs that its exchange knows.

Source: ESPA 4.4.4, character set (ISO 646, whose Swedish edition puts letters in the place of brackets); ISO 8859-1
for exchanges that take eight bits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import Enum
from typing import Final


class CharacterSet(Enum):
    """What the bytes of a text mean. SWEDISH7 is ISO 646-SE: brackets and braces are Å, Ä and Ö."""

    LATIN1 = "latin1"
    SWEDISH7 = "swedish7"


_SWEDISH: Final = str.maketrans("ÄÖÅäöå¤", "[\\]{|}$")
_TAKEN: Final = str.maketrans({"[": "(", "{": "(", "]": ")", "}": ")", "\\": "/", "|": "/", "$": "?", "~": "-"})


def encode_text(text: str, characters: CharacterSet) -> bytes:
    """Return the text in the exchange's bytes: control signs left out, a sign it lacks without its mark, or "?"."""
    kept = "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign)[0] != "C")
    match characters:
        case CharacterSet.LATIN1:
            return b"".join(sign.encode("latin-1", "ignore") or _bare(sign) for sign in kept)
        case CharacterSet.SWEDISH7:
            return b"".join(
                sign.translate(_SWEDISH).encode("ascii")
                if ord(sign) in _SWEDISH
                else sign.translate(_TAKEN).encode("ascii", "ignore") or _bare(sign)
                for sign in kept
            )


def decode_text(value: bytes, characters: CharacterSet) -> str:
    """Return what a display shows; only the emulated exchange asks."""
    text = value.decode("latin-1")
    if characters is CharacterSet.SWEDISH7:
        return text.translate({other: own for own, other in _SWEDISH.items()})
    return text


_LIKE: Final[Mapping[str, bytes]] = {"–": b"-", "—": b"-", "…": b"...", "’": b"'", "‘": b"'", "“": b'"', "”": b'"'} | {
    "€": b"EUR",
    "•": b"*",
    "\u2028": b" ",
    "\u2029": b" ",
}


def _bare(sign: str) -> bytes:
    if sign in _LIKE:
        return _LIKE[sign]
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore")[:4] or b"?"
