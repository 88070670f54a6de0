"""The number by which people at two centres speak of one case."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from escalation.ids import IncidentId

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that nothing sounds or looks like something else."""
_LENGTH: Final = 8
"""40 bits: at a thousand cases a year two that are alike come once in some hundred thousand years of one house."""


def case_number(incident_id: IncidentId) -> str:
    """Return the case's number, as "7KQ2-M9XD": short enough for the telephone, the same whoever works it out."""
    bits = int.from_bytes(sha256(incident_id.bytes).digest()[:5], "big")
    signs = "".join(_SIGNS[bits >> (5 * place) & 31] for place in reversed(range(_LENGTH)))
    return f"{signs[:4]}-{signs[4:]}"
