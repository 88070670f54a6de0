"""Words down to devices."""

from __future__ import annotations

from escalation.ids import DeviceId
from larmcentral.domain.device import NOT_NOW, Downlink, Said
from larmcentral.domain.register import Device
from larmcentral.flows.downlinks import SWEEP_EVERY_S
from larmcentral.flows.saving import TAKEN_GOOD_FOR
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import KARIN, SIGHT, World
from tests.world import ANNA, HOME, WATCH, an_id


def test_a_device_that_cannot_be_told_now_is_told_when_it_can(world: World) -> None:
    device = ("watch", WATCH)
    world.speaks.here.add(device)
    world.speaks.deaf.add(device)
    world.press()
    world.acknowledge()
    world.run(seconds=5)
    assert not world.speaks.said
    world.speaks.deaf.clear()
    world.run(seconds=2)
    assert len(world.speaks.said) == 1


def test_a_process_that_died_leaves_its_words_to_the_next(world: World) -> None:
    world.press()
    world.acknowledge()
    world.crash()
    world.speaks.here.add(("watch", WATCH))
    world.restart()
    world.run(seconds=2)
    assert len(world.speaks.said) == 1


def test_the_timeline_tells_that_the_device_was_told(world: World) -> None:
    world.speaks.here.add(("watch", WATCH))
    world.press()
    world.acknowledge()
    world.run(seconds=2)
    assert "device_told" in world.story


def test_the_timeline_tells_that_a_device_which_never_came_was_not_told(world: World) -> None:
    world.press()
    world.acknowledge()
    world.run(seconds=TAKEN_GOOD_FOR.total_seconds() + SWEEP_EVERY_S)
    assert "device_told" not in world.story
    assert "device_not_told" in world.story


def test_that_a_silent_alarms_device_was_told_nothing_is_no_news(world: World) -> None:
    world.press(silent=True)
    world.acknowledge()
    world.run(seconds=TAKEN_GOOD_FOR.total_seconds() + SWEEP_EVERY_S)
    assert "device_not_told" not in world.story


def test_what_waits_for_a_phone_is_known_and_carried_in_the_answer_to_its_request(world: World) -> None:
    phone = Device(id=an_id("phone"), protocol="owntracks", account="anna", worn_by=ANNA)
    world.do(MemoryRegister(world.store).device(HOME, phone, world.clock.now()))
    world.press()
    downlinks = world.house.downlinks
    assert not downlinks.waits_for("owntracks", "anna")
    order = world.do(world.house.orders.locate(world.incident_id, DeviceId(phone.id), KARIN, SIGHT))
    world.run(seconds=2)
    assert downlinks.waits_for("owntracks", "anna")
    said: list[Downlink] = []

    def say(downlink: Downlink) -> Said:
        said.append(downlink)
        return Said(1)

    world.do(downlinks.carry("owntracks", "anna", say))
    assert [one.id for one in said] == [order]
    assert not downlinks.waits_for("owntracks", "anna")
    assert world.story[-1] == "device_told"


def test_words_that_did_not_get_into_the_answer_wait_for_the_next(world: World) -> None:
    phone = Device(id=an_id("phone"), protocol="owntracks", account="anna", worn_by=ANNA)
    world.do(MemoryRegister(world.store).device(HOME, phone, world.clock.now()))
    world.press()
    world.do(world.house.orders.locate(world.incident_id, DeviceId(phone.id), KARIN, SIGHT))
    world.do(world.house.downlinks.carry("owntracks", "anna", lambda downlink: NOT_NOW))
    world.run(seconds=2)
    assert world.house.downlinks.waits_for("owntracks", "anna")
