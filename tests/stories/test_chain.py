"""How a chain walks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation.chain import Channel
from escalation.effects import About
from escalation.events import Outcome, Responder
from escalation.incident import Refused, ResponderState, State
from escalation.purpose import Purpose
from larmcentral.domain.notice import Delivery, DeliveryState
from larmcentral.domain.outbox import NoticeState
from protocols.signal import SignalKind
from tests.stories.conftest import NewWorld
from tests.stories.world import LARS, SIGHT, World
from tests.world import ANNA, BO, CECILIA, DAVID, chain


def test_the_night_team_and_the_desk_are_told_at_once(world: World) -> None:
    world.press()
    assert world.called == ["bo", "cecilia", "desk"]
    assert world.acked == ["press 1"]


def test_the_wearer_is_never_told_of_her_own_alarm(world: World) -> None:
    world.press()
    world.run(seconds=400)
    assert "anna" not in world.called


def test_the_second_step_begins_when_nobody_answers_in_thirty_seconds(world: World) -> None:
    world.press()
    world.run(seconds=29)
    assert "david" not in world.called
    world.run(seconds=1)
    assert "david" in world.called


def test_the_first_step_keeps_ringing_when_the_second_begins(world: World) -> None:
    world.press()
    world.forget_calls()
    world.run(seconds=30)
    assert sorted(world.called) == ["bo", "cecilia", "david"]


def test_media_in_turn_try_the_text_message_when_the_app_is_not_answered(world: World) -> None:
    world.press()
    world.run(seconds=30)
    assert not world.channels[Channel.SMS].sent
    world.run(seconds=20)
    assert [sent.notice.person_id for sent in world.channels[Channel.SMS].sent] == [DAVID]


def test_a_dead_token_goes_on_to_the_text_message_at_once_and_is_retired(world: World) -> None:
    world.channels[Channel.FCM].answers["david-token"] = Delivery(state=DeliveryState.GONE, reason="UNREGISTERED")
    world.press()
    world.run(seconds=31)
    texts = [sent.notice for sent in world.channels[Channel.SMS].sent]
    assert {(text.person_id, text.text.about) for text in texts} == {(DAVID, About.ALARM), (DAVID, About.POINT_GONE)}
    assert "notice_failed" in world.story
    retired = [point.address for _, point, gone in world.store.tables.points.values() if gone]
    assert retired == ["david-token"]


def test_a_person_whose_app_is_gone_is_told_by_what_is_left(world: World) -> None:
    world.channels[Channel.APNS].answers["bo-token"] = Delivery(state=DeliveryState.GONE, reason="Unregistered")
    world.press()
    world.run(seconds=1)
    (told,) = [sent.notice for sent in world.channels[Channel.SMS].sent]
    assert (told.person_id, told.text.about) == (BO, About.POINT_GONE)


def test_in_a_drill_nobody_is_told_outside_the_house_that_his_app_is_gone(world: World) -> None:
    world.channels[Channel.APNS].answers["bo-token"] = Delivery(state=DeliveryState.GONE, reason="Unregistered")
    world.drill()
    world.run(seconds=1)
    assert not world.channels[Channel.SMS].sent


def test_a_throttled_notice_is_tried_again_and_holds_nobody_else_up(world: World) -> None:
    throttled = Delivery(state=DeliveryState.RETRY, reason="TooManyRequests", retry_after=timedelta(seconds=3))
    world.channels[Channel.APNS].answers["bo-token"] = throttled
    world.press()
    assert world.called == ["bo", "cecilia", "desk"]
    del world.channels[Channel.APNS].answers["bo-token"]
    world.run(seconds=4)
    assert world.called == ["bo", "cecilia", "desk", "bo"]
    assert {row.state for row in world.store.tables.notices.values()} == {NoticeState.SENT}


def test_a_silent_provider_does_not_hold_up_another_channel(world: World) -> None:
    world.channels[Channel.APNS].silent.add("bo-token")
    world.press()
    assert world.called == ["bo", "cecilia", "desk"]
    world.run(seconds=30)
    assert "david" in world.called


def test_an_operator_who_takes_it_stops_the_chain(world: World) -> None:
    world.press()
    world.run(seconds=10)
    world.acknowledge()
    world.forget_calls()
    world.run(seconds=110)
    assert world.called == []
    assert world.incident.state is State.ACKNOWLEDGED


def test_an_acknowledgement_lapses_when_nothing_follows_it(world: World) -> None:
    world.press()
    world.acknowledge()
    world.forget_calls()
    world.run(seconds=121)
    assert world.incident.state is State.OPEN
    assert "acknowledgement_lapsed" in world.story
    assert "david" in world.called


def test_two_operators_at_once_make_one_owner(world: World) -> None:
    world.press()
    world.acknowledge()
    with pytest.raises(Refused, match="taken"):
        world.acknowledge(LARS)
    assert world.incident.owner is not None
    assert world.incident.owner.user_id != LARS.user_id


def test_a_responder_who_goes_takes_charge_and_the_others_are_released(world: World) -> None:
    world.press()
    world.going(BO)
    assert world.incident.state is State.ACKNOWLEDGED
    states = {r.person_id: r.state for r in world.incident.responders}
    assert states == {BO: ResponderState.GOING, CECILIA: ResponderState.RELEASED}
    world.arrived(BO)
    assert "arrived" in world.story


def test_the_chain_goes_on_until_enough_responders_said_yes(new_world: NewWorld) -> None:
    world = new_world(chain(needed=2))
    world.press()
    world.going(BO)
    assert world.state == "open"
    world.acknowledge(Responder(CECILIA))
    assert world.state == "acknowledged"


def test_when_all_decline_the_next_step_begins_at_once(world: World) -> None:
    world.press()
    world.declines(BO)
    assert "david" not in world.called
    world.declines(CECILIA)
    assert "david" in world.called


def test_a_used_up_chain_is_an_alarm_in_itself_and_begins_again(world: World) -> None:
    world.press()
    world.run(seconds=30 + 60 + 60)
    assert "chain_used_up" in world.story
    assert {fault for _, fault, _, _ in world.store.tables.faults} == {"chain_used_up"}
    world.forget_calls()
    world.run(seconds=61)
    assert {"bo", "cecilia", "desk"} <= set(world.called)
    assert world.incident.round == 2


def test_an_empty_step_is_passed_over_at_once_with_a_roster_fault(world: World) -> None:
    for point_id, (owner, point, _) in list(world.store.tables.points.items()):
        if owner == DAVID:
            world.store.tables.points[point_id] = (owner, point, True)
    world.press()
    world.run(seconds=30)
    assert "roster_fault" in world.story
    assert "guard" in world.called


def test_standing_down_ends_everything(world: World) -> None:
    world.press()
    world.stand_down(Outcome.FALSE)
    world.forget_calls()
    world.run(seconds=3600)
    assert world.called == []
    assert world.incident.state is State.STOOD_DOWN
    with pytest.raises(Refused, match="stood_down"):
        world.acknowledge()


def test_escalating_now_does_not_wait(world: World) -> None:
    world.press()
    world.do(world.server.escalate.escalate_now(world.incident_id, LARS, SIGHT))
    assert "david" in world.called


def test_a_graver_alarm_of_the_same_person_starts_the_chain_anew(world: World) -> None:
    world.press(kind=SignalKind.FALL)
    world.acknowledge()
    world.forget_calls()
    world.press(kind=SignalKind.PANIC)
    assert len(world.store.tables.incidents) == 1
    assert {"bo", "cecilia", "desk"} <= set(world.called)
    assert world.incident.state is State.OPEN


def test_a_drill_walks_like_the_real_thing_and_cannot_leave_the_house(world: World) -> None:
    world.drill()
    world.run(seconds=600)
    assert world.incident.purpose is Purpose.DRILL
    assert {"bo", "cecilia", "david", "desk"} <= set(world.called)
    assert "guard" not in world.called
    assert not world.channels[Channel.SMS].sent
    assert {sent.notice.purpose for ch in world.channels.values() for sent in ch.sent} == {Purpose.DRILL}


def test_a_real_alarm_during_a_drill_is_an_incident_of_its_own(world: World) -> None:
    world.drill(ANNA)
    world.forget_calls()
    world.press()
    assert world.called == ["bo", "cecilia", "desk"]
    assert {r.incident.purpose for r in world.store.tables.incidents.values()} == {Purpose.REAL, Purpose.DRILL}


def test_an_operators_first_look_is_on_the_timeline_once(world: World) -> None:
    world.press()
    for _ in range(2):
        world.do(world.server.escalate.shown(world.incident_id, LARS, SIGHT))
    assert world.story.count("shown") == 1
    assert world.record.shown_at is not None
