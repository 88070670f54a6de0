"""Passwords of transmitters: fifteen signs that nobody has seen."""

from __future__ import annotations

from typing import Final

from protocols.openers import Draw
from protocols.sos_access.fields import PASSWORD_SIGNS

# 64 signs that every form and every hand can write; a byte's lower six bits choose one, so each is as likely
SIGNS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def draw_password(draw: Draw) -> str:
    """Return a new one, of 90 bits."""
    return "".join(SIGNS[one & 63] for one in draw(PASSWORD_SIGNS))
