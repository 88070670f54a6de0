"""The ways out of this process: which provider a notice takes, how each is doing, and which channels are dead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from escalation.chain import Channel
from larmcentral.domain.notice import Delivery, Probe
from larmcentral.domain.way_health import (
    BELIEVED,
    QUIET,
    UNTRIED,
    Sign,
    WayHealth,
    WayState,
    after_probe,
    after_try,
    sign_of,
    since_at,
    state_at,
)
from larmcentral.domain.way_report import NEVER_PASSED_OVER, WayReport
from larmcentral.ports import Channel as ChannelPort
from larmcentral.ports import Clock

MANY_ENDS: Final = frozenset({Channel.WEB_PUSH, Channel.TEAMS, Channel.WEBHOOK})
"""Each address is a server of its own there: one that is down says little while another answers."""

OF_BROWSERS: Final = frozenset({Channel.WEB_PUSH})
"""And there the servers do not stand in the settings: a browser names its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """One provider. at_once: tries under way together. per_second: the rate agreed with it, a process; None: none.

    receiver: the forwarder's name, of a centre's way alone.
    """

    provider: str
    channel: Channel
    port: ChannelPort[Any]
    at_once: int
    per_second: float | None = None
    receiver: str | None = None

    def __post_init__(self) -> None:
        if self.at_once < 1 or (self.per_second is not None and self.per_second <= 0):
            raise ValueError(f"{self.provider}: at_once and per_second are above nought")
        if (self.channel is Channel.RECEIVER) != (self.receiver is not None):
            raise ValueError(f"{self.provider}: a centre's way has a receiver, and no other has")


class WaysOut:
    """What this process knows of its ways out; gone with it, and found out anew within a few tries."""

    def __init__(self, ways: Sequence[WayOut], clock: Clock) -> None:
        """ways: within a channel in the order of preference."""
        self.ways: Final = tuple(ways)
        self._clock = clock
        self._health: dict[str, WayHealth] = {way.provider: UNTRIED for way in self.ways}
        if len(self._health) != len(self.ways):
            raise ValueError("two ways out have one name")
        self._of = {(way.channel, way.receiver): self._alike(way) for way in self.ways}
        self._by_provider = {way.provider: way for way in self.ways}
        self._listeners: list[Callable[[WayOut, Delivery, float], None]] = []
        self._waiting_of: Callable[[str], int] = lambda _: 0

    def best(self, channel: Channel, receiver: str | None = None, *, tries: int = 0) -> WayOut | None:
        """Return the way for a notice that was tried so often; None where this house has none.

        The living come before the dead, and a retry turns to the next of them.
        """
        ways = self._of.get((channel, receiver), ())
        if not ways:
            return None
        if len(ways) == 1:
            return ways[0]
        now = self._clock.now()
        living = [way for way in ways if state_at(self._health[way.provider], now) is not WayState.DEAD] or ways
        return living[tries % len(living)]

    def told(
        self, provider: str, delivery: Delivery, seconds: float, *, address: str = "", asked: bool = False
    ) -> None:
        """Take the result of a try.

        seconds: how long it took. address: only compared, and forgotten. asked: somebody asked for this very message,
        and may have chosen an address that cannot answer: that is counted, and is no verdict on the way.
        """
        way = self._by_provider[provider]
        if not asked or sign_of(delivery) is Sign.GOOD or delivery.about_us:
            self._health[provider] = after_try(
                self._health[provider],
                delivery,
                seconds,
                self._clock.now(),
                address=address,
                quiet=BELIEVED if way.channel in MANY_ENDS else QUIET,
                each_its_own=way.channel in OF_BROWSERS,
            )
        for listener in self._listeners:
            listener(way, delivery, seconds)

    def probed(self, provider: str, probe: Probe) -> None:
        """Take the result of a probe."""
        self._health[provider] = after_probe(self._health[provider], probe, self._clock.now())

    def is_dead(self, provider: str) -> bool:
        """True if a provider is known to answer nobody."""
        return state_at(self._health[provider], self._clock.now()) is WayState.DEAD

    def dead(self) -> frozenset[Channel]:
        """Return the channels whose every way is dead."""
        now = self._clock.now()
        living = {way.channel for way in self.ways if state_at(self._health[way.provider], now) is not WayState.DEAD}
        return frozenset(way.channel for way in self.ways) - living - NEVER_PASSED_OVER

    def states(self) -> Sequence[WayReport]:
        """Return how each way is doing, in their order."""
        return [self._report(way) for way in self.ways]

    def listen(self, listener: Callable[[WayOut, Delivery, float], None]) -> None:
        """Call somebody with each result, where it was found and how long it took; he must not raise or wait."""
        self._listeners.append(listener)

    def counted_by(self, waiting_of: Callable[[str], int]) -> None:
        """Say who knows how many notices wait for a provider."""
        self._waiting_of = waiting_of

    def _alike(self, way: WayOut) -> tuple[WayOut, ...]:
        return tuple(one for one in self.ways if (one.channel, one.receiver) == (way.channel, way.receiver))

    def _report(self, way: WayOut) -> WayReport:
        health, now = self._health[way.provider], self._clock.now()
        return WayReport(
            provider=way.provider,
            channel=way.channel,
            receiver=way.receiver,
            state=state_at(health, now),
            since=since_at(health, now),
            reason=health.reason,
            last_good_at=health.last_good_at,
            last_bad_at=health.last_bad_at,
            answered_at=health.answered_at,
            waiting=self._waiting_of(way.provider),
        )
