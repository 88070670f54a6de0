"""Each scene against an HTTP server that plays the centre: what is asked for, in what order, and what is told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from devices.device import Address
from devices.scenes import SCENES
from devices.stage import PATIENCE_S, NothingHappened, Stage
from tests.devices.support import NOW, swift_surroundings
from tests.fakes.centre import DURESS_PIN, PASSWORD, PIN, Centre, incident, open_centre


async def play(name: str, centre: Centre) -> list[str]:
    """Play a scene from beginning to end; return its lines without the seconds."""
    lines: list[str] = []
    stage = Stage(Address("127.0.0.1", centre.port), PASSWORD, lines.append, PIN, DURESS_PIN, swift_surroundings())
    await SCENES[name](stage)
    return [line.partition(" s  ")[2] for line in lines]


async def test_a_missed_check_in_is_raised_by_the_centre_itself() -> None:
    async with open_centre(Centre()) as centre:
        told = await play("missed-check-in", centre)
    (begun,) = centre.bodies("me/session")
    assert begun == {
        "purpose": "hembesök",
        "check_in_every_s": 60.0,
        "ends_at": (NOW + timedelta(minutes=30)).isoformat(),
    }
    assert "the server raised missed_check_in; told so far: Bosse (told)" in told
    last = max(at for at, (who, *_) in enumerate(centre.asked) if who == "anna")
    raised = next(at for at, (_, _, path, _) in enumerate(centre.asked) if path == "me/session")
    assert {who for who, *_ in centre.asked[last + 1 :]} == {"karin"}, "nothing is heard of her any more"
    assert last > raised


async def test_both_pins_show_the_same_and_one_of_them_calls_for_help() -> None:
    async with open_centre(Centre()) as centre:
        told = await play("duress", centre)
    assert [body["pin"] for body in centre.bodies("me/pre-alarm/cancel")] == [PIN, DURESS_PIN]
    assert "to the letter the same, whoever reads it over her shoulder" in told
    assert told[-1] == "at the desk: duress, silent True; told so far: Bosse (told)"


async def test_a_phone_that_shows_which_pin_it_was_ends_the_scene_as_a_failure() -> None:
    async with open_centre(Centre(tells_pins_apart=True)) as centre:
        with pytest.raises(NothingHappened, match="which PIN"):
            await play("duress", centre)


async def test_a_group_alarm_tells_the_building_and_becomes_graver_when_nobody_answers() -> None:
    async with open_centre(Centre()) as centre:
        told = await play("group-alarm", centre)
    shifts = [(who, body["place_id"]) for who, _, path, body in centre.asked if path == "me/shift"]
    assert shifts == [("bosse", "place-1"), ("cecilia", "place-1"), ("anna", "place-1")]
    (signal,) = centre.bodies("me/signals")
    assert (signal["kind"], UUID(signal["id"]).version) == ("group_alarm", 4)
    assert told[-2:] == ["nobody answers", "it has become hold_up; told: Bosse (told)"]


async def test_an_answered_group_alarm_stays_what_it_is() -> None:
    async with open_centre(Centre()) as centre:
        told = await play("group-alarm-answered", centre)
    going = [who for who, _, path, _ in centre.asked if path.endswith("/on-the-way")]
    assert going == ["bosse", "cecilia"]
    assert told[-1] == "now: Bosse (going)"


async def test_what_a_scene_before_has_left_of_the_same_person_is_ended_first_and_nothing_else() -> None:
    centre = Centre(session=True, open=[incident(1, "panic"), incident(2, "fall", person="p-dag")])
    centre.open.append(incident(3, "tamper", person=None))
    async with open_centre(centre):
        told = await play("duress", centre)
    ended = [(who, path) for who, _, path, _ in centre.asked if path.endswith("/stand-down")]
    assert ended == [("karin", "incidents/i-1/stand-down")]
    assert ("anna", "POST", "me/session/end", {}) in centre.asked
    assert told[0] == "the operator stands down the panic of the scene before"


FAR_END = {"hand-over", "dead-way"}
"""They look at the local providers as well, and are played whole against the demo (tests/processes/test_demo.py)."""


@pytest.mark.parametrize("name", sorted(SCENES.keys() - FAR_END))
async def test_of_which_nothing_comes_is_given_up_after_a_while(name: str) -> None:
    async with open_centre(Centre(deaf=True)) as centre:
        with pytest.raises(NothingHappened, match=f"within {PATIENCE_S:.0f} s"):
            await play(name, centre)


@pytest.mark.parametrize("name", sorted(FAR_END))
async def test_a_scene_that_looks_at_the_far_end_says_what_it_misses(name: str) -> None:
    async with open_centre(Centre()) as centre:
        with pytest.raises(NothingHappened, match="give --addresses"):
            await play(name, centre)
