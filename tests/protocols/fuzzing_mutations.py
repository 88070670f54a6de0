"""How a frame is damaged, how a stream is cut, and how a damaged frame is given a right checksum again.

The checksums are written here a second time, from the table in facts/wearable-frames.md section 0.1: a fuzz that used
our codecs would not notice if they were wrong.
"""

from __future__ import annotations

import random
import re
from binascii import crc_hqx
from collections.abc import Callable, Sequence
from typing import Final

MOST_BYTES: Final = 4096
"""Longer inputs find nothing that shorter ones do not, and cost more."""
MANY_PIECES: Final = 6

_EXTREMES: Final = (0, 1, 2, 0x0D, 0x0A, 0x2A, 0x7F, 0x80, 0xFE, 0xFF)
_NUMBER: Final = re.compile(rb"[0-9]+(?:\.[0-9]*)?")
_NUMBERS: Final = (
    b"", b"0", b"-1", b"nan", b"inf", b"1e999", b"9" * 40, b"-0", b"00000000", b"FFFFFFFF", b"\xd9\xa3", b" 7",
)  # fmt: skip
_LETTERS: Final = b",;*#$[]()+:\r\n\x00\xff0AVNEZ"


def mutated(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Return the bytes damaged in one to four ways."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        octets = chance.choice(MUTATIONS)(octets, chance, others)[:MOST_BYTES]
    return octets


def pieces_of(stream: bytes, chance: random.Random) -> list[bytes]:
    """Cut a stream in random chunks: often none, sometimes each byte by itself."""
    how = chance.random()
    if how < 0.4 or len(stream) < 2:
        return [stream]
    if how < 0.45:
        return [stream[at : at + 1] for at in range(len(stream))]
    cuts = sorted(chance.randrange(1, len(stream)) for _ in range(chance.randrange(1, MANY_PIECES)))
    return [stream[start:end] for start, end in zip((0, *cuts), (*cuts, len(stream)), strict=True)]


def _flip(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    changed = bytearray(octets)
    for _ in range(chance.choice((1, 1, 2, 4, 8)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _extreme(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Write a small or huge number of one, two or four bytes somewhere: lengths and counts are such."""
    at, size = chance.randrange(len(octets) + 1), chance.choice((1, 1, 2, 4))
    return octets[:at] + bytes(chance.choice(_EXTREMES) for _ in range(size)) + octets[at + size :]


def _nudge(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Make one byte a little more or less than it was."""
    if not octets:
        return octets
    at = chance.randrange(len(octets))
    return octets[:at] + bytes(((octets[at] + chance.choice((-2, -1, 1, 2, 16, -16))) & 0xFF,)) + octets[at + 1 :]


def _cut(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(octets) + 1)
    return octets[:start] + octets[start + chance.choice((1, 1, 2, 3, 4, 8, 16, 64)) :]


def _end_early(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return octets[: chance.randrange(len(octets) + 1)]


def _repeat(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    start = chance.randrange(len(octets) + 1)
    end = min(len(octets), start + chance.choice((1, 2, 4, 8, 32, 256)))
    return octets[:end] + octets[start:end] * chance.choice((1, 1, 2, 8, 40)) + octets[end:]


def _insert(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(octets) + 1)
    return octets[:at] + chance.randbytes(chance.choice((1, 1, 2, 3, 8))) + octets[at:]


def _letter(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Put in a letter that means something to a text protocol."""
    at = chance.randrange(len(octets) + 1)
    return octets[:at] + bytes((chance.choice(_LETTERS),)) + octets[at + chance.randrange(2) :]


def _number(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Put another number in the place of one that is written out."""
    found = list(_NUMBER.finditer(octets))
    if not found:
        return _extreme(octets, chance, others)
    one = chance.choice(found)
    return octets[: one.start()] + chance.choice(_NUMBERS) + octets[one.end() :]


def _splice(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return octets[: chance.randrange(len(octets) + 1)] + other[chance.randrange(len(other) + 1) :]


def _tail(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return octets + chance.randbytes(chance.choice((1, 4, 16, 128)))


def _swap(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Let two stretches change places."""
    first, second = sorted((chance.randrange(len(octets) + 1), chance.randrange(len(octets) + 1)))
    size = chance.choice((1, 2, 4, 8))
    if first + size > second:
        return octets[::-1] if chance.random() < 0.1 else octets
    middle = octets[first + size : second]
    return (
        octets[:first]
        + octets[second : second + size]
        + middle
        + octets[first : first + size]
        + octets[second + size :]
    )


def _noise(octets: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    return chance.randbytes(chance.randrange(1, 64)) if chance.random() < 0.2 else _flip(octets, chance, others)


Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]
MUTATIONS: Final[tuple[Mutation, ...]] = (
    _flip, _extreme, _extreme, _nudge, _nudge, _cut, _end_early, _repeat, _insert, _letter, _number, _splice, _tail,
    _swap, _noise,
)  # fmt: skip


def _arc(octets: bytes) -> int:
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def _minifinder2(frame: bytes) -> bytes:
    if len(frame) < 9:
        return frame
    body = frame[8:]
    return frame[:2] + len(body).to_bytes(2, "little") + crc_hqx(body, 0).to_bytes(2, "little") + frame[6:8] + body


def _teltonika(frame: bytes) -> bytes:
    if len(frame) < 13 or any(frame[:4]):
        return frame
    body = frame[8:-4]
    return bytes(4) + len(body).to_bytes(4, "big") + body + _arc(body).to_bytes(4, "big")


def _meitrack(frame: bytes) -> bytes:
    head = re.match(rb"(\$\$.)[0-9]+,", frame, re.DOTALL)
    star = frame.rfind(b"*")
    if head is None or star < head.end():
        return frame
    rest = frame[head.end() - 1 : star + 1]
    summed = head[1] + str(len(rest) + 4).encode() + rest
    return summed + f"{sum(summed) & 0xFF:02X}\r\n".encode()


def _eelink(frame: bytes) -> bytes:
    if not frame.startswith(b"EL") or len(frame) < 8:
        return frame
    check = 0
    for octet in frame[6:]:
        check = (((check << 1) | (check >> 15)) + octet) & 0xFFFF
    return frame[:2] + (len(frame) - 4).to_bytes(2, "big") + check.to_bytes(2, "big") + frame[6:]


_MIRROR: Final = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))


def _gt06(frame: bytes) -> bytes:
    if len(frame) < 10 or frame[-2:] != b"\r\n" or frame[:2] not in (b"xx", b"yy"):
        return frame
    width = 1 if frame[:2] == b"xx" else 2
    rest = frame[2 + width : -4]
    if len(rest) + 2 >= 1 << 8 * width:
        return frame
    summed = (len(rest) + 2).to_bytes(width, "big") + rest
    crc = int(f"{crc_hqx(summed.translate(_MIRROR), 0xFFFF):016b}"[::-1], 2) ^ 0xFFFF
    return frame[:2] + summed + crc.to_bytes(2, "big") + b"\r\n"


REPAIRS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "minifinder2": _minifinder2,
    "teltonika": _teltonika,
    "meitrack": _meitrack,
    "eelink": _eelink,
    "gt06": _gt06,
}
"""Families whose frames are refused, or doubted, with a wrong checksum or length."""
