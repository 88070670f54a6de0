"""Ways out are looked at while nothing is sent by them: a dead one must be known before the alarm that needs it.

A way that carries notices is not probed. One that was quiet for a minute is; one that failed, or that another process
finds dead, is looked at every few seconds, and after a while less often: whoever refuses our password must not be asked
for ever, and a whole house of processes must not hammer on a provider that is just getting up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

import structlog

from larmcentral.domain.notice import Delivery, Probe
from larmcentral.domain.way_health import Sign, sign_of
from larmcentral.domain.way_report import NEVER_PASSED_OVER
from larmcentral.flows.running import Loop, within
from larmcentral.flows.ways_out import WayOut, WaysOut
from larmcentral.ports import Clock

log = structlog.get_logger(__name__)

QUIET_S: Final = 60.0
FAILED_S: Final = 5.0
FAILED_LONG_S: Final = 20.0
"""Less than half of how long a verdict is believed: it stands while the probes go on failing."""
LONG_S: Final = 120.0
GIVEN_UP_S: Final = 120.0
"""Every channel ends a probe far sooner; one that does not must not be the last look at its way."""
LOOK_S: Final = 1.0
"""How soon it is seen that a way is to be probed."""


class WayProbes:
    """One look at a time per way, and each way for itself. The desk's screens and centres are not probed here: the
    first are ours, and centres hear from us by their heartbeats.
    """

    def __init__(self, ways: WaysOut, clock: Clock, dead_elsewhere: Callable[[], frozenset[str]] = frozenset) -> None:
        """dead_elsewhere: providers that another process finds dead."""
        self._ways, self._clock, self._dead_elsewhere = ways, clock, dead_elsewhere
        self._probed = [way for way in ways.ways if way.channel not in NEVER_PASSED_OVER]
        self._failed: set[str] = set()
        self._unanswered: set[str] = set()
        self._doubted_s: dict[str, float] = {}
        self._heard_s: dict[str, float] = {}
        self._looked_s: dict[str, float] = {}
        self._loops = [Loop(f"probe {way.provider}", partial(self._turn, way), clock) for way in self._probed]
        ways.listen(self._ended)

    def start(self) -> None:
        """Begin; the first looks come a second apart."""
        now_s = self._clock.monotonic()
        for place, (way, loop) in enumerate(zip(self._probed, self._loops, strict=True)):
            self._looked_s[way.provider] = now_s - QUIET_S + (place + 1) * LOOK_S
            loop.start()

    async def stop(self) -> None:
        """Look no more."""
        for loop in self._loops:
            await loop.stop()

    async def probe(self, way: WayOut) -> Probe:
        """Look once, and let the ways know."""
        self._looked_s[way.provider] = self._clock.monotonic()
        try:
            async with asyncio.timeout(GIVEN_UP_S):
                found = await within(way.port.probe())
        except Exception:
            log.exception("probe_failed", provider=way.provider)
            found = Probe(alive=False, reason="our_fault")
        if found.alive:
            self._failed.discard(way.provider)
            self._unanswered.discard(way.provider)
        else:
            log.warning("probe_unanswered", provider=way.provider, why=found.reason)
            self._unanswered.add(way.provider)
        self._ways.probed(way.provider, found)
        return found

    def due(self, provider: str) -> bool:
        """True if it is time to look at a way."""
        now_s = self._clock.monotonic()
        since_look_s = now_s - self._looked_s.get(provider, now_s - QUIET_S)
        if not self._doubtful(provider):
            self._doubted_s.pop(provider, None)
            return min(since_look_s, now_s - self._heard_s.get(provider, now_s - QUIET_S)) >= QUIET_S
        doubted_s = now_s - self._doubted_s.setdefault(provider, now_s)
        return since_look_s >= (FAILED_S if doubted_s < LONG_S else FAILED_LONG_S)

    async def _turn(self, way: WayOut) -> None:
        await self._clock.sleep(LOOK_S)
        if self.due(way.provider):
            await self.probe(way)

    def _doubtful(self, provider: str) -> bool:
        """A notice that goes out ends other doubts, but not why a probe failed: until one is answered none counts."""
        failed = provider in self._failed or provider in self._unanswered
        return failed or self._ways.is_dead(provider) or provider in self._dead_elsewhere()

    def _ended(self, way: WayOut, delivery: Delivery, seconds: float) -> None:
        sign = sign_of(delivery)
        if sign is Sign.GOOD:
            self._failed.discard(way.provider)
            self._heard_s[way.provider] = self._clock.monotonic()
        elif sign is Sign.BAD:
            self._failed.add(way.provider)
