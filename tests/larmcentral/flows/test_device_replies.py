"""Answers of devices are written beside the words that they answer, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from escalation.ids import DeviceId
from larmcentral.domain.device import Downlink, DownlinkKind
from larmcentral.domain.order import ANSWER_WITHIN
from larmcentral.domain.record import NewSignal
from larmcentral.flows.device_replies import file_replies, is_reply
from protocols.orders import REPLY
from protocols.signal import SignalKind
from tests.stories.world import World
from tests.world import CARE, ORGANISATION, WATCH, an_id, press


def said(world: World, words: str | None, account: str = WATCH) -> NewSignal:
    new = press(an_id(f"reply {words}"), kind=SignalKind.HEARTBEAT, account=account, key=f"reply {words}")
    return replace(new, signal=replace(new.signal, code=REPLY, text=words))


def sent(world: World, name: str, *, seconds_ago: float, frames: int = 1) -> Downlink:
    """Words that went out, which no incident stands behind."""
    now = world.clock.now()
    _, device = world.store.tables.devices["watch", WATCH]
    one = Downlink(
        id=an_id(name),
        organisation_id=ORGANISATION,
        committee_id=CARE,
        device_id=DeviceId(device.id),
        protocol="watch",
        account=WATCH,
        incident_id=None,
        kind=DownlinkKind.TAKEN,
        silent=False,
        language="sv",
        filed_at=now - timedelta(hours=1),
        expires_at=now + timedelta(hours=1),
        sent_at=now - timedelta(seconds=seconds_ago),
        frames=frames,
    )
    world.store.tables.downlinks[one.id] = one
    return one


def answers(world: World) -> dict[str, str | None]:
    names = {an_id(name): name for name in ("first", "second", "old")}
    return {names[one.id]: one.answer for one in world.store.tables.downlinks.values()}


def test_the_oldest_words_that_wait_are_answered_first(world: World) -> None:
    sent(world, "second", seconds_ago=5)
    sent(world, "first", seconds_ago=9, frames=2)
    replies = [said(world, words) for words in ("MESSAGE", "FIND", "CR")]
    assert world.do(file_replies(replies, world.server.house.means)) == 3
    assert answers(world) == {"first": "MESSAGE; FIND", "second": "CR"}


def test_an_answer_that_comes_too_late_answers_nothing(world: World) -> None:
    sent(world, "old", seconds_ago=ANSWER_WITHIN.total_seconds() + 1)
    assert world.do(file_replies([said(world, "FIND")], world.server.house.means)) == 0
    assert answers(world) == {"old": None}


def test_nobody_answers_for_another_device(world: World) -> None:
    sent(world, "first", seconds_ago=1)
    assert world.do(file_replies([said(world, "FIND", "8660000002")], world.server.house.means)) == 0
    assert world.do(file_replies([], world.server.house.means)) == 0
    assert answers(world) == {"first": None}


def test_only_a_reply_is_one(world: World) -> None:
    reply = said(world, "FIND")
    assert is_reply(reply)
    assert not is_reply(replace(reply, authentic=False))
    assert not is_reply(replace(reply, signal=replace(reply.signal, code="LK")))
    assert not is_reply(replace(reply, signal=replace(reply.signal, kind=SignalKind.POSITION)))


def test_an_answer_without_words_is_an_answer_and_an_endless_one_is_cut(world: World) -> None:
    sent(world, "first", seconds_ago=2)
    sent(world, "second", seconds_ago=1)
    world.do(file_replies([said(world, None), said(world, "x" * 9999)], world.server.house.means))
    assert answers(world) == {"first": REPLY, "second": "x" * 500}
