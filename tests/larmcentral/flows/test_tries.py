"""What one try comes to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.chain import Channel
from escalation.effects import About
from larmcentral.domain.notice import Delivery, DeliveryState, OutgoingNotice, PathTry
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.flows.tries import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    LONGEST_WISH,
    PACED,
    TRIES,
    TRIES_AT_CENTRE,
    put_off,
    tried,
    unsent,
)
from larmcentral.flows.ways_out import WaysOut
from tests.fakes.channel import DOWN, OK
from tests.fakes.settable_clock import SettableClock
from tests.larmcentral.flows.notices import a_forward, in_house, outward
from tests.larmcentral.flows.test_ways_out import kill, way
from tests.world import T0

HOUR = timedelta(hours=1)


@pytest.fixture
def ways() -> WaysOut:
    """Two providers of text messages, one of pushes, a centre."""
    centre = way("receiver:nord", Channel.RECEIVER, "nord")
    return WaysOut([way("46elks"), way("smpp"), way("apns", Channel.APNS), centre], SettableClock(T0))


def by(ways: WaysOut, provider: str, notice: OutgoingNotice, delivery: Delivery) -> Settled:
    ways.told(provider, delivery, 0.1, address=notice.address)
    return tried(notice, delivery, next(one for one in ways.ways if one.provider == provider), ways, T0)


def retry(after: timedelta | None = None) -> Delivery:
    return Delivery(state=DeliveryState.RETRY, reason="later", retry_after=after)


def pause(settled: Settled) -> timedelta:
    assert settled.state is NoticeState.PENDING
    assert settled.due_at is not None
    return settled.due_at - T0


def test_what_a_provider_took_is_settled_with_its_name_and_its_own_id(ways: WaysOut) -> None:
    took = Delivery(state=DeliveryState.SENT, provider_id="s1")
    settled = by(ways, "apns", in_house(), took)
    assert (settled.state, settled.provider, settled.provider_id, settled.tries) == (
        NoticeState.SENT,
        "apns",
        "s1",
        1,
    )
    assert (settled.receiver, settled.late, settled.waits) == (None, False, False)


def test_the_pauses_grow_up_to_half_a_minute(ways: WaysOut) -> None:
    pauses = [pause(by(ways, "apns", in_house(tries=tries), DOWN)) for tries in range(TRIES - 1)]
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert by(ways, "apns", in_house(tries=TRIES - 1), DOWN).state is NoticeState.FAILED


def test_a_providers_wish_is_heeded_longer_by_what_is_no_alarm(ways: WaysOut) -> None:
    assert pause(by(ways, "apns", in_house(), retry(timedelta(seconds=9)))) == timedelta(seconds=9)
    assert pause(by(ways, "apns", in_house(), retry(HOUR))) == LONGEST_PAUSE
    assert pause(by(ways, "apns", in_house(about=About.OVER), retry(HOUR))) == LONGEST_WISH
    assert pause(by(ways, "apns", in_house(tries=5), retry(timedelta(seconds=1)))) == FIRST_PAUSE * 32


def test_the_other_provider_is_asked_at_once_and_both_together_after_a_pause(ways: WaysOut) -> None:
    first = by(ways, "46elks", outward(), DOWN)
    assert pause(first) == timedelta()
    second = by(ways, "smpp", outward(tries=1), DOWN)
    assert pause(second) == 2 * FIRST_PAUSE


def test_a_provider_that_is_dead_itself_does_not_stand_in(ways: WaysOut) -> None:
    kill(ways, "smpp")
    assert pause(by(ways, "46elks", outward(), DOWN)) == FIRST_PAUSE


def test_a_refusal_of_ours_is_tried_by_the_other_provider_and_one_of_the_number_is_not(ways: WaysOut) -> None:
    ours = Delivery(state=DeliveryState.REFUSED, reason="401", about_us=True)
    number = Delivery(state=DeliveryState.REFUSED, reason="bad number")
    assert by(ways, "46elks", outward(), ours).state is NoticeState.PENDING
    assert by(ways, "smpp", outward(tries=1), ours).state is NoticeState.REFUSED
    assert by(ways, "46elks", outward(), number).state is NoticeState.REFUSED
    assert by(ways, "apns", in_house(), ours).state is NoticeState.REFUSED


def test_a_notice_is_late_when_every_way_of_its_channel_is_dead(ways: WaysOut) -> None:
    assert not by(ways, "apns", in_house(), DOWN).late
    kill(ways, "apns")
    late = by(ways, "apns", in_house(), DOWN)
    assert (late.late, late.waits) == (True, True)
    news = by(ways, "apns", in_house(about=About.GOING), DOWN)
    assert (news.late, news.waits) == (True, False)


def test_an_alarm_that_is_throttled_waits_and_one_that_another_provider_takes_does_not(ways: WaysOut) -> None:
    assert by(ways, "apns", in_house(), retry(timedelta(seconds=2))).waits
    assert not by(ways, "46elks", outward(), retry(timedelta(seconds=2))).waits


def test_a_centre_is_tried_for_an_hour_and_its_way_is_never_late(ways: WaysOut) -> None:
    kill(ways, "receiver:nord")
    paths = (PathTry(path="primary", at=T0, seconds=5, took=False, result="no answer"),)
    answer = Delivery(state=DeliveryState.RETRY, reason="no answer", paths=paths)
    settled = by(ways, "receiver:nord", a_forward(tries=TRIES), answer)
    assert (settled.state, settled.receiver, settled.paths) == (NoticeState.PENDING, "nord", paths)
    assert (settled.late, settled.waits, pause(settled)) == (False, False, LONGEST_PAUSE)
    last = by(ways, "receiver:nord", a_forward(tries=TRIES_AT_CENTRE - 1), answer)
    assert last.state is NoticeState.FAILED


def test_a_centre_in_its_test_state_is_passed_on(ways: WaysOut) -> None:
    took = Delivery(state=DeliveryState.SENT, in_test=True)
    assert by(ways, "receiver:nord", a_forward(), took).in_test


def test_to_wait_for_its_turn_is_no_try() -> None:
    settled = put_off(outward(tries=2, about=About.OVER), 7.5, T0)
    assert (settled.state, settled.reason, settled.tries) == (NoticeState.PENDING, PACED, 2)
    assert (settled.due_at, settled.waits, settled.provider) == (T0 + timedelta(seconds=7.5), False, None)


def test_what_no_provider_was_asked_about_names_none() -> None:
    settled = unsent(outward(), Delivery(state=DeliveryState.REFUSED, reason="no_channel"), T0)
    assert (settled.state, settled.provider, settled.tries) == (NoticeState.REFUSED, None, 1)


def test_a_success_is_one_whatever_was_before(ways: WaysOut) -> None:
    kill(ways, "46elks", "smpp")
    assert by(ways, "46elks", outward(tries=5), OK).state is NoticeState.SENT
