"""The outbox: notices leave after their commit, at least once, and no channel waits for another."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import structlog

from escalation.chain import Channel
from escalation.effects import About
from escalation.ids import IncidentId, NoticeId
from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, OutgoingNotice, Outward
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from larmcentral.flows.settling import Settling
from larmcentral.ports import Channel as ChannelPort
from larmcentral.ports import Clock

log = structlog.get_logger(__name__)

REST_S: Final = 0.1
"""Between two claims, however often others hint: a claim costs four round trips, each ours to the database."""
POLL_S: Final = 0.2
"""How late a retry, or a notice of a process that died, may be found."""
CLAIM_LIMIT: Final = 200
HELD_LIMIT: Final = 5_000
"""Notices one process sits on; the rest stays in the database for whoever has time."""
AT_ONCE: Final[Mapping[Channel, int]] = {
    Channel.APNS: 100,  # streams of one HTTP/2 connection
    Channel.FCM: 64,
    Channel.SMS: 16,
    Channel.CONSOLE: 100,
}
TRIES: Final = 8
FIRST_PAUSE: Final = timedelta(milliseconds=500)
LONGEST_PAUSE: Final = timedelta(seconds=30)
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
        channels: Mapping[Channel, ChannelPort[Any]],
        settling: Settling,
        on_sent: Callable[[OutgoingNotice], None] = lambda _: None,
        *,
        poll_s: float = POLL_S,
    ) -> None:
        self._on_sent, self._poll_s = on_sent, poll_s
        self._store, self._clock, self._lease, self._measures = means.store, means.clock, means.lease, means.measures
        self._settling = settling
        self._lines = {channel: _Line(channel, port, self._send, means.clock) for channel, port in channels.items()}
        self._held: dict[NoticeId, OutgoingNotice] = {}
        self._told: dict[IncidentId, None] = {}
        self._bell, self._laden = Bell(), Bell()
        self._claimer = Loop("outbox claims", self._claim, means.clock)
        self._renewer = Loop("outbox leases", self._renew, means.clock)

    def start(self) -> None:
        """Begin to send, to claim and to renew leases."""
        for line in self._lines.values():
            line.start()
        self._claimer.start()
        self._renewer.start()

    async def stop(self) -> None:
        """Stop; what was not sent is found by another process when the lease ends."""
        await self._claimer.stop()
        await self._renewer.stop()
        for line in self._lines.values():
            await line.stop()
        self._held.clear()

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
            line = self._lines.get(notice.channel)
            if notice.id in self._held:
                continue
            if line is None:
                # Not a channel of this installation: say so at once, so that the chain goes on to the next way.
                self._settling.put(self._settled(notice, Delivery(state=DeliveryState.REFUSED, reason="no_channel")))
            elif len(self._held) < HELD_LIMIT:
                self._held[notice.id] = notice
                self._laden.ring()
                line.put(notice)

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

    async def _send(self, notice: OutgoingNotice, port: ChannelPort[Any], waited_s: float) -> None:
        try:
            if waited_s > STALE_S and notice.id in await self._store.withdrawn([notice.id]):
                return
            if not notice.address and notice.channel is not Channel.CONSOLE:
                delivery = Delivery(state=DeliveryState.GONE, reason="no_address")
            else:
                delivery = await port.send(_typed(notice))
            self._measures.delivery(notice.channel.value, delivery.state.value)
            if delivery.state in {DeliveryState.SENT, DeliveryState.DELIVERED}:
                self._measure(notice)
            self._settling.put(self._settled(notice, delivery))
        except Exception:
            log.exception("send_failed", notice=str(notice.id), channel=notice.channel.value)
            lost = Delivery(state=DeliveryState.RETRY, reason="our_fault")
            self._settling.put(self._settled(notice, lost))
        finally:
            self._held.pop(notice.id, None)

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

    def _settled(self, notice: OutgoingNotice, delivery: Delivery) -> Settled:
        now = self._clock.now()
        tries = notice.tries + 1
        settled = Settled(
            notice_id=notice.id,
            organisation_id=notice.organisation_id,
            committee_id=notice.committee_id,
            incident_id=notice.incident_id,
            channel=notice.channel,
            person_id=notice.person_id,
            point_id=notice.point_id,
            state=_STATES[delivery.state],
            at=now,
            tries=tries,
            provider_id=delivery.provider_id,
            reason=delivery.reason,
        )
        if delivery.state is not DeliveryState.RETRY:
            return settled
        if tries >= TRIES:
            return replace(settled, state=NoticeState.FAILED)
        pause = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
        return replace(settled, due_at=now + max(pause, min(delivery.retry_after or pause, LONGEST_PAUSE)))


_STATES: Final[Mapping[DeliveryState, NoticeState]] = {
    DeliveryState.SENT: NoticeState.SENT,
    DeliveryState.DELIVERED: NoticeState.DELIVERED,
    DeliveryState.RETRY: NoticeState.PENDING,
    DeliveryState.REFUSED: NoticeState.REFUSED,
    DeliveryState.GONE: NoticeState.GONE,
}


def _typed(notice: OutgoingNotice) -> OutgoingNotice:
    """The last gate: a way that leaves the house is handed nothing but an outward notice, which is real by type."""
    if notice.channel.outward != isinstance(notice, Outward) or notice.channel.outward == isinstance(notice, InHouse):
        raise AssertionError(f"{notice.channel.value} was handed the wrong kind of notice")
    return notice


class _Line:
    """One channel's queue, with a bound on tries under way."""

    def __init__(self, channel: Channel, port: ChannelPort[Any], send: Any, clock: Clock) -> None:
        self._port, self._send, self._clock = port, send, clock
        self._limit = AT_ONCE[channel]
        self._queue: deque[tuple[OutgoingNotice, float]] = deque()
        self._under_way: set[asyncio.Task[None]] = set()
        self._running = False

    def start(self) -> None:
        self._running = True
        self._fill()

    async def stop(self) -> None:
        self._running = False
        self._queue.clear()
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    def put(self, notice: OutgoingNotice) -> None:
        self._queue.append((notice, self._clock.monotonic()))
        self._fill()

    def _fill(self) -> None:
        while self._running and self._queue and len(self._under_way) < self._limit:
            notice, since = self._queue.popleft()
            task = asyncio.create_task(self._send(notice, self._port, self._clock.monotonic() - since))
            self._under_way.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._fill()
