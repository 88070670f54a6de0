"""Browsers from which somebody has logged in before: a flood of guesses at his login does not keep him out there.

Whoever knows an operator's login can guess at it from a thousand addresses, and the pause that stops the guessing would
stop the operator, too. So a browser that once gave the right password carries a mark, and its tries are counted apart.
A mark opens nothing: it is good for as many guesses as anybody has, and there is one only where the password was known.
It is signed with what stands in the database for the password itself; with a new password all marks of old are void.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from larmcentral.domain.users import Credentials

LASTS: Final = timedelta(days=180)
"""As long as a phone's session."""
PATH: Final = "/api/session"
"""No other request carries the mark."""
_NAME_BYTES: Final = 9


class KnownBrowsers:
    """Makes marks, and knows them again."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._random_bytes = random_bytes

    def mark(self, credentials: Credentials, now: datetime) -> str:
        """Return a new mark for a browser in which somebody has just logged in: its name, its time and a signature."""
        said = f"{self._random_bytes(_NAME_BYTES).hex()}.{int(now.timestamp())}"
        return f"{said}.{_signature(credentials, said)}"

    def name_of(self, mark: str | None, credentials: Credentials | None, now: datetime) -> str | None:
        """Return the name of the browser that carries this mark; None where it is none of ours, or not his."""
        if mark is None or credentials is None:
            return None
        said, _, signature = mark.rpartition(".")
        name, _, began = said.partition(".")
        if not hmac.compare_digest(signature.encode(), _signature(credentials, said).encode()):
            return None
        return name if now - datetime.fromtimestamp(int(began), UTC) <= LASTS else None


def cookie_of(login: str, *, secure: bool) -> str:
    """Return the name of the cookie with somebody's mark: several may share a desk. login: lower case."""
    name = f"larm_known_{hashlib.sha256(login.encode()).hexdigest()[:16]}"
    return f"__Secure-{name}" if secure else name


def _signature(credentials: Credentials, said: str) -> str:
    told = b"known browser\0" + credentials.viewer.user_id.bytes + said.encode("utf-8", "surrogatepass")
    return hmac.new(credentials.password_hash.encode(), told, hashlib.sha256).hexdigest()
