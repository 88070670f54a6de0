"""Operators whose feeds are open count as being there; one that cannot be written down does not stop the others."""

from __future__ import annotations

from uuid import UUID

import pytest

from escalation.ids import CommitteeId, OrganisationId, UserId
from larmcentral.api.desk_pulse import LOOK_S, PULSE_S, DeskPulse
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.roles import Committee, Role, Viewer
from tests.fakes.house_commands import WrittenDesk
from tests.fakes.settable_clock import SettableClock
from tests.fakes.virtual_loop import VirtualClock, VirtualLoop

HOUSE, CARE = OrganisationId(UUID(int=3)), CommitteeId(UUID(int=4))


def operator(number: int, name: str) -> Viewer:
    return Viewer(
        user_id=UserId(UUID(int=number)),
        organisation_id=HOUSE,
        name=name,
        role=Role.OPERATOR,
        person_id=None,
        language="sv",
        committees=(Committee(CARE, "Omsorg"),),
    )


KARIN, OVE = operator(1, "Karin"), operator(2, "Ove")


@pytest.fixture
def desk() -> WrittenDesk:
    return WrittenDesk(UUID(int=7), UUID(int=8))


def told(desk: WrittenDesk) -> list[tuple[str, str]]:
    """What the desk was asked, with the operator's name or id."""
    names = {KARIN.user_id: "Karin", OVE.user_id: "Ove"}
    return [
        (str(what), whom.name if isinstance(whom, AtDesk) else names[whom])  # type: ignore[index]
        for what, whom in desk.asked
    ]


async def test_whoever_opens_his_feed_is_seated_and_from_then_on_seen(desk: WrittenDesk) -> None:
    there = [KARIN]
    pulse = DeskPulse(desk, lambda: there, SettableClock())
    await pulse.beat()
    there = [KARIN, OVE]
    await pulse.beat()
    assert told(desk) == [("sit_down", "Karin"), ("seen", "Karin"), ("sit_down", "Ove")]
    seat = desk.asked[0][1]
    assert isinstance(seat, AtDesk)
    assert (seat.committees, seat.operator) == (frozenset({CARE}), KARIN.operator)


async def test_whoever_closes_his_feed_and_opens_it_again_is_seated_again(desk: WrittenDesk) -> None:
    there = [KARIN]
    pulse = DeskPulse(desk, lambda: there, SettableClock())
    await pulse.beat()
    there = []
    await pulse.beat()
    there = [KARIN]
    await pulse.beat()
    assert told(desk) == [("sit_down", "Karin")] * 2


@pytest.mark.parametrize("failure", [StoreUnavailable("away"), RuntimeError("a bug")])
async def test_what_fails_is_tried_again_at_the_next_beat(desk: WrittenDesk, failure: Exception) -> None:
    pulse = DeskPulse(desk, lambda: [KARIN, OVE], SettableClock())
    desk.failure = failure
    await pulse.beat()
    desk.failure = None
    await pulse.beat()
    assert told(desk) == [("sit_down", "Karin"), ("sit_down", "Ove")] * 2


def test_it_beats_until_it_is_stopped_and_may_be_started_again(desk: WrittenDesk) -> None:
    loop = VirtualLoop()
    clock = VirtualClock(loop)
    pulse = DeskPulse(desk, lambda: [KARIN], clock)

    async def a_shift() -> list[int]:
        beats = []
        for _ in range(2):
            await pulse.start()
            await pulse.start()
            await clock.sleep(3 * PULSE_S + LOOK_S / 2)
            beats.append(len(desk.asked))
            await pulse.stop()
            await pulse.stop()
            await clock.sleep(PULSE_S)
        return beats

    try:
        assert loop.run_until_complete(a_shift()) == [4, 7]  # one seat, and a beat every PULSE_S
    finally:
        loop.close()
    assert len(desk.asked) == 7
