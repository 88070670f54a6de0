"""The outbox: notices leave after their commit, at least once, and none waits for another's provider."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, assert_never

import structlog

from escalation.chain import Channel
from escalation.effects import About
from escalation.ids import IncidentId, NoticeId
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.life_safety import is_life_safety
from larmcentral.domain.notice import Delivery, DeliveryState, Forward, InHouse, OutgoingNotice, Outward
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.provider_line import ProviderLine
from larmcentral.flows.running import Loop, within
from larmcentral.flows.settling import Settling
from larmcentral.flows.tries import put_off, tried, unsent
from larmcentral.flows.ways_out import WayOut, WaysOut

log = structlog.get_logger(__name__)

REST_S: Final = 0.1
"""Between two claims, however often others hint: a claim costs four round trips, each ours to the database."""
POLL_S: Final = 0.2
"""How late a retry, or a notice of a process that died, may be found."""
CLAIM_LIMIT: Final = 200
GIVEN_UP_S: Final = 120.0
"""Every way has a deadline of its own, far shorter. One that forgets it must not keep a place and a lease for ever."""
HELD_LIMIT: Final = 5_000
"""Notices one process sits on; the rest stays in the database for whoever has time."""
HELD_BESIDE_ALARMS: Final = 4_000
"""Of these so many that are no alarms; the rest is room for those."""
STALE_S: Final = 1.0
"""A notice that waited so long in memory is looked up before it goes: somebody may have withdrawn it."""
RENEW_S: Final = 5.0
EMPTY_S: Final = 60.0
"""With nothing in hand no lease runs out; the next notice rings."""
INCIDENTS_REMEMBERED: Final = 10_000
"""For the figure "opened to first notice": each incident counts once, unless it is older than so many others."""


class Outbox:
    """Sends what this process filed or claimed, and files what became of it."""

    def __init__(
        self,
        means: Means,
        ways: WaysOut,
        settling: Settling,
        on_sent: Callable[[OutgoingNotice], None] = lambda _: None,
        *,
        poll_s: float = POLL_S,
    ) -> None:
        self._on_sent, self._poll_s = on_sent, poll_s
        self._store, self._clock, self._lease, self._measures = means.store, means.clock, means.lease, means.measures
        self._ways, self._settling = ways, settling
        self._lines = {way.provider: self._line(way) for way in ways.ways}
        self._held: dict[NoticeId, OutgoingNotice] = {}
        self._told: dict[IncidentId, None] = {}
        self._bell, self._laden = Bell(), Bell()
        self._claimer = Loop("outbox claims", self._claim, means.clock)
        self._renewer = Loop("outbox leases", self._renew, means.clock)
        ways.counted_by(lambda provider: self._lines[provider].waiting)

    def start(self) -> None:
        """Begin to send, to claim and to renew leases."""
        for line in self._lines.values():
            line.start()
        self._claimer.start()
        self._renewer.start()

    async def stop(self) -> None:
        """Stop; what was not sent is free for another process, at the latest when the lease ends."""
        await self._claimer.stop()
        await self._renewer.stop()
        in_hand = list(self._held)
        for line in self._lines.values():
            await line.stop()
        self._held.clear()
        if in_hand:
            await self._let_go(in_hand)

    @property
    def held(self) -> int:
        """How many notices wait in this process or are on their way."""
        return len(self._held)

    def wake(self) -> None:
        """Another process filed something: look now."""
        self._bell.ring()

    def hand_over(self, notices: Sequence[OutgoingNotice]) -> None:
        """Take notices that are committed and leased to this process. A full house leaves them to the next claim."""
        for notice in notices:
            if notice.id in self._held:
                continue
            way = self._ways.best(notice.channel, _receiver(notice), tries=notice.tries)
            if way is None:
                # Not a channel of this installation: say so at once, so that the chain goes on to the next way.
                self._refuse(notice, "no_channel")
            elif not isinstance(notice, Forward) and notice.withheld:
                self._refuse(notice, notice.withheld)
            elif len(self._held) < (HELD_LIMIT if is_life_safety(notice) else HELD_BESIDE_ALARMS):
                self._held[notice.id] = notice
                self._laden.ring()
                self._lines[way.provider].put(notice)

    async def _let_go(self, in_hand: Sequence[NoticeId]) -> None:
        try:
            await self._store.renew(lease=replace(self._lease, length=timedelta()), held=in_hand)
        except StoreUnavailable:
            log.warning("leases_not_given_back", notices=len(in_hand))

    def _refuse(self, notice: OutgoingNotice, why: str) -> None:
        refused = Delivery(state=DeliveryState.REFUSED, reason=why)
        self._settling.put(unsent(notice, refused, self._clock.now()))

    def _put_off(self, notice: OutgoingNotice, seconds: float) -> None:
        """Let it wait in the database for its turn at the agreed rate."""
        self._settling.put(put_off(notice, seconds, self._clock.now()))
        del self._held[notice.id]

    def _elsewhere(self, notice: OutgoingNotice, way: WayOut, since_s: float) -> bool:
        """A provider died while this waited in its line: the one that stands in for it takes it."""
        if not self._ways.is_dead(way.provider):
            return False
        following = self._ways.best(notice.channel, way.receiver, tries=notice.tries)
        if following is None or following is way or self._ways.is_dead(following.provider):
            return False
        self._lines[following.provider].put(notice, since_s)
        return True

    def _line(self, way: WayOut) -> ProviderLine:
        return ProviderLine(way, self._clock, send=self._send, put_off=self._put_off, elsewhere=self._elsewhere)

    async def _claim(self) -> None:
        await self._clock.sleep(REST_S)
        await self._bell.wait(self._poll_s - REST_S)
        room = min(CLAIM_LIMIT, HELD_LIMIT - len(self._held))
        if room > 0:
            await self._claim_due(room)

    async def _claim_due(self, room: int) -> None:
        async with self._store.transaction() as tx:
            known = [*self._held, *self._settling.pending]
            claimed = await tx.claim_notices(lease=self._lease, held=known, limit=room)
        # Intake may have committed a notice after we named what we hold, handed it over and sent it before our own
        # commit was back. Its result cannot be on disk yet: our claim held its row.
        settled_meanwhile = frozenset(self._settling.pending)
        self.hand_over([notice for notice in claimed if notice.id not in settled_meanwhile])

    async def _renew(self) -> None:
        if not self._held:
            await self._laden.wait(max(EMPTY_S, self._poll_s))
            return
        await self._clock.sleep(RENEW_S)
        if self._held:
            await self._store.renew(lease=self._lease, held=list(self._held))

    async def _send(self, notice: OutgoingNotice, way: WayOut, waited_s: float) -> None:
        try:
            if waited_s > STALE_S and await self._is_withdrawn(notice):
                return
            if not notice.address and notice.channel is not Channel.CONSOLE:
                gone = Delivery(state=DeliveryState.GONE, reason="no_address")
                self._settling.put(unsent(notice, gone, self._clock.now()))
                return
            delivery = await self._try(notice, way)
            self._measures.delivery(notice.channel.value, delivery.state.value)
            if delivery.state in {DeliveryState.SENT, DeliveryState.DELIVERED}:
                self._measure(notice)
            self._settling.put(tried(notice, delivery, way, self._ways, self._clock.now()))
        except Exception:
            log.exception("send_failed", notice=str(notice.id), channel=notice.channel.value)
            lost = Delivery(state=DeliveryState.RETRY, reason="our_fault")
            self._settling.put(tried(notice, lost, way, self._ways, self._clock.now()))
        finally:
            self._held.pop(notice.id, None)

    async def _is_withdrawn(self, notice: OutgoingNotice) -> bool:
        """While the database is away nobody can say, and help that nobody needs any more is the lesser harm."""
        try:
            return notice.id in await self._store.withdrawn([notice.id])
        except StoreUnavailable:
            return False

    async def _try(self, notice: OutgoingNotice, way: WayOut) -> Delivery:
        """Send it, and let the ways know what came back. A fault of our own counts against the way like any other."""
        began_s = self._clock.monotonic()
        try:
            async with asyncio.timeout(GIVEN_UP_S):
                delivery = await within(way.port.send(_typed(notice)))
        except Exception:
            lost = Delivery(state=DeliveryState.RETRY, reason="our_fault")
            self._ways.told(way.provider, lost, self._clock.monotonic() - began_s, address=notice.address)
            raise
        self._ways.told(way.provider, delivery, self._clock.monotonic() - began_s, address=notice.address)
        return delivery

    def _measure(self, notice: OutgoingNotice) -> None:
        self._on_sent(notice)
        now = self._clock.now()
        self._measures.handed_over(notice.channel.value, max((now - notice.filed_at).total_seconds(), 0.0))
        if notice.incident_id is None or notice.text.about is not About.ALARM:
            return
        if notice.incident_id not in self._told:
            self._measures.first_notice(max((now - notice.text.opened_at).total_seconds(), 0.0))
            self._told[notice.incident_id] = None
            if len(self._told) > INCIDENTS_REMEMBERED:
                del self._told[next(iter(self._told))]


def _typed(notice: OutgoingNotice) -> OutgoingNotice:
    """The last gate: each way is handed its own kind of notice, and what leaves the house is real by type."""
    match notice:
        case InHouse():
            right = not notice.channel.outward
        case Outward():
            right = notice.channel.outward and notice.channel is not Channel.RECEIVER
        case Forward():
            right = notice.channel is Channel.RECEIVER
        case _:
            assert_never(notice)
    if not right:
        raise AssertionError(f"{notice.channel.value} was handed the wrong kind of notice")
    return notice


def _receiver(notice: OutgoingNotice) -> str | None:
    return notice.receiver if isinstance(notice, Forward) else None
