"""Proof that a contact point reaches its owner: a code, or the key of a link. Pure.

Nothing that proves anything is on disk. Code and key are made of a nonce that is, and of a secret that is not, so a
copy of the database proves no address, and the process that sends makes the same ones as the process that asks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.ids import ContactPointId
from larmcentral.domain.contact import ProofBy

NONCE_BYTES: Final = 16
SECRET_BYTES: Final = 16
"""The least that the house's secret must have."""
TRIES: Final = 5
"""Of a million codes: nobody guesses more than 15 in 10 minutes, three proofs with five tries each."""
CODE_DIGITS: Final = 6
CODE_LASTS: Final = timedelta(minutes=10)
KEY_LASTS: Final = timedelta(hours=24)
"""Mail may lie until the next shift; its key has 128 bits and nobody guesses it."""
ASKED_LIMIT: Final = 3
ASKED_WITHIN: Final = timedelta(minutes=10)
"""So many proofs of one point, and for one person: nobody is rung at night by whoever typed the wrong number."""
TEST_LIMIT: Final = 10
TEST_WITHIN: Final = timedelta(hours=1)
"""So many tests a user may ask for."""
SEEN_WITHIN: Final = timedelta(hours=24)
"""How old a test may be that somebody says he saw."""
_MAC_BYTES: Final = 16
_MARK_BYTES: Final = 8


class AskedTooOften(Exception):
    """A proof or a test was asked for too often. wait: until the next one may be."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait.total_seconds():.0f} s")
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was sent to a point and is awaited back. tries: wrong codes given so far."""

    point_id: ContactPointId
    nonce: bytes = field(repr=False)
    asked_at: datetime
    expires_at: datetime
    tries: int = 0

    def __post_init__(self) -> None:
        if len(self.nonce) != NONCE_BYTES:
            raise ValueError("a nonce of another length")

    def stands(self, now: datetime) -> bool:
        """Whether it may still be given."""
        return now < self.expires_at and self.tries < TRIES

    def code(self, secret: bytes) -> str:
        """Return the six digits."""
        number = int.from_bytes(self._mac(b"code", secret)[:8])  # of 64 bits the remainder is even enough
        return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def key(self, secret: bytes) -> str:
        """Return the key of a link, 54 signs that need no escape in an address."""
        said = self.point_id.bytes + self._mac(b"key", secret)
        return base64.urlsafe_b64encode(said + _mark(said, secret)).rstrip(b"=").decode("ascii")

    def is_code(self, said: str, secret: bytes) -> bool:
        """Compare a code in a time that does not tell how much of it was right. Spaces do not count."""
        return hmac.compare_digest("".join(said.split()).encode(), self.code(secret).encode())

    def is_key(self, said: str, secret: bytes) -> bool:
        """Compare a key likewise."""
        return hmac.compare_digest(said.encode(), self.key(secret).encode())

    def _mac(self, what: bytes, secret: bytes) -> bytes:
        said = b"contact point " + what + self.point_id.bytes + self.nonce
        return hmac.new(secret, said, hashlib.sha256).digest()[:_MAC_BYTES]


def new_proof(point_id: ContactPointId, by: ProofBy, nonce: bytes, now: datetime) -> Proof:
    """Begin a proof; it takes the place of the one before."""
    lasts = CODE_LASTS if by is ProofBy.CODE else KEY_LASTS
    return Proof(point_id=point_id, nonce=nonce, asked_at=now, expires_at=now + lasts)


def point_of_key(key: str, secret: bytes) -> ContactPointId | None:
    """Return the point that a key names, one of before too; None for what was never one of this house's.

    So strangers who try keys cost no look into the database.
    """
    try:
        raw = base64.b64decode(key.encode("ascii") + b"=" * (-len(key) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    said, mark = raw[:-_MARK_BYTES], raw[-_MARK_BYTES:]
    if len(said) != 16 + _MAC_BYTES or not hmac.compare_digest(mark, _mark(said, secret)):
        return None
    return ContactPointId(UUID(bytes=said[:16]))


def _mark(said: bytes, secret: bytes) -> bytes:
    """Say that a key comes from this house, which the key's own proof cannot without its nonce."""
    return hmac.new(secret, b"contact point mark" + said, hashlib.sha256).digest()[:_MARK_BYTES]


def wait_for(asked: Sequence[datetime], limit: int, within: timedelta, now: datetime) -> timedelta:
    """Return how long to wait before one more may be asked for, zero if it may be now. asked: times, in any order."""
    lately = sorted(at for at in asked if at > now - within)
    return timedelta() if len(lately) < limit else lately[-limit] + within - now
