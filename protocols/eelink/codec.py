"""Packages and envelopes: parse() and serialise() side by side. Big endian throughout."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Final

from protocols.eelink.framing import ENVELOPE_HEAD_BYTES, ENVELOPE_MARK, HEAD_BYTES, PACKAGE_MARK
from protocols.eelink.messages import Envelope, Package, Type
from protocols.errors import ContentError, LocalProtocolError

COMMAND_TEXT: Final = 0x01
"""First octet of a command's content: what follows is text."""

MAX_PACKAGES: Final = 64
"""A datagram holds a dozen at the most."""

_PACKAGE: Final = struct.Struct(">2sBHH")
_ENVELOPE: Final = struct.Struct(">2sHH8s")

_ANSWERED_BY_US: Final = frozenset({Type.COMMAND.value, Type.DOWN_MESSAGE.value, Type.OLD_LOCATION.value})
"""Ours, or of the old kind that waits for nothing; all others are answered, also those we do not know."""


def checksum(octets: bytes) -> int:
    """Return the sum of an envelope, from its IMEI to its end: rotate left by one, add the octet, 16 bits."""
    total = 0
    for octet in octets:
        total = ((total << 1 | total >> 15) + octet) & 0xFFFF
    return total


def parse(raw: bytes) -> Envelope:
    """Read one package, or one envelope with its packages.

    Raises ContentError (the device's fault) if there is neither. A wrong sum is told, not refused.
    """
    if raw.startswith(ENVELOPE_MARK) and len(raw) >= ENVELOPE_HEAD_BYTES:
        _, _, stated, imei = _ENVELOPE.unpack_from(raw)
        packages, rest = _packages(raw[ENVELOPE_HEAD_BYTES:])
        return Envelope(packages, imei_of(imei), stated == checksum(raw[6:]), rest)
    packages, rest = _packages(raw)
    if not packages:
        raise ContentError("no package of eelink")
    return Envelope(packages, rest=rest)


def begun(rest: bytes) -> Package:
    """Read what stands behind the last whole package as one that was cut short; type 00 if it does not begin as one."""
    if not rest.startswith(PACKAGE_MARK) or len(rest) < HEAD_BYTES + 2:
        return Package(0, 0, rest)
    _, kind, _, sequence = _PACKAGE.unpack_from(rest)
    return Package(kind, sequence, rest[_PACKAGE.size :])


def serialise(envelope: Envelope) -> bytes:
    """Write packages, in an envelope if there is an IMEI. Raises LocalProtocolError for an IMEI that is no number."""
    packages = b"".join(map(serialise_package, envelope.packages))
    if envelope.imei is None:
        return packages
    summed = bcd(envelope.imei) + packages
    return struct.pack(">2sHH", ENVELOPE_MARK, 2 + len(summed), checksum(summed)) + summed


def serialise_package(package: Package) -> bytes:
    """Write one package."""
    return _PACKAGE.pack(PACKAGE_MARK, package.type, 2 + len(package.content), package.sequence) + package.content


def bcd(imei: str) -> bytes:
    """Write an IMEI as eight octets of two digits. Raises LocalProtocolError for what is none."""
    if not (imei.isascii() and imei.isdigit() and len(imei) <= 16):
        raise LocalProtocolError("not an IMEI")
    return bytes.fromhex(imei.rjust(16, "0"))


def imei_of(octets: bytes) -> str:
    """Read eight octets of two digits; the nibble in front of the fifteen digits is dropped."""
    digits = octets.hex()
    return digits[1:] if digits.startswith("0") else digits


def answer_to(package: Package, now: datetime) -> Package | None:
    """Return the package that the device waits for, or None. A log-in is told the time."""
    if package.type in _ANSWERED_BY_US:
        return None
    content = struct.pack(">IHB", int(now.timestamp()) & 0xFFFFFFFF, 1, 0) if package.type == Type.LOGIN else b""
    return Package(package.type, package.sequence, content)


def command(sequence: int, server_id: int, text: str) -> Package:
    """Return a text command. server_id: 32 bits that the reply repeats. Raises LocalProtocolError beyond ASCII."""
    if not text.isascii():
        raise LocalProtocolError("a command of eelink is ASCII")
    return Package(Type.COMMAND, sequence, struct.pack(">BI", COMMAND_TEXT, server_id) + text.encode("ascii"))


def parse_command(content: bytes) -> tuple[int, int, bytes]:
    """Return a command's or a reply's kind, server id and text. Raises ContentError if it is too short."""
    if len(content) < 5:
        raise ContentError("a command without its id")
    return content[0], int.from_bytes(content[1:5], "big"), content[5:]


def _packages(octets: bytes) -> tuple[tuple[Package, ...], bytes]:
    found: list[Package] = []
    at = 0
    while octets.startswith(PACKAGE_MARK, at) and len(octets) - at >= HEAD_BYTES + 2 and len(found) < MAX_PACKAGES:
        _, kind, stated, sequence = _PACKAGE.unpack_from(octets, at)
        end = at + HEAD_BYTES + stated
        if stated < 2 or end > len(octets):
            break
        found.append(Package(kind, sequence, octets[at + 7 : end]))
        at = end
    return tuple(found), octets[at:]
