"""The provider's token for APNs: one for all connections, made anew in time.

Source: Apple, "Establishing a token-based connection to APNs": ES256, no older than one hour, and made anew
no oftener than once in twenty minutes (else 429 TooManyProviderTokenUpdates).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import jwt
from aioapns.connection import AuthorizationHeaderProvider
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from larmcentral.ports import Clock

RENEW_AFTER = timedelta(minutes=40)  # between Apple's twenty minutes and its hour
CLOCK_SLACK = timedelta(minutes=1)  # a wall clock that was set back by more means that the token's age is unknown
FORCED_GAP_S = 60.0  # when fresh tokens are refused too, the clock is wrong: more tokens would only earn a 429


class ProviderToken(AuthorizationHeaderProvider):
    """Makes the authorization header and keeps it."""

    def __init__(self, *, key_pem: str, key_id: str, team_id: str, clock: Clock) -> None:
        """key_pem: the text of Apple's .p8 file. Raises ValueError where it is no P-256 private key."""
        key = load_pem_private_key(key_pem.encode(), password=None)
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise ValueError("the APNs key must be a P-256 private key (the .p8 file from Apple)")
        self._key = key
        self._key_id = key_id
        self._team_id = team_id
        self._clock = clock
        self._header: str | None = None
        self._made_at: datetime | None = None
        self._forced_at: float | None = None

    def get_header(self) -> str:
        """Return the header to send now."""
        now = self._clock.now()
        if self._header is None or self._made_at is None or not -CLOCK_SLACK <= now - self._made_at < RENEW_AFTER:
            self._header = self._make(now)
            self._made_at = now
        return self._header

    def expired(self, header: str) -> None:
        """Apple called this header expired: drop it, unless a newer one is already in use."""
        now_s = self._clock.monotonic()
        if header != self._header or (self._forced_at is not None and now_s - self._forced_at < FORCED_GAP_S):
            return
        self._forced_at = now_s
        self._header = None

    def _make(self, now: datetime) -> str:
        claims = {"iss": self._team_id, "iat": int(now.timestamp())}
        return "bearer " + jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._key_id})
