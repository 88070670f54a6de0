"""Which signs arrive at a centre, and what stands for those that do not. Pure: the same text gives the same signs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

STAND_INS: Final[Mapping[str, str]] = {
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "…": "...",
    "€": "EUR",
    "Ł": "L",
    "ł": "l",
    "Đ": "D",
    "đ": "d",
    "Œ": "OE",
    "œ": "oe",
    "ẞ": "SS",
    "ı": "i",
    "•": "*",
    "\u00a0": " ",
    "\u00ad": "",
    "\u200b": "",
    "\ufeff": "",
}
_ASCII_STAND_INS: Final[Mapping[str, str]] = {
    "Ø": "O",
    "ø": "o",
    "Æ": "AE",
    "æ": "ae",
    "ß": "ss",
    "Ð": "D",
    "ð": "d",
    "Þ": "Th",
    "þ": "th",
    "°": " grader",
    "±": "+/-",
    "×": "x",
    "´": "'",
    "§": "par.",
    "½": "1/2",
}
UNKNOWN: Final = "?"


def latin1(text: str) -> tuple[str, bool]:
    """Write a text in printable ISO-8859-1; line ends stay as LF. Return it, and whether a sign had to change."""
    return _written(
        text,
        lambda sign: sign == "\n" or " " <= sign <= "~" or ("\u00a1" <= sign <= "\u00ff" and sign.isprintable()),
        {},
    )


def ascii_only(text: str) -> tuple[str, bool]:
    """Write a text in printable ASCII; line ends stay as LF. Return it, and whether a sign had to change."""
    return _written(text, lambda sign: sign == "\n" or " " <= sign <= "~", _ASCII_STAND_INS)


def cp1252(text: str) -> tuple[str, bool]:
    """Write a text in the signs of Windows' western code page; line ends stay as LF."""
    return _written(text, lambda sign: sign == "\n" or (sign.isprintable() and _in_cp1252(sign)), {})


def any_sign(text: str) -> tuple[str, bool]:
    """Leave all signs but controls, which nobody's screen can take."""
    return _written(text, lambda sign: sign == "\n" or sign.isprintable(), {})


def signs_of(character_set: str) -> Callable[[str], tuple[str, bool]]:
    """Return how a text is written in "ascii", "latin1", "cp1252" or "utf-8"."""
    return {"ascii": ascii_only, "latin1": latin1, "cp1252": cp1252, "utf-8": any_sign}[character_set]


def _written(text: str, arrives: Callable[[str], bool], more: Mapping[str, str]) -> tuple[str, bool]:
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    written = "".join(sign if arrives(sign) else _stand_in(sign, arrives, more) for sign in plain)
    return written, written != text


def _stand_in(sign: str, arrives: Callable[[str], bool], more: Mapping[str, str]) -> str:
    known = STAND_INS.get(sign, more.get(sign))
    if known is not None:
        return known
    if unicodedata.category(sign) in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return ""
    base = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return base if base and base != sign and all(map(arrives, base)) else UNKNOWN


def _in_cp1252(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
