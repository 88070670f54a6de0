"""Where a device was heard last."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from larmcentral.receivers.echoes import LISTENS_FOR_S, Echoes
from protocols.signal import AccountId
from tests.fakes.line_protocol import LineConversation

ANNA, BO = ("line", AccountId("anna")), ("line", AccountId("bo"))


class Way:
    """A line."""

    def __init__(self) -> None:
        self.conversation: Any = LineConversation(datetime(2026, 11, 22, 12, tzinfo=UTC))

    def send(self, data: bytes) -> bool:
        return True

    def replaced(self) -> None:
        raise AssertionError("a way back is no connection that could be closed")


class Time:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_device_is_reached_for_a_minute_after_it_was_heard() -> None:
    time, way = Time(), Way()
    echoes = Echoes(time)
    echoes.heard(ANNA, way)
    time.now_s = LISTENS_FOR_S - 1
    assert echoes.line(ANNA) is way
    assert echoes.names() == [ANNA]
    time.now_s = LISTENS_FOR_S
    assert echoes.line(ANNA) is None
    assert len(echoes) == 0


def test_the_newest_way_back_counts_and_the_minute_begins_anew() -> None:
    time, older, newer, other = Time(), Way(), Way(), Way()
    echoes = Echoes(time)
    echoes.heard(ANNA, older)
    echoes.heard(BO, other)
    time.now_s = 30.0
    echoes.heard(ANNA, newer)
    time.now_s = LISTENS_FOR_S
    assert (echoes.line(ANNA), echoes.line(BO)) == (newer, None)


def test_no_more_are_remembered_than_there_is_room_for() -> None:
    echoes = Echoes(Time(), most=1)
    echoes.heard(ANNA, Way())
    echoes.heard(BO, Way())
    assert echoes.names() == [BO]
