"""The loop that looks for devices: whom it takes up, how many at a time, and what disturbs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from escalation.alarm import AlarmKind
from escalation.supervision import Supervision, SupervisionClass
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.outbox import DeviceState
from larmcentral.domain.register import Device
from larmcentral.flows.supervise import CLAIM_LIMIT, TAKE_UP_EVERY_S, Supervise
from tests.fakes.memory_store import MemoryRegister
from tests.stories.world import World
from tests.world import HOME, T0, WATCH, an_id

BUTTON = "8660000077"


@pytest.fixture
def world() -> Iterator[World]:
    """A town in which nobody looks for devices by himself: the tests do it."""
    made = World(hours=True)
    yield made
    made.close()


@pytest.fixture
def watched() -> Iterator[World]:
    """A town whose process looks for them."""
    made = World(hours=True, supervising=True)
    yield made
    made.close()


def looks(world: World) -> Supervise:
    return Supervise(world.server.means)


def supervised(world: World) -> dict[str, Supervision]:
    """Each device's supervision, by the device's id."""
    cores = [vigil.core for vigil in world.store.tables.vigils.values()]
    return {str(core.device_id): core for core in cores if isinstance(core, Supervision)}


def enrolled(world: World, account: str, kind: SupervisionClass = SupervisionClass.WEARABLE) -> None:
    device = Device(id=an_id(account), protocol="watch", account=account, label=account, supervision=kind)
    world.do(MemoryRegister(world.store).device(HOME, device, T0))


def beats(world: World, *accounts: str) -> None:
    """They are heard, and it is written down."""
    for account in accounts:
        world.heartbeat(account)
    world.run(seconds=1)


def test_only_a_device_that_was_heard_is_taken_up_and_only_once(world: World) -> None:
    looking = looks(world)
    assert world.do(looking.take_up()) == 0
    beats(world, WATCH)
    assert world.do(looking.take_up()) == 1
    assert world.do(looking.take_up()) == 0
    assert list(supervised(world)) == [str(an_id("watch"))]


def test_each_is_given_the_time_of_its_class(world: World) -> None:
    enrolled(world, BUTTON, SupervisionClass.SP4)
    beats(world, WATCH, BUTTON)
    assert world.do(looks(world).take_up()) == 2
    windows = {device_id: core.window for device_id, core in supervised(world).items()}
    assert windows == {
        str(an_id("watch")): SupervisionClass.WEARABLE.window,
        str(an_id(BUTTON)): SupervisionClass.SP4.window,
    }


@pytest.mark.parametrize(("level", "silence"), [("2", timedelta(hours=5)), ("4", timedelta(seconds=90))])
def test_a_transmitter_is_given_the_time_of_its_ordered_level_and_its_loss_is_seen(
    world: World, level: str, silence: timedelta
) -> None:
    device = Device(id=an_id("4711"), protocol="sos_access", account="4711", options={"ping_level": level})
    world.do(MemoryRegister(world.store).device(HOME, device, T0))
    state = DeviceState(
        organisation_id=HOME.organisation_id,
        protocol="sos_access",
        account="4711",
        receiver="sos",
        last_seen_at=world.clock.now(),
    )
    world.do(world.store.fold_telemetry([state]))
    assert world.do(looks(world).take_up()) == 1
    assert supervised(world)[str(device.id)].window == silence
    world.run(seconds=silence.total_seconds() + 1)
    world.do(looks(world).look())
    assert supervised(world)[str(device.id)].raised is AlarmKind.SILENT_DEVICE


def test_a_town_is_taken_up_a_handful_at_a_time(world: World) -> None:
    accounts = [f"{8670000000 + number}" for number in range(CLAIM_LIMIT + 3)]
    for account in accounts:
        enrolled(world, account)
    beats(world, *accounts)
    looking = looks(world)
    assert [world.do(looking.take_up()) for _ in range(3)] == [CLAIM_LIMIT, 3, 0]
    world.run(seconds=SupervisionClass.WEARABLE.window.total_seconds() - 5)
    beats(world, *accounts)
    world.run(seconds=5)
    assert [world.do(looking.look()) for _ in range(3)] == [CLAIM_LIMIT, 3, 0]
    assert not world.incidents()


def test_a_look_before_its_time_looks_at_nothing(world: World) -> None:
    beats(world, WATCH)
    looking = looks(world)
    world.do(looking.take_up())
    assert world.do(looking.look()) == 0
    assert len(supervised(world)) == 1


def test_two_processes_that_look_at_once_find_one_silence(world: World) -> None:
    beats(world, WATCH)
    one, other = looks(world), looks(world)
    world.do(one.take_up())
    world.run(seconds=301)
    assert [world.do(looking.look()) for looking in (one, other)] == [1, 0]
    (record,) = world.incidents()
    assert record.incident.kind is AlarmKind.SILENT_DEVICE


def test_a_silence_whose_commit_failed_is_found_again(world: World) -> None:
    beats(world, WATCH)
    looking = looks(world)
    world.do(looking.take_up())
    world.run(seconds=301)
    world.store.available = False
    for work in (looking.look(), looking.take_up()):
        with pytest.raises(StoreUnavailable):
            world.do(work)
    world.store.available = True
    assert world.do(looking.look()) == 1
    assert len(world.incidents()) == 1


def test_a_silence_whose_answer_was_lost_is_one_incident(world: World) -> None:
    beats(world, WATCH)
    looking = looks(world)
    world.do(looking.take_up())
    world.run(seconds=301)
    world.store.lost_answers = 1
    with pytest.raises(StoreUnavailable):
        world.do(looking.look())
    assert world.do(looking.look()) == 0
    assert len(world.incidents()) == 1
    assert world.story.count("opened") == 1


def test_the_loop_takes_up_within_half_a_minute_and_finds_silence_on_time(watched: World) -> None:
    beats(watched, WATCH)
    watched.run(seconds=TAKE_UP_EVERY_S + 1)
    (taken_up,) = supervised(watched).values()
    watched.run(seconds=300)
    (record,) = watched.incidents()
    silent = record.incident.opened_at - taken_up.counted_from
    assert timedelta(minutes=5) <= silent < timedelta(minutes=5, seconds=2), "it counts from when somebody looks"


def test_the_loop_goes_on_after_the_store_was_away(watched: World) -> None:
    beats(watched, WATCH)
    watched.run(seconds=TAKE_UP_EVERY_S + 1)
    watched.store.available = False
    watched.run(seconds=400)
    assert not watched.incidents()
    watched.store.available = True
    watched.run(seconds=3)
    assert [record.incident.kind for record in watched.incidents()] == [AlarmKind.SILENT_DEVICE]
