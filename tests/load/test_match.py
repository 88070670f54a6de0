"""From a press to its signal, incident and notices; what does not fit is counted, never guessed."""

from __future__ import annotations

import dataclasses
from uuid import UUID

from load.generator import Pressed
from load.match import Delivered, StoredAlarm, StoredNotice, match

FIRST, SECOND = UUID(int=1), UUID(int=2)


def pressed(number: int, account: str = "866", acked: bool = True) -> Pressed:
    return Pressed(
        number, account, f"frame {number}", 10.0 + number, 10.1 + number, 10.2 + number if acked else None, 1
    )


def stored(number: int, incident_id: UUID | None, account: str = "866") -> StoredAlarm:
    return StoredAlarm(account, f"frame {number}", incident_id, 10.11 + number, 10.12 + number, 1)


def in_records(press: Pressed, *records: bytes) -> Pressed:
    return dataclasses.replace(press, octets=b"".join((b"head", *records, b"tail")).hex())


def record(number: int, raw: bytes, incident_id: UUID) -> StoredAlarm:
    return dataclasses.replace(stored(number, incident_id), frame=f"record {raw!r}", raw=raw)


def notice(number: int, incident_id: UUID, channel: str = "apns") -> StoredNotice:
    return StoredNotice(UUID(int=100 + number), incident_id, channel, "sent")


def got(number: int, at_s: float, status: int = 200) -> Delivered:
    return Delivered(str(UUID(int=100 + number)), at_s, status)


def test_a_press_has_the_notices_of_the_incident_that_it_opened_in_order_of_time() -> None:
    found = match(
        [pressed(0)],
        [stored(0, FIRST)],
        [notice(0, FIRST), notice(1, FIRST, "fcm")],
        [got(1, 10.3), got(0, 10.4)],
        {FIRST: 10.5},
    )

    (one,) = found.journeys
    assert one.first
    assert one.notices == (("fcm", 10.3), ("apns", 10.4))
    assert (one.all_notices_s, one.drawn_s) == (10.4, 10.5)
    assert (found.received_twice, found.received_unknown, found.never_received) == (0, 0, 0)


def test_a_press_that_joined_has_no_notices_of_its_own() -> None:
    found = match(
        [pressed(0), pressed(1)], [stored(1, FIRST), stored(0, FIRST)], [notice(0, FIRST)], [got(0, 11.0)], {}
    )

    assert [(one.press.number, one.first, len(one.notices)) for one in found.journeys] == [(0, True, 1), (1, False, 0)]


def test_the_same_account_and_second_on_another_watch_is_another_press() -> None:
    found = match(
        [pressed(0, "866"), pressed(0, "867")],
        [stored(0, FIRST, "866"), stored(0, SECOND, "867")],
        [notice(0, SECOND)],
        [got(0, 10.9)],
        {},
    )

    assert [len(one.notices) for one in found.journeys] == [0, 1]


def test_a_press_without_a_signal_stays_without_anything() -> None:
    (one,) = match([pressed(0, acked=False)], [], [], [], {}).journeys

    assert (one.signal, one.first, one.notices, one.all_notices_s) == (None, False, (), None)


def test_a_press_is_found_by_the_record_that_its_frame_carries() -> None:
    one, other = in_records(pressed(0), b"at ten"), in_records(pressed(1, "867"), b"at ten")
    found = match([one, other], [record(0, b"at ten", FIRST)], [notice(0, FIRST)], [got(0, 10.4)], {})

    assert [(each.signal is not None, len(each.notices)) for each in found.journeys] == [(True, 1), (False, 0)]
    assert (found.strangers, found.twice) == (0, 0)


def test_a_record_told_again_with_the_next_press_is_of_the_press_that_told_it_first() -> None:
    presses = [in_records(pressed(0), b"at ten"), in_records(pressed(1), b"at ten", b"at twelve")]
    found = match(presses, [record(1, b"at twelve", SECOND), record(0, b"at ten", FIRST)], [], [], {})

    assert [each.signal and each.signal.incident_id for each in found.journeys] == [FIRST, SECOND]
    assert (found.strangers, found.twice) == (0, 0)


def test_a_press_with_two_signals_and_a_signal_of_no_press_are_told() -> None:
    twice = [record(0, b"at ten", FIRST), record(1, b"ten", SECOND)]
    found = match([in_records(pressed(0), b"at ten")], [*twice, record(2, b"at noon", FIRST)], [], [], {})

    assert found.journeys[0].signal is twice[0]
    assert (found.twice, found.strangers) == (1, 1)


def test_an_empty_record_is_of_nobody() -> None:
    found = match([in_records(pressed(0), b"at ten")], [record(0, b"", FIRST)], [], [], {})

    assert (found.journeys[0].signal, found.strangers) == (None, 1)


def test_the_first_reception_counts_and_the_second_is_told() -> None:
    found = match([pressed(0)], [stored(0, FIRST)], [notice(0, FIRST)], [got(0, 10.9), got(0, 10.4)], {})

    assert found.journeys[0].notices == (("apns", 10.4),)
    assert found.received_twice == 1


def test_a_refused_request_is_no_reception() -> None:
    found = match([pressed(0)], [stored(0, FIRST)], [notice(0, FIRST)], [got(0, 10.4, 503)], {})

    assert found.journeys[0].notices == ()
    assert found.never_received == 1


def test_a_reception_that_is_not_on_disk_is_told() -> None:
    found = match([], [], [], [got(7, 10.4)], {})

    assert found.received_unknown == 1
