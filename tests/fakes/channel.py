"""A way out that remembers, and that can be as bad as a real one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from larmcentral.domain.notice import Delivery, DeliveryState, OutgoingNotice, Probe, ServiceMessage
from larmcentral.ports import Clock

OK = Delivery(state=DeliveryState.SENT)
DOWN = Delivery(state=DeliveryState.RETRY, reason="connection refused")


@dataclass
class Sent:
    """One try."""

    at: datetime
    notice: OutgoingNotice


@dataclass
class FakeChannel:
    """ports.Channel. answers: by address, what comes back; silent: addresses at which a try hangs for ever.

    always: what comes back whatever the address, None to look there. posted: words of the house about itself.
    """

    clock: Clock
    sent: list[Sent] = field(default_factory=list)
    answers: dict[str, Delivery] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    always: Delivery | None = None
    posted: list[ServiceMessage] = field(default_factory=list)

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, notice: OutgoingNotice) -> Delivery:
        self.sent.append(Sent(self.clock.now(), notice))
        if notice.address in self.silent:
            await asyncio.get_running_loop().create_future()
        return self.always or self.answers.get(notice.address, OK)

    async def post(self, message: ServiceMessage) -> Delivery:
        self.posted.append(message)
        return self.always or self.answers.get(message.address, OK)

    async def probe(self) -> Probe:
        alive = self.always is None or self.always.state is not DeliveryState.RETRY
        return Probe(alive, "" if alive or self.always is None else self.always.reason)
