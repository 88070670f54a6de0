"""When all processes together find a way out dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from escalation.chain import Channel
from larmcentral.domain.way_health import WayState
from larmcentral.domain.way_report import FRESH, WayReport, WaySaid, dead_channels, dead_providers, words_of
from tests.world import T0

DEAD_SINCE = T0
BEFORE, AFTER = T0 - timedelta(seconds=9), T0 + timedelta(seconds=9)


def said(
    process: int,
    state: WayState,
    *,
    provider: str = "46elks",
    channel: Channel = Channel.SMS,
    age: timedelta = timedelta(seconds=1),
    answered_at: datetime | None = None,
    last_good_at: datetime | None = None,
) -> WaySaid:
    report = WayReport(
        provider=provider,
        channel=channel,
        receiver="nord" if channel is Channel.RECEIVER else None,
        state=state,
        since=None if state is WayState.UNKNOWN else DEAD_SINCE,
        reason="",
        last_good_at=last_good_at,
        last_bad_at=None,
        answered_at=answered_at,
        waiting=0,
    )
    return WaySaid(UUID(int=process), report, age)


DEAD, ALIVE, SLOW, UNKNOWN = WayState.DEAD, WayState.ALIVE, WayState.SLOW, WayState.UNKNOWN


def test_one_process_alone_is_believed() -> None:
    assert dead_providers([said(1, DEAD)]) == {"46elks"}
    assert dead_channels([said(1, DEAD)]) == {Channel.SMS}


@pytest.mark.parametrize("state", [ALIVE, SLOW, UNKNOWN])
def test_another_that_does_not_find_it_dead_keeps_it_alive(state: WayState) -> None:
    assert dead_providers([said(1, DEAD), said(2, state)]) == set()
    assert dead_channels([said(1, DEAD), said(2, state)]) == set()


def test_all_must_agree_and_then_it_is_dead() -> None:
    assert dead_providers([said(1, DEAD), said(2, DEAD), said(3, DEAD)]) == {"46elks"}


def test_a_process_that_has_fallen_silent_has_no_vote() -> None:
    old = FRESH + timedelta(seconds=1)
    assert dead_providers([said(1, DEAD), said(2, ALIVE, age=old)]) == {"46elks"}
    assert dead_providers([said(1, DEAD, age=old)]) == set()
    assert words_of([said(1, DEAD, age=old)]) == {}


def test_a_good_probe_elsewhere_says_that_only_our_own_line_is_cut() -> None:
    cut_off = said(1, DEAD, answered_at=None)
    assert dead_providers([cut_off, said(2, ALIVE, answered_at=AFTER)]) == set()
    answered_before_it_was_cut = said(1, DEAD, answered_at=BEFORE)
    assert dead_providers([answered_before_it_was_cut, said(2, ALIVE, answered_at=AFTER)]) == set()


def test_a_good_probe_is_no_word_against_tries_that_failed_while_probes_were_answered() -> None:
    refuses_what_is_sent = said(1, DEAD, answered_at=AFTER)
    idle = said(2, ALIVE, answered_at=AFTER)
    assert dead_providers([refuses_what_is_sent, idle]) == {"46elks"}
    assert dead_providers([refuses_what_is_sent, replace(idle, report=replace(idle.report, last_good_at=BEFORE))]) == {
        "46elks"
    }
    carried_since = replace(idle, report=replace(idle.report, last_good_at=AFTER))
    assert dead_providers([refuses_what_is_sent, carried_since]) == set()


def test_a_channel_lives_while_one_of_its_providers_does() -> None:
    both = [said(1, DEAD), said(1, ALIVE, provider="smpp")]
    assert dead_channels(both) == set()
    assert dead_channels([said(1, DEAD), said(1, DEAD, provider="smpp")]) == {Channel.SMS}


def test_the_desk_and_centres_are_never_passed_over() -> None:
    assert dead_channels([said(1, DEAD, provider="console", channel=Channel.CONSOLE)]) == set()
    assert dead_channels([said(1, DEAD, provider="receiver:nord", channel=Channel.RECEIVER)]) == set()


def test_of_nobody_nothing_is_dead() -> None:
    assert dead_channels([]) == set()
    assert dead_providers([]) == set()
