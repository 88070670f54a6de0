"""How the local centre judges."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from devices.peers.sos_access_centre import Account, Centre, new_password
from protocols.sos_access.messages import AlarmRequest, AlarmType, NewAuthenticationRequest, PingRequest, Request

PASSWORD = "Abc123Def456Ghi"
WHO: Any = {"authentication": PASSWORD, "transmitter_type": "SV300", "transmitter_code": "4711"}
ALARM = AlarmRequest(**WHO, receiver="LARM", event_code="PA", reference="r1")
PING = PingRequest(**WHO)


def centre() -> Centre:
    return Centre(Account(password=PASSWORD), timedelta(seconds=600))


def test_only_the_known_transmitter_with_its_password_is_heard() -> None:
    strangers: list[Request] = [
        replace(ALARM, authentication="wrong password!"),
        replace(ALARM, transmitter_code="4712"),
        replace(ALARM, transmitter_type="SV301"),
        replace(ALARM, receiver="OTHER"),
        replace(PING, authentication="wrong password!"),
    ]
    assert [centre().judge(request, 0.0).status for request in strangers] == [4] * 5
    assert centre().judge(ALARM, 0.0).status == 0


def test_the_same_alarm_within_the_window_is_a_duplicate_and_anything_else_is_news() -> None:
    judging = centre()
    news = [
        replace(ALARM, alarm_type=AlarmType.RESTORE),
        replace(ALARM, event_code="HA"),
        replace(ALARM, transmitter_area="2"),
        replace(ALARM, section="2"),
        replace(ALARM, detector="2"),
        replace(ALARM, reference="r2"),
        replace(ALARM, reference=None),
        replace(ALARM, reference=None),
    ]
    assert judging.judge(ALARM, 0.0).status == 0
    assert [judging.judge(request, 1.0).status for request in news] == [0] * 8
    assert judging.judge(replace(ALARM, additional_info="later"), 599.9).status == 10
    assert judging.judge(ALARM, 600.0).status == 0


def test_seven_heartbeats_in_the_levels_time_are_too_many_and_without_a_level_one_is() -> None:
    judging = centre()
    assert [judging.judge(PING, float(second)).status for second in range(7)] == [0] * 6 + [101]
    assert judging.judge(PING, 7.0, receiver=2).status == 0
    assert judging.judge(PING, 90.0).status == 0
    judging.account.level = None
    assert judging.judge(PING, 200.0).status == 9


def test_the_old_password_holds_until_the_new_one_is_used() -> None:
    judging = centre()
    first = judging.judge(NewAuthenticationRequest(**WHO), 0.0).new_password
    second = judging.judge(NewAuthenticationRequest(**WHO), 0.0).new_password
    assert first is not None
    assert second is not None
    assert judging.judge(PING, 0.0).status == 0
    assert judging.judge(replace(PING, authentication=first), 0.0).status == 4
    assert judging.judge(replace(PING, authentication=second), 0.0).status == 0
    assert judging.judge(PING, 0.0).status == 4


def test_a_drawn_password_has_fifteen_signs_and_is_not_drawn_twice() -> None:
    drawn = {new_password() for _ in range(100)}
    assert {len(password) for password in drawn} == {15}
    assert len(drawn) == 100
