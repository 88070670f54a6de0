"""What one screen has been told: of which incidents, when, and by which lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec


class _Told(msgspec.Struct):
    person_id: UUID
    state: str


class _Incident(msgspec.Struct):
    id: UUID
    version: int
    state: str
    responders: list[_Told]


class _Line(msgspec.Struct):
    seq: int


class IncidentEvent(msgspec.Struct):
    """What a screen reads of the feed's event `incident`."""

    incident: _Incident
    entries: list[_Line]


class Queue(msgspec.Struct):
    """What a screen reads of GET /api/incidents."""

    cursor: str
    incidents: list[_Incident]


INCIDENT: Final = msgspec.json.Decoder(IncidentEvent)
QUEUE: Final = msgspec.json.Decoder(Queue)


@dataclass(slots=True)
class Heard:
    """Of one incident. first_s: monotonic. caught_up: first heard of by coming back, or by fetching the queue.

    lines: bit n stands for the line with seq n, told by the feed.
    """

    first_s: float
    caught_up: bool
    lines: int = 0
    state: str = ""
    version: int = 0


class Picture:
    """One screen's. A connection first tells what was missed, up to its first tick, and then what is new."""

    def __init__(self) -> None:
        self.heard: dict[UUID, Heard] = {}
        self.resyncs = 0
        self.twice = 0
        """Lines told again as new on a connection that had told them as new."""
        self._new: dict[UUID, int] = {}
        self._ticked = False

    def connected(self) -> None:
        """A connection begins."""
        self._new = {}
        self._ticked = False

    def tick(self) -> None:
        """The feed lives; from the first on, everything is new."""
        self._ticked = True

    def fetched(self, queue: Queue, now_s: float) -> None:
        """The queue was fetched: whatever is open is known now."""
        for one in queue.incidents:
            self._take(one, now_s, caught_up=True)

    def incident(self, event: IncidentEvent, now_s: float) -> bool:
        """Take an event in; True if this screen did not know of the incident."""
        one = event.incident
        fresh = one.id not in self.heard
        heard = self._take(one, now_s, caught_up=not self._ticked)
        lines = bits(line.seq for line in event.entries)
        heard.lines |= lines
        if self._ticked:
            told = self._new.get(one.id, 0)
            self.twice += (told & lines).bit_count()
            self._new[one.id] = told | lines
        return fresh

    def _take(self, one: _Incident, now_s: float, *, caught_up: bool) -> Heard:
        heard = self.heard.get(one.id)
        if heard is None:
            heard = self.heard[one.id] = Heard(now_s, caught_up)
        if one.version >= heard.version:  # an answer and the feed cross on their way
            heard.version, heard.state = one.version, one.state
        return heard


def bits(seqs: Iterable[int]) -> int:
    """Return line numbers as one number, a bit each."""
    found = 0
    for seq in seqs:
        found |= 1 << seq
    return found
