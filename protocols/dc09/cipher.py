"""DC-09 encryption: AES-CBC with a zero vector, restarted for each frame, written as hex digits.

A random pad goes in front. With 16 bytes or more of it the first block is random and stands in for the vector, so
we always send 16 to 31; editions up to 2021 send 1 to 16, and any length is accepted. There is no protection
against tampering beyond the frame's checksum: it keeps secrets, it proves little. Put TLS or a VPN around it.
Source: ANSI/SIA DC-09, encryption (public-review draft of 2013, vectors of tests/captures/dc09).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from protocols.errors import ContentError, LocalProtocolError, NotAuthentic

RandomBytes = Callable[[int], bytes]
"""Returns that many random bytes, fit for a pad that stands in for the initial vector."""

BLOCK_BYTES: Final = 16
KEY_BYTES: Final = frozenset({16, 24, 32})
MIN_PAD_BYTES: Final = 16

_ZERO_VECTOR: Final = bytes(BLOCK_BYTES)
# 64 printable signs: never | [ ] and harmless to receivers that read the opened text as characters; 96 bits a block
_PAD_SIGNS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-"
_TO_PAD: Final = bytes(_PAD_SIGNS[value % len(_PAD_SIGNS)] for value in range(256))
_HEX: Final = re.compile(rb"(?:[0-9A-Fa-f]{32})+")


def usable(key: bytes) -> bool:
    """True if the key has a length that AES knows."""
    return len(key) in KEY_BYTES


def seal(content: bytes, key: bytes, draw: RandomBytes) -> bytes:
    """Encrypt what follows the opening bracket; return the hex digits. content: data, "]", blocks and time stamp."""
    if not usable(key):
        raise LocalProtocolError("a DC-09 key has 16, 24 or 32 bytes")
    ending = b"|" + content
    pad_bytes = MIN_PAD_BYTES + -(len(ending) + MIN_PAD_BYTES) % BLOCK_BYTES
    drawn = draw(pad_bytes)
    assert len(drawn) == pad_bytes, "the random source returned another length"
    encryptor = Cipher(algorithms.AES(key), modes.CBC(_ZERO_VECTOR)).encryptor()
    return (encryptor.update(drawn.translate(_TO_PAD) + ending) + encryptor.finalize()).hex().upper().encode("ascii")


def unseal(digits: bytes, key: bytes, *, account: str | None) -> bytes:
    """Decrypt and take the pad away; return data, "]", blocks and time stamp.

    Both forms of empty data come back alike: pad|] and pad].
    Raises ContentError for what is no row of hex blocks, NotAuthentic if what opens has no pad (another key).
    """
    if not _HEX.fullmatch(digits):
        raise ContentError("the encrypted part is no row of whole blocks in hex")
    if not usable(key):
        raise NotAuthentic("the enrolled key has no length that AES knows", account=account)
    decryptor = Cipher(algorithms.AES(key), modes.CBC(_ZERO_VECTOR)).decryptor()
    opened = decryptor.update(bytes.fromhex(digits.decode("ascii"))) + decryptor.finalize()
    bar, bracket = opened.find(b"|"), opened.find(b"]")
    if bracket < 0 or b"[" in opened[:bracket]:
        raise NotAuthentic("does not open with the account's key", account=account)
    return opened[bar + 1 :] if 0 <= bar < bracket else opened[bracket:]
