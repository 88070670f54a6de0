"""Whether an address belongs to the wearer, whoever's name it stands under.

A silent alarm must not show on the wearer's side: a colleague who shares her telephone, or a number that was entered
twice, would make it ring beside whoever she is afraid of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from escalation.effects import About

WEARERS_OWN_POINT: Final = "wearers_own_point"
"""Why a notice is withheld."""

_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()./-]{6,}")
_HOME: Final = "46"
"""Country of numbers that people write with a nought in front."""


def withheld(about: About, address: str, wearers: Iterable[str | None] | None) -> str:
    """Return why a notice of an incident must not be sent, empty if it may be.

    wearers: the wearer's own addresses and telephone number as they are written, None where the alarm is not silent.
    That a person has taken it is told to her app all the same: without a word or a sound.
    """
    if wearers is None or about is About.TAKEN or not address:
        return ""
    here = _plain(address)
    return WEARERS_OWN_POINT if any(here == _plain(own) for own in wearers if own) else ""


def _plain(address: str) -> str:
    """Return an address as it is compared: numbers as digits with country, browsers by their endpoint."""
    said = address.strip()
    if _NUMBER.fullmatch(said):
        return _digits(said)
    if said.startswith("{"):
        try:
            body = json.loads(said)
        except ValueError:
            return said
        return str(body.get("endpoint", said)) if isinstance(body, dict) else said
    return said.casefold()


def _digits(number: str) -> str:
    digits = re.sub(r"[^0-9]", "", number)
    if number.startswith("+"):
        pass
    elif digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        return _HOME + digits[1:]
    return _HOME + digits[3:] if digits.startswith(f"{_HOME}0") else digits  # "+46 (0)70 ..."
