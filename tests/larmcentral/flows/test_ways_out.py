"""Which provider a notice takes, and what is known of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.chain import Channel
from larmcentral.domain.notice import Delivery, DeliveryState, Probe
from larmcentral.domain.way_health import ADDRESSES_TO_DEATH, BELIEVED, WayState
from larmcentral.flows.ways_out import WayOut, WaysOut
from tests.fakes.channel import DOWN, OK, FakeChannel
from tests.fakes.settable_clock import SettableClock
from tests.world import T0


def way(provider: str, channel: Channel = Channel.SMS, receiver: str | None = None) -> WayOut:
    return WayOut(provider=provider, channel=channel, port=FakeChannel(SettableClock(T0)), at_once=4, receiver=receiver)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(T0)


@pytest.fixture
def ways(clock: SettableClock) -> WaysOut:
    """Two providers of text messages, one of calls, two centres and the console."""
    return WaysOut(
        [
            way("46elks"),
            way("smpp"),
            way("twilio", Channel.VOICE),
            way("receiver:nord", Channel.RECEIVER, "nord"),
            way("receiver:syd", Channel.RECEIVER, "syd"),
            way("console", Channel.CONSOLE),
        ],
        clock,
    )


def provider(found: WayOut | None) -> str | None:
    return found and found.provider


def kill(ways: WaysOut, *providers: str) -> None:
    for name in providers:
        for _ in range(3):
            ways.told(name, DOWN, 0.1)


def test_the_first_is_preferred_and_a_retry_turns_to_the_next(ways: WaysOut) -> None:
    found = [provider(ways.best(Channel.SMS, tries=tries)) for tries in range(4)]
    assert found == ["46elks", "smpp", "46elks", "smpp"]


def test_the_living_come_before_the_dead_and_all_dead_ones_are_tried_all_the_same(ways: WaysOut) -> None:
    kill(ways, "46elks")
    assert ways.is_dead("46elks")
    assert [provider(ways.best(Channel.SMS, tries=tries)) for tries in range(3)] == ["smpp"] * 3
    kill(ways, "smpp")
    assert [provider(ways.best(Channel.SMS, tries=tries)) for tries in range(3)] == ["46elks", "smpp", "46elks"]


def test_a_channel_is_dead_when_all_its_ways_are_and_the_desk_and_centres_never(ways: WaysOut) -> None:
    kill(ways, "46elks", "twilio", "receiver:nord", "console")
    assert ways.dead() == {Channel.VOICE}
    kill(ways, "smpp")
    assert ways.dead() == {Channel.VOICE, Channel.SMS}
    ways.told("smpp", OK, 0.1)
    assert ways.dead() == {Channel.VOICE}


def test_a_verdict_that_nothing_renews_runs_out(ways: WaysOut, clock: SettableClock) -> None:
    kill(ways, "twilio")
    clock.pass_by(BELIEVED)
    assert ways.dead() == frozenset()
    assert not ways.is_dead("twilio")


def test_probes_kill_and_bring_back(ways: WaysOut) -> None:
    for _ in range(2):
        ways.probed("twilio", Probe(False, "no answer"))
    assert ways.dead() == {Channel.VOICE}
    ways.probed("twilio", Probe(True))
    assert ways.dead() == frozenset()


def test_each_centre_has_a_way_of_its_own(ways: WaysOut) -> None:
    kill(ways, "receiver:nord")
    assert provider(ways.best(Channel.RECEIVER, "nord")) == "receiver:nord"
    assert provider(ways.best(Channel.RECEIVER, "syd")) == "receiver:syd"
    assert ways.best(Channel.RECEIVER, "ost") is None
    assert ways.best(Channel.RECEIVER) is None


def test_what_this_house_does_not_have_is_none(ways: WaysOut) -> None:
    assert ways.best(Channel.PAGER) is None
    assert WaysOut([], SettableClock(T0)).dead() == frozenset()


def test_a_hook_that_is_down_says_little_while_another_answers(clock: SettableClock) -> None:
    ways = WaysOut([way("webhooks", Channel.WEBHOOK)], clock)
    ways.told("webhooks", OK, 0.1, address="drift")
    clock.pass_by(timedelta(seconds=10))
    kill(ways, "webhooks")
    assert ways.dead() == frozenset()


def test_who_listens_hears_of_each_result(ways: WaysOut) -> None:
    heard: list[tuple[str, DeliveryState, float]] = []
    ways.listen(lambda way, delivery, seconds: heard.append((way.provider, delivery.state, seconds)))
    ways.told("smpp", OK, 0.25)
    ways.told("46elks", Delivery(state=DeliveryState.GONE), 0.5)
    assert heard == [("smpp", DeliveryState.SENT, 0.25), ("46elks", DeliveryState.GONE, 0.5)]


def test_the_states_say_since_when_and_why_and_how_many_wait(ways: WaysOut, clock: SettableClock) -> None:
    ways.counted_by(lambda provider: 7 if provider == "smpp" else 0)
    ways.told("smpp", OK, 0.1)
    clock.pass_by(timedelta(seconds=5))
    kill(ways, "smpp")
    untried, dead = ways.states()[:2]
    assert (untried.state, untried.since, untried.waiting) == (WayState.UNKNOWN, None, 0)
    assert (dead.provider, dead.channel, dead.receiver, dead.state) == ("smpp", Channel.SMS, None, WayState.DEAD)
    assert (dead.last_good_at, dead.last_bad_at, dead.since) == (T0, clock.now(), clock.now())
    assert (dead.reason, dead.waiting) == ("connection refused", 7)


def test_a_test_that_fails_is_counted_and_condemns_no_way(ways: WaysOut, clock: SettableClock) -> None:
    """Whoever asks for a test has chosen its address, and must not be able to take a way from everybody else."""
    heard: list[Delivery] = []
    ways.listen(lambda way, delivery, seconds: heard.append(delivery))
    for _ in range(3):
        ways.told("twilio", DOWN, 0.1, asked=True)
    assert (heard, ways.dead()) == ([DOWN] * 3, frozenset())
    ways.told("twilio", OK, 0.1, asked=True)
    assert ways.states()[2].state is WayState.ALIVE
    clock.pass_by(timedelta(seconds=5))
    for _ in range(3):
        ways.told("twilio", replace(DOWN, state=DeliveryState.REFUSED, about_us=True), 0.1, asked=True)
    assert ways.is_dead("twilio")


def test_one_browser_with_an_address_that_is_down_says_nothing_of_the_others(clock: SettableClock) -> None:
    ways = WaysOut([way("web_push", Channel.WEB_PUSH)], clock)
    for _ in range(9):
        ways.told("web_push", DOWN, 0.1, address="his own server")
    assert not ways.is_dead("web_push")
    for browser in range(ADDRESSES_TO_DEATH - 1):
        ways.told("web_push", DOWN, 0.1, address=f"browser {browser}")
    assert ways.is_dead("web_push")


def test_two_ways_with_one_name_are_a_mistake(clock: SettableClock) -> None:
    with pytest.raises(ValueError, match="one name"):
        WaysOut([way("46elks"), way("46elks")], clock)


@pytest.mark.parametrize(
    "wrong",
    [{"at_once": 0}, {"per_second": 0.0}, {"receiver": "nord"}, {"channel": Channel.RECEIVER}],
)
def test_a_way_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {"provider": "x", "channel": Channel.SMS, "port": None, "at_once": 1}
    with pytest.raises(ValueError, match="x:"):
        WayOut(**(right | wrong))  # type: ignore[arg-type]  # wrong on purpose
