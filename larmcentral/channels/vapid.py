"""Who we are to push services: a token a service, signed with our VAPID key and kept for hours.

Source: RFC 8292: ES256 over aud (the service's origin), exp (at most 24 h away) and sub; the key goes along.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from larmcentral.ports import Clock

VALID_FOR: Final = timedelta(hours=12)
RENEW_AFTER: Final = timedelta(hours=6)
CLOCK_SLACK: Final = timedelta(minutes=1)  # a wall clock set back by more means that the token's age is unknown
MOST_KEPT: Final = 64  # there are some five services in the world; a browser may name any host


class VapidKey:
    """Makes the Authorization header for a push service and keeps it."""

    def __init__(self, *, key_pem: str, subject: str, clock: Clock) -> None:
        """key_pem: an EC P-256 private key. subject: mailto: or https: of ours. Raises ValueError for others."""
        key = load_pem_private_key(key_pem.encode(), password=None)
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise ValueError("the VAPID key must be a P-256 private key")
        if not subject.startswith(("mailto:", "https://")):
            raise ValueError("the VAPID subject must be a mailto: or https: address")
        self._key, self._subject, self._clock = key, subject, clock
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_key = base64.urlsafe_b64encode(point).rstrip(b"=").decode("ascii")
        self._kept: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    def header(self, audience: str) -> str:
        """Return the Authorization header. audience: the endpoint's origin, such as https://push.example."""
        now = self._clock.now()
        kept = self._kept.get(audience)
        if kept is not None and -CLOCK_SLACK <= now - kept[0] < RENEW_AFTER:
            self._kept.move_to_end(audience)
            return kept[1]
        claims = {"aud": audience, "exp": int((now + VALID_FOR).timestamp()), "sub": self._subject}
        header = f"vapid t={jwt.encode(claims, self._key, algorithm='ES256')}, k={self.public_key}"
        self._kept[audience] = (now, header)
        self._kept.move_to_end(audience)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return header
