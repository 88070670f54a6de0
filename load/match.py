"""From the intended press to the far ends: which stored signal, incident and notices belong to which press. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from load.generator import Pressed


@dataclass(frozen=True, slots=True)
class StoredAlarm:
    """An alarm signal on disk, with the incident it opened or joined. Times are monotonic seconds of this machine.

    frame: digest of raw, which is what was stored: the frame, or its one record where a frame carries several.
    """

    account: str
    frame: str
    incident_id: UUID | None
    received_s: float
    opened_s: float | None
    attempts: int
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice on disk."""

    id: UUID
    incident_id: UUID
    channel: str
    state: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """One request that a push receiver got, of whatever process of the server."""

    notice_id: str
    at_s: float
    status: int


@dataclass(frozen=True, slots=True)
class Journey:
    """One press and everything that came of it. notices: when each was received, by channel, in order of time.

    signals: how many it left on disk, one if all is well; `signal` is the first of them.
    """

    press: Pressed
    signal: StoredAlarm | None
    first: bool
    notices: tuple[tuple[str, float], ...]
    drawn_s: float | None
    signals: int = 1

    @property
    def all_notices_s(self) -> float | None:
        """When the last of the notices was received; None without any."""
        return self.notices[-1][1] if self.notices else None


@dataclass(frozen=True, slots=True)
class Matched:
    """All journeys, and what did not fit. strangers: alarm signals of no press. twice: presses with two signals."""

    journeys: tuple[Journey, ...]
    strangers: int
    twice: int
    received_twice: int
    received_unknown: int
    never_received: int


def match(
    presses: Iterable[Pressed],
    signals: Iterable[StoredAlarm],
    notices: Iterable[StoredNotice],
    delivered: Iterable[Delivered],
    drawn_s: Mapping[UUID, float],
) -> Matched:
    """Follow every press to its notices.

    A frame names its second and its device, so account and frame name a press. The oldest signal of an incident opened
    it; a press whose signal came later has joined, and told nobody.
    """
    signals, presses = list(signals), sorted(presses, key=lambda one: one.number)
    found = _signals_of(presses, signals)
    opener: dict[UUID, StoredAlarm] = {}
    for signal in sorted(signals, key=lambda one: one.received_s):
        if signal.incident_id is not None:
            opener.setdefault(signal.incident_id, signal)
    received: dict[str, float] = {}
    times: Counter[str] = Counter()
    for one in sorted(delivered, key=lambda each: each.at_s):
        if one.status == 200:
            times[one.notice_id] += 1
            received.setdefault(one.notice_id, one.at_s)
    of_incident: defaultdict[UUID, list[tuple[str, float]]] = defaultdict(list)
    never = 0
    known = set()
    for notice in notices:
        known.add(str(notice.id))
        at_s = received.get(str(notice.id))
        if at_s is None:
            never += 1
        else:
            of_incident[notice.incident_id].append((notice.channel, at_s))
    journeys = []
    for press, signals_of in zip(presses, found, strict=True):
        signal_of = next(iter(signals_of), None)
        incident_id = None if signal_of is None else signal_of.incident_id
        first = incident_id is not None and opener[incident_id] is signal_of
        told: Sequence[tuple[str, float]] = of_incident[incident_id] if first and incident_id is not None else ()
        journeys.append(
            Journey(
                press=press,
                signal=signal_of,
                first=first,
                notices=tuple(sorted(told, key=lambda one: one[1])),
                drawn_s=None if incident_id is None or not first else drawn_s.get(incident_id),
                signals=len(signals_of),
            )
        )
    return Matched(
        journeys=tuple(journeys),
        strangers=len(signals) - sum(map(len, found)),
        twice=sum(len(each) > 1 for each in found),
        received_twice=sum(count > 1 for count in times.values()),
        received_unknown=sum(notice_id not in known for notice_id in times),
        never_received=never,
    )


def _signals_of(presses: Sequence[Pressed], signals: Iterable[StoredAlarm]) -> list[list[StoredAlarm]]:
    """Find what each of the presses left on disk, oldest first; each signal is of one press at the most.

    A signal is what the press sent, or a piece of it. A frame may carry a record of the press before, which was not
    answered in time: that record belongs to the first press that sent it.
    """
    of_account: defaultdict[str, list[int]] = defaultdict(list)
    for place, press in enumerate(presses):
        of_account[press.account].append(place)
    octets = [bytes.fromhex(press.octets) for press in presses]
    found: list[list[StoredAlarm]] = [[] for _ in presses]
    for signal in sorted(signals, key=lambda one: one.received_s):
        places = of_account[signal.account]
        whole = (place for place in places if presses[place].frame == signal.frame)
        part = (place for place in places if signal.raw and signal.raw in octets[place])
        first = next(whole, next(part, None))
        if first is not None:
            found[first].append(signal)
    return found
