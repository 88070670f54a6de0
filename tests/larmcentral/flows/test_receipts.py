"""A provider's report finds its notice, also when it is faster than our own writing down of the provider's name."""

from __future__ import annotations

import asyncio

from escalation.chain import Channel
from larmcentral.domain.notice import Delivery, DeliveryState
from larmcentral.domain.outbox import NoticeState
from larmcentral.flows.receipts import LOOK_AGAIN_AFTER_S, Receipts
from tests.stories.world import World


def receipts(world: World) -> Receipts:
    return Receipts(world.server.means, world.server.settling)


def texted(world: World) -> list[NoticeState]:
    """How the text messages stand that were sent so far."""
    found = [world.do(world.store.answerable(one.notice.id)) for one in world.channels[Channel.SMS].sent]
    return [one.state for one in found if one is not None]


def test_a_report_settles_the_notice_that_it_names(world: World) -> None:
    world.channels[Channel.SMS].always = Delivery(state=DeliveryState.SENT, provider_id="s1")
    world.press()
    world.run(seconds=52)
    world.do(receipts(world)("s1", True, ""))
    world.run(seconds=1)
    assert NoticeState.DELIVERED in texted(world)


def test_a_report_that_comes_before_the_notice_is_written_down_is_not_lost(world: World) -> None:
    world.channels[Channel.SMS].always = Delivery(state=DeliveryState.SENT, provider_id="s1")

    async def report() -> None:
        await receipts(world)("s1", False, "the number is switched off")

    async def begin() -> asyncio.Task[None]:
        return asyncio.create_task(report())

    world.press()
    world.run(seconds=50)
    early = world.do(begin())
    world.run(seconds=sum(LOOK_AGAIN_AFTER_S) + 1)
    assert early.done()
    assert NoticeState.FAILED in texted(world)


def test_a_report_about_nothing_of_ours_changes_nothing(world: World) -> None:
    world.press()
    world.run(seconds=1)
    before = world.story
    world.do(receipts(world)("unheard-of", True, ""))
    assert world.story == before
