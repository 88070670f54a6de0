"""What the outbox does where two of our own hands reach for one notice, and that none waits for another's provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from escalation.chain import Channel
from escalation.effects import About
from escalation.ids import NoticeId
from escalation.purpose import Purpose
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.outbox import NoticeState, Settled
from larmcentral.flows.alarms import file_alarms
from larmcentral.flows.outbox import GIVEN_UP_S, HELD_BESIDE_ALARMS, Outbox
from tests.fakes.channel import DOWN
from tests.larmcentral.flows.notices import a_forward, in_house, outward
from tests.stories.world import World
from tests.world import press


class Overtaken:
    """The world's store; behind the next commit intake is quicker than the one who committed."""

    def __init__(self, world: World, notices: Sequence[OutgoingNotice]) -> None:
        self._world, self._notices = world, notices

    @asynccontextmanager
    async def transaction(self, *sight: Any) -> AsyncIterator[Any]:
        async with self._world.store.transaction(*sight) as tx:
            yield tx
        self._world.server.outbox.hand_over(self._notices)
        for _ in range(20):
            await asyncio.sleep(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.store, name)


def test_a_notice_that_was_sent_while_its_claim_was_committed_is_not_sent_again() -> None:
    world = World()
    outbox = world.server.outbox

    async def story() -> None:
        async with world.store.transaction() as tx:
            done = await file_alarms(tx, [press(world.ids.new())], world.server.means)
        outbox._store = Overtaken(world, done.notices)  # type: ignore[assignment]  # a store in all that is asked of it
        await outbox._claim_due(10)
        outbox._store = world.store

    world.do(story())
    world.run(seconds=2)
    assert world.called == ["bo", "cecilia", "desk"]
    world.close()


def test_a_notice_of_ours_that_we_lost_sight_of_is_found_and_sent() -> None:
    world = World()

    async def story() -> None:
        async with world.store.transaction() as tx:
            await file_alarms(tx, [press(world.ids.new())], world.server.means)

    world.do(story())
    world.run(seconds=1)
    assert world.called == ["bo", "cecilia", "desk"]
    world.close()


def test_what_is_in_hand_at_an_orderly_stop_goes_out_as_soon_as_another_process_is_there() -> None:
    world = World()
    world.channels[Channel.APNS].silent.add("bo-token")
    world.press()
    world.do(world.server.stop())
    world.channels[Channel.APNS].silent.clear()
    world.forget_calls()
    world.restart()
    world.run(seconds=1)
    assert world.called == ["bo"]
    world.close()


def test_it_stops_while_the_database_is_away() -> None:
    world = World()
    world.channels[Channel.APNS].silent.add("bo-token")
    world.press()
    world.store.available = False
    world.do(world.server.outbox.stop())
    assert world.server.outbox.held == 0
    world.store.available = True
    world.close()


class Results:
    """Settling, as far as the outbox knows it."""

    def __init__(self) -> None:
        self.found: list[Settled] = []
        self.pending: tuple[NoticeId, ...] = ()

    def put(self, result: Settled) -> None:
        self.found.append(result)


class Alone:
    """An outbox beside the world's own, that is handed notices of which the store knows nothing."""

    def __init__(self, world: World) -> None:
        self.world, self.results = world, Results()
        results: Any = self.results
        self.outbox = Outbox(world.server.means, world.server.ways, results)
        world.do(self._start())

    async def _start(self) -> None:
        self.outbox.start()

    def hand(self, *notices: OutgoingNotice) -> list[tuple[NoticeState, str]]:
        async def now() -> None:
            self.outbox.hand_over(notices)

        self.world.do(now())
        return [(result.state, result.reason) for result in self.results.found]

    def hand_behind(self, seconds: float, notice: OutgoingNotice) -> None:
        """Hand over a text message that must wait so long in 46elks' line."""
        line = self.outbox._lines["46elks"]
        line._running = False  # as busy as a line can be
        self.hand(notice)
        self.world.run(seconds=seconds)

    def go_on(self) -> None:
        """Let 46elks' line go on."""

        async def now() -> None:
            self.outbox._lines["46elks"].start()

        self.world.do(now())

    def close(self) -> None:
        self.world.do(self.outbox.stop())
        self.world.close()


@pytest.fixture
def alone() -> Iterator[Alone]:
    made = Alone(World(stand_ins={"smpp": Channel.SMS}))
    yield made
    made.close()


class Asked:
    """The world's store; asked what was withdrawn, it says all of it, or is away."""

    def __init__(self, world: World, *, away: bool = False) -> None:
        self._world, self._away = world, away

    async def withdrawn(self, notices: Sequence[NoticeId]) -> frozenset[NoticeId]:
        if self._away:
            raise StoreUnavailable("away")
        return frozenset(notices)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.store, name)


def test_of_a_thousand_notices_over_five_channels_none_waits_for_anothers_provider(alone: Alone) -> None:
    channels = alone.world.channels
    makers: list[Callable[[], OutgoingNotice]] = [
        lambda: outward(Channel.SMS, address="+46701740605"),
        lambda: outward(Channel.VOICE, address="+46701740605"),
        lambda: outward(Channel.MAIL, address="bo@larm.example"),
        lambda: in_house(Channel.APNS),
        lambda: in_house(Channel.FCM),
    ]
    channels[Channel.VOICE].silent.add("+46701740605")
    before = alone.world.clock.now()
    alone.hand(*(makers[number % 5]() for number in range(1000)))
    assert {channel: len(channels[channel].sent) for channel in (Channel.SMS, Channel.MAIL)} == {
        Channel.SMS: 200,
        Channel.MAIL: 200,
    }
    assert len(channels[Channel.APNS].sent) == len(channels[Channel.FCM].sent) == 200
    assert alone.world.clock.now() == before, "at the same moment, while calls hang"
    assert len(channels[Channel.VOICE].sent) == 16
    waiting = {report.provider: report.waiting for report in alone.world.server.ways.states()}
    assert waiting["46elks_voice"] == 184
    assert alone.outbox.held == 200


def test_what_must_not_be_sent_is_settled_and_no_channel_sees_it(alone: Alone) -> None:
    withheld = replace(outward(address=""), withheld="wearers_own_point")
    assert alone.hand(withheld) == [(NoticeState.REFUSED, "wearers_own_point")]
    assert not alone.world.channels[Channel.SMS].sent
    assert alone.outbox.held == 0


def test_a_centre_that_this_house_does_not_have_is_said_so_at_once(alone: Alone) -> None:
    assert alone.hand(a_forward("ost")) == [(NoticeState.REFUSED, "no_channel")]


def test_an_address_that_is_retired_is_gone_and_says_nothing_against_the_provider(alone: Alone) -> None:
    assert alone.hand(outward(address="")) == [(NoticeState.GONE, "no_address")]
    assert alone.results.found[0].provider is None


def test_a_fault_of_our_own_in_a_channel_counts_against_the_way(alone: Alone) -> None:
    class Broken:
        async def send(self, notice: OutgoingNotice) -> None:
            raise RuntimeError("a bug")

    way = next(way for way in alone.world.server.ways.ways if way.channel is Channel.PAGER)
    object.__setattr__(way, "port", Broken())
    pages = [outward(Channel.PAGER, address="4711") for _ in range(3)]
    assert alone.hand(*pages) == [(NoticeState.PENDING, "our_fault")] * 3
    assert alone.world.server.ways.dead() == {Channel.PAGER}


def test_an_alarm_that_waited_goes_out_though_the_database_cannot_say_whether_it_still_should(alone: Alone) -> None:
    alone.outbox._store = Asked(alone.world, away=True)  # type: ignore[assignment]  # a store in all that is asked of it
    alone.hand_behind(2, outward())
    alone.go_on()
    assert len(alone.world.channels[Channel.SMS].sent) == 1
    assert [result.state for result in alone.results.found] == [NoticeState.SENT]


def test_what_moved_from_a_dead_providers_line_is_looked_up_for_as_long_as_it_waited_there(alone: Alone) -> None:
    alone.outbox._store = Asked(alone.world)  # type: ignore[assignment]  # a store in all that is asked of it
    alone.hand_behind(2, outward())
    for _ in range(3):
        alone.world.server.ways.told("46elks", DOWN, 0.1)
    alone.go_on()
    assert not alone.world.stand_ins["smpp"].sent, "it was withdrawn while it waited"
    assert alone.outbox.held == 0


def test_a_channel_that_forgets_its_deadline_keeps_no_notice_and_no_place_for_ever(alone: Alone) -> None:
    alone.world.channels[Channel.SMS].silent.add("+46701740605")
    alone.hand(outward())
    alone.world.run(seconds=GIVEN_UP_S)
    assert [(result.state, result.reason) for result in alone.results.found] == [(NoticeState.PENDING, "our_fault")]
    assert alone.outbox.held == 0


def test_a_channel_whose_try_is_cancelled_from_within_is_a_fault_of_ours_and_the_notice_goes_again(
    alone: Alone,
) -> None:
    class Cancelled:
        async def send(self, notice: OutgoingNotice) -> None:
            raise asyncio.CancelledError

    way = next(way for way in alone.world.server.ways.ways if way.channel is Channel.PAGER)
    object.__setattr__(way, "port", Cancelled())
    assert alone.hand(outward(Channel.PAGER, address="4711")) == [(NoticeState.PENDING, "our_fault")]


@pytest.mark.parametrize(
    ("notice", "channel"),
    [
        (in_house(purpose=Purpose.DRILL), Channel.SMS),
        (in_house(), Channel.VOICE),
        (in_house(), Channel.RECEIVER),
        (outward(), Channel.APNS),
        (outward(), Channel.RECEIVER),
    ],
)
def test_a_notice_of_the_wrong_kind_reaches_no_channel(alone: Alone, notice: OutgoingNotice, channel: Channel) -> None:
    """Whatever went wrong before: the last gate looks at the type, and a drill has only one."""
    alone.world.server.ways._of[Channel.RECEIVER, None] = alone.world.server.ways._of[Channel.RECEIVER, "nord"]
    alone.hand(replace(notice, channel=channel))  # type: ignore[call-arg]  # these two kinds have a channel of their own
    assert [result.reason for result in alone.results.found] == ["our_fault"]
    assert not alone.world.channels[channel].sent


def test_there_is_room_for_alarms_when_the_rest_has_filled_the_house(alone: Alone) -> None:
    alone.world.channels[Channel.SMS].silent.add("+46701740605")
    alone.hand(*(outward(about=About.OVER) for _ in range(HELD_BESIDE_ALARMS + 10)))
    assert alone.outbox.held == HELD_BESIDE_ALARMS
    alone.hand(outward(address="+46701740607"))
    assert [sent.notice.address for sent in alone.world.channels[Channel.SMS].sent][-1] == "+46701740607"
