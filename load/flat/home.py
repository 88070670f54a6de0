"""One of the two houses: built, given a first incident, moved into, pressed in by turns, and left."""

from __future__ import annotations

import asyncio
import dataclasses
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

import asyncpg

from devices.device import Address, DeviceSettings, Surroundings
from devices.watch import Watch
from load import afterwards
from load.analysed import settle
from load.families import account_of
from load.flat import found
from load.fleet import LEAD_S, Fleet
from load.house import House, standing
from load.machine import wall_ahead_s
from load.match import Journey, Matched
from load.operators import Operators
from load.processes import Part, count_parts
from load.profile import Profile
from load.schedule import Presses

FAMILY: Final = "watch"

Tell = Callable[[str], None]


class Home:
    """One house and who lives there. name: for the paper."""

    def __init__(self, name: str, house: House, connection: asyncpg.Connection, tell: Tell) -> None:
        self.name, self.house, self.connection = name, house, connection
        self._profile, self._tell = house.profile, tell
        self._operators, self._fleet = Operators(house), Fleet(house)
        self._count = self._profile.warm_up_presses + self._profile.run_presses
        self._since: datetime | None = None

    async def make_one(self, reads: int) -> None:
        """Let one incident happen from press to stand-down, looked at by an operator meanwhile: the model of others."""
        address = Address("127.0.0.1", self.house.listeners()[FAMILY])
        settings = DeviceSettings(device=account_of(FAMILY, 0), addresses=(address,))
        watch = Watch(settings, Surroundings(random.Random(0)))
        operators = Operators(self.house)
        await operators.start()
        try:
            receipt = await watch.press()
            if not receipt.acked:
                raise RuntimeError("the first press of all was not acked; see the log's end above")
            await afterwards.all_sent(self.connection, self.house)
            await operators.empty()
            await found.read_pages(self.connection, self.house, reads)
        finally:
            await operators.stop()
            await watch.close()

    async def move_in(self) -> None:
        """Connect everybody, and begin to count."""
        await self._operators.start()
        connected = await self._fleet.connect()
        self._tell(f"{self.name} house: {connected} of {self._profile.devices} devices connected")
        await settle(self.connection, self._profile.devices, self._profile.watched_over_s, self._tell)
        await afterwards.forget_statements(self.connection)
        self._since = await self.connection.fetchval("SELECT clock_timestamp()")

    async def turn(self, number: int) -> Sequence[Part]:
        """Press through a warm-up and a run; return when all is sent and stood down, with what it used."""
        profile, house = self._profile, self.house
        self._tell(f"{self.name} house, round {number + 1}: {profile.alarms_per_s:g} alarms/s for {profile.run_s:g} s")
        begun_s = time.monotonic() + LEAD_S
        counting = asyncio.create_task(
            count_parts(house.crew, house.database.pid, begun_s + profile.warm_up_s, profile.run_s)
        )
        await self._fleet.press(
            Presses(begun_s, profile.alarms_per_s, number * self._count, self._count, profile.devices)
        )
        await afterwards.all_sent(self.connection, house)
        parts = await counting
        await self._operators.empty()
        return parts

    async def matched(self) -> Matched:
        """Follow every press since the house was moved into."""
        return await found.follow(self.connection, self.house, self._fleet.pressed(), self.since, wall_ahead_s())

    @property
    def since(self) -> datetime:
        """When the house was moved into, by its database's clock."""
        if self._since is None:
            raise AssertionError("nobody has moved in")
        return self._since

    def round_of(self, journey: Journey) -> int | None:
        """Return which round a press counts in, None for one of a warm-up."""
        number, place = divmod(journey.press.number, self._count)
        return number if place >= self._profile.warm_up_presses else None

    async def leave(self) -> None:
        """End everything but the database."""
        await self._operators.stop()
        await self.house.crew.end(*self._fleet.names, *self.house.servers)

    async def close(self) -> None:
        """Let go of the database too."""
        await self._operators.stop()
        await self.connection.close()


@asynccontextmanager
async def home(name: str, profile: Profile, persons: int, tell: Tell) -> AsyncIterator[Home]:
    """Build a house with so many persons, lend it, and leave nothing behind."""
    everybody = dataclasses.replace(profile, devices=persons)
    async with standing(everybody, statements=True, tell=lambda words: tell(f"{name} house: {words}")) as whole:
        house = dataclasses.replace(whole, profile=profile)  # who presses; the others only stand in the register
        built = Home(name, house, await asyncpg.connect(house.dsn), tell)
        try:
            yield built
        finally:
            await built.close()
