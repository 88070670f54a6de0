"""The operators' desk: a notice that appears and sounds on every console of the committee."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from larmcentral.domain.notice import Delivery, DeliveryState, InHouse, Probe, ServiceMessage

Publish = Callable[[InHouse], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """deadline: how long publishing may take before the outbox is told to try again."""

    deadline: timedelta = timedelta(seconds=5)


class ConsoleChannel:
    """Hands each notice to the feed."""

    def __init__(self, settings: ConsoleSettings, publish: Publish) -> None:
        self._settings = settings
        self._publish = publish

    async def send(self, notice: InHouse) -> Delivery:
        """Publish once. SENT means that the feed has it; who has seen it is the console's own account."""
        if not isinstance(notice, InHouse):
            raise TypeError("the console takes in-house notices only")
        try:
            async with asyncio.timeout(self._settings.deadline.total_seconds()):
                await self._publish(notice)
        except TimeoutError:
            return Delivery(state=DeliveryState.RETRY, reason="the feed did not take it in time")
        except Exception as error:  # an edge: the feed's fault must not stop the outbox
            return Delivery(state=DeliveryState.RETRY, reason=f"the feed failed: {type(error).__name__}")
        return Delivery(state=DeliveryState.SENT)

    async def post(self, message: ServiceMessage) -> Delivery:
        """The desk is no contact point: nobody asks for its test, and a code has no place on every screen."""
        return Delivery(state=DeliveryState.REFUSED, reason="the desk takes no words about ourselves")

    async def probe(self) -> Probe:
        """The desk is this house."""
        return Probe(alive=True)

    async def start(self) -> None:
        """Nothing stays open."""

    async def stop(self) -> None:
        """Nothing to close."""
