"""Intake: two lanes, so that an alarm is never behind telemetry; a promise is given after the commit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from escalation.ids import SignalId
from larmcentral.domain.arrival import Arrival, ReceiverName, UnknownBytes
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import DeviceState
from larmcentral.domain.record import NewSignal
from larmcentral.flows.alarms import file_alarms
from larmcentral.flows.device_replies import file_replies, is_reply, says_where
from larmcentral.flows.lane import Lane
from larmcentral.flows.means import Means
from larmcentral.flows.running import Loop
from protocols.signal import Position, SignalKind

log = structlog.get_logger(__name__)

ALARMS_WAITING: Final = 10_000
"""An outage of the database with every device of a town pressing; some 20 MB."""
TELEMETRY_WAITING: Final = 20_000
TELEMETRY_PATIENCE_S: Final = 10.0
"""A heartbeat older than that is worth nothing; its device sends the next one."""
TELEMETRY_GATHER_S: Final = 0.25
"""Telemetry may wait a moment for company; alarms never do."""
TELEMETRY_BATCH: Final = 500
"""A town that comes back after an outage says thousands of words a second; 100 at a time stood in its way."""
UNKNOWN_WAITING: Final = 2_000
ANSWERS_WAITING: Final = 1_000
"""Of devices that answer us in the frame of an alarm."""
BESIDE_EVERY_S: Final = 1.0

FOLDED: Final = frozenset({SignalKind.HEARTBEAT, SignalKind.LINK_TEST, SignalKind.POSITION})
"""Kinds of which only the last word is kept, unless an incident is open about their sender."""


_Name = tuple[ReceiverName, bool, bytes, tuple[tuple[str | None, str], ...]]


@dataclass(frozen=True, slots=True)
class _Taken:
    """An arrival with the ids its signals keep over all retries. reduced: filed whole it has failed, by itself."""

    arrival: Arrival
    signals: tuple[NewSignal, ...]
    reduced: bool = False


class Intake:
    """ports.TakesIn: files what receivers hear and decides what follows."""

    def __init__(self, means: Means, *, poll_s: float = BESIDE_EVERY_S) -> None:
        self._means, self._store, self._clock, self._measures = means, means.store, means.clock, means.measures
        self._hints, self._poll_s = means.hints, poll_s
        clock = means.clock
        self._alarms: Lane[_Taken] = Lane("alarm", self._file_alarms, clock, reduce=_reduced, limit=ALARMS_WAITING)
        self._telemetry: Lane[_Taken] = Lane(
            "telemetry",
            self._file_telemetry,
            clock,
            reduce=_reduced,
            limit=TELEMETRY_WAITING,
            patience_s=TELEMETRY_PATIENCE_S,
            gather_s=TELEMETRY_GATHER_S,
            batch_limit=TELEMETRY_BATCH,
        )
        self._unknown: deque[UnknownBytes] = deque(maxlen=UNKNOWN_WAITING)
        self._answers: deque[NewSignal] = deque(maxlen=ANSWERS_WAITING)
        self._last_words: dict[tuple[str, bool], DeviceState] = {}
        self._filing: dict[_Name, asyncio.Future[None]] = {}
        self._keeper = Loop("beside the lanes", self._keep_beside, clock)

    def start(self) -> None:
        """Open both lanes."""
        self._alarms.start()
        self._telemetry.start()
        self._keeper.start()

    async def stop(self) -> None:
        """Close them; what waits is not acked, its devices send it again."""
        await self._alarms.stop()
        await self._telemetry.stop()
        await self._keeper.stop()

    async def take_in(self, arrival: Arrival) -> None:
        """Return when the arrival is on disk; see ports.TakesIn."""
        if any(signal.is_alarm for signal in arrival.signals):
            await self._take_alarm(arrival)
        else:
            await self._put(self._telemetry, "telemetry", _Taken(arrival, self._named(arrival)))

    async def _take_alarm(self, arrival: Arrival) -> None:
        """A repeat whose first copy still waits is answered with it, or an impatient town would stand behind itself."""
        name = _name_of(arrival)
        first = self._filing.get(name)
        if first is not None:
            self._measures.repeat(arrival.receiver.protocol)
            await asyncio.shield(first)
            return
        filed = self._filing[name] = asyncio.get_running_loop().create_future()
        filed.add_done_callback(_seen)
        taken = _Taken(arrival, self._named(arrival))
        try:
            await self._put(self._alarms, "alarm", taken)
        except BaseException as error:
            filed.set_exception(error if isinstance(error, Exception) else StoreUnavailable("stopping"))
            raise
        else:
            filed.set_result(None)
        finally:
            del self._filing[name]
        if (state := _state(taken)) is not None:
            self._last_words[state.account, state.covert] = state

    async def _put(self, lane: Lane[_Taken], name: str, taken: _Taken) -> None:
        self._measures.lane_length(name, len(lane) + 1)
        await lane.put(taken)
        self._measures.lane_length(name, len(lane))

    def keep_unknown(self, found: UnknownBytes) -> None:
        """Keep bytes for the record; a flood pushes the oldest out, never an alarm. See ports.TakesIn."""
        self._unknown.append(found)

    def _named(self, arrival: Arrival) -> tuple[NewSignal, ...]:
        gravest_first = sorted(arrival.signals, key=lambda signal: not signal.is_alarm)
        return tuple(
            NewSignal(
                id=SignalId(self._means.ids.new()),
                organisation_id=arrival.receiver.organisation_id,
                fallback_committee_id=arrival.receiver.committee_id,
                receiver=arrival.receiver.name,
                protocol=arrival.receiver.protocol,
                authentic=arrival.authentic,
                received_at=arrival.received_at,
                raw=arrival.raw,
                signal=signal,
            )
            for signal in gravest_first
        )

    async def _file_alarms(self, batch: Sequence[_Taken]) -> None:
        signals = [signal for taken in batch for signal in taken.signals]
        try:
            async with self._store.transaction() as tx:
                # Reduced, an alarm goes out at once: what could count it down cannot be read.
                done = await file_alarms(tx, signals, self._means, plain=any(taken.reduced for taken in batch))
        except StoreUnavailable:
            # It may stand all the same, with notices leased to us that we never saw: let the outbox look.
            self._hints.changed()
            raise
        self._means.hand_over(done.notices)
        self._hints.changed()
        for filed in done.filed:
            if not filed.fresh:
                self._measures.repeat(filed.new.protocol)
            elif is_reply(filed.new) or says_where(filed.new):
                self._answers.append(filed.new)  # beside the lane: an alarm's own answer waits for nothing else

    async def _file_telemetry(self, batch: Sequence[_Taken]) -> None:
        """Fold last words; file what is an event; keep positions only of those an incident is open about."""
        states = [state for taken in batch if (state := _state(taken)) is not None]
        if states:
            await self._store.fold_telemetry(states, now=self._clock.now())
        signals = [signal for taken in batch for signal in taken.signals]
        tracked = await self._file_events(batch, signals)
        # Last, so that a batch which is taken again counts no answer twice. Only of those an incident is open about
        # anybody wants to know where they are.
        heard = [signal for signal in signals if is_reply(signal) or (signal.id in tracked and says_where(signal))]
        await file_replies(heard, self._means)

    async def _file_events(self, batch: Sequence[_Taken], signals: Sequence[NewSignal]) -> Collection[SignalId]:
        """Return which of them come from those an incident is open about, as far as they have a place or are events."""
        events = [signal for signal in signals if signal.signal.kind not in FOLDED]
        places = [signal for signal in signals if signal.signal.kind in FOLDED and signal.signal.position is not None]
        if not events and not places:
            return ()
        notices: Sequence[OutgoingNotice] = ()
        try:
            async with self._store.transaction() as tx:
                tracked = await tx.tracked([*events, *places])
                kept = [signal if signal.id in tracked else _without_place(signal) for signal in events]
                kept.extend(signal for signal in places if signal.id in tracked)
                if kept:
                    plain = any(taken.reduced for taken in batch)
                    notices = (await file_alarms(tx, kept, self._means, plain=plain)).notices
        except StoreUnavailable:
            self._hints.changed()
            raise
        self._means.hand_over(notices)
        if kept:
            self._hints.changed()
        return tracked

    async def _keep_beside(self) -> None:
        """Write what nobody waits for: last words of devices that raised an alarm, what they answered us with it, and
        bytes nobody understood."""
        await self._clock.sleep(self._poll_s)
        words, self._last_words = list(self._last_words.values()), {}
        if words:
            await self._store.fold_telemetry(words, now=self._clock.now())
        answers = list(self._answers)
        if answers:
            self._answers.clear()
            try:
                await file_replies(answers, self._means)
            except StoreUnavailable:
                self._answers.extendleft(reversed(answers))
                raise
        found = list(self._unknown)
        if found:
            self._unknown.clear()
            try:
                await self._store.keep_unknown(found)
            except StoreUnavailable:
                self._unknown.extendleft(reversed(found))
                raise


def _name_of(arrival: Arrival) -> _Name:
    """The same for an arrival and its repeats, whichever connection they come on."""
    said = tuple((signal.device, signal.repeat_key) for signal in arrival.signals)
    return arrival.receiver, arrival.authentic, arrival.raw, said


def _seen(filed: asyncio.Future[None]) -> None:
    """What became of it is told to those who wait for it, if anybody does."""
    if not filed.cancelled():
        filed.exception()


def _state(taken: _Taken) -> DeviceState | None:
    arrival = taken.arrival
    named = next((signal for signal in arrival.signals if signal.device is not None), None)
    if named is None or not arrival.authentic:
        return None
    battery: int | None = next((s.battery_pct for s in arrival.signals if s.battery_pct is not None), None)
    charging: bool | None = next((s.charging for s in arrival.signals if s.charging is not None), None)
    last_seen_at: datetime = arrival.received_at
    place = next(
        (s.position for s in reversed(arrival.signals) if s.position is not None and _on_earth(s.position)), None
    )
    return DeviceState(
        organisation_id=arrival.receiver.organisation_id,
        protocol=arrival.receiver.protocol,
        account=named.device or "",
        receiver=arrival.receiver.name,
        last_seen_at=last_seen_at,
        battery_pct=battery if battery is not None and 0 <= battery <= 100 else None,
        charging=charging,
        lat=None if place is None else place.lat,
        lon=None if place is None else place.lon,
        # A device whose clock runs ahead must not look freshly placed for as long as it does.
        fix_at=None if place is None else min(place.fix_at or last_seen_at, last_seen_at),
        covert=any(signal.silent or signal.kind is SignalKind.DURESS for signal in arrival.signals),
    )


def _on_earth(place: Position) -> bool:
    """Only a fix, and one that a map has: the last words of a whole batch are written together."""
    return place.valid and -90.0 <= place.lat <= 90.0 and -180.0 <= place.lon <= 180.0


def _without_place(new: NewSignal) -> NewSignal:
    """A position outside an incident is not stored, nor the frame that spells it out."""
    return replace(new, raw=b"", signal=replace(new.signal, position=None, evidence=()))


def _reduced(taken: _Taken) -> _Taken:
    """What the database will take of a signal whose content it refuses: that it came, and the frame."""
    return _Taken(
        taken.arrival,
        tuple(
            replace(
                new,
                signal=replace(
                    new.signal,
                    event_at=None,
                    sent_at=None,
                    position=None,
                    battery_pct=None,
                    code=None,
                    text=None,
                    evidence=(),
                    doubts=("content refused by the store; see the frame",),
                ),
            )
            for new in taken.signals
        ),
        reduced=True,
    )
