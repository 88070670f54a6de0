"""A test alarm goes the whole road and wakes nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from escalation.chain import Channel
from escalation.events import Outcome
from escalation.purpose import Purpose
from larmcentral.domain.device import DownlinkKind
from larmcentral.domain.notice import Delivery, DeliveryState
from protocols.signal import SignalKind
from tests.stories.world import World
from tests.world import WATCH


@pytest.fixture
def world() -> Iterator[World]:
    made = World(hours=True)
    yield made
    made.close()


def test_it_is_receipted_within_ten_seconds_and_only_the_desks_screens_were_told(world: World) -> None:
    pressed_at = world.clock.now()
    world.press(kind=SignalKind.TEST_ALARM)
    world.run(seconds=3)
    (record,) = world.incidents(Purpose.TEST)
    assert (record.incident.state.value, record.incident.outcome) == ("stood_down", Outcome.TEST)
    assert set(world.called) == {"desk"}
    (line,) = world.store.tables.tests.values()
    assert line.reached_desk_at is not None
    assert line.reached_desk_at - pressed_at < timedelta(seconds=10)
    (receipt,) = world.store.tables.downlinks.values()
    assert (receipt.kind, receipt.account) == (DownlinkKind.TEST_RECEIVED, WATCH)


def test_a_repeat_is_one_line_in_the_ledger(world: World) -> None:
    world.press(kind=SignalKind.TEST_ALARM)
    world.press(kind=SignalKind.TEST_ALARM, again=True)
    world.run(seconds=3)
    assert len(world.store.tables.tests) == 1


def test_one_that_never_reaches_the_desk_is_stood_down_and_the_ledger_says_so(world: World) -> None:
    world.channels[Channel.CONSOLE].answers[""] = Delivery(state=DeliveryState.REFUSED, reason="no")
    world.press(kind=SignalKind.TEST_ALARM)
    world.run(seconds=590)
    (record,) = world.incidents(Purpose.TEST)
    assert record.incident.state.value == "open"
    world.run(seconds=90)
    (record,) = world.incidents(Purpose.TEST)
    assert record.incident.state.value == "stood_down"
    (line,) = world.store.tables.tests.values()
    assert line.reached_desk_at is None


def test_a_real_alarm_beside_a_test_is_an_incident_of_its_own(world: World) -> None:
    world.press(kind=SignalKind.TEST_ALARM)
    world.press()
    world.run(seconds=2)
    assert len(world.incidents()) == 1
    assert {"bo", "cecilia"} <= set(world.called)
