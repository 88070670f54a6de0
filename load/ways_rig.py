"""What sends in a run of ways out, and what reads how it went: a sender of our own for each round."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import aiohttp
import asyncpg

from escalation.chain import Channel
from larmcentral.assembly_ways import Shared, ways_out
from larmcentral.calendars.swedish_days import SwedishDays
from larmcentral.channels.wording import Wording
from larmcentral.clock import SystemClock, SystemIds
from larmcentral.config import Config
from larmcentral.domain.notice import Delivery, InHouse, OutgoingNotice
from larmcentral.domain.outbox import Lease
from larmcentral.flows.hints import Hints
from larmcentral.flows.means import Means
from larmcentral.flows.outbox import Outbox
from larmcentral.flows.settling import Settling
from larmcentral.flows.ways_out import WaysOut
from larmcentral.geo import metres_between
from larmcentral.metrics import Metrics
from larmcentral.store.pool import Pool
from larmcentral.store.postgres import PostgresStore
from load.house import PAGE, House
from load.profile import WARM_UP
from load.ways_town import FIVE, Way, opened

PATIENCE_S: Final = 30.0
QUIET_S: Final = 0.5
"""After the last receipt: whatever would come twice has come."""

_LEFT: Final = """
SELECT channel, count(*) FILTER (WHERE state = 'pending') AS waiting, count(*) FILTER (WHERE state = 'sent') AS sent
FROM notices WHERE id = ANY ($1::uuid[]) GROUP BY channel
"""
_OVER: Final = "UPDATE notices SET state = 'failed', lease_owner = NULL, lease_until = NULL WHERE state = 'pending'"


Round = Mapping[Channel, Sequence[float]]


@dataclass(slots=True)
class Bout:
    """All rounds with one channel dead, or none. rounds: of each, seconds from hand-over to receipt, by channel.

    before: the round with none dead just before each, so under nearly the same machine. facts: counted, by name.
    """

    dead: Way | None
    rounds: list[Round] = field(default_factory=list)
    before: list[Round] = field(default_factory=list)
    facts: Counter[str] = field(default_factory=Counter)


class Rig:
    """What all rounds share."""

    def __init__(
        self,
        house: House,
        config: Config,
        service: Pool,
        connection: asyncpg.Connection,
        http: aiohttp.ClientSession,
        persons: int,
    ) -> None:
        self._house, self._config, self._service, self._connection = house, config, service, connection
        self._http, self._persons, self._wearers = http, persons, 0

    async def round(self, bout: Bout) -> None:
        """Send once to everybody, with new channels and a new outbox."""
        sender = Sender(self._config, self._service)
        await sender.start()
        try:
            warm = await self._file(sender, WARM_UP)
            await self._sent(sender, warm, FIVE)
            if bout.dead is not None:
                await self._order(bout.dead, {"for": "all", "fate": "silence"})
            notices = await self._file(sender, self._persons)
            living = [way for way in FIVE if way is not bout.dead]
            began_s, received = await self._sent(sender, notices, living)
        finally:
            await sender.stop()
            if bout.dead is not None:
                await self._order(bout.dead, None)
        await self._count(bout, notices, began_s, received)

    async def _file(self, sender: Sender, persons: int) -> Sequence[OutgoingNotice]:
        now = sender.means.clock.now()
        changes = [opened(self._wearers + number, number, now) for number in range(persons)]
        self._wearers += persons
        async with sender.means.store.transaction() as tx:
            return await tx.save(changes, lease=sender.means.lease)

    async def _sent(
        self, sender: Sender, notices: Sequence[OutgoingNotice], living: Sequence[Way]
    ) -> tuple[float, Mapping[Channel, Sequence[tuple[str, float]]]]:
        """Hand over, and return when that was and what each living provider has read of it since."""
        before = {way.channel: await self._seen(way) for way in living}
        wanted = Counter(notice.channel for notice in notices)
        began_s = time.monotonic()
        sender.outbox.hand_over(notices)
        until_s = began_s + PATIENCE_S
        while time.monotonic() < until_s:
            await asyncio.sleep(0.2)
            if all([await self._seen(way) - before[way.channel] >= wanted[way.channel] for way in living]):
                break
        await asyncio.sleep(QUIET_S)
        return began_s, {way.channel: await self._received(way, before[way.channel]) for way in living}

    async def _count(
        self,
        bout: Bout,
        notices: Sequence[OutgoingNotice],
        began_s: float,
        received: Mapping[Channel, Sequence[tuple[str, float]]],
    ) -> None:
        ids = {channel: {str(one.id) for one in notices if one.channel is channel} for channel in received}
        seconds: dict[Channel, list[float]] = {}
        for channel, receipts in received.items():
            first: dict[str, float] = {}
            for notice_id, at_s in receipts:
                if notice_id in ids[channel]:
                    bout.facts["twice"] += notice_id in first
                    first.setdefault(notice_id, at_s)
            bout.facts["received"] += len(first)
            seconds[channel] = [at_s - began_s for at_s in first.values()]
        bout.rounds.append(seconds)
        for row in await self._connection.fetch(_LEFT, [one.id for one in notices]):
            of_dead = bout.dead is not None and row["channel"] == bout.dead.channel.value
            bout.facts["dead waiting" if of_dead else "living waiting"] += row["waiting"]
            bout.facts["dead sent" if of_dead else "living sent"] += row["sent"]
        await self._connection.execute(_OVER)

    async def _order(self, way: Way, order: Mapping[str, Any] | None) -> None:
        page = f"{self._house.peers[way.peer]['side']}/_orders"
        async with self._http.delete(page) if order is None else self._http.post(page, json=order) as answer:
            answer.raise_for_status()

    async def _seen(self, way: Way) -> int:
        """How many requests a provider has read so far."""
        return int((await self._page(way, 0, 0))["count"])

    async def _received(self, way: Way, since: int) -> list[tuple[str, float]]:
        found: list[tuple[str, float]] = []
        while rows := (await self._page(way, since, PAGE))["received"]:
            since = rows[-1]["number"]
            found += [(_plain(row["notice_id"]), row["at_monotonic"]) for row in rows if 200 <= row["status"] < 300]
        return found

    async def _page(self, way: Way, since: int, limit: int) -> Mapping[str, Any]:
        page = f"{self._house.peers[way.peer]['side']}/_received"
        async with self._http.get(page, params={"since": str(since), "limit": str(limit)}) as answer:
            found: Mapping[str, Any] = await answer.json()
            return found


class Sender:
    """A process that sends, in ours."""

    def __init__(self, config: Config, service: Pool) -> None:
        clock = SystemClock()
        ids = SystemIds(clock)
        self.means = Means(
            store=PostgresStore(service, service, clock, ids),
            clock=clock,
            calendar=SwedishDays(config.organisation.zone),
            ids=ids,
            lease=Lease(ids.new()),
            hand_over=lambda notices: self.outbox.hand_over(notices),
            hints=Hints(),
            measures=Metrics(),
            distance_m=metres_between,
        )
        shared = Shared(
            clock=clock,
            wording=Wording(config.organisation.zone),
            publish=_nobody_looks,
            token_of=None,
            seal_call=None,
            on_receipt=_no_receipts,
            on_text=_no_texts,
        )
        self._settling = Settling(self.means)
        self._ways = WaysOut(ways_out(config, shared), clock)
        self.outbox = Outbox(self.means, self._ways, self._settling)

    async def start(self) -> None:
        for way in self._ways.ways:
            await way.port.start()
        self._settling.start()
        self.outbox.start()

    async def stop(self) -> None:
        await self.outbox.stop()
        await self._settling.stop()
        for way in self._ways.ways:
            await way.port.stop()


def _plain(said: str) -> str:
    """APNs says ids in capitals where it likes."""
    try:
        return str(UUID(said))
    except ValueError:
        return said


async def _nobody_looks(notice: InHouse) -> None:
    """No desk is told in these runs."""


async def _no_receipts(provider_id: str, delivery: Delivery) -> None:
    """Nor does a provider report."""


async def _no_texts(number: str, text: str) -> str | None:
    """Nor does anybody answer."""
