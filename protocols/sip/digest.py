"""Proof of a password that never goes over the wire: digest, with MD5 as old units know it, or SHA-256.

A nonce carries its own time under a seal, so nothing is kept for it but how often it was used; without a count it is
good once. Basic is never asked for and never looked at. Source: RFC 3261 section 22, RFC 2617, RFC 8760.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from protocols.openers import Draw
from protocols.sip.grammar import digest_pairs
from protocols.sip.messages import Request, every

REALM: Final = "larmcentral"
NONCE_LIFE: Final = timedelta(minutes=5)
MAX_USES: Final = 10_000
"""Nonces whose last count is remembered. Beyond it, what is as old as a forgotten one counts as used: its unit is asked
again."""

_HASHES: Final = {"MD5": "md5", "SHA-256": "sha256"}
_COUNT: Final = re.compile(r"[0-9a-fA-F]{1,8}")
_NONCE: Final = re.compile(r"[0-9a-f]{24}-[0-9a-f]{32}")
_TIME_DIGITS: Final = 12


class Proof(Enum):
    """What came of looking at a request's credentials."""

    GIVEN = "given"
    NONE = "none"
    """Nothing was shown that we could look at: ask for it."""
    STALE = "stale"
    """The password is right and the nonce is not of now: ask again, the person need not."""
    WRONG = "wrong"


class Nonces:
    """Makes nonces and knows its own. One for all conversations of a receiver; a restart makes older ones stale."""

    def __init__(self, draw: Draw) -> None:
        self._draw, self._key = draw, draw(32)
        self._used: OrderedDict[str, int] = OrderedDict()
        self._forgotten_ms = -1  # the newest nonce whose use is not remembered any more

    def new(self, now: datetime) -> str:
        """Return a nonce of now; never the same twice, for a thousand units may be asked in one moment."""
        named = f"{int(now.timestamp() * 1000):012x}{self._draw(6).hex()}"
        return f"{named}-{self._seal(named)}"

    def is_fresh(self, nonce: str, count: int | None, now: datetime) -> bool:
        """Say whether it is ours, young enough, and counted on since its last use. count: None where none is kept."""
        named, _, seal = nonce.partition("-")
        if not _NONCE.fullmatch(nonce) or not hmac.compare_digest(seal, self._seal(named)):
            return False
        made_ms = int(named[:_TIME_DIGITS], 16)
        made_at = datetime.fromtimestamp(min(made_ms, 0x1FFFFFFFFFF) / 1000, UTC)
        if not timedelta(seconds=-60) <= now - made_at <= NONCE_LIFE:
            return False
        used = self._used.get(nonce, 0)
        if (used and count is None) or (count is not None and count <= used):
            return False
        if not used and made_ms <= self._forgotten_ms:
            return False
        self._used[nonce] = count or 1
        self._used.move_to_end(nonce)
        if len(self._used) > MAX_USES:
            forgotten, _ = self._used.popitem(last=False)
            self._forgotten_ms = max(self._forgotten_ms, int(forgotten[:_TIME_DIGITS], 16))
        return True

    def _seal(self, named: str) -> str:
        return hmac.new(self._key, named.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def challenges(nonce: str, *, stale: bool) -> list[tuple[str, str]]:
    """Write what asks for a proof. MD5 stands first: old units read the first line only, and newer ones know both."""
    more = ", stale=true" if stale else ""
    return [
        ("www-authenticate", f'Digest realm="{REALM}", nonce="{nonce}", algorithm={name}, qop="auth"{more}')
        for name in _HASHES
    ]


def credentials(request: Request) -> Mapping[str, str] | None:
    """Return the digest credentials for our realm that a request shows, or None."""
    for name in ("authorization", "proxy-authorization"):
        for line in every(request, name):
            pairs = digest_pairs(line)
            if pairs is not None and pairs.get("realm", REALM) == REALM and "username" in pairs:
                return pairs
    return None


def judge(request: Request, shown: Mapping[str, str], password: bytes, nonces: Nonces, now: datetime) -> Proof:
    """Say what credentials prove. password: as bytes, UTF-8."""
    name = shown.get("algorithm", "MD5").upper()
    if name not in _HASHES or shown.get("qop", "auth").lower() != "auth":
        return Proof.NONE
    expected = answer(request.method, shown, password)
    if not hmac.compare_digest(expected.encode(), shown.get("response", "").lower().encode("utf-8", "replace")):
        return Proof.WRONG
    counted = shown.get("nc", "") if "qop" in shown else None
    if counted is not None and not _COUNT.fullmatch(counted):
        return Proof.WRONG
    count = None if counted is None else int(counted, 16)
    return Proof.GIVEN if nonces.is_fresh(shown.get("nonce", ""), count, now) else Proof.STALE


def answer(method: str, shown: Mapping[str, str], password: bytes) -> str:
    """Compute the response to a challenge. shown: username, realm, nonce, uri, and with qop also nc and cnonce."""
    name = _HASHES[shown.get("algorithm", "MD5").upper()]

    def hashed(*parts: str | bytes) -> str:
        octets = [part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape") for part in parts]
        return hashlib.new(name, b":".join(octets), usedforsecurity=False).hexdigest()

    who = hashed(shown.get("username", ""), shown.get("realm", REALM), password)
    what = hashed(method, shown.get("uri", ""))
    if "qop" not in shown:
        return hashed(who, shown.get("nonce", ""), what)
    return hashed(who, shown.get("nonce", ""), shown.get("nc", ""), shown.get("cnonce", ""), shown["qop"], what)
