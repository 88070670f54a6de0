"""The board of the ways out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from escalation.chain import Channel
from larmcentral.domain.notice import DeliveryState
from larmcentral.domain.views_ways import WayBoard, WayView
from larmcentral.domain.way_board import KnownWay, Waiting, WayFacts, board
from larmcentral.domain.way_health import WayState
from larmcentral.domain.way_minute import WayMinute, with_try
from larmcentral.domain.way_report import WayReport, WaySaid
from tests.world import T0

ELKS, SMPP = KnownWay("46elks", Channel.SMS), KnownWay("smpp", Channel.SMS)
NORD = KnownWay("receiver:nord", Channel.RECEIVER, "nord")
NOTHING = WayFacts(now=T0, said=(), minutes=(), waiting=())


def ago(seconds: float) -> datetime:
    return T0 - timedelta(seconds=seconds)


def said(process: int, state: WayState, provider: str = "46elks", **more: object) -> WaySaid:
    report = WayReport(
        provider=provider,
        channel=Channel.SMS,
        receiver=None,
        state=state,
        since=ago(30 * process),
        reason="",
        last_good_at=None,
        last_bad_at=None,
        answered_at=None,
        waiting=0,
    )
    return WaySaid(UUID(int=process), replace(report, **more), timedelta(seconds=1))  # type: ignore[arg-type]  # by name


def waiting(
    provider: str | None, count: int, *, channel: Channel = Channel.SMS, receiver: str | None = None
) -> Waiting:
    return Waiting(
        channel=channel,
        receiver=receiver,
        provider=provider,
        count=count,
        oldest_at=ago(10 * count),
        first_due_at=T0 + timedelta(seconds=count),
        last_due_at=T0 + timedelta(seconds=10 * count),
    )


def view(found: WayBoard, provider: str = "46elks") -> WayView:
    [one] = [way for way in found.ways if way.provider == provider]
    return one


def test_what_nobody_reports_is_unknown_and_says_that_nobody_did() -> None:
    found = view(board([ELKS], NOTHING))
    assert (found.state, found.since, found.processes, found.hour, found.minutes) == ("unknown", None, 0, None, ())


def test_ways_keep_the_order_of_the_settings_and_strangers_come_last() -> None:
    facts = replace(
        NOTHING, said=[said(1, WayState.ALIVE, "console", channel=Channel.CONSOLE), said(1, WayState.ALIVE, "old")]
    )
    assert [way.provider for way in board([SMPP, ELKS, NORD], facts).ways] == ["smpp", "46elks", "receiver:nord", "old"]


def test_a_way_is_dead_only_if_all_agree_and_the_board_says_how_many_do() -> None:
    some = board([ELKS], replace(NOTHING, said=[said(1, WayState.DEAD), said(2, WayState.SLOW)]))
    assert (view(some).state, view(some).say_dead, view(some).processes) == ("slow", 1, 2)
    assert some.dead_channels == ()
    all_of_them = board([ELKS], replace(NOTHING, said=[said(1, WayState.DEAD), said(2, WayState.DEAD)]))
    assert (view(all_of_them).state, view(all_of_them).since) == ("dead", ago(60))
    assert all_of_them.dead_channels == ("sms",)


def test_the_newest_word_and_the_newest_times_of_all_processes_are_shown() -> None:
    facts = replace(
        NOTHING,
        said=[
            said(1, WayState.ALIVE, reason="timeout", last_bad_at=ago(5), last_good_at=ago(50), waiting=2),
            said(
                2, WayState.ALIVE, reason="503", last_bad_at=ago(9), last_good_at=ago(3), waiting=3, answered_at=ago(8)
            ),
        ],
    )
    found = view(board([ELKS], facts))
    assert (found.reason, found.last_bad_at, found.last_good_at) == ("timeout", ago(5), ago(3))
    assert (found.answered_at, found.in_line) == (ago(8), 5)


def test_what_waits_stands_with_whom_it_waits_for() -> None:
    facts = replace(
        NOTHING,
        said=[said(1, WayState.DEAD)],
        waiting=[
            waiting("46elks", 2),
            waiting(None, 3),
            waiting(None, 1, channel=Channel.RECEIVER, receiver="nord"),
            waiting(None, 7, channel=Channel.RECEIVER, receiver="syd"),
        ],
    )
    found = board([ELKS, SMPP, NORD], facts)
    assert [(way.provider, way.waiting) for way in found.ways] == [("46elks", 2), ("smpp", 3), ("receiver:nord", 1)]
    assert (view(found, "smpp").oldest_at, view(found, "smpp").last_due_at) == (ago(30), T0 + timedelta(seconds=30))
    assert view(found, "smpp").next_due_at == T0 + timedelta(seconds=3)


def test_what_nobody_was_asked_for_waits_for_the_first_even_if_all_are_dead() -> None:
    facts = replace(NOTHING, said=[said(1, WayState.DEAD), said(1, WayState.DEAD, "smpp")], waiting=[waiting(None, 3)])
    assert [way.waiting for way in board([ELKS, SMPP], facts).ways] == [3, 0]


def test_the_last_hour_is_told_minute_by_minute_and_whole() -> None:
    first = WayMinute(provider="46elks", channel=Channel.SMS, minute=ago(120))
    later = replace(first, minute=ago(60))
    for _ in range(9):
        first = with_try(first, DeliveryState.SENT, 0.05)
    later = with_try(later, DeliveryState.RETRY, 5.0)
    found = view(board([ELKS], replace(NOTHING, minutes=[later, first])))
    assert [(one.minute, one.figures.tries, one.figures.lost) for one in found.minutes] == [
        (ago(120), 9, 0),
        (ago(60), 1, 1),
    ]
    assert found.hour is not None
    assert (found.hour.tries, found.hour.lost, found.hour.lost_pct) == (10, 1, 10.0)
    assert (found.hour.p50_ms, found.hour.p99_ms, found.hour.worst_ms) == (50.0, 5000.0, 5000.0)
