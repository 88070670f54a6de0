"""A name in the alphabet of text messages, where its own signs would leave no room for the rest. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from larmcentral.channels.cutting import clusters
from larmcentral.channels.gsm7 import is_gsm7

NO_SIGN: Final = "?"

_NEAREST: Final[Mapping[str, str]] = {
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ı": "i",
    "œ": "oe",
    "Œ": "OE",
    "ŋ": "n",
    "Ŋ": "N",
    "–": "-",
    "—": "-",
    "‑": "-",
    "−": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "´": "'",
    "`": "'",
    "…": "...",
    "•": "-",
    "·": "-",
}
"""Letters that Unicode does not take apart, and the signs that word processors put in."""


def nearest(text: str) -> str:
    """Return the text with each foreign sign as the nearest one of GSM 7-bit; a question mark where there is none."""
    return "".join(cluster if is_gsm7(cluster) else _nearest(cluster) for cluster in clusters(text))


def _nearest(cluster: str) -> str:
    found = _NEAREST.get(cluster)
    if found is not None:
        return found
    base = "".join(sign for sign in unicodedata.normalize("NFKD", cluster) if not unicodedata.combining(sign))
    return base if base and is_gsm7(base) else NO_SIGN
