"""The number by which people at two centres speak of one case."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from escalation.ids import IncidentId

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that nothing sounds or looks like something else."""
_MEANT: Final = str.maketrans("ILO", "110", " -")
"""How Crockford reads the signs he left out; blanks and dashes are for the eye."""
_LENGTH: Final = 8
"""40 bits: at a thousand cases a year two that are alike come once in some hundred thousand years of one house."""


def case_number(incident_id: IncidentId) -> str:
    """Return the case's number, as "7KQ2-M9XD": short enough for the telephone, the same whoever works it out."""
    bits = int.from_bytes(sha256(incident_id.bytes).digest()[:5], "big")
    signs = "".join(_SIGNS[bits >> (5 * place) & 31] for place in reversed(range(_LENGTH)))
    return f"{signs[:4]}-{signs[4:]}"


def number_bytes(said: str) -> bytes | None:
    """Return the five bytes that a number stands for, however it was typed; None where it is no number.

    They are the first five of the SHA-256 of the incident's id.
    """
    signs = said.upper().translate(_MEANT)
    if len(signs) != _LENGTH or any(sign not in _SIGNS for sign in signs):
        return None
    bits = 0
    for sign in signs:
        bits = bits << 5 | _SIGNS.index(sign)
    return bits.to_bytes(5, "big")
