"""What a provider answered, fit to be shown to whoever asked for a test."""

from __future__ import annotations

import re
from typing import Final

from larmcentral.channels.cutting import plain

MAX_SIGNS: Final = 500
LONG_DIGITS: Final = re.compile(r"\+?[0-9][0-9 ()-]{3,}[0-9]")
"""Telephone numbers, however they are written; ids made of digits go with them."""
LONG_WORDS: Final = re.compile(r"[A-Za-z0-9_\-+/=.%:]{24,}")
"""Tokens, keys, signed addresses."""


def shown(status: int, body: bytes) -> str:
    """Return status and body on one line, without numbers and secrets, at most MAX_SIGNS."""
    return masked(f"{status} {body[:4096].decode('utf-8', 'replace')}")


def masked(text: str) -> str:
    """Return a text on one line without telephone numbers and anything as long as a secret, at most MAX_SIGNS."""
    bare = LONG_DIGITS.sub("…", LONG_WORDS.sub("…", plain(text)))
    return bare if len(bare) <= MAX_SIGNS else bare[: MAX_SIGNS - 1] + "…"
