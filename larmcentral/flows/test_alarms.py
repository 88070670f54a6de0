"""Test alarms: pressed to prove the whole road to the desk and back, without a sound anywhere on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid5

import structlog

from escalation.alarm import AlarmKind
from escalation.decide import decide
from escalation.events import Outcome, StoodDown, System
from escalation.ids import DeviceId
from escalation.incident import State
from escalation.purpose import Purpose
from larmcentral.domain.device import Downlink, DownlinkKind, TestAlarm
from larmcentral.domain.errors import Collision
from larmcentral.domain.record import Change, FiledSignal, unchanged
from larmcentral.flows.hints import Bell
from larmcentral.flows.means import Means
from larmcentral.flows.open_incidents import Call, OpenIncidents
from larmcentral.flows.running import Loop
from larmcentral.flows.saving import save_changes
from larmcentral.ports import Transaction
from protocols.signal import SignalKind

log = structlog.get_logger(__name__)

KIND: Final = AlarmKind.UNSPECIFIED_ALARM
"""Of a test alarm's incident. The synthetic panic is a panic, and stands its own incidents down."""
WHY: Final = "test"
RECEIPT_GOOD_FOR: Final = timedelta(minutes=10)
"""Whoever pressed a test waits ten seconds; later than this he has pressed again or gone."""

SWEEP_EVERY_S: Final = 60.0
LEFT_OVER: Final = timedelta(minutes=10)
"""A test that has not come through by then did not; the ledger says so, and nobody needs the incident."""
SWEEP_LIMIT: Final = 100


def calls_of_tests(fresh: Sequence[FiledSignal]) -> list[Call]:
    """Return a call for each test alarm; it opens a test incident that the desk alone sees."""
    return [
        Call(
            subject=signal.subject.as_test(),
            kind=KIND,
            signal_id=signal.id,
            event_at=signal.new.signal.event_at,
            why=WHY,
        )
        for signal in _tests(fresh)
    ]


async def file_tests(tx: Transaction, fresh: Sequence[FiledSignal], incidents: OpenIncidents) -> None:
    """Write each test alarm into the ledger, with the incident that stands for it."""
    for signal in _tests(fresh):
        subject = signal.subject.as_test()
        change = incidents.of(subject)
        if change is None:
            raise AssertionError("a test alarm has its incident before it has its line")
        await tx.file_test_alarm(
            TestAlarm(
                organisation_id=subject.organisation_id,
                committee_id=subject.committee_id,
                signal_id=signal.id,
                incident_id=change.after.incident.id,
                device_id=None if subject.device_id is None else DeviceId(subject.device_id),
                person_id=subject.person_id,
                pressed_at=signal.new.signal.event_at,
                received_at=signal.new.received_at,
            )
        )


def _tests(fresh: Sequence[FiledSignal]) -> Iterator[FiledSignal]:
    for signal in fresh:
        subject = signal.subject
        if signal.new.signal.kind is SignalKind.TEST_ALARM and subject.known and subject.purpose is Purpose.REAL:
            yield signal


async def came_through(tx: Transaction, change: Change, means: Means, now: datetime) -> Change:
    """The desk was handed a test alarm: the ledger and the device hear of it, and the incident is over.

    change: of a test incident, continued here and saved by the caller. The synthetic panic's is left as it is.
    """
    incident, subject = change.after.incident, change.after.subject
    if incident.state is State.STOOD_DOWN or incident.kind is not KIND:
        return change
    await tx.test_came_through(incident.id, now)
    if subject.device_id is not None:
        await tx.file_downlinks(
            [
                Downlink(
                    id=uuid5(incident.id, "test received"),
                    organisation_id=subject.organisation_id,
                    committee_id=subject.committee_id,
                    device_id=DeviceId(subject.device_id),
                    protocol=subject.protocol,
                    account=subject.account,
                    incident_id=incident.id,
                    kind=DownlinkKind.TEST_RECEIVED,
                    silent=False,
                    language=subject.language,
                    filed_at=now,
                    expires_at=now + RECEIPT_GOOD_FOR,
                )
            ]
        )
    return _over(change, now)


class TestSweep:
    """Stands down what is left over of tests, so that none lies about on the desk."""

    __test__ = False  # pytest takes the name for one of its own

    def __init__(self, means: Means, *, poll_s: float = SWEEP_EVERY_S) -> None:
        self._means, self._poll_s = means, poll_s
        self._bell = Bell()
        self._loop = Loop("test sweep", self._turn, means.clock)

    def start(self) -> None:
        """Begin to sweep."""
        self._loop.start()

    async def stop(self) -> None:
        """Sweep no more; what is left over waits for the next one."""
        await self._loop.stop()

    def wake(self) -> None:
        """Sweep now."""
        self._bell.ring()

    async def _turn(self) -> None:
        await self._bell.wait(self._poll_s)
        await self.sweep()

    async def sweep(self) -> int:
        """Sweep once; return how many incidents that were."""
        means = self._means
        try:
            async with means.store.transaction() as tx:
                now = (await tx.lock([])).now  # the store's: a wrong clock of ours must not end a test under way
                locked = await tx.stale_tests(now - LEFT_OVER, SWEEP_LIMIT)
                over = [_over(unchanged(record), locked.now) for record in locked.records.values()]
                notices = await save_changes(tx, over, means)
        except Collision:
            return 0
        if over:
            log.warning("tests_left_over", incidents=len(over))
            means.hand_over(notices)
            means.hints.changed()
        return len(over)


def _over(change: Change, now: datetime) -> Change:
    return change.then(decide(change.after.incident, StoodDown(System(), Outcome.TEST, ""), now))
