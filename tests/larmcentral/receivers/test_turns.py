"""Whose bytes are read next when more come than can be. Time is the loop's own, and speaking takes some of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from larmcentral.receivers.turns import (
    FORGOTTEN_BYTES_PER_S,
    HUSH_S,
    LAST_LEVEL,
    LEVELS_BYTES,
    TALKER_EVERY_S,
    TURN_S,
    UNDER_WAY,
    Talk,
    Turns,
)
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

WORDS_S = TURN_S / 2
"""What one of them takes to be heard."""


class Room(VirtualLoop):
    """A loop in which listening takes time, and who was heard in it when."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = VirtualClock(self)
        self.turns = Turns(self.clock)
        self.heard: list[tuple[str, float]] = []

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.heard]

    def hear(self, name: str) -> None:
        self.heard.append((name, self.time()))
        self._jumping.now += WORDS_S

    def ask(self, *names: str, level: int = LAST_LEVEL) -> None:
        for name in names:
            self.turns.ask(Speaker(self, name), level)


class Speaker:
    def __init__(self, room: Room, name: str) -> None:
        self._room, self._name = room, name

    def hear(self) -> None:
        self._room.hear(self._name)


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def within(room: Room, *steps: Callable[[], object]) -> None:
    """Let steps happen in one turn of the loop, then let all turns pass."""

    async def story() -> None:
        for step in steps:
            step()
        await room.clock.sleep(1)

    room.run_until_complete(story())


def test_on_a_quiet_day_everybody_is_heard_at_once(room: Room) -> None:
    at_once: list[int] = []
    within(room, lambda: room.ask("anna"), lambda: at_once.append(len(room.heard)))
    assert (room.names, at_once, room.turns.waiting) == (["anna"], [1], 0)


def test_one_turn_of_the_loop_hears_only_so_many_and_the_rest_in_the_next(room: Room) -> None:
    at_once: list[list[str]] = []
    within(room, lambda: room.ask(*"abcdefgh"), lambda: at_once.append(list(room.names)))
    assert at_once == [["a", "b"]]
    assert room.names == list("abcdefgh")


def test_who_says_little_is_heard_before_those_who_flood(room: Room) -> None:
    within(room, lambda: room.ask(*"abcdefgh"), lambda: room.ask("anna", level=0))
    assert room.names == ["a", "b", "anna", *"cdefgh"]


def test_while_an_alarm_is_under_way_those_who_flood_are_heard_now_and_then(room: Room) -> None:
    within(room, lambda: room.turns.begin(alarm=True), lambda: room.ask(*"abcdef"))
    moments = [at_s for _, at_s in room.heard]
    assert room.names == list("abcdef")
    assert all(later - before >= TALKER_EVERY_S for before, later in pairwise(moments))


def test_in_a_hush_nobody_who_says_little_waits_for_the_talkers(room: Room) -> None:
    async def story() -> None:
        room.turns.begin(alarm=True)
        room.ask(*"abc")
        await room.clock.sleep(TALKER_EVERY_S / 4)
        room.ask("anna", "bo", "carl", "dora", "eva", level=0)
        await room.clock.sleep(1)

    room.run_until_complete(story())
    moments = dict(room.heard)
    assert room.names[:6] == ["a", "anna", "bo", "carl", "dora", "eva"]
    assert moments["eva"] - moments["anna"] < TALKER_EVERY_S / 2


def test_the_hush_lasts_until_the_notices_of_the_alarm_have_left(room: Room) -> None:
    room.turns.begin(alarm=True)
    room.turns.done(alarm=True)
    within(room, lambda: room.ask(*"abcdefghijklmnop"))
    moments = [at_s for _, at_s in room.heard]
    assert sum(at_s < HUSH_S for at_s in moments) <= HUSH_S / TALKER_EVERY_S + 1
    assert sum(HUSH_S <= at_s < HUSH_S + 2 * TALKER_EVERY_S for at_s in moments) > 8


def test_those_who_flood_wait_while_too_much_is_under_way_and_go_on_when_it_is_done(room: Room) -> None:
    for _ in range(UNDER_WAY):
        room.turns.begin(alarm=False)
    within(room, lambda: room.ask(*"abc"), lambda: room.ask("anna", level=0))
    assert (room.names, room.turns.waiting) == (["anna"], 3)
    within(room, lambda: room.turns.done(alarm=False))
    assert (room.names, room.turns.waiting) == (["anna", *"abc"], 0)


def test_a_telemetry_that_is_done_hushes_nobody(room: Room) -> None:
    room.turns.begin(alarm=False)
    room.turns.done(alarm=False)
    within(room, lambda: room.ask(*"abcd"))
    assert room.heard[-1][1] < TALKER_EVERY_S


def test_who_has_said_less_goes_before_who_has_said_more(room: Room) -> None:
    within(room, lambda: room.ask("a", "b", "c"), lambda: room.ask("back", level=2), lambda: room.ask("anna", level=1))
    assert room.names == ["a", "b", "anna", "back", "c"]


def test_the_more_a_device_has_said_the_later_it_is_heard_and_after_a_while_it_is_as_before() -> None:
    talk = Talk(0.0)
    assert [talk.level(512, 0.0) for _ in range(10)] == [0, 1, 2, 2, 3, 3, 3, 3, 4, 4]
    assert talk.level(100, 1.0) == LAST_LEVEL
    assert talk.level(100, 1.0 + LEVELS_BYTES[-1] / FORGOTTEN_BYTES_PER_S) == 0


def test_no_silence_buys_more_than_what_may_be_said_at_once() -> None:
    talk = Talk(0.0)
    assert talk.level(LEVELS_BYTES[-1] + 1, 1e6) == LAST_LEVEL
