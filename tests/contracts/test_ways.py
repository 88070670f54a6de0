"""How the ways out are doing, shared by the fake and by PostgreSQL alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from escalation.chain import Channel
from escalation.ids import CommitteeId, OrganisationId
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import DeliveryState
from larmcentral.domain.roles import Scope
from larmcentral.domain.way_health import WayState
from larmcentral.domain.way_minute import WayMinute, with_try
from larmcentral.domain.way_report import FRESH, WayReport
from larmcentral.ports.ways import WayDesk, WayStore
from larmcentral.store import ways
from larmcentral.store.pool import Pool
from tests.fakes.memory_ways import MemoryWays

SCOPE = Scope(organisation_id=OrganisationId(UUID(int=1)), committees=frozenset({CommitteeId(UUID(int=4))}))
ONE, TWO, WEB = UUID(int=11), UUID(int=12), UUID(int=13)


@dataclass
class Both:
    """The server's side and the people's. now: of the clock that counts."""

    store: WayStore
    desk: WayDesk
    now: datetime


@pytest.fixture
async def both(dsn: str | None) -> AsyncIterator[Both]:
    clock = SystemClock()
    now = clock.now()
    if dsn is None:
        memory = MemoryWays(clock)
        yield Both(memory, memory, now)
        return
    service = Pool([dsn], role="larm_service", size=2, deadline_s=5)
    web = Pool([dsn], role="larm_web", size=2, deadline_s=5)
    yield Both(ways.Ways(service), ways.WayDesk(web), now)
    await service.close()
    await web.close()


def report(now: datetime, provider: str = "46elks", state: WayState = WayState.DEAD) -> WayReport:
    return WayReport(
        provider=provider,
        channel=Channel.SMS,
        receiver=None,
        state=state,
        since=now - timedelta(seconds=40),
        reason="no answer in time",
        last_good_at=now - timedelta(hours=1),
        last_bad_at=now - timedelta(seconds=2),
        answered_at=None,
        waiting=3,
    )


async def test_each_process_hears_the_others_and_not_itself(both: Both) -> None:
    mine, yours = report(both.now), report(both.now, state=WayState.ALIVE)
    assert await both.store.report(ONE, [mine]) == []
    [heard] = await both.store.report(TWO, [yours])
    assert (heard.process, heard.report) == (ONE, mine)
    assert timedelta() <= heard.age < FRESH
    [back] = await both.store.report(ONE, [mine])
    assert (back.process, back.report) == (TWO, yours)


async def test_a_word_replaces_the_one_before_it(both: Both) -> None:
    await both.store.report(ONE, [report(both.now), report(both.now, "smpp")])
    untried = replace(
        report(both.now, state=WayState.UNKNOWN), since=None, last_good_at=None, last_bad_at=None, answered_at=both.now
    )
    await both.store.report(ONE, [untried])
    heard = await both.store.report(TWO, [])
    assert {one.report.provider: one.report for one in heard} == {"46elks": untried, "smpp": report(both.now, "smpp")}


async def test_who_sends_nothing_listens_and_says_nothing(both: Both) -> None:
    await both.store.report(ONE, [report(both.now)])
    assert [one.process for one in await both.store.report(WEB, [])] == [ONE]
    assert [one.process for one in await both.store.report(ONE, [report(both.now)])] == []


async def test_a_process_that_ends_has_no_word_any_more(both: Both) -> None:
    await both.store.report(ONE, [report(both.now)])
    await both.store.leave(ONE)
    await both.store.leave(ONE)
    assert await both.store.report(TWO, []) == []


async def test_a_centres_way_says_whose_it_is(both: Both) -> None:
    centre = replace(report(both.now, "receiver:nord"), channel=Channel.RECEIVER, receiver="nord")
    await both.store.report(ONE, [centre])
    [heard] = await both.store.report(TWO, [])
    assert heard.report == centre


async def test_figures_of_one_minute_add_up_whoever_brings_them(both: Both) -> None:
    minute = both.now.replace(second=0, microsecond=0)
    sms = WayMinute(provider="46elks", channel=Channel.SMS, minute=minute)
    await both.store.add_minutes([])
    await both.store.add_minutes([with_try(sms, DeliveryState.SENT, 0.05)])
    await both.store.add_minutes(
        [
            with_try(with_try(sms, DeliveryState.RETRY, 5.0), DeliveryState.REFUSED, 0.05),
            with_try(replace(sms, provider="smpp"), DeliveryState.GONE, 20.0),
            with_try(replace(sms, minute=minute - timedelta(minutes=1)), DeliveryState.DELIVERED, 0.2),
        ]
    )
    facts = await both.desk.facts(SCOPE)
    found = {(one.provider, one.minute): one for one in facts.minutes}
    whole = with_try(
        with_try(with_try(sms, DeliveryState.SENT, 0.05), DeliveryState.RETRY, 5.0), DeliveryState.REFUSED, 0.05
    )
    assert found["46elks", minute] == whole
    assert (found["smpp", minute].gone, found["smpp", minute].worst_ms) == (1, 20_000.0)
    assert found["46elks", minute - timedelta(minutes=1)].delivered == 1
    assert len(found) == 3


async def test_people_see_the_last_hour_and_what_processes_say(both: Both) -> None:
    old = both.now.replace(second=0, microsecond=0) - timedelta(minutes=62)
    await both.store.add_minutes(
        [with_try(WayMinute(provider="46elks", channel=Channel.SMS, minute=old), DeliveryState.SENT, 0.1)]
    )
    await both.store.report(ONE, [report(both.now)])
    facts = await both.desk.facts(SCOPE)
    assert [(one.process, one.report) for one in facts.said] == [(ONE, report(both.now))]
    assert (facts.minutes, facts.waiting) == ([], [])
    assert abs(facts.now - both.now) < timedelta(minutes=1)
