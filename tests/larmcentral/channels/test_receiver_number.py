"""The last rung: words to a person's telephone at the centre."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.purpose import Purpose
from larmcentral.channels.gsm7 import fits_one_message
from larmcentral.channels.receiver_number import NumberPath, NumberSettings
from larmcentral.channels.receiver_path import PathAnswer, PathResult
from larmcentral.domain.forwarding import CentreCall, MappingRow
from larmcentral.domain.notice import Delivery, DeliveryState
from tests.larmcentral.channels.centre import PLAIN, handover

SETTINGS = NumberSettings(name="jour", number="+46101234567", medium="sms")
ROW = MappingRow(**PLAIN)


@dataclass
class Teller:
    """A way to a telephone that answers as told; None never answers."""

    state: DeliveryState | None = DeliveryState.SENT
    calls: list[CentreCall] = field(default_factory=list)

    async def tell_centre(self, call: CentreCall) -> Delivery:
        self.calls.append(call)
        if self.state is None:
            await asyncio.get_running_loop().create_future()
        return Delivery(
            state=self.state or DeliveryState.SENT, reason="" if self.state is DeliveryState.SENT else "busy"
        )


async def test_the_words_say_what_who_and_where_in_one_message() -> None:
    way = Teller()
    answer = await NumberPath(SETTINGS, (way,)).hand_over(handover(ROW))
    assert (answer.result, answer.words) == (PathResult.TOOK, "sms on its way to a person at the centre")
    [call] = way.calls
    assert call.words == "LARM. Nödlarm. Åsa Öberg. Storgatan 5. Ärende 7KQ2-M9XD."
    assert (call.number, call.purpose) == ("+46101234567", Purpose.REAL)


async def test_a_silent_alarm_says_so_and_the_end_says_that_it_is_over() -> None:
    way = Teller()
    path = NumberPath(SETTINGS, (way,))
    await path.hand_over(handover(replace(ROW, silent=True, detector_text="x" * 300), restore=True))
    assert way.calls[0].words.startswith("AVSLUTAT. TYST LARM. Nödlarm. xxx")
    assert fits_one_message(way.calls[0].words)


async def test_a_repeat_is_the_same_call_and_another_case_another() -> None:
    way = Teller()
    path = NumberPath(SETTINGS, (way,))
    for told in (handover(ROW), handover(ROW), handover(ROW, reference="other")):
        await path.hand_over(told)
    first, again, other = (call.id for call in way.calls)
    assert first == again != other


async def test_a_test_never_reaches_a_telephone() -> None:
    way = Teller()
    assert (await NumberPath(SETTINGS, (way,)).hand_over(handover(ROW, test=True))).result is PathResult.UNFIT
    assert way.calls == []


async def test_the_next_provider_stands_in() -> None:
    busy, other = Teller(DeliveryState.RETRY), Teller()
    answer = await NumberPath(SETTINGS, (busy, other)).hand_over(handover(ROW))
    assert (answer.result, answer.words) == (PathResult.TOOK, "busy; sms on its way to a person at the centre")


async def test_the_next_provider_stands_in_for_one_that_sits_on_it_until_the_deadline() -> None:
    settings = replace(SETTINGS, deadline=timedelta(milliseconds=50))
    silent, other = Teller(None), Teller()
    answer = await NumberPath(settings, (silent, other)).hand_over(handover(ROW))
    assert (answer.result, len(other.calls)) == (PathResult.TOOK, 1)
    assert answer.words == "no answer in time; sms on its way to a person at the centre"


@pytest.mark.parametrize("states", [(DeliveryState.RETRY, DeliveryState.REFUSED), (DeliveryState.REFUSED, None)])
async def test_one_provider_that_may_work_later_is_worth_another_try(states: tuple[DeliveryState | None, ...]) -> None:
    settings = replace(SETTINGS, deadline=timedelta(milliseconds=50))
    path = NumberPath(settings, tuple(Teller(state) for state in states))
    assert (await path.hand_over(handover(ROW))).result is PathResult.UNREACHED


@pytest.mark.parametrize(
    ("state", "result"),
    [
        (DeliveryState.RETRY, PathResult.UNREACHED),
        (DeliveryState.REFUSED, PathResult.UNFIT),
        (DeliveryState.GONE, PathResult.UNFIT),
        (None, PathResult.UNREACHED),
    ],
)
async def test_what_a_provider_says_in_a_path_s_words(state: DeliveryState | None, result: PathResult) -> None:
    settings = replace(SETTINGS, deadline=timedelta(milliseconds=50))
    assert (await NumberPath(settings, (Teller(state),)).hand_over(handover(ROW))).result is result


def test_a_call_is_real_and_its_number_is_whole() -> None:
    good = {"id": UUID(int=1), "words": "", "language": "sv"}
    for purpose in (Purpose.TEST, Purpose.DRILL):
        with pytest.raises(ValueError, match="cannot leave"):
            CentreCall(**good, purpose=purpose, number="+46101234567")  # type: ignore[arg-type]  # on purpose
    for number in ("0101234567", "+4610", "+46 10 123 45 67"):
        with pytest.raises(ValueError, match=r"E\.164"):
            CentreCall(**good, purpose=Purpose.REAL, number=number)  # type: ignore[arg-type]  # on purpose


async def test_without_a_provider_the_rung_says_so() -> None:
    answer = await NumberPath(SETTINGS, ()).hand_over(handover(ROW))
    assert answer == PathAnswer(PathResult.UNFIT, "no sms in the settings that it could go by")


def test_the_dry_run_shows_the_words_and_not_the_number() -> None:
    said = NumberPath(SETTINGS, (Teller(),)).rehearse(handover(ROW))
    assert said.text.startswith("LARM. Nödlarm.")
    assert "+46101234567" not in repr(said)
