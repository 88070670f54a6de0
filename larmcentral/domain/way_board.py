"""The board of the ways out: what processes say, what waits, and the last hour, put together for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from escalation.chain import Channel
from larmcentral.domain.views_ways import WayBoard, WayFiguresView, WayMinuteView, WayView
from larmcentral.domain.way_health import WayState
from larmcentral.domain.way_minute import WayMinute, at_most_ms, whole
from larmcentral.domain.way_report import WayReport, WaySaid, dead_channels, dead_providers, words_of

RECEIVER_PREFIX: Final = "receiver:"
"""A centre's way out is called after its forwarder."""


@dataclass(frozen=True, slots=True)
class KnownWay:
    """A way out that the settings name. receiver: the forwarder's name, of a centre's way alone."""

    provider: str
    channel: Channel
    receiver: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Notices that are not out yet. provider: that was asked last, None where none was. count: above nought.

    first_due_at, last_due_at: when the next of them is tried, and the last; in the past where it should be under way.
    """

    channel: Channel
    receiver: str | None
    provider: str | None
    count: int
    oldest_at: datetime
    first_due_at: datetime
    last_due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WayFacts:
    """What is on disk. minutes: of the last hour, in any order."""

    now: datetime
    said: Sequence[WaySaid]
    minutes: Sequence[WayMinute]
    waiting: Sequence[Waiting]


def board(known: Sequence[KnownWay], facts: WayFacts) -> WayBoard:
    """Put it together. known: within a channel in the order in which they are asked; what else reports comes after."""
    words, dead = words_of(facts.said), dead_providers(facts.said)
    ways = _with_strangers(known, words)
    waiting = _by_provider(ways, facts.waiting, dead)
    minutes: defaultdict[str, list[WayMinute]] = defaultdict(list)
    for minute in sorted(facts.minutes, key=lambda one: one.minute):
        minutes[minute.provider].append(minute)
    return WayBoard(
        server_time=facts.now,
        dead_channels=tuple(channel.value for channel in Channel if channel in dead_channels(facts.said)),
        ways=tuple(
            _view(way, words.get(way.provider, ()), way.provider in dead, waiting[way.provider], minutes[way.provider])
            for way in ways
        ),
    )


def _with_strangers(known: Sequence[KnownWay], words: Mapping[str, Sequence[WayReport]]) -> list[KnownWay]:
    """Add what reports and does not stand in our settings; the desk's own screens are no way out."""
    named = {way.provider for way in known}
    found = [KnownWay(provider, said[0].channel, said[0].receiver) for provider, said in words.items()]
    return [*known, *(way for way in found if way.provider not in named and way.channel is not Channel.CONSOLE)]


def _by_provider(
    ways: Sequence[KnownWay], waiting: Sequence[Waiting], dead: frozenset[str]
) -> defaultdict[str, list[Waiting]]:
    """What no provider was asked for yet waits for the first that lives, for that one is asked."""
    named = {way.provider for way in ways}
    found: defaultdict[str, list[Waiting]] = defaultdict(list)
    for one in waiting:
        alike = [way.provider for way in ways if (way.channel, way.receiver) == (one.channel, one.receiver)]
        if one.provider in named:
            found[one.provider].append(one)
        elif alike:
            found[next((provider for provider in alike if provider not in dead), alike[0])].append(one)
    return found


def _view(
    way: KnownWay, words: Sequence[WayReport], dead: bool, waiting: Sequence[Waiting], minutes: Sequence[WayMinute]
) -> WayView:
    state = _state(words, dead)
    against = max((word for word in words if word.reason), key=lambda word: _time(word.last_bad_at), default=None)
    hour = whole(minutes)
    return WayView(
        provider=way.provider,
        channel=way.channel.value,
        receiver=way.receiver,
        state=state.value,
        since=min((word.since for word in words if word.state is state and word.since is not None), default=None),
        reason="" if against is None else against.reason,
        last_good_at=max((word.last_good_at for word in words if word.last_good_at is not None), default=None),
        last_bad_at=max((word.last_bad_at for word in words if word.last_bad_at is not None), default=None),
        answered_at=max((word.answered_at for word in words if word.answered_at is not None), default=None),
        processes=len(words),
        say_dead=sum(word.state is WayState.DEAD for word in words),
        in_line=sum(word.waiting for word in words),
        waiting=sum(one.count for one in waiting),
        oldest_at=min((one.oldest_at for one in waiting), default=None),
        next_due_at=min((one.first_due_at for one in waiting), default=None),
        last_due_at=max((one.last_due_at for one in waiting), default=None),
        hour=None if hour is None else _figures(hour),
        minutes=tuple(WayMinuteView(minute=one.minute, figures=_figures(one)) for one in minutes),
    )


def _state(words: Sequence[WayReport], dead: bool) -> WayState:
    """Dead only if it is so for all; else the worst that somebody knows of a way that carries something."""
    if dead:
        return WayState.DEAD
    said = {word.state for word in words}
    return next((state for state in (WayState.SLOW, WayState.ALIVE) if state in said), WayState.UNKNOWN)


def _figures(minute: WayMinute) -> WayFiguresView:
    p50, p95, p99 = (at_most_ms(minute, percent) or 0.0 for percent in (50, 95, 99))
    return WayFiguresView(
        tries=minute.tries,
        lost=minute.lost,
        lost_pct=round(100 * minute.lost / minute.tries, 1) if minute.tries else 0.0,
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        worst_ms=minute.worst_ms,
    )


def _time(at: datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()
