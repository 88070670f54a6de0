"""The last rung to a centre: agreed words to its telephone, when no receiver of it answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, Protocol, runtime_checkable
from uuid import UUID, uuid5

from escalation.purpose import Purpose
from larmcentral.channels.cutting import plain
from larmcentral.channels.gsm7 import one_message
from larmcentral.channels.receiver_path import PathAnswer, PathResult
from larmcentral.channels.words_swedish import SWEDISH
from larmcentral.domain.forwarding import CentreCall, Handover, Rehearsed
from larmcentral.domain.notice import Delivery, DeliveryState, Probe

OVER: Final = "AVSLUTAT"
_CALLS: Final = UUID("7d5f1d3c-6a0f-4c53-9d0e-0a5b0f6f2c11")
"""Of our own making: with a case's reference it names its call, the same at each repeat."""


@runtime_checkable
class TellsCentre(Protocol):
    """A way to a telephone: a text, or a call that reads the words out."""

    async def tell_centre(self, call: CentreCall) -> Delivery:
        """Try once, within its own deadline; SENT once the provider has it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSettings:
    """name: of the path. number: the centre's, E.164. medium: how it is told. deadline: of each way to it."""

    name: str
    number: str
    medium: Literal["sms", "voice"]
    deadline: timedelta = timedelta(seconds=5)


class NumberPath:
    """Says it to people: that the provider took the words is no receipt of the centre, and words say so."""

    def __init__(self, settings: NumberSettings, ways: tuple[TellsCentre, ...]) -> None:
        """ways: in the order of trying; the next where one does not take it. They are started and stopped elsewhere.

        Without any the path can only be rehearsed; check_config says beforehand that a way is missing.
        """
        self._settings, self._ways = settings, ways

    @property
    def name(self) -> str:
        """Return the name that the settings give it."""
        return self._settings.name

    @property
    def beat_every(self) -> timedelta | None:
        """Nobody wants a text every minute."""
        return None

    async def start(self) -> None:
        """Nothing of its own is opened."""

    async def stop(self) -> None:
        """Nothing of its own is open."""

    async def hand_over(self, handover: Handover) -> PathAnswer:
        """Say it by the first way that takes it. A test never goes there: somebody would be woken by it."""
        if handover.test:
            return PathAnswer(PathResult.UNFIT, "tests do not go to a telephone")
        call = self._call(handover)
        if not self._ways:
            return PathAnswer(PathResult.UNFIT, f"no {self._settings.medium} in the settings that it could go by")
        answers: list[PathAnswer] = []
        for way in self._ways:
            answers.append(await self._told(way, call))
            if answers[-1].result is PathResult.TOOK:
                break
        results = {answer.result for answer in answers}
        # One that may work later is worth another try, whatever the others said.
        best = next(result for result in (PathResult.TOOK, PathResult.UNREACHED, PathResult.UNFIT) if result in results)
        return PathAnswer(best, "; ".join(answer.words for answer in answers))

    async def heartbeat(self) -> PathAnswer:
        """Never asked for: beat_every is None."""
        return PathAnswer(PathResult.UNFIT, "a telephone has no heartbeat")

    async def probe(self) -> Probe:
        """Its provider is probed as a way out of its own."""
        return Probe(True)

    def rehearse(self, handover: Handover) -> Rehearsed:
        """Return the words. The number is left out: whoever may read a dry run need not ring it."""
        return Rehearsed(self.name, self._words(handover), ("only when no receiver answers; never in a test",))

    async def _told(self, way: TellsCentre, call: CentreCall) -> PathAnswer:
        """Try one way. Each has the deadline to itself: one that sits on it must not keep the next from its turn."""
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()):
                return _answer(await way.tell_centre(call), self._settings.medium)
        except TimeoutError:
            return PathAnswer(PathResult.UNREACHED, "no answer in time")

    def _call(self, handover: Handover) -> CentreCall:
        return CentreCall(
            id=uuid5(_CALLS, f"{handover.reference} {self.name}"),
            purpose=Purpose.REAL,
            number=self._settings.number,
            words=self._words(handover),
            language="sv",
        )

    def _words(self, handover: Handover) -> str:
        row = handover.row
        parts = [
            OVER if handover.restore else "LARM",
            SWEDISH.silent if row.silent else "",
            SWEDISH.kinds[row.kind],
            plain(row.detector_text),
            plain(row.section_text),
            f"Ärende {handover.number}",
        ]
        return one_message(". ".join(part for part in parts if part) + ".")


def _answer(delivery: Delivery, medium: str) -> PathAnswer:
    match delivery.state:
        case DeliveryState.SENT | DeliveryState.DELIVERED:
            return PathAnswer(PathResult.TOOK, f"{medium} on its way to a person at the centre")
        case DeliveryState.RETRY:
            return PathAnswer(PathResult.UNREACHED, delivery.reason or "not this time")
        case DeliveryState.REFUSED | DeliveryState.GONE:
            return PathAnswer(PathResult.UNFIT, delivery.reason or "refused")
