"""Answers of devices are written beside the words that they answer, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from escalation.ids import DeviceId
from larmcentral.domain.device import Downlink, DownlinkKind
from larmcentral.domain.order import ANSWER_WITHIN
from larmcentral.domain.record import NewSignal
from larmcentral.flows.device_replies import MOST_REPLIES, file_replies, is_reply
from protocols.orders import REPLY, Commission
from protocols.signal import Position, SignalKind
from tests.stories.world import World
from tests.world import CARE, ORGANISATION, WATCH, an_id, press


def said(world: World, words: str | None, account: str = WATCH) -> NewSignal:
    new = press(an_id(f"reply {words}"), kind=SignalKind.HEARTBEAT, account=account, key=f"reply {words}")
    return replace(new, signal=replace(new.signal, code=REPLY, text=words))


def sent(world: World, name: str, *, seconds_ago: float, frames: int = 1, **wish: Any) -> Downlink:
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
    one = replace(one, **wish)
    world.store.tables.downlinks[one.id] = one
    return one


def answers(world: World) -> dict[str, str | None]:
    names = {an_id(name): name for name in ("first", "second", "old")}
    return {names[one.id]: one.answer for one in world.store.tables.downlinks.values()}


def test_the_oldest_words_that_wait_are_answered_first(world: World) -> None:
    sent(world, "second", seconds_ago=5)
    sent(world, "first", seconds_ago=9, frames=2)
    replies = [said(world, words) for words in ("MESSAGE", "FIND", "message")]
    assert world.do(file_replies(replies, world.server.house.means)) == 3
    assert answers(world) == {"first": "MESSAGE; FIND", "second": "message"}


def test_what_a_device_says_to_one_order_is_no_answer_to_another(world: World) -> None:
    sent(world, "first", seconds_ago=9, kind=DownlinkKind.LOCATE)
    sent(world, "second", seconds_ago=5)
    replies = [said(world, words) for words in ("FIND", "FIND", "ICCID,89460", "CONFIG,1")]
    assert world.do(file_replies(replies, world.server.house.means)) == 1
    assert answers(world) == {"first": None, "second": "FIND"}


def test_words_that_tell_nothing_answer_the_oldest_order(world: World) -> None:
    sent(world, "first", seconds_ago=9, kind=DownlinkKind.LOCATE)
    sent(world, "second", seconds_ago=5)
    assert world.do(file_replies([said(world, "1 ok")], world.server.house.means)) == 1
    assert answers(world) == {"first": "1 ok", "second": None}


def test_a_sheet_takes_more_answers_than_it_had_frames_but_after_those_who_still_wait(world: World) -> None:
    settings = Commission(fall_detection=True)
    sent(world, "first", seconds_ago=9, kind=DownlinkKind.COMMISSION, content=settings)
    sent(world, "second", seconds_ago=5, kind=DownlinkKind.LOCATE)
    replies = [said(world, words) for words in ("1 ok", "2 ok", "3 ok")]
    assert world.do(file_replies(replies, world.server.house.means)) == 3
    assert answers(world) == {"first": "1 ok; 3 ok", "second": "2 ok"}
    flood = [said(world, f"{n} ok") for n in range(100)]
    assert world.do(file_replies(flood, world.server.house.means)) == MOST_REPLIES - 2


def placed(world: World, *, fix_s_ago: float | None = 0, **wish: Any) -> NewSignal:
    """The watch says where it is."""
    now = world.clock.now()
    fix_at = None if fix_s_ago is None else now - timedelta(seconds=fix_s_ago)
    new = press(an_id(f"place {wish} {fix_s_ago}"), kind=SignalKind.POSITION, at=now)
    where = Position(lat=57.93, lon=12.53, fix_at=fix_at, valid=wish.pop("valid", True))
    return replace(new, received_at=now, signal=replace(new.signal, position=where, event_at=None, **wish))


def places(world: World) -> set[str]:
    names = {an_id(name): name for name in ("first", "second", "old")}
    return {names[one.id] for one in world.store.tables.downlinks.values() if one.placed_at is not None}


def test_a_place_answers_whoever_asked_where_the_device_is_and_nobody_else(world: World) -> None:
    sent(world, "first", seconds_ago=9, kind=DownlinkKind.LOCATE)
    sent(world, "second", seconds_ago=5)
    sent(world, "old", seconds_ago=ANSWER_WITHIN.total_seconds() + 1, kind=DownlinkKind.LOCATE)
    assert world.do(file_replies([placed(world), placed(world, fix_s_ago=1)], world.server.house.means)) == 1
    assert places(world) == {"first"}
    assert answers(world) == {"first": None, "second": None, "old": None}
    one = world.store.tables.downlinks[an_id("first")]
    assert (one.answered_at, one.replies) == (world.clock.now(), 0)


def test_a_device_may_answer_by_its_word_and_by_a_place(world: World) -> None:
    sent(world, "first", seconds_ago=9, kind=DownlinkKind.LOCATE)
    assert world.do(file_replies([placed(world), said(world, "CR")], world.server.house.means)) == 2
    assert (places(world), answers(world)) == ({"first"}, {"first": "CR"})


def test_an_old_place_or_none_at_all_is_no_answer(world: World) -> None:
    sent(world, "first", seconds_ago=9, kind=DownlinkKind.LOCATE)
    none = [placed(world, fix_s_ago=100), placed(world, valid=False), placed(world, buffered=True)]
    none.append(replace(placed(world), authentic=False))
    none.append(replace(placed(world), received_at=world.clock.now() - timedelta(seconds=10)))
    assert world.do(file_replies(none, world.server.house.means)) == 0
    assert world.do(file_replies([placed(world, fix_s_ago=None)], world.server.house.means)) == 1


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
    world.do(file_replies([said(world, None), said(world, "." * 9999)], world.server.house.means))
    assert answers(world) == {"first": REPLY, "second": "." * 500}
