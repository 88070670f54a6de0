"""Journey 9: the operator hears violence and calls 112 himself; every moment of the call is stamped."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from escalation.effects import EntryKind
from escalation.incident import Refused
from tests.stories.world import KARIN, World


def stamps(world: World) -> list[tuple[str, str, datetime]]:
    lines = world.store.tables.timeline[world.incident_id]
    calls = [line.entry for line in lines if line.entry.kind is EntryKind.SOS_CALL]
    assert {entry.by for entry in calls} <= {KARIN}
    return [(dict(entry.detail)["what"], dict(entry.detail)["text"], entry.at) for entry in calls]


def test_call_answer_and_case_number_are_on_the_timeline_with_their_times(world: World) -> None:
    world.press()
    world.run(seconds=10)
    world.acknowledge(KARIN)
    taken_at = world.clock.now()
    world.run(seconds=25)
    world.stamps(KARIN, "dialled")
    world.run(seconds=8)
    world.stamps(KARIN, "answered")
    world.run(seconds=70)
    world.stamps(KARIN, "case_number", "24-1107")
    told = stamps(world)
    assert [(what, text) for what, text, _ in told] == [
        ("dialled", ""),
        ("answered", ""),
        ("case_number", "24-1107"),
    ]
    dialled_at, answered_at, numbered_at = (at for _, _, at in told)
    assert dialled_at - taken_at <= timedelta(seconds=60)
    assert dialled_at < answered_at < numbered_at
    assert world.state == "acknowledged"


def test_whoever_is_on_the_telephone_is_not_idle_and_does_not_lose_the_case(world: World) -> None:
    world.press()
    world.acknowledge(KARIN)
    world.run(seconds=50)
    world.stamps(KARIN, "dialled")
    world.run(seconds=600)
    assert world.state == "acknowledged"
    assert "owner_idle" not in world.story


def test_a_moment_that_is_none_is_refused(world: World) -> None:
    world.press()
    with pytest.raises(Refused, match="bad_moment"):
        world.stamps(KARIN, "dial_it_for_me")


def test_nothing_is_ever_sent_to_112_by_itself(world: World) -> None:
    world.press()
    world.run(seconds=3600)
    addresses = {sent.notice.address for channel in world.channels.values() for sent in channel.sent}
    assert addresses
    assert not {address for address in addresses if address.lstrip("+").endswith("112") and len(address) < 8}
    assert not stamps(world)
