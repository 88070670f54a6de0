"""A request to a SOS Access receiver with whichever password opens it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

from larmcentral.channels.receiver_sos_access_line import NoAnswer, SosAccessLine
from larmcentral.channels.receiver_sos_access_passwords import Passwords
from larmcentral.channels.receiver_sos_access_settings import SosAccessSettings
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.ports import Clock
from protocols.sos_access.codes import Verdict, verdict
from protocols.sos_access.messages import Request, Response
from protocols.sos_access.wall_time import clock_offset


class Asking:
    """Asks over the line, a bounded number at once. One refused password is followed by the other while a renewal is
    not proved, and by one that another path or process has kept; never by more, for the centre counts refusals."""

    def __init__(self, settings: SosAccessSettings, clock: Clock, passwords: Passwords) -> None:
        self._clock = clock
        self._passwords = passwords
        self._places = asyncio.Semaphore(settings.max_connections)
        self.line = SosAccessLine(settings, clock)
        self.clock_offset: timedelta | None = None

    async def ask(self, request: Request, until: float) -> Response:
        """Return the answer; of refusals the last. until: the loop's time.

        Raises NoAnswer; LocalProtocolError for a request that cannot be written.
        """
        tried = self._passwords.in_order()
        response = await self._ask_with(request, tried, until)
        if verdict(response.status) is Verdict.UNAUTHORISED:
            with suppress(StoreUnavailable, TimeoutError):
                async with asyncio.timeout_at(until):
                    await self._passwords.load()
            untried = tuple(one for one in self._passwords.in_order() if one not in tried)
            if untried:
                response = await self._ask_with(request, untried, until)
        offset = clock_offset(response.arrival_time or "", self._clock.now())
        if offset is not None:
            self.clock_offset = offset
        return response

    async def _ask_with(self, request: Request, passwords: tuple[str, ...], until: float) -> Response:
        assert passwords, "there is always a password to try"
        async with _place(self._places, until):
            for password in passwords:
                response = await self.line.ask(replace(request, authentication=password), until)
                said = verdict(response.status)
                if said is not Verdict.UNAUTHORISED:
                    break
                self._passwords.refused(password)
        if said in (Verdict.TAKEN, Verdict.TAKEN_BEFORE):
            with suppress(StoreUnavailable, TimeoutError):  # it stays first all the same
                async with asyncio.timeout_at(until):
                    await self._passwords.proved(password)
        return response


@asynccontextmanager
async def _place(places: asyncio.Semaphore, until: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout_at(until):
            await places.acquire()
    except TimeoutError:
        raise NoAnswer("too many requests wait for this receiver") from None
    try:
        yield
    finally:
        places.release()
