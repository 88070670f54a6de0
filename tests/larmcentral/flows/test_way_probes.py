"""When ways out are looked at, on the virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise

from escalation.chain import Channel
from larmcentral.domain.notice import Probe
from larmcentral.flows.way_probes import FAILED_LONG_S, FAILED_S, LONG_S, QUIET_S, WayProbes
from larmcentral.flows.ways_out import WayOut, WaysOut
from tests.fakes.channel import DOWN, OK, FakeChannel
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop


@dataclass
class Peer(FakeChannel):
    """probed: when it was looked at. takes_s: how long a probe lasts. broken: it raises."""

    probed: list[float] = field(default_factory=list)
    takes_s: float = 0.0
    broken: bool = False
    under_way: int = 0
    most_under_way: int = 0

    async def probe(self) -> Probe:
        self.probed.append(self.clock.monotonic())
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self.clock.sleep(self.takes_s)
        finally:
            self.under_way -= 1
        if self.broken:
            raise RuntimeError("our own fault")
        return await super().probe()


class Rig:
    """Two providers of text messages, a centre and the desk."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.elks, self.smpp, self.nord, self.desk = (Peer(clock) for _ in range(4))
        self.ways = WaysOut(
            [
                WayOut(provider="46elks", channel=Channel.SMS, port=self.elks, at_once=4),
                WayOut(provider="smpp", channel=Channel.SMS, port=self.smpp, at_once=4),
                WayOut(provider="receiver:nord", channel=Channel.RECEIVER, port=self.nord, at_once=4, receiver="nord"),
                WayOut(provider="console", channel=Channel.CONSOLE, port=self.desk, at_once=4),
            ],
            clock,
        )
        self.elsewhere: frozenset[str] = frozenset()
        self.probes = WayProbes(self.ways, clock, lambda: self.elsewhere)


def story(told: Callable[[Rig], Awaitable[None]]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        clock = VirtualClock(runner.get_loop())

        async def run() -> None:
            rig = Rig(clock)
            rig.probes.start()
            await told(rig)
            await rig.probes.stop()

        runner.run(run())


def gaps(peer: Peer) -> list[float]:
    return [later - sooner for sooner, later in pairwise(peer.probed)]


def test_a_quiet_way_is_looked_at_each_minute_one_after_the_other() -> None:
    async def told(rig: Rig) -> None:
        await rig.clock.sleep(10 * QUIET_S)
        for peer in (rig.elks, rig.smpp):
            assert 9 <= len(peer.probed) <= 11
            assert all(QUIET_S <= gap <= QUIET_S + 1.01 for gap in gaps(peer))
        assert rig.elks.probed[0] != rig.smpp.probed[0]

    story(told)


def test_the_desk_and_centres_are_left_alone() -> None:
    async def told(rig: Rig) -> None:
        await rig.clock.sleep(10 * QUIET_S)
        assert rig.nord.probed == rig.desk.probed == []

    story(told)


def test_a_way_that_carries_notices_is_not_asked_besides() -> None:
    async def told(rig: Rig) -> None:
        for _ in range(40):
            rig.ways.told("46elks", OK, 0.1)
            await rig.clock.sleep(15)
        assert len(rig.elks.probed) <= 1
        assert len(rig.smpp.probed) > 5

    story(told)


def test_a_dead_way_is_looked_at_every_few_seconds_and_found_alive_at_once() -> None:
    async def told(rig: Rig) -> None:
        rig.elks.always = DOWN
        await rig.clock.sleep(20)
        assert rig.ways.is_dead("46elks")
        assert not rig.ways.is_dead("smpp")
        assert all(FAILED_S <= gap <= FAILED_S + 1.01 for gap in gaps(rig.elks))
        rig.elks.always = None
        await rig.clock.sleep(FAILED_S + 1.01)
        assert not rig.ways.is_dead("46elks")

    story(told)


def test_one_failed_try_is_looked_into_before_the_next_alarm() -> None:
    async def told(rig: Rig) -> None:
        await rig.clock.sleep(5)
        rig.elks.always = DOWN
        rig.ways.told("46elks", DOWN, 5.0)
        await rig.clock.sleep(2 * FAILED_S + 3)
        assert rig.ways.is_dead("46elks")

    story(told)


def test_a_probe_that_failed_is_made_again_though_notices_go_out_meanwhile_and_kills_no_way_that_carries_them() -> None:
    async def told(rig: Rig) -> None:
        rig.elks.always = DOWN
        await rig.clock.sleep(20)
        assert rig.ways.is_dead("46elks")
        rig.ways.told("46elks", OK, 0.1)
        seen = len(rig.elks.probed)
        await rig.clock.sleep(3 * QUIET_S)
        assert len(rig.elks.probed) > seen + 3, "why is not known yet"
        assert not rig.ways.is_dead("46elks"), "the probe is wrong, and not the way"
        rig.elks.always = None
        await rig.clock.sleep(FAILED_LONG_S + 2)
        rig.elks.always = DOWN
        await rig.clock.sleep(QUIET_S + FAILED_S + 3)
        assert rig.ways.is_dead("46elks"), "it answered since, and is believed again"

    story(told)


def test_what_another_process_finds_dead_is_looked_at_here_too() -> None:
    async def told(rig: Rig) -> None:
        await rig.clock.sleep(5)
        rig.elks.always, rig.elsewhere = DOWN, frozenset({"46elks"})
        await rig.clock.sleep(2 * FAILED_S + 3)
        assert rig.ways.is_dead("46elks")

    story(told)


def test_after_some_minutes_it_is_looked_at_less_often_and_stays_dead_all_the_while() -> None:
    async def told(rig: Rig) -> None:
        rig.elks.always = DOWN
        await rig.clock.sleep(LONG_S)
        before = len(rig.elks.probed)
        for _ in range(600):
            await rig.clock.sleep(1)
            assert rig.ways.is_dead("46elks")
        assert len(rig.elks.probed) - before <= 600 / FAILED_LONG_S + 2

    story(told)


def test_a_probe_that_hangs_is_alone_and_holds_up_nobody() -> None:
    async def told(rig: Rig) -> None:
        rig.elks.always, rig.elks.takes_s = DOWN, 300.0
        await rig.clock.sleep(10 * QUIET_S)
        assert rig.elks.most_under_way == 1
        assert len(rig.smpp.probed) >= 9

    story(told)


def test_a_fault_of_our_own_in_a_probe_is_a_bad_probe_and_no_more() -> None:
    async def told(rig: Rig) -> None:
        rig.elks.broken = True
        await rig.clock.sleep(20)
        assert rig.ways.is_dead("46elks")
        assert next(one.reason for one in rig.ways.states()) == "our_fault"
        rig.elks.broken = False
        await rig.clock.sleep(2 * FAILED_S)
        assert not rig.ways.is_dead("46elks")

    story(told)


def test_it_starts_again_after_it_was_stopped() -> None:
    async def told(rig: Rig) -> None:
        await rig.probes.stop()
        await rig.clock.sleep(10 * QUIET_S)
        seen = len(rig.smpp.probed)
        rig.probes.start()
        await rig.clock.sleep(5)
        assert len(rig.smpp.probed) == seen + 1

    story(told)
