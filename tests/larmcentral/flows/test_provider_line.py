"""One provider's queue: alarms first, the rest at its rate."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from escalation.chain import Channel
from escalation.effects import About
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.flows.provider_line import ProviderLine
from larmcentral.flows.ways_out import WayOut
from tests.fakes.channel import FakeChannel
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop
from tests.larmcentral.flows.notices import outward


class Hall:
    """A line, and who has gone through it and when. busy: tries do not end while it is set."""

    def __init__(self, at_once: int, per_second: float | None) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(self.loop)
        self.gone: list[tuple[str, float]] = []
        self.put_off: list[tuple[str, float]] = []
        self.moved: list[str] = []
        self.dead = False
        self.free = asyncio.Event()
        self.free.set()
        way = WayOut(
            provider="46elks",
            channel=Channel.SMS,
            port=FakeChannel(self.clock),
            at_once=at_once,
            per_second=per_second,
        )
        self.line = ProviderLine(way, self.clock, send=self._send, put_off=self._put_off, elsewhere=self._elsewhere)

    def do(self, *what: Callable[[], object], seconds: float = 0.0) -> None:
        async def now() -> None:
            for one in what:
                one()
            for _ in range(50):
                await asyncio.sleep(0)
            await self.clock.sleep(seconds)
            for _ in range(50):
                await asyncio.sleep(0)

        self.loop.run_until_complete(now())

    def puts(self, *names: str, about: About = About.ALARM) -> Callable[[], None]:
        return lambda: [self.line.put(outward(about=about, address=name)) for name in names][-1]

    def news(self, *names: str) -> Callable[[], None]:
        return self.puts(*names, about=About.OVER)

    async def _send(self, notice: OutgoingNotice, way: WayOut, waited_s: float) -> None:
        self.gone.append((notice.address, self.clock.monotonic()))
        await self.free.wait()

    def _put_off(self, notice: OutgoingNotice, seconds: float) -> None:
        self.put_off.append((notice.address, seconds))

    def _elsewhere(self, notice: OutgoingNotice, way: WayOut, since_s: float) -> bool:
        if self.dead:
            self.moved.append(notice.address)
        return self.dead

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.gone]


NewHall = Callable[..., Hall]


@pytest.fixture
def hall() -> Iterator[NewHall]:
    made: list[Hall] = []

    def make(at_once: int = 4, per_second: float | None = None) -> Hall:
        made.append(Hall(at_once, per_second))
        made[-1].do(made[-1].line.start)
        return made[-1]

    yield make
    for one in made:
        one.loop.run_until_complete(one.line.stop())
        one.loop.close()


def test_an_alarm_overtakes_whatever_waits(hall: NewHall) -> None:
    line = hall(at_once=1)
    line.free.clear()
    line.do(line.news("one", "two"), line.puts("alarm"))
    assert line.names == ["one"]
    line.do(line.free.set)
    assert line.names == ["one", "alarm", "two"]


def test_a_place_is_kept_free_for_alarms_where_a_provider_sits_on_the_rest(hall: NewHall) -> None:
    line = hall(at_once=4)
    line.free.clear()
    line.do(line.news("one", "two", "three", "four"))
    assert line.names == ["one", "two", "three"]
    assert line.line.waiting == 1
    line.do(line.puts("alarm"))
    assert line.names[-1] == "alarm"
    line.do(line.free.set)
    assert line.names[-1] == "four"
    assert line.line.waiting == 0


def test_no_more_are_under_way_than_the_provider_takes(hall: NewHall) -> None:
    line = hall(at_once=4)
    line.free.clear()
    line.do(line.puts(*"abcdefgh"))
    assert line.names == list("abcd")


def test_ordinary_notices_keep_the_rate_and_alarms_do_not(hall: NewHall) -> None:
    line = hall(at_once=100, per_second=4.0)
    line.do(line.news(*"abcdefgh"), line.puts(*"ABCDEF"), seconds=5)
    at = dict(line.gone)
    assert {at[name] for name in "ABCDEF"} == {0.0}
    assert [at[name] for name in "abcd"] == [0.0] * 4, "a second's worth was there before the alarms"
    assert [at[name] for name in "efgh"] == [1.75, 2.0, 2.25, 2.5], "the six alarms are made up first"


def test_who_would_wait_longer_than_a_moment_waits_where_everybody_sees_it(hall: NewHall) -> None:
    line = hall(at_once=100, per_second=2.0)
    line.do(line.news(*"abcdefg"), seconds=3)
    assert line.gone == [("a", 0.0), ("b", 0.0), ("c", 0.5), ("d", 1.0)]
    assert line.put_off == [("e", 1.5), ("f", 2.0), ("g", 2.5)]


def test_what_comes_back_in_its_time_goes(hall: NewHall) -> None:
    line = hall(at_once=100, per_second=2.0)
    line.do(line.news(*"abcdef"), seconds=1.5)
    assert [name for name, _ in line.put_off] == ["e", "f"]
    line.do(line.news("e"), seconds=0.5)
    line.do(line.news("f"))
    assert line.names == list("abcdef")
    assert len(line.put_off) == 2


def test_what_waits_moves_when_the_provider_is_dead(hall: NewHall) -> None:
    line = hall(at_once=1)
    line.free.clear()
    line.do(line.puts("one", "two", "three"))
    line.dead = True
    line.do(line.free.set)
    assert (line.names, line.moved) == (["one"], ["two", "three"])


def test_it_stops_and_starts_again_empty(hall: NewHall) -> None:
    line = hall(at_once=1, per_second=2.0)
    line.free.clear()
    line.do(line.news("one", "two"), line.puts("alarm"))
    line.loop.run_until_complete(line.line.stop())
    assert line.line.waiting == 0
    line.free.set()
    line.do(line.line.start, line.puts("after"), seconds=5)
    assert line.names == ["one", "after"]


def test_nothing_goes_before_it_starts(hall: NewHall) -> None:
    line = Hall(4, None)
    line.do(line.puts("one"))
    assert line.names == []
    line.do(line.line.start)
    assert line.names == ["one"]
    line.loop.run_until_complete(line.line.stop())
    line.loop.close()
