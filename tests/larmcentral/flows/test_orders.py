"""What people ask of devices: filed, said, answered, or never said; the timeline tells of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation.events import Outcome
from escalation.ids import CommitteeId, DeviceId
from escalation.incident import Refused
from larmcentral.domain.arrival import Arrival
from larmcentral.domain.device import NO_WORDS, Downlink, DownlinkKind, Said, Unsaid
from larmcentral.domain.errors import NotFound
from larmcentral.domain.order import NumberRefused
from larmcentral.domain.register import Device
from protocols.orders import REPLY, CallBack, Commission
from protocols.signal import AccountId, Position, Signal, SignalKind
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import KARIN, LARS, SIGHT, World
from tests.world import ANNA, HOME, RECEIVER, SOCIAL, WATCH, an_id

DEVICE = ("watch", WATCH)
OF_ORDERS = ("device_asked", "device_told", "device_answered", "device_placed", "device_not_told")


@pytest.fixture
def watch_id(world: World) -> DeviceId:
    """Anna's watch, which is not connected; she has pressed it."""
    world.press()
    _, device = world.store.tables.devices[DEVICE]
    return DeviceId(device.id)


def locate(world: World, device_id: UUID, **other: Any) -> UUID:
    how = {"by": KARIN, "sight": SIGHT, **other}
    return world.do(world.house.orders.locate(world.incident_id, DeviceId(device_id), **how))


def ring(world: World, device_id: UUID, number: str) -> UUID:
    return world.do(world.house.orders.call_back(world.incident_id, DeviceId(device_id), number, KARIN, SIGHT))


def reply(world: World, words: str, account: str = WATCH) -> None:
    """The device says something back."""
    signal = Signal(
        kind=SignalKind.HEARTBEAT, device=AccountId(account), repeat_key=f"reply {words}", code=REPLY, text=words
    )
    arrived_at = world.clock.now()
    world.send(Arrival(receiver=RECEIVER, received_at=arrived_at, authentic=True, raw=b"[]", signals=(signal,)))
    world.run(seconds=1)


def say_where(world: World, name: str, account: str = WATCH) -> None:
    """The device says where it is, of itself or because it was asked."""
    now = world.clock.now()
    signal = Signal(
        kind=SignalKind.POSITION,
        device=AccountId(account),
        repeat_key=name,
        position=Position(lat=57.93, lon=12.53, fix_at=now),
    )
    world.send(Arrival(receiver=RECEIVER, received_at=now, authentic=True, raw=b"[]", signals=(signal,)))
    world.run(seconds=1)


def told(world: World) -> list[str]:
    return [kind for kind in world.story if kind in OF_ORDERS]


def the(world: World, order: UUID) -> Downlink:
    found: Downlink = world.store.tables.downlinks[order]
    return found


def test_a_device_that_is_there_is_asked_at_once_and_what_it_answers_is_told(world: World, watch_id: DeviceId) -> None:
    world.speaks.here.add(DEVICE)
    order = locate(world, watch_id)
    world.run(seconds=2)
    assert [one.kind for one in world.speaks.said] == [DownlinkKind.LOCATE]
    reply(world, "CR ok")
    assert told(world) == ["device_asked", "device_told", "device_answered"]
    one = the(world, order)
    assert (one.answer, one.replies, one.asked_by) == ("CR ok", 1, KARIN.user_id)
    by_whom = [line.entry.by for line in world.lines if line.entry.kind.value == "device_asked"]
    assert by_whom == [KARIN]
    reply(world, "and again")
    assert the(world, order).answer == "CR ok"


def test_a_device_that_is_away_is_asked_when_it_comes_back(world: World, watch_id: DeviceId) -> None:
    locate(world, watch_id)
    world.run(seconds=14 * 60)
    assert told(world) == ["device_asked"]
    world.speaks.here.add(DEVICE)
    world.run(seconds=2)
    assert told(world) == ["device_asked", "device_told"]


def test_an_order_that_nobody_could_say_in_a_quarter_of_an_hour_is_put_away_and_told(
    world: World, watch_id: DeviceId
) -> None:
    order = locate(world, watch_id)
    world.run(seconds=15 * 60 + 20)
    assert told(world) == ["device_asked", "device_not_told"]
    assert the(world, order).unsaid is Unsaid.EXPIRED
    world.speaks.here.add(DEVICE)
    world.run(seconds=5)
    assert not world.speaks.said


def test_a_device_without_words_for_it_is_put_away_at_once(
    world: World, watch_id: DeviceId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.speaks, "say", lambda downlink: NO_WORDS)
    world.speaks.here.add(DEVICE)
    order = locate(world, watch_id)
    world.run(seconds=2)
    assert the(world, order).unsaid is Unsaid.NO_WORDS
    (line,) = [line for line in world.lines if line.entry.kind.value == "device_not_told"]
    assert dict(line.entry.detail) == {"what": "locate", "device": str(watch_id), "why": "no_words"}


def test_the_same_order_asked_twice_waits_once_and_another_number_is_another_order(
    world: World, watch_id: DeviceId
) -> None:
    assert locate(world, watch_id) == locate(world, watch_id, by=LARS)
    assert ring(world, watch_id, "0303-174 060") == ring(world, watch_id, "0303174060")
    assert ring(world, watch_id, "0303174061") != ring(world, watch_id, "0303174060")
    assert told(world).count("device_asked") == 4


def test_the_number_stands_with_the_order_and_never_on_the_timeline(world: World, watch_id: DeviceId) -> None:
    order = ring(world, watch_id, "+46 303-174 060")
    assert the(world, order).content == CallBack("+46303174060")
    assert "174060" not in "".join(value for line in world.lines for _, value in line.entry.detail)
    with pytest.raises(NumberRefused):
        ring(world, watch_id, str(56 + 56))
    assert told(world) == ["device_asked"]


def test_a_silent_incidents_device_rings_nobody_and_is_asked_where_it_is_only_if_somebody_tried_that_nothing_shows(
    world: World,
) -> None:
    _, device = world.store.tables.devices[DEVICE]
    world.press(silent=True)
    with pytest.raises(Refused, match="locate_may_show"):
        locate(world, device.id)
    tried = world.house.orders.keep_sheet(
        DeviceId(device.id), Commission(), "", KARIN.user_id, SIGHT, quiet_locate=True
    )
    world.do(tried)
    with pytest.raises(Refused, match="silent_incident"):
        ring(world, device.id, "0303174060")
    world.speaks.here.add(DEVICE)
    order = locate(world, device.id)
    assert (the(world, order).silent, the(world, order).quiet) == (True, True)
    world.run(seconds=2)
    assert [one.kind for one in world.speaks.said] == [DownlinkKind.LOCATE]


@pytest.mark.parametrize("option", ["on", "off"])
def test_a_devices_option_says_as_well_whether_anything_shows_there(world: World, option: str) -> None:
    tag = Device(
        id=an_id("tag"),
        protocol="gt06",
        account="866000000000017",
        worn_by=ANNA,
        options={"quiet_locate": option},
    )
    world.do(MemoryRegister(world.store).device(HOME, tag, world.clock.now()))
    world.press(silent=True)
    if option == "on":
        assert the(world, locate(world, tag.id)).quiet
    else:
        with pytest.raises(Refused, match="locate_may_show"):
            locate(world, tag.id)


def test_a_silent_alarm_beside_it_changes_nothing_of_what_the_wearer_sees(world: World, watch_id: DeviceId) -> None:
    """Who stands beside him would notice what is missing."""
    ring(world, watch_id, "0303174060")
    world.acknowledge()
    world.run(seconds=1)
    world.press(silent=True)
    world.speaks.here.add(DEVICE)
    world.run(seconds=2)
    assert [one.kind for one in world.speaks.said] == [DownlinkKind.CALL_BACK, DownlinkKind.TAKEN]


def test_what_went_out_is_not_said_again_because_the_writing_of_it_failed(
    world: World, watch_id: DeviceId, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = world.speaks.say

    def say_and_lose_the_store(downlink: Downlink) -> Said:
        world.store.available = False
        return say(downlink)

    monkeypatch.setattr(world.speaks, "say", say_and_lose_the_store)
    order = ring(world, watch_id, "0303174060")
    world.speaks.here.add(DEVICE)
    world.run(seconds=2)
    assert (len(world.speaks.said), the(world, order).sent_at) == (1, None)
    world.store.available = True
    world.run(seconds=2)
    assert len(world.speaks.said) == 1
    assert the(world, order).sent_at is not None
    assert told(world) == ["device_asked", "device_told"]


def test_a_device_that_was_asked_where_it_is_answers_with_its_next_place(world: World, watch_id: DeviceId) -> None:
    world.speaks.here.add(DEVICE)
    order = locate(world, watch_id)
    world.run(seconds=2)
    for minutes in (1, 2):
        say_where(world, f"place {minutes}")
    assert told(world) == ["device_asked", "device_told", "device_placed"]
    one = the(world, order)
    assert (one.answer, one.placed_at) == (None, one.answered_at)


def test_an_answer_in_the_frame_of_an_alarm_is_an_answer_as_well(world: World, watch_id: DeviceId) -> None:
    world.speaks.here.add(DEVICE)
    order = locate(world, watch_id)
    world.run(seconds=2)
    now = world.clock.now()
    alarm = Signal(
        kind=SignalKind.PANIC,
        device=AccountId(WATCH),
        repeat_key="again",
        event_at=now,
        position=Position(lat=57.93, lon=12.53, fix_at=now),
    )
    words = replace(alarm, kind=SignalKind.HEARTBEAT, repeat_key="words", code=REPLY, text="CR", position=None)
    for _ in range(2):  # the device repeats what it says; it is one answer
        world.send(Arrival(receiver=RECEIVER, received_at=now, authentic=True, raw=b"[]", signals=(alarm, words)))
        world.run(seconds=2)
    assert told(world) == ["device_asked", "device_told", "device_placed", "device_answered"]
    assert (the(world, order).answer, the(world, order).replies) == ("CR", 1)


def test_a_device_of_somebody_else_or_a_stranger_who_asks_finds_nothing(world: World, watch_id: DeviceId) -> None:
    bos = Device(id=an_id("bos watch"), protocol="watch", account="8660000099")
    world.do(MemoryRegister(world.store).device(HOME, bos, world.clock.now()))
    with pytest.raises(NotFound):
        locate(world, bos.id)
    with pytest.raises(NotFound):
        locate(world, watch_id, sight=frozenset({CommitteeId(SOCIAL)}))


def test_a_kind_of_device_that_has_no_words_is_refused_before_anything_is_filed(world: World) -> None:
    panel = Device(id=an_id("panel"), protocol="dc09", account="1234", worn_by=ANNA)
    world.do(MemoryRegister(world.store).device(HOME, panel, world.clock.now()))
    world.press()
    with pytest.raises(Refused, match="device_has_no_words"):
        locate(world, panel.id)
    assert not world.store.tables.downlinks


def test_an_order_that_waits_when_the_incident_ends_is_never_said(world: World, watch_id: DeviceId) -> None:
    order = ring(world, watch_id, "0303174060")
    world.acknowledge()
    world.stand_down(Outcome.FALSE)
    world.speaks.here.add(DEVICE)
    world.run(seconds=2)
    assert DownlinkKind.CALL_BACK not in [one.kind for one in world.speaks.said]
    assert the(world, order).unsaid is Unsaid.OVER
    with pytest.raises(Refused, match="stood_down"):
        locate(world, watch_id)


def test_an_order_survives_a_crash_between_asking_and_saying(world: World, watch_id: DeviceId) -> None:
    locate(world, watch_id)
    world.crash()
    world.speaks.here.add(DEVICE)
    world.restart()
    world.run(seconds=2)
    assert told(world) == ["device_asked", "device_told"]


def test_a_sheet_is_written_sent_and_each_setting_answered(
    world: World, watch_id: DeviceId, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = world.house.orders
    settings = Commission(sos_numbers=("0303-174 060",), fall_detection=True, in_utc=True)
    world.do(orders.keep_sheet(watch_id, settings, "laddas varje kväll", KARIN.user_id, SIGHT, quiet_locate=False))
    sheet = world.store.tables.sheets[watch_id]
    assert (sheet.settings.sos_numbers, sheet.note, sheet.changed_by) == (
        ("0303174060",),
        "laddas varje kväll",
        KARIN.user_id,
    )
    order = world.do(orders.send_sheet(watch_id, KARIN.user_id, SIGHT))
    assert order == world.do(orders.send_sheet(watch_id, LARS.user_id, SIGHT))
    one = the(world, order)
    assert one.content == Commission(sos_numbers=("0303174060",), fall_detection=True)  # a watch is in UTC as it is
    assert one.expires_at - one.filed_at == timedelta(days=7)
    monkeypatch.setattr(world.speaks, "say", lambda downlink: Said(2))
    world.speaks.here.add(DEVICE)
    world.run(seconds=2)
    for words in ("SOS1", "FALLDOWN", "UPLOAD"):
        reply(world, words)
    assert (the(world, order).answer, the(world, order).replies) == ("SOS1; FALLDOWN; UPLOAD", 3)
    assert told(world) == []  # it is no part of an incident


def test_an_empty_sheet_or_one_that_can_only_be_set_by_hand_is_not_sent(world: World, watch_id: DeviceId) -> None:
    orders = world.house.orders
    with pytest.raises(Refused, match="sheet_empty"):
        world.do(orders.send_sheet(watch_id, KARIN.user_id, SIGHT))
    world.do(orders.keep_sheet(watch_id, Commission(), "bara en anteckning", KARIN.user_id, SIGHT, quiet_locate=False))
    with pytest.raises(Refused, match="sheet_empty"):
        world.do(orders.send_sheet(watch_id, KARIN.user_id, SIGHT))
    world.do(orders.keep_sheet(watch_id, Commission(in_utc=True), "", KARIN.user_id, SIGHT, quiet_locate=False))
    with pytest.raises(Refused, match="device_has_no_words"):
        world.do(orders.send_sheet(watch_id, KARIN.user_id, SIGHT))
    numbers = Commission(sos_numbers=("0303174060", str(56 + 56)))
    with pytest.raises(NumberRefused):
        world.do(orders.keep_sheet(watch_id, numbers, "", KARIN.user_id, SIGHT, quiet_locate=False))
    with pytest.raises(NotFound):
        world.do(
            orders.keep_sheet(DeviceId(an_id("no device")), Commission(), "", KARIN.user_id, SIGHT, quiet_locate=False)
        )
