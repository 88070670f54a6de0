"""The ladder to one centre: order, fail-over, repeats, tests by row, and nothing but real cases."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devices.peers.arc_dc09_server import ArcDc09Server
from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.receiver import FAILED_FOR_S, HELD_BACK_S, LEFT_ALONE, ForwarderChannel
from larmcentral.channels.receiver_number import NumberPath, NumberSettings
from larmcentral.channels.receiver_path import PathAnswer, ReceiverPath
from larmcentral.clock import SystemClock
from larmcentral.domain.forwarding import Handover, MappingRow
from larmcentral.domain.forwarding_defaults import default_row
from larmcentral.domain.forwarding_tests import row_address
from larmcentral.domain.notice import DeliveryState, ServiceMessage
from larmcentral.ports.forwarders import BeatPlan, Pulse
from tests.fakes.bad_server import BadServer, Manner
from tests.fakes.settable_clock import SettableClock
from tests.larmcentral.channels.centre import (
    SILENT,
    TOOK,
    UNAUTHORISED,
    UNFIT,
    ToldBook,
    ToldPath,
    acking,
    dc09,
    forward,
)
from tests.larmcentral.channels.support import in_house, outward, running
from tests.larmcentral.channels.test_receiver_number import Teller


def centre(*paths: ReceiverPath, book: ToldBook | None = None, clock: Any = None, **more: Any) -> ForwarderChannel:
    return ForwarderChannel("nord", "Nordlarm", paths, book or ToldBook(), clock or SettableClock(), **more)


def jour(way: Teller) -> NumberPath:
    return NumberPath(NumberSettings(name="jour", number="+46101234567", medium="sms"), (way,))


def message(address: str, channel: Channel = Channel.RECEIVER) -> ServiceMessage:
    return ServiceMessage(id=UUID(int=7), channel=channel, address=address, language="sv", title="Prov", body="Prov")


async def test_the_first_path_that_takes_it_has_it_and_nobody_else_hears_of_it() -> None:
    one, two = ToldPath("one"), ToldPath("two")
    delivery = await centre(one, two).send(forward())
    assert (delivery.state, delivery.provider_id, delivery.answer) == (DeliveryState.SENT, "one", "one: ACK")
    assert [(path.path, path.took, path.result) for path in delivery.paths] == [("one", True, "ACK")]
    assert (len(one.heard), len(two.heard)) == (1, 0)


async def test_a_case_is_told_by_its_agreed_row_with_its_texts_filled_in() -> None:
    row = MappingRow(kind=AlarmKind.FALL, silent=False, event_code="FALL", sia="QA", cid="103", text="{kind}: {person}")
    path = ToldPath("one")
    await centre(path, book=ToldBook({(AlarmKind.FALL, False): row})).send(forward(kind=AlarmKind.FALL))
    [told] = path.heard
    assert told.row == replace(row, text="Fallarm: Åsa Öberg")
    assert (told.restore, told.test, told.number, told.lat) == (False, False, "7KQ2-M9XD", 59.3293)


async def test_the_end_is_told_with_the_time_of_the_end_and_a_reference_of_its_own() -> None:
    path = ToldPath("one")
    channel = centre(path)
    begun, over = forward(), forward(about=About.OVER)
    await channel.send(begun)
    await channel.send(over)
    first, last = path.heard
    assert (first.restore, first.occurred_at) == (False, begun.text.opened_at)
    assert (last.restore, last.occurred_at) == (True, over.filed_at)
    assert first.reference != last.reference


async def test_the_ladder_goes_down_to_a_person() -> None:
    way = Teller()
    number = jour(way)
    delivery = await centre(number, ToldPath("one", [SILENT]), ToldPath("two", [UNFIT])).send(forward())
    assert (delivery.state, delivery.by_telephone) == (DeliveryState.RETRY, True), "nobody's receipt: it is tried on"
    assert delivery.reason == "one: no answer in time; two: DUH; jour: sms on its way to a person at the centre"
    assert [(path.path, path.took) for path in delivery.paths] == [("one", False), ("two", False), ("jour", True)]
    assert len(way.calls) == 1


async def test_its_people_are_texted_once_a_case_and_kind_while_its_receivers_are_tried_on() -> None:
    way, path, clock = Teller(), ToldPath("one", [SILENT]), SettableClock()
    channel = centre(path, jour(way), clock=clock)
    for _ in range(3):
        await channel.send(forward())
    assert (len(path.heard), len(way.calls)) == (3, 1)
    for another in (forward("b"), forward(kind=AlarmKind.FALL), forward(about=About.OVER)):
        assert (await channel.send(another)).by_telephone
    assert len(way.calls) == 4
    path.answers = [TOOK]
    taken = await channel.send(forward())
    assert (taken.state, taken.provider_id, taken.by_telephone) == (DeliveryState.SENT, "one", False)


async def test_another_process_knows_from_the_notice_that_they_were_texted() -> None:
    way, path = Teller(), ToldPath("one", [SILENT])
    delivery = await centre(path, jour(way)).send(replace(forward(), by_telephone=True))
    assert (delivery.state, delivery.by_telephone, way.calls) == (DeliveryState.RETRY, False, [])


async def test_a_text_does_not_make_receivers_that_refuse_for_good_be_asked_again() -> None:
    delivery = await centre(ToldPath("one", [UNFIT]), jour(Teller())).send(forward())
    assert (delivery.state, delivery.by_telephone) == (DeliveryState.REFUSED, True)


async def test_a_text_that_may_go_later_is_tried_later() -> None:
    way = Teller(DeliveryState.RETRY)
    channel = centre(ToldPath("one", [UNFIT]), jour(way))
    delivery = await channel.send(forward())
    assert (delivery.state, delivery.by_telephone) == (DeliveryState.RETRY, False)
    way.state = DeliveryState.SENT
    assert (await channel.send(forward())).by_telephone
    assert len(way.calls) == 2


async def test_a_centre_that_has_telephones_alone_agreed_to_them() -> None:
    way = Teller()
    channel = centre(jour(way))
    delivery = await channel.send(forward())
    assert (delivery.state, delivery.provider_id, delivery.by_telephone) == (DeliveryState.SENT, "jour", False)
    await channel.send(forward())
    assert len(way.calls) == 1


@pytest.mark.parametrize(
    ("answers", "state", "about_us"),
    [
        ((SILENT, SILENT), DeliveryState.RETRY, False),
        ((SILENT, UNFIT), DeliveryState.RETRY, False),
        ((UNFIT, UNFIT), DeliveryState.REFUSED, False),
        ((UNFIT, UNAUTHORISED), DeliveryState.REFUSED, True),
    ],
)
async def test_what_nobody_took_may_be_tried_again_or_never(
    answers: tuple[Any, Any], state: DeliveryState, about_us: bool
) -> None:
    one, two = (ToldPath(name, [answer]) for name, answer in zip(("one", "two"), answers, strict=True))
    delivery = await centre(one, two).send(forward())
    assert (delivery.state, delivery.about_us) == (state, about_us)
    assert delivery.reason == f"one: {answers[0].words}; two: {answers[1].words}"


async def test_a_bug_of_ours_in_one_path_does_not_keep_the_case_from_the_next() -> None:
    class Broken(ToldPath):
        async def hand_over(self, told: Handover) -> PathAnswer:
            raise ZeroDivisionError

    delivery = await centre(Broken("one"), ToldPath("two")).send(forward())
    assert (delivery.state, delivery.provider_id) == (DeliveryState.SENT, "two")
    assert delivery.paths[0].result == "our own fault; see the log"


async def test_a_path_that_failed_is_tried_last_for_a_while() -> None:
    clock = SettableClock()
    one, two = ToldPath("one", [SILENT]), ToldPath("two")
    channel = centre(one, two, clock=clock)
    for incident, tried in (("a", ["one", "two"]), ("b", ["two"])):
        assert [path.path for path in (await channel.send(forward(incident))).paths] == tried
    clock.pass_by(timedelta(seconds=FAILED_FOR_S))
    assert [path.path for path in (await channel.send(forward("c"))).paths] == ["one", "two"]


@pytest.mark.parametrize("beat_every", [None, timedelta(seconds=30)])
async def test_a_heartbeat_or_a_look_brings_a_failed_path_back(beat_every: timedelta | None) -> None:
    one, two = ToldPath("one", [SILENT, TOOK], beat_every), ToldPath("two")
    channel = centre(one, two)
    await channel.send(forward("a"))
    assert (await channel.beat("one")).heard
    assert [path.path for path in (await channel.send(forward("b"))).paths] == ["one"]


async def test_a_path_that_missed_its_heartbeat_costs_the_next_case_nothing() -> None:
    one, two = ToldPath("one", [SILENT], timedelta(seconds=30)), ToldPath("two")
    channel = centre(one, two)
    assert await channel.beat("one") == Pulse(False, "no answer in time")
    assert [path.path for path in (await channel.send(forward())).paths] == ["two"]


async def test_telephones_stay_behind_all_receivers_even_those_that_failed() -> None:
    way = Teller()
    number = jour(way)
    one = ToldPath("one", [SILENT, TOOK])
    channel = centre(one, number)
    assert [path.path for path in (await channel.send(forward("a"))).paths] == ["one", "jour"]
    assert [path.path for path in (await channel.send(forward("b"))).paths] == ["one"]


async def test_a_refused_password_is_not_hammered() -> None:
    clock = SettableClock()
    one = ToldPath("one", [UNAUTHORISED, TOOK], timedelta(seconds=30))
    channel = centre(one, clock=clock)
    assert (await channel.send(forward())).state is DeliveryState.REFUSED
    held = await channel.send(forward())
    assert (held.state, len(one.heard)) == (DeliveryState.RETRY, 1), "what was not asked for is not given up"
    assert held.reason == f"one: {LEFT_ALONE}"
    assert not (await channel.beat("one")).heard
    assert one.beats == 0
    clock.pass_by(timedelta(seconds=HELD_BACK_S))
    assert (await channel.send(forward())).state is DeliveryState.SENT


async def test_a_case_that_was_taken_is_not_told_again_within_the_window() -> None:
    clock, path = SettableClock(), ToldPath("one", [SILENT, TOOK])
    channel = centre(path, clock=clock)
    assert (await channel.send(forward())).state is DeliveryState.RETRY
    assert (await channel.send(forward())).state is DeliveryState.SENT
    again = await channel.send(forward(attempt=2))
    assert (again.state, again.provider_id, again.paths) == (DeliveryState.SENT, "one", ())
    assert len(path.heard) == 2
    assert path.heard[0].reference == path.heard[1].reference
    graver = await channel.send(forward(kind=AlarmKind.DURESS))
    assert (graver.state, len(path.heard)) == (DeliveryState.SENT, 3)
    clock.pass_by(timedelta(minutes=10))
    await channel.send(forward(attempt=3))
    assert len(path.heard) == 4


@pytest.mark.parametrize("told_by_us", [True, False])
async def test_a_test_state_is_said_with_the_delivery(told_by_us: bool) -> None:
    path = ToldPath("one", [TOOK if told_by_us else replace(TOOK, in_test=True)])
    delivery = await centre(path, book=ToldBook(testing=told_by_us)).send(forward())
    assert (delivery.state, delivery.in_test) == (DeliveryState.SENT, True)
    assert path.heard[0].test is False


async def test_a_case_that_a_centre_in_test_took_is_told_again_once_it_tests_no_more() -> None:
    book, path = ToldBook(testing=True), ToldPath("one")
    channel = centre(path, book=book)
    assert (await channel.send(forward())).in_test
    book.testing = False
    again = await channel.send(forward(attempt=2))
    assert (again.state, again.in_test, len(path.heard)) == (DeliveryState.SENT, False, 2)


async def test_a_case_that_was_taken_in_earnest_is_not_in_test_when_it_is_repeated_there() -> None:
    book, path = ToldBook(), ToldPath("one")
    channel = centre(path, book=book)
    await channel.send(forward())
    book.testing = True
    again = await channel.send(forward(attempt=2))
    assert (again.state, again.in_test, len(path.heard)) == (DeliveryState.SENT, False, 1)


@pytest.mark.parametrize(
    "notice",
    [in_house(), in_house(purpose=Purpose.DRILL), outward(), message("nord/panic/open"), None],
    ids=["in-house", "drill", "outward", "service message", "nothing"],
)
async def test_nothing_but_a_forward_is_handed_over(notice: Any) -> None:
    path = ToldPath("one")
    with pytest.raises(TypeError, match="real cases only"):
        await centre(path).send(notice)
    assert path.heard == []


@pytest.mark.parametrize("purpose", [Purpose.TEST, Purpose.DRILL])
def test_no_drill_and_no_test_can_become_a_forward(purpose: Purpose) -> None:
    with pytest.raises(ValueError, match="cannot leave"):
        replace(forward(), purpose=purpose)  # type: ignore[arg-type]  # what the type forbids


@pytest.mark.parametrize("notice", [forward(), in_house(), outward()])
async def test_nothing_but_words_about_ourselves_is_posted(notice: Any) -> None:
    with pytest.raises(TypeError, match="about ourselves"):
        await centre(ToldPath("one"), book=ToldBook(testing=True)).post(notice)


async def test_a_row_is_tried_marked_as_a_test_and_about_nobody() -> None:
    path, way = ToldPath("one"), Teller()
    number = jour(way)
    channel = centre(path, number, book=ToldBook(testing=True))
    delivery = await channel.post(message(row_address("nord", default_row(AlarmKind.PANIC, True))))
    assert (delivery.state, delivery.answer, delivery.in_test) == (DeliveryState.SENT, "one: ACK", True)
    [told] = path.heard
    assert told.test
    assert told.row.sia == "HA"
    for words in (told.row.text, told.row.section_text, told.row.detector_text):
        assert words.startswith("PROV / TEST")
    assert (told.lat, told.lon, told.number) == (None, None, "PROV")
    assert way.calls == []


async def test_a_test_without_an_answer_stays_away_from_telephones() -> None:
    way = Teller()
    number = jour(way)
    channel = centre(ToldPath("one", [SILENT]), number, book=ToldBook(testing=True))
    assert (await channel.post(message("nord/panic/open"))).state is DeliveryState.RETRY
    assert way.calls == []


async def test_a_row_is_not_tried_while_the_centre_takes_us_in_earnest() -> None:
    path, book = ToldPath("one"), ToldBook()
    channel = centre(path, book=book)
    later = await channel.post(message("nord/panic/open"))
    assert (later.state, later.retry_after, path.heard) == (DeliveryState.RETRY, timedelta(seconds=2), [])
    assert "test state" in later.reason
    book.testing = True
    assert (await channel.post(message("nord/panic/open"))).state is DeliveryState.SENT, "it was read meanwhile"


async def test_a_row_that_was_changed_meanwhile_is_read_first() -> None:
    book = ToldBook(testing=True)
    address = row_address("nord", replace(default_row(AlarmKind.PANIC, False), sia="BA"))
    later = await centre(ToldPath("one"), book=book).post(message(address))
    assert (later.state, later.retry_after) == (DeliveryState.RETRY, timedelta(seconds=2))


@pytest.mark.parametrize(
    "address", ["syd/panic/open", "nord/panic", "nord/party/open", "nord/panic/loud", "nord/panic/open/x/y"]
)
async def test_what_names_no_row_of_this_centre_is_refused(address: str) -> None:
    refused = await centre(ToldPath("one"), book=ToldBook(testing=True)).post(message(address))
    assert (refused.state, refused.reason) == (DeliveryState.REFUSED, "no row of this centre")


async def test_a_case_of_another_centre_or_without_a_kind_is_refused_in_words() -> None:
    path = ToldPath("one")
    for notice in (forward(receiver="syd"), forward(kind=None)):
        assert (await centre(path).send(notice)).state is DeliveryState.REFUSED
    assert path.heard == []


async def test_every_path_starts_and_stops_with_the_centre() -> None:
    one, two = ToldPath("one"), ToldPath("two")
    async with running(centre(one, two)):
        assert one.started
        assert two.started
    assert not one.started


async def test_a_centre_answers_if_one_of_its_receivers_does() -> None:
    one, two = ToldPath("one", alive=False), ToldPath("two")
    assert (await centre(one, two).probe()).alive
    dead = await centre(one, ToldPath("two", alive=False)).probe()
    assert (dead.alive, dead.reason) == (False, "one: nobody listens there; two: nobody listens there")


def test_paths_with_a_heartbeat_beat_and_the_others_are_looked_at() -> None:
    plans = centre(ToldPath("one", beat_every=timedelta(seconds=30)), ToldPath("two")).beats()
    assert plans == [BeatPlan("one", timedelta(seconds=30)), BeatPlan("two", timedelta(seconds=60))]


def test_the_dry_run_shows_every_path_marked_and_made_up() -> None:
    row = replace(default_row(AlarmKind.PANIC, False), text="{person} {door_code}")
    first, second = centre(ToldPath("one"), ToldPath("two")).rehearse(row)
    assert (first.path, second.path) == ("one", "two")
    assert first.text == "PROV / TEST\nProv Provsson 0000"


@pytest.fixture
async def secondary() -> AsyncIterator[ArcDc09Server]:
    server = ArcDc09Server({"1234": None})
    await server.start()
    yield server
    await server.stop()


async def test_fail_over_to_the_secondary_takes_no_longer_than_the_primarys_deadline(secondary: ArcDc09Server) -> None:
    """With the settings as they come: a silent primary costs five seconds, and costs them once."""
    async with BadServer(acking(), Manner.SILENT) as primary:
        paths = [
            dc09(primary.port, name="primary", deadline=timedelta(seconds=5)),
            dc09(secondary.port, name="secondary", deadline=timedelta(seconds=5)),
        ]
        async with running(centre(*paths, clock=SystemClock())) as channel:
            began = time.monotonic()
            first = await channel.send(forward("a"))
            first_s = time.monotonic() - began
            began = time.monotonic()
            second = await channel.send(forward("b"))
            second_s = time.monotonic() - began
    assert (first.provider_id, second.provider_id) == ("secondary", "secondary")
    assert first_s < 6.0
    assert second_s < 1.0
    assert [received.payload["data"] for received in secondary.record.since(0, 9)] == [
        "#1234|NPA^Asa Oberg^",
        "#1234|NPA^Asa Oberg^",
    ]
