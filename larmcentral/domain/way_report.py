"""What each process says of its ways out, and what all of them together make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from escalation.chain import Channel
from larmcentral.domain.way_health import WayState

FRESH: Final = timedelta(seconds=15)
"""A process that has said nothing for so long has no vote: it is gone, or cut off from the database."""

NEVER_PASSED_OVER: Final = frozenset({Channel.CONSOLE, Channel.RECEIVER})
"""The desk is our own, and a centre is nobody's medium: there is nothing to pass over to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayReport:
    """How a way out is doing, as one process sees it. receiver: the forwarder's name, of a centre's way alone.

    since: None where nothing was tried. reason: the provider's last word against it. answered_at: when it last
    answered a probe, None where the last one failed or none was made. waiting: notices in that process's line.
    """

    provider: str
    channel: Channel
    receiver: str | None
    state: WayState
    since: datetime | None
    reason: str
    last_good_at: datetime | None
    last_bad_at: datetime | None
    answered_at: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class WaySaid:
    """A report by one incarnation of a process. age: how old it was when it was read."""

    process: UUID
    report: WayReport
    age: timedelta


def dead_providers(said: Iterable[WaySaid]) -> frozenset[str]:
    """Return the providers that carry nothing, in the eyes of every process that has reported lately."""
    return frozenset(provider for provider, words in words_of(said).items() if _is_dead(words))


def dead_channels(said: Sequence[WaySaid]) -> frozenset[Channel]:
    """Return the channels whose every provider is dead."""
    dead = dead_providers(said)
    fresh = [one.report for one in said if one.age <= FRESH]
    living = {report.channel for report in fresh if report.provider not in dead}
    return frozenset(report.channel for report in fresh) - living - NEVER_PASSED_OVER


def words_of(said: Iterable[WaySaid]) -> Mapping[str, Sequence[WayReport]]:
    """Return what is said of each provider, without what is too old."""
    fresh = sorted((one.report for one in said if one.age <= FRESH), key=lambda report: report.provider)
    return {provider: list(reports) for provider, reports in groupby(fresh, key=lambda report: report.provider)}


def _is_dead(words: Sequence[WayReport]) -> bool:
    dead = [word for word in words if word.state is WayState.DEAD]
    others = [word for word in words if word.state is not WayState.DEAD]
    return bool(dead) and all(_knows_no_better(word, than) for word in others for than in dead)


def _knows_no_better(word: WayReport, than: WayReport) -> bool:
    """True if a process has only probed a provider that answers probes, and yet takes nothing from another process.

    Against a verdict that rests on a dead line its good probe counts: then the line is the other's, and not the
    provider's.
    """
    assert than.since is not None, "what is dead has been so since some time"
    both_answered = word.answered_at is not None and than.answered_at is not None and than.answered_at > than.since
    return both_answered and (word.last_good_at is None or word.last_good_at < than.since)
