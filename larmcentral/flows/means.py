"""What every flow works with; assembly makes one for a process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from escalation.chain import Channel
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import Lease
from larmcentral.flows.hints import Hints
from larmcentral.ports import Calendar, Clock, Ids, Measures, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The ports of a process.

    hand_over: takes notices that were filed and leased here, after their commit.
    distance_m: metres between two places (lat, lon, lat, lon in WGS84 degrees). dead: the channels whose every way
    out is known to answer nobody just now.
    """

    store: Store
    clock: Clock
    calendar: Calendar
    ids: Ids
    lease: Lease
    hand_over: Callable[[Sequence[OutgoingNotice]], None]
    hints: Hints
    measures: Measures
    distance_m: Callable[[float, float, float, float], float]
    dead: Callable[[], frozenset[Channel]] = frozenset
