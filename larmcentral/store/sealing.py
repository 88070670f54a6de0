"""Secrets that must be read back, sealed: a copy of the database, or a row put into another's place, tells nothing.

A sealed value is MAGIC (8 bytes), the key's id (8: the beginning of its SHA-256), a nonce (12) and what AES-256-GCM
makes of the secret (16 bytes longer than it). It is bound to its place, so it opens nowhere else.
Source: NIST SP 800-38D; a key seals some thousand values in its life, far from the limit for nonces drawn by chance.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC: Final = b"larmseal"
KEY_BYTES: Final = 32
ID_BYTES: Final = 8
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
SHORTEST: Final = len(MAGIC) + ID_BYTES + NONCE_BYTES + TAG_BYTES


class SealBroken(Exception):
    """It was sealed with our key, but not for this place, or it was changed since."""


class OtherKey(Exception):
    """It was sealed with a key that we were not given. key_id: which, as hex; it says nothing of the key itself."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"sealed with key {key_id}, which the settings do not give")
        self.key_id = key_id


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Where a sealed value belongs. name: of the row, as it is never changed."""

    table: str
    organisation_id: UUID
    name: str

    def said(self) -> bytes:
        """Return it as the bytes that the seal is bound to; no two places say the same."""
        table, name = self.table.encode(), self.name.encode()
        return len(table).to_bytes(2, "big") + table + self.organisation_id.bytes + name


@dataclass(frozen=True, slots=True)
class SealingKey:
    """32 bytes. id: by which a sealed value names its key."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a sealing key has {KEY_BYTES} bytes")

    @property
    def id(self) -> bytes:
        """The beginning of the key's SHA-256."""
        return hashlib.sha256(self.secret).digest()[:ID_BYTES]


class Sealing:
    """Seals with the current key, opens with it or the one before. draw: so many bytes, from the kernel."""

    def __init__(
        self, key: SealingKey, previous: SealingKey | None = None, draw: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._draw = draw
        self.key_id = key.id
        self._ciphers = {one.id: AESGCM(one.secret) for one in (key, previous) if one is not None}

    @property
    def known(self) -> frozenset[bytes]:
        """The ids of the keys that we can open with."""
        return frozenset(self._ciphers)

    def seal(self, secret: bytes, place: SealedPlace) -> bytes:
        """Return the secret as it may stand on disk; never twice the same."""
        nonce = self._draw(NONCE_BYTES)
        head = MAGIC + self.key_id
        return head + nonce + self._ciphers[self.key_id].encrypt(nonce, secret, head + place.said())

    def open(self, sealed: bytes, place: SealedPlace) -> bytes:
        """Return the secret. Raises OtherKey, or SealBroken for what was not sealed for this place."""
        if not is_sealed(sealed):
            raise SealBroken("not sealed")
        cipher = self._ciphers.get(key_id_of(sealed))
        if cipher is None:
            raise OtherKey(key_id_of(sealed).hex())
        head, rest = sealed[: len(MAGIC) + ID_BYTES], sealed[len(MAGIC) + ID_BYTES :]
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head + place.said())
        except InvalidTag:
            raise SealBroken("changed, or sealed for another place") from None


def is_sealed(value: bytes) -> bool:
    """Whether it has the form of a sealed value; a clear one has it with a chance of 2 to the power of -64."""
    return value.startswith(MAGIC) and len(value) >= SHORTEST


def key_id_of(sealed: bytes) -> bytes:
    """Return the id of the key that sealed it."""
    return sealed[len(MAGIC) : len(MAGIC) + ID_BYTES]
