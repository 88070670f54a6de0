"""Frames: parse() and serialise() side by side, for both directions, with the checksum that they share."""

from __future__ import annotations

import re
from typing import Final

from protocols.errors import ChecksumMismatch, ContentError
from protocols.meitrack.messages import Frame
from protocols.signal import AccountId

UP: Final = b"$$"
DOWN: Final = b"@@"

# "$$" flag length "," id "," command ["," body] "*" checksum. The line end may have been lost on the way.
_FRAME: Final = re.compile(
    rb"(?:\$\$|@@)([A-z])[0-9]{1,5},([0-9A-Za-z]{1,20}),([0-9A-Za-z]{1,8})(?:,(.*))?\*([0-9A-Fa-f]{2})[\r\n]{0,2}",
    re.DOTALL,
)
_TEXT: Final = re.compile(rb"\$\$([A-z])[0-9]{1,5},([0-9A-Za-z]{1,20}),(AAA|AFF),(.*)", re.DOTALL)


def parse(raw: bytes) -> Frame:
    """Read one frame, from its first sign to its line end, which may be missing.

    Raises ContentError (the transmitter's fault) if id, command or checksum is missing, and ChecksumMismatch.
    """
    found = _FRAME.fullmatch(raw)
    if not found:
        raise ContentError("no id, command and checksum in the frame")
    flag, device, command, body, stated = found.groups()
    computed = checksum(raw[: found.start(5)])
    name = device.decode("ascii")
    if int(stated, 16) != computed:
        raise ChecksumMismatch(account=name, received=int(stated, 16), computed=computed)
    return Frame(flag.decode("ascii"), AccountId(name), command.decode("ascii").upper(), body or b"")


def parse_unproven(raw: bytes) -> Frame | None:
    """Read a record in text as far as it goes, where a checksum never came; None for anything else."""
    found = _TEXT.match(raw)
    if not found:
        return None
    flag, device, command, body = found.groups()
    return Frame(flag.decode("ascii"), AccountId(device.decode("ascii")), command.decode("ascii"), body)


def serialise(frame: Frame, lead: bytes = UP) -> bytes:
    """Write one frame. lead: UP or DOWN."""
    body = b"," + frame.body if frame.body else b""
    rest = f",{frame.device},{frame.command}".encode("ascii") + body + b"*"
    length = len(rest) + len(b"hh\r\n")
    whole = lead + f"{frame.flag}{length}".encode("ascii") + rest
    return whole + b"%02X\r\n" % checksum(whole)


def checksum(octets: bytes) -> int:
    """Return the sum of these bytes, modulo 256. octets: from the first sign to the "*", both included."""
    return sum(octets) % 256


def next_flag(flag: str) -> str:
    """Return the letter after this one; after z comes A."""
    return "A" if flag >= "z" else chr(ord(flag) + 1)
