"""Real wearables on bad days: each speaks its family's own bytes, and is acked only when the commit is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from devices.device import Address, DeviceSettings
from devices.gt06 import Gt06Talk
from devices.minifinder2 import Minifinder2Talk
from devices.talk import Answered, Note, Said, Talk, What
from devices.teltonika import TeltonikaTalk
from escalation.alarm import AlarmKind
from escalation.effects import EntryKind
from protocols.signal import AccountId, SignalKind
from protocols.watch.conversation import WatchTransmitter
from protocols.watch.messages import PositionReport
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.stories.world_wire import Wire

IMEI = "866000000000017"
PLACE = (59.3301, 18.0602)
SETTLED_S = 1.5
"""Telemetry is written once a second, and acked after that."""
FAMILIES: dict[str, Callable[[DeviceSettings], Talk]] = {
    "minifinder2": Minifinder2Talk,
    "gt06": Gt06Talk,
    "teltonika": TeltonikaTalk,
}


class Pendant:
    """A wearable's own words on a wire of the story."""

    def __init__(self, world: World, family: str, *, model: str | None = None) -> None:
        self.world, self.wire = world, Wire(world, family, IMEI, model=model)
        self._talk = FAMILIES[family](DeviceSettings(IMEI, (Address("127.0.0.1", 1),)))

    def connect(self) -> None:
        """Find a network: call the receiver and log in."""
        self.wire.connect()
        self._talk.connected()
        greeting = self._talk.greeting(self.world.clock.now())
        if greeting is not None:
            assert self.say(greeting), "a log-in is answered"

    def note(self, *whats: What, at: datetime | None = None, fix: bool = True, stored: bool = False) -> Note:
        """Note something now, or at a time that has passed."""
        lat, lon = PLACE
        noted_at = (at or self.world.clock.now()).replace(microsecond=0)
        return Note(whats=frozenset(whats), at=noted_at, lat=lat, lon=lon, fix=fix, battery_pct=11.0, stored=stored)

    def tell(self, *notes: Note) -> bool:
        """Send one frame; say whether it was answered as the family answers what it keeps."""
        return self.say(self._talk.tell(notes))

    def say(self, said: Said) -> bool:
        """Send one frame; say whether its own answer came within the second that telemetry may take."""
        before = len(self.wire.heard)
        self.wire.send(said.octets)
        if len(self.wire.heard) == before:
            self.world.run(seconds=SETTLED_S)
        now = self.world.clock.now()
        heard = [one for octets in self.wire.heard[before:] for one in self._talk.hear(octets, now)]
        return any(isinstance(one, Answered) and one.key == said.key and one.accepted for one in heard)

    def frame(self, *notes: Note) -> Said:
        """Return a frame to be sent more than once, as the device would: the same bytes."""
        return self._talk.tell(notes)


def backlog(pendant: Pendant, count: int, *, pressed: int) -> list[Note]:
    """A record a minute until now; SOS in the one that was written so many minutes ago."""
    now = pendant.world.clock.now()
    return [
        pendant.note(
            *((What.PRESS,) if ago == pressed else (What.POSITION,)), at=now - timedelta(minutes=ago), stored=True
        )
        for ago in range(count, 0, -1)
    ]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_panic_without_coverage_begins_the_whole_chain_when_it_arrives_and_says_its_age(
    new_world: NewWorld, family: str
) -> None:
    world = new_world()
    pendant = Pendant(world, family)
    pendant.connect()
    pressed = pendant.note(What.PRESS, fix=False, stored=True)
    pendant.wire.cut()
    world.run(seconds=242)
    assert world.called == []

    pendant.connect()
    assert pendant.tell(pressed)

    assert {"bo", "cecilia", "desk"} <= set(world.called)
    assert world.incident.kind is AlarmKind.PANIC
    (opened,) = [line.entry for line in world.lines if line.entry.kind is EntryKind.OPENED]
    assert 242 <= float(dict(opened.detail)["lateness_s"]) < 246


def test_sos_and_low_battery_in_one_frame_are_one_panic_and_a_battery_that_is_known(new_world: NewWorld) -> None:
    world = new_world()
    pendant = Pendant(world, "minifinder2")
    pendant.connect()

    assert pendant.tell(pendant.note(What.PRESS, What.LOW_BATTERY))

    called, technical = sorted(world.incidents(), key=lambda record: record.subject.technical)
    assert (called.incident.kind, technical.incident.kind) == (AlarmKind.PANIC, AlarmKind.LOW_BATTERY)
    assert {"bo", "cecilia", "desk"} <= set(world.called)
    stored = [row.new.signal for row in world.store.tables.signals.values()]
    assert {signal.kind for signal in stored} >= {SignalKind.PANIC, SignalKind.LOW_BATTERY}
    assert {signal.battery_pct for signal in stored} == {11}


@pytest.mark.parametrize("family", ["minifinder2", "teltonika"])
def test_an_sos_behind_a_backlog_of_thirty_records_is_found_and_keeps_its_own_time(
    new_world: NewWorld, family: str
) -> None:
    world = new_world()
    pendant = Pendant(world, family)
    pendant.connect()
    notes = backlog(pendant, 31, pressed=7)
    pressed_at = next(note.at for note in notes if What.PRESS in note.whats)

    for first in range(0, len(notes), 16):
        assert pendant.tell(*notes[first : first + 16])

    (record,) = world.incidents()
    assert record.incident.kind is AlarmKind.PANIC
    (alarm,) = [row.new.signal for row in world.store.tables.signals.values() if row.new.signal.is_alarm]
    assert alarm.event_at == pressed_at
    assert {"bo", "cecilia", "desk"} <= set(world.called)


def test_a_device_that_repeats_until_it_is_acked_is_one_incident_and_is_acked_when_the_store_is_back(
    new_world: NewWorld,
) -> None:
    world = new_world()
    wire = Wire(world, "watch", "8660000003")
    watch = WatchTransmitter(AccountId("8660000003"))
    wire.connect()
    pressed = watch.say(PositionReport(word="AL", at=world.clock.now().replace(microsecond=0), status=1 << 16))

    world.store.available = False
    for _ in range(5):
        wire.send(pressed)
        world.run(seconds=10)
    assert wire.heard == [], "nothing is acked that is not on disk"
    world.store.available = True
    wire.send(pressed)
    world.run(seconds=5)
    assert set(wire.heard) == {b"[3G*8660000003*0002*AL]"}

    (record,) = world.incidents()
    assert record.incident.kind is AlarmKind.PANIC


@pytest.mark.parametrize(
    ("model", "kind"),
    [("TMT250", AlarmKind.MAN_DOWN), (None, AlarmKind.MAN_DOWN), ("FMB003", AlarmKind.UNSPECIFIED_ALARM)],
    ids=["a pendant", "of a model that nobody registered", "a car's tracker, on somebody's belt or not"],
)
def test_what_a_number_means_depends_on_the_model_and_where_in_doubt_it_alarms(
    new_world: NewWorld, model: str | None, kind: AlarmKind
) -> None:
    world = new_world()
    pendant = Pendant(world, "teltonika", model=model)
    pendant.connect()

    assert pendant.tell(pendant.note(What.MAN_DOWN))

    assert world.incident.kind is kind
    assert {"bo", "cecilia", "desk"} <= set(world.called)


@pytest.mark.parametrize("family", ["gt06", "minifinder2"])
def test_a_device_that_comes_back_in_the_middle_of_an_incident_goes_on_in_it(new_world: NewWorld, family: str) -> None:
    world = new_world()
    pendant = Pendant(world, family)
    pendant.connect()
    pressed = pendant.frame(pendant.note(What.PRESS))
    pendant.wire.send(pressed.octets)
    pendant.wire.cut()  # the ack is on its way and never arrives
    world.run(seconds=20)
    world.acknowledge()

    pendant.connect()
    assert pendant.say(pressed), "the same press again is acked again"
    world.run(seconds=5)
    assert pendant.tell(pendant.note(What.POSITION))
    assert pendant.tell(pendant.note(What.PRESS)), "a second press"

    (record,) = world.incidents()
    assert record.incident.owner is not None, "somebody has it, and still has it"
    joined = [line for line in world.lines if line.entry.kind is EntryKind.ALARM_JOINED]
    assert len(joined) == 1
