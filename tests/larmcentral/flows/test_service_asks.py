"""Asking for tests: of points in use, so many an hour, and of a centre's rows."""

from __future__ import annotations

import pytest

from escalation.chain import Channel
from escalation.ids import ContactPointId, UserId
from escalation.incident import Refused
from larmcentral.domain.contact import PointAsker
from larmcentral.domain.errors import NotFound
from larmcentral.domain.proof import TEST_LIMIT, AskedTooOften
from larmcentral.domain.roles import Committee, Role, Viewer
from larmcentral.domain.service import ServiceKind, ServiceState
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.stories.world_points import MANAGER, PointDesk, own
from tests.world import BO, CARE, ORGANISATION, an_id

BO_SMS = ContactPointId(an_id("bo sms"))
ROW = {"kind": "fall", "silent": "true", "fingerprint": "ab12"}


@pytest.fixture
def world(new_world: NewWorld) -> World:
    return new_world(hours=True)


@pytest.fixture
def desk(world: World) -> PointDesk:
    return PointDesk(world)


def admin(name: str = "manager") -> Viewer:
    return Viewer(
        user_id=UserId(an_id(name)),
        organisation_id=ORGANISATION,
        name="Eva",
        role=Role.ADMIN,
        person_id=None,
        language="sv",
        committees=(Committee(CARE, "Omsorgsnämnden"),),
    )


def test_a_test_is_filed_as_one_and_waits(desk: PointDesk) -> None:
    record = desk.record(desk.do(desk.asks.ask_test(BO_SMS, own(BO))))
    assert (record.ask.kind, record.ask.channel, record.ask.point_id) == (ServiceKind.TEST, Channel.SMS, BO_SMS)
    assert (record.state, record.tries, record.ask.asked_by) == (ServiceState.PENDING, 0, own(BO).user_id)


def test_a_channels_page_tests_points_of_that_channel_alone(desk: PointDesk) -> None:
    desk.do(desk.asks.ask_test(BO_SMS, MANAGER, channel=Channel.SMS))
    with pytest.raises(NotFound):
        desk.do(desk.asks.ask_test(BO_SMS, MANAGER, channel=Channel.MAIL))


def test_what_is_not_used_is_not_tested(desk: PointDesk) -> None:
    desk.do(desk.points.remove(BO_SMS, own(BO)))
    with pytest.raises(Refused, match="point_retired"):
        desk.do(desk.asks.ask_test(BO_SMS, own(BO)))


def test_a_row_of_a_centre_is_tested_with_what_names_it(desk: PointDesk) -> None:
    record = desk.record(desk.do(desk.asks.ask_receiver_test(admin(), "nord", ROW)))
    assert (record.ask.kind, record.ask.receiver, record.ask.detail) == (ServiceKind.RECEIVER_TEST, "nord", ROW)
    assert (record.ask.channel, record.ask.point_id, record.ask.committee_id) == (Channel.RECEIVER, None, CARE)


def test_a_user_asks_for_so_many_tests_an_hour_of_whatever_kind(desk: PointDesk, world: World) -> None:
    for number in range(TEST_LIMIT):
        if number % 2:
            desk.do(desk.asks.ask_receiver_test(admin(), "nord", ROW))
        else:
            desk.do(desk.asks.ask_test(BO_SMS, MANAGER))
    for ask in (desk.asks.ask_test(BO_SMS, MANAGER), desk.asks.ask_receiver_test(admin(), "nord", ROW)):
        with pytest.raises(AskedTooOften) as refused:
            desk.do(ask)
        assert 3590 < refused.value.wait.total_seconds() <= 3600
    desk.do(desk.asks.ask_test(BO_SMS, PointAsker(user_id=UserId(an_id("another")), sight=MANAGER.sight)))
    world.run(seconds=3600)
    desk.do(desk.asks.ask_test(BO_SMS, MANAGER))
