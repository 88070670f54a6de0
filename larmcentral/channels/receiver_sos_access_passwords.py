"""Which password opens a centre's receiver, through every moment at which a renewal can break off.

The receiver lets the old one go with the first message that carries the new one. So the new one is on disk before it is
used, both are kept until a request with it was taken, and until then it is tried first, the old one after it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace

from larmcentral.domain.errors import StoreUnavailable
from larmcentral.ports.secrets import KeepsSecrets


@dataclass(frozen=True, slots=True)
class _Kept:
    """current: proved, or the one that we were given. coming: renewed and not proved yet. given: digest of the
    settings' password; when that changes, the centre has issued a fresh one and nothing that was kept holds."""

    given: str
    current: str = field(repr=False)
    coming: str | None = field(default=None, repr=False)


class Passwords:
    """The passwords of one transmitter at one centre. Several paths and processes may each have their own of these."""

    def __init__(self, given: str, keeper: KeepsSecrets | None, name: str) -> None:
        """given: the settings' password. name: under which the renewed one is kept."""
        self._given = given
        self._keeper = keeper
        self._name = name
        self._kept = _Kept(_digest(given), given)
        self._doubted: str | None = None

    @property
    def renewed(self) -> bool:
        """True once a password other than the given one is kept."""
        return self._kept.coming is not None or self._kept.current != self._given

    def in_order(self) -> tuple[str, ...]:
        """Return the passwords to try, the likeliest first."""
        both = [one for one in (self._kept.coming, self._kept.current) if one is not None]
        return tuple(sorted(both, key=lambda one: one == self._doubted))

    def all(self) -> tuple[str, ...]:
        """Return every password that must not be seen."""
        return tuple({self._given, *self.in_order()})

    async def load(self) -> None:
        """Read what is kept, by us or another process. Raises StoreUnavailable; then what was known goes on."""
        if self._keeper is not None:
            self._kept = _loaded(await self._keeper.kept(self._name)) or self._kept
            if self._kept.given != _digest(self._given):
                self._kept = _Kept(_digest(self._given), self._given)

    async def check_keeping(self) -> None:
        """Write what is known. Raises StoreUnavailable: then nothing new must be asked for."""
        await self._keep(self._kept)

    async def take(self, new: str) -> None:
        """Keep a renewed password; from the return on it is tried first. Raises StoreUnavailable, and it is not."""
        await self._keep(replace(self._kept, coming=new))
        self._doubted = None

    def refused(self, password: str) -> None:
        """Note that the receiver refused this one: it is tried last from now on."""
        self._doubted = password

    async def proved(self, password: str) -> None:
        """Let the old one go, if it was the renewed one that was taken. Raises StoreUnavailable, and nothing is lost:
        the renewed one stays first."""
        if password == self._kept.coming:
            await self._keep(replace(self._kept, current=password, coming=None))
        if self._doubted == password:
            self._doubted = None

    async def _keep(self, kept: _Kept) -> None:
        if self._keeper is None:
            raise StoreUnavailable("no place to keep secrets")
        await self._keeper.keep(self._name, json.dumps(asdict(kept)))
        self._kept = kept


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def _loaded(text: str | None) -> _Kept | None:
    """What was kept; None where there is nothing, or nothing of ours."""
    try:
        read = json.loads(text or "null")
        return _Kept(str(read["given"]), str(read["current"]), None if read["coming"] is None else str(read["coming"]))
    except (ValueError, KeyError, TypeError):
        return None
