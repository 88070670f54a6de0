"""Who is sent away when many come: never an enrolled device for the sake of somebody nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from larmcentral.receivers.crowd import Crowd
from larmcentral.receivers.limits import Limits
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import Device, Rig


@dataclass(eq=False)
class Guest:
    """Whoever stands at a door."""

    crowd: Crowd[Guest] | None = None
    waits: bool = False
    said: list[str] = field(default_factory=list)

    def close(self) -> None:
        self.said.append("close")

    def abort(self) -> None:
        self.said.append("abort")


def a_crowd(rig: Rig, **limits: int) -> Crowd[Guest]:
    return Crowd(rig.reception(Limits(**limits)))


def comes(crowd: Crowd[Guest], address: str, *, known: bool = False, waits: bool = False) -> Guest | None:
    """Let somebody come; None if he is not let in."""
    if not crowd.admits(address):
        return None
    guest = Guest(waits=waits)
    crowd.enter(guest, address)
    if known:
        crowd.know(guest)
    return guest


def sent_away(*guests: Guest | None) -> list[bool]:
    return [guest is not None and guest.said == ["abort"] for guest in guests]


async def test_the_stranger_who_waits_longest_makes_room_for_the_next(rig: Rig) -> None:
    crowd = a_crowd(rig, strangers=2)
    first, second, third = comes(crowd, "a"), comes(crowd, "b"), comes(crowd, "c")
    assert sent_away(first, second, third) == [True, False, False]
    assert rig.metric("larm_connections_refused_total", receiver="rig", reason="strangers") == 1


async def test_the_address_with_the_most_strangers_gives_way_first(rig: Rig) -> None:
    crowd = a_crowd(rig, strangers=4)
    lonely = comes(crowd, "b")
    many = [comes(crowd, "a") for _ in range(3)]
    newcomer = comes(crowd, "c")
    assert sent_away(lonely, *many, newcomer) == [False, True, False, False, False]


async def test_one_address_has_room_for_so_many_strangers_and_no_more(rig: Rig) -> None:
    crowd = a_crowd(rig, strangers=100, strangers_per_address=2)
    first, other = comes(crowd, "a"), comes(crowd, "b")
    second, third = comes(crowd, "a"), comes(crowd, "a")
    assert sent_away(first, second, third, other) == [True, False, False, False]


async def test_who_is_enrolled_is_no_stranger_and_stays(rig: Rig) -> None:
    crowd = a_crowd(rig, strangers=1, strangers_per_address=1)
    anna = comes(crowd, "a", known=True)
    strangers = [comes(crowd, "a") for _ in range(5)]
    assert sent_away(anna, *strangers) == [False, True, True, True, True, False]


async def test_who_has_spoken_and_was_not_heard_yet_is_passed_over(rig: Rig) -> None:
    crowd = a_crowd(rig, strangers=2)
    speaks, silent = comes(crowd, "a", waits=True), comes(crowd, "a")
    comes(crowd, "a")
    assert sent_away(speaks, silent) == [False, True]


async def test_where_all_wait_to_be_heard_the_first_still_makes_room(rig: Rig) -> None:
    crowd = a_crowd(rig, strangers=2)
    first, second = comes(crowd, "a", waits=True), comes(crowd, "a", waits=True)
    comes(crowd, "a")
    assert sent_away(first, second) == [True, False]


async def test_a_full_house_takes_an_enrolled_device_in_place_of_a_stranger(rig: Rig) -> None:
    crowd = a_crowd(rig, connections=2)
    anna, stranger = comes(crowd, "a", known=True), comes(crowd, "b")
    bo = comes(crowd, "c", known=True)
    assert sent_away(anna, stranger, bo) == [False, True, False]
    assert comes(crowd, "d") is None, "only enrolled devices are left"
    assert rig.metric("larm_connections_refused_total", receiver="rig", reason="all") == 1


async def test_an_address_that_is_full_takes_an_enrolled_device_in_place_of_its_own_stranger(rig: Rig) -> None:
    crowd = a_crowd(rig, connections_per_address=2)
    elsewhere, anna, stranger = comes(crowd, "b"), comes(crowd, "a", known=True), comes(crowd, "a")
    bo = comes(crowd, "a", known=True)
    assert sent_away(elsewhere, anna, stranger, bo) == [False, False, True, False]
    assert comes(crowd, "a") is None


async def test_whoever_was_sent_away_is_counted_until_he_is_gone(rig: Rig) -> None:
    crowd = a_crowd(rig, strangers=1)
    first, second = comes(crowd, "a"), comes(crowd, "a")
    assert first is not None
    assert second is not None
    assert rig.metric("larm_open_connections", receiver="rig") == 2
    crowd.leave(first)
    crowd.leave(second)
    assert (len(crowd), rig.metric("larm_open_connections", receiver="rig")) == (0, 0)
    assert comes(crowd, "a") is not None


async def test_a_thousand_come_and_go_and_nothing_is_left_of_them(rig: Rig) -> None:
    crowd = a_crowd(rig, strangers=50, strangers_per_address=7)
    guests = [comes(crowd, str(number % 13), known=number % 5 == 0) for number in range(1000)]
    for guest in guests:
        if guest is not None:
            crowd.leave(guest)
    assert (len(crowd), len(crowd.strangers), crowd._per_address) == (0, 0, {})


async def test_a_flood_of_the_silent_lets_an_enrolled_device_in_and_keeps_it(rig: Rig) -> None:
    served = await rig.tcp(limits=Limits(strangers=3))
    bo = await rig.connect("name bo")
    assert await bo.hear() == "ack name"
    silent = [await rig.connect() for _ in range(5)]
    anna = await rig.connect("name anna", "alarm 1")
    assert [await anna.hear(), await anna.hear()] == ["ack name", "ack 1"]
    silent += [await rig.connect() for _ in range(5)]
    await eventually(lambda: len(served.crowd.strangers) == 3)
    await gone(silent[:7])
    for device in (anna, bo):
        device.say("alarm 2")
        assert await device.hear() == "ack 2"


async def test_a_device_that_is_known_by_its_frames_alone_is_no_stranger(rig: Rig) -> None:
    served = await rig.tcp(limits=Limits(strangers=1))
    anna = await rig.connect("name anna", "forged 1", "position 2")
    assert [await anna.hear() for _ in range(3)] == ["ack name", "ack 1", "ack 2"]
    eve = await rig.connect("name eve", "position 1")
    assert [await eve.hear(), await eve.hear()] == ["ack name", "who 1"]
    assert len(served.crowd.strangers) == 1


async def gone(devices: list[Device]) -> None:
    for device in devices:
        assert await device.hear_all() == b""
