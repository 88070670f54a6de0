"""Words down to devices: filed with a decision or for a person, said by whichever process the device is heard by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final
from uuid import UUID

import structlog

from larmcentral.domain.device import NOT_NOW, Downlink, Said, Unsaid
from larmcentral.domain.errors import Collision
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from larmcentral.flows.telling import Telling
from larmcentral.ports import Speaks

log = structlog.get_logger(__name__)

POLL_S: Final = 1.0
"""Somebody waits to hear that he was heard; a second is soon enough, and half the queries of a half."""
SWEEP_EVERY_S: Final = 15.0
"""A person who asked for something hears within so long that it will not be."""
SWEEP_LIMIT: Final = 200


class Downlinks:
    """Claims what waits for devices that are heard here, says it, and tells the timeline what became of it."""

    def __init__(
        self, means: Means, speaks: Speaks, *, poll_s: float = POLL_S, in_answers: Collection[str] = frozenset()
    ) -> None:
        """in_answers: protocols whose devices can only be told in the answer to their next request."""
        self._means, self._store, self._clock, self._speaks = means, means.store, means.clock, speaks
        self._poll_s, self._in_answers = poll_s, frozenset(in_answers)
        self._waiting: frozenset[tuple[str, str]] = frozenset()
        self._swept_s: float | None = None
        self._handed: dict[UUID, int] = {}
        self._bell = Bell()
        self._loop = Loop("downlinks", self._turn, means.clock)

    def start(self) -> None:
        """Begin to say."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop; what was not said waits for the device, until it is worth nothing."""
        await self._loop.stop()

    def wake(self) -> None:
        """Something may have been filed: look now."""
        self._bell.ring()

    async def _turn(self) -> None:
        await self._bell.wait(self._poll_s)
        await self.say()
        now_s = self._clock.monotonic()
        if self._swept_s is None or now_s - self._swept_s >= SWEEP_EVERY_S:
            self._swept_s = now_s
            await self.sweep()

    async def say(self) -> int:
        """Say what waits for those who are heard here; return how many words went to the network.

        They are settled in the same transaction, after they were handed over: a crash in between says them twice. A
        transaction that fails does not: what went out is remembered until it stands, for it may have rung.
        """
        async with self._store.transaction() as tx:
            waiting = await tx.waiting(self._clock.now())
        self._waiting = frozenset(name for name in waiting if name[0] in self._in_answers)
        # Nearly always nothing waits, and thousands are connected: those are not asked one by one.
        heard_here = self._speaks.connected(waiting)
        return await self._say_to(heard_here, self._speaks.say) if heard_here else 0

    def waits_for(self, protocol: str, account: str) -> bool:
        """See ports.CarriesWords."""
        return (protocol, account) in self._waiting

    async def carry(self, protocol: str, account: str, say: Callable[[Downlink], Said]) -> None:
        """See ports.CarriesWords."""
        await self._say_to([(protocol, account)], say)
        self._waiting -= {(protocol, account)}

    async def sweep(self) -> int:
        """Put away what nobody could say in time; return how many that were."""
        try:
            async with self._store.transaction() as tx:
                expired = await tx.claim_expired(self._clock.now(), SWEEP_LIMIT)
                if not expired:
                    return 0
                telling = await Telling.lock(tx, expired, self._means)
                for downlink in expired:
                    telling.not_told(downlink, Unsaid.EXPIRED)
                await tx.leave_unsaid({downlink.id: Unsaid.EXPIRED for downlink in expired})
                notices = await telling.save()
        except Collision:
            return 0
        for downlink in expired:
            self._handed.pop(downlink.id, None)
        self._means.hand_over(notices)
        self._means.hints.changed()
        log.info("downlinks_expired", downlinks=len(expired))
        return len(expired)

    async def _say_to(self, devices: Collection[tuple[str, str]], say: Callable[[Downlink], Said]) -> int:
        try:
            async with self._store.transaction() as tx:
                now = self._clock.now()
                waiting = await tx.claim_downlinks(devices, now)
                if not waiting:
                    return 0
                telling = await Telling.lock(tx, waiting, self._means)
                sent, unsaid = self._said(waiting, telling, say)
                await tx.settle_downlinks(sent, now)
                await tx.leave_unsaid(unsaid)
                notices = await telling.save()
        except Collision:
            return 0
        for downlink_id in sent:
            self._handed.pop(downlink_id, None)
        if sent or unsaid:
            self._means.hand_over(notices)
            self._means.hints.changed()
            log.info("downlinks_said", downlinks=len(sent), unsaid=len(unsaid))
        return len(sent)

    def _said(
        self, waiting: Sequence[Downlink], telling: Telling, say: Callable[[Downlink], Said]
    ) -> tuple[dict[UUID, int], dict[UUID, Unsaid]]:
        """Have each said that may still be said; return the frames of those that were, and why others never will be."""
        sent: dict[UUID, int] = {}
        unsaid: dict[UUID, Unsaid] = {}
        for downlink in waiting:
            if downlink.id in self._handed:
                sent[downlink.id] = self._handed[downlink.id]
                telling.told(downlink)
                continue
            why = telling.forbids(downlink)
            done = NOT_NOW if why is not None else say(downlink)
            if done.never:
                why = Unsaid.NO_WORDS
            if why is not None:
                unsaid[downlink.id] = why
                telling.not_told(downlink, why)
            elif done.frames:
                sent[downlink.id] = self._handed[downlink.id] = done.frames
                telling.told(downlink)
        return sent, unsaid
