"""Whether a way out carries anything just now, judged by what comes back from it.

A pure fold: each result of a try and each probe gives the next picture. Only what says something about the provider
counts. A number that does not exist, or one telephone that is told too much, is the address's own matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, assert_never

from larmcentral.domain.notice import Delivery, DeliveryState, Probe

TRIES_TO_DEATH: Final = 3
"""In a row, without any success: one lost packet is no verdict, and a fourth person should not pay for it."""
QUIET: Final = timedelta(seconds=3)
"""Beside a success so fresh, three failures are the bad luck of a busy moment."""
ADDRESSES_TO_DEATH: Final = 5
"""So many different addresses refused or put off in a row: it is not the addresses."""
PROBES_TO_DEATH: Final = 2
BELIEVED: Final = timedelta(seconds=60)
"""A verdict without fresh evidence is worth no more; the next try or probe finds out, and one failure is enough."""
RECENT: Final = 20
"""Successes that the pace is judged by: one in twenty may be slow."""
ENOUGH: Final = 5
SLOW_S: Final = 3.0
"""A channel gives up at 5 s; whoever waits so long for a handful of results sees it coming."""


class WayState(Enum):
    """How a way out is doing."""

    UNKNOWN = "unknown"
    """Nothing was tried so far, or not for a while after it failed."""
    ALIVE = "alive"
    SLOW = "slow"
    DEAD = "dead"


class Sign(Enum):
    """What one result says about the provider."""

    GOOD = "good"
    BAD = "bad"
    OF_ADDRESS = "of_address"
    """Bad for this address; against the provider only when many addresses hear the same."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayHealth:
    """The picture of one provider. since: when `state` began. reason: the provider's last word against it.

    tries, probes: how many failed in a row. refused: the addresses that were refused or put off since the last
    success, ADDRESSES_TO_DEATH at most. answered_at: the last good probe, None where the last one failed. seconds: of
    the newest tries that went well, oldest first. unbelieved: a notice went out while probes failed, so they say
    nothing until one is answered.
    """

    state: WayState = WayState.UNKNOWN
    since: datetime | None = None
    reason: str = ""
    last_good_at: datetime | None = None
    last_bad_at: datetime | None = None
    tries: int = 0
    probes: int = 0
    refused: frozenset[str] = frozenset()
    answered_at: datetime | None = None
    seconds: tuple[float, ...] = ()
    unbelieved: bool = False


UNTRIED: Final = WayHealth()


def sign_of(delivery: Delivery) -> Sign:
    """Return what a result says about the provider."""
    match delivery.state:
        case DeliveryState.SENT | DeliveryState.DELIVERED:
            return Sign.GOOD
        case DeliveryState.RETRY:
            # Who names a time to come back is there; it may be this one telephone that is told too much.
            return Sign.OF_ADDRESS if delivery.of_address or delivery.retry_after is not None else Sign.BAD
        case DeliveryState.REFUSED:
            return Sign.BAD if delivery.about_us else Sign.OF_ADDRESS
        case DeliveryState.GONE:
            return Sign.NOTHING
        case _:
            assert_never(delivery.state)


def after_try(
    health: WayHealth,
    delivery: Delivery,
    seconds: float,
    now: datetime,
    *,
    address: str = "",
    quiet: timedelta = QUIET,
    each_its_own: bool = False,
) -> WayHealth:
    """Take the result of one try.

    seconds: how long it took. address: only compared with those before it. quiet: how long one success outweighs
    failures. each_its_own: behind each address is a server that its owner chose, so one that is silent is his matter.
    """
    sign = sign_of(delivery)
    if each_its_own and sign is Sign.BAD and not delivery.about_us:
        sign = Sign.OF_ADDRESS
    match sign:
        case Sign.GOOD:
            return _well(health, seconds, now)
        case Sign.BAD:
            failed = replace(health, tries=health.tries + 1, last_bad_at=now, reason=delivery.reason)
            return _judged(failed, health, now, quiet)
        case Sign.OF_ADDRESS:
            refused = health.refused
            if len(refused) < ADDRESSES_TO_DEATH:
                refused |= {address}
            if len(refused) < ADDRESSES_TO_DEATH:
                return replace(health, refused=refused)
            failed = replace(health, refused=refused, last_bad_at=now, reason=delivery.reason)
            return _judged(failed, health, now, quiet)
        case Sign.NOTHING:
            return health
        case _:
            assert_never(sign)


def after_probe(health: WayHealth, probe: Probe, now: datetime) -> WayHealth:
    """Take the result of a probe. A good one lifts what probes found, and is life where nothing else is known.

    It does not lift what tries found: whoever answers a probe may still refuse what is sent, and that verdict runs out
    by itself.
    """
    if not probe.alive:
        if health.unbelieved:
            return replace(health, answered_at=None)
        failed = replace(health, probes=health.probes + 1, last_bad_at=now, reason=probe.reason, answered_at=None)
        return _judged(failed, health, now, QUIET)
    answered = replace(health, probes=0, unbelieved=False, answered_at=now)
    if state_at(health, now) in {WayState.ALIVE, WayState.SLOW} or _lost(health):
        return answered
    return replace(answered, state=WayState.ALIVE, since=now, reason="")


def state_at(health: WayHealth, now: datetime) -> WayState:
    """Return how it is doing; a death that nothing has confirmed for a while is no longer known."""
    return WayState.UNKNOWN if _expired(health, now) else health.state


def since_at(health: WayHealth, now: datetime) -> datetime | None:
    """Return since when it is doing so; None where nothing was ever tried."""
    if _expired(health, now) and health.last_bad_at is not None:
        return health.last_bad_at + BELIEVED
    return health.since


def _well(health: WayHealth, seconds: float, now: datetime) -> WayHealth:
    newest = (*health.seconds[1 - RECENT :], seconds)
    state = WayState.SLOW if _slow(newest) else WayState.ALIVE
    return WayHealth(
        state=state,
        since=health.since if health.state is state else now,
        last_good_at=now,
        last_bad_at=health.last_bad_at,
        answered_at=health.answered_at,
        seconds=newest,
        unbelieved=health.unbelieved or health.probes > 0,
    )


def _judged(health: WayHealth, before: WayHealth, now: datetime, quiet: timedelta) -> WayHealth:
    fresh = health.last_good_at is not None and abs(now - health.last_good_at) < quiet
    if fresh or not (_lost(health) or health.probes >= PROBES_TO_DEATH):
        return health
    dead_already = state_at(before, now) is WayState.DEAD
    return replace(health, state=WayState.DEAD, since=health.since if dead_already else now)


def _lost(health: WayHealth) -> bool:
    """True if what was sent came to nothing, so often that it is no chance."""
    return health.tries >= TRIES_TO_DEATH or len(health.refused) >= ADDRESSES_TO_DEATH


def _expired(health: WayHealth, now: datetime) -> bool:
    confirmed_at = health.last_bad_at  # "ahead of now" is a clock that was set back, which must not prolong a verdict
    return health.state is WayState.DEAD and confirmed_at is not None and abs(now - confirmed_at) >= BELIEVED


def _slow(seconds: tuple[float, ...]) -> bool:
    """True if the 95th percentile is: the smallest figure that 95 of 100 do not exceed."""
    return len(seconds) >= ENOUGH and sorted(seconds)[-(-len(seconds) * 95 // 100) - 1] > SLOW_S
