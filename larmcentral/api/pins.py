"""A worker's PIN: the one that ends things, and the one that only seems to.

Both are checked every time, in the same order, and counted alike, so that neither the answer nor its time nor the limit
tells which one was given. Too many wrong ones close both, for whoever holds the phone and guesses. But whoever is
forced mistypes, and whoever forces him can close them on purpose: so the one for duress calls for help even then. The
screen says the same as to a wrong one, and nothing that it shows is ended.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from escalation.ids import PersonId
from larmcentral.api.asks import Attempts
from larmcentral.api.asks_work import Pins
from larmcentral.api.passwords import Passwords, PasswordsBusy
from larmcentral.api.problems import Refusal, later
from larmcentral.domain.roles import Viewer
from larmcentral.domain.users import AttemptLimit, PinHashes
from larmcentral.ports import Clock

PIN_LIMIT: Final = AttemptLimit(
    free=10, first=timedelta(minutes=10), longest=timedelta(minutes=10), memory=timedelta(minutes=10)
)
"""Ten wrong ones in ten minutes: of four digits nobody guesses more than a thousandth before it is closed."""
CLOSED_LIMIT: Final = AttemptLimit(
    free=30, first=timedelta(minutes=10), longest=timedelta(minutes=10), memory=timedelta(minutes=10)
)
"""So many more are looked at while they are closed: each costs two hashes. A guess that hits calls for help."""
BUSY_S: Final = 5


class PinDesk:
    """Checks PINs and takes new ones."""

    def __init__(
        self,
        pins: Pins,
        attempts: Attempts,
        passwords: Passwords,
        clock: Clock,
        call: Callable[[PersonId], Awaitable[None]],
    ) -> None:
        """call: calls for help for somebody who is forced, and changes nothing that his phone shows."""
        self._call = call
        self._pins = pins
        self._attempts = attempts
        self._passwords = passwords
        self._clock = clock

    async def under_duress(self, viewer: Viewer, pin: str | None) -> bool:
        """Return whether the PIN is the one for duress; no PIN is not. Raises Refusal for a wrong one."""
        if pin is None:
            return False
        try:
            key = await self._admit(viewer)
        except Refusal:
            await self._heed_while_closed(viewer, pin)
            raise
        hashes, normal, duress = await self._checked(viewer, pin)
        if hashes.normal is None:
            raise Refusal(409, "no_pin")
        if not (normal or duress):
            raise Refusal(403, "wrong_pin")
        await self._attempts.succeeded(key, key)
        return duress

    async def _heed_while_closed(self, viewer: Viewer, pin: str) -> None:
        """Say nothing, open nothing; but hear a call for help. Nobody may tell it from a wrong PIN."""
        closed = {f"pin:closed/{viewer.person_id}": CLOSED_LIMIT}
        if viewer.person_id is None or await self._attempts.admit(closed, self._clock.now()):
            return
        _, _, duress = await self._checked(viewer, pin)
        if duress:
            await self._call(viewer.person_id)

    async def _checked(self, viewer: Viewer, pin: str) -> tuple[PinHashes, bool, bool]:
        """Return his hashes, and whether it is the one or the other; always both are looked at, in this order."""
        hashes = await self._pins.hashes(viewer)
        normal = await self._right(hashes.normal, pin)
        return hashes, normal, await self._right(hashes.duress, pin)

    async def choose(self, viewer: Viewer, pin: str, duress_pin: str, password: str) -> None:
        """Keep new PINs of somebody who knows his password. Raises Refusal."""
        if pin == duress_pin:
            raise Refusal(422, "invalid", fields={"duress_pin": "same_as_pin"})
        key = await self._admit(viewer)
        if not await self._right(await self._pins.password_hash(viewer), password):
            raise Refusal(403, "log_in")
        await self._attempts.succeeded(key, key)
        try:
            hashes = PinHashes(await self._passwords.hash(pin), await self._passwords.hash(duress_pin))
        except PasswordsBusy:
            raise later(BUSY_S) from None
        await self._pins.save(viewer, hashes)

    async def _admit(self, viewer: Viewer) -> str:
        key = f"pin:{viewer.person_id}"
        wait = await self._attempts.admit({key: PIN_LIMIT}, self._clock.now())
        if wait:
            raise later(wait.total_seconds())
        return key

    async def _right(self, known: str | None, said: str) -> bool:
        try:
            return await self._passwords.right(known, said)
        except PasswordsBusy:
            raise later(BUSY_S) from None
