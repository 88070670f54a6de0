"""From a receiver's settings to a subscription at its broker, and the watch over whether the broker is there."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from larmcentral.domain.arrival import ReceiverName
from larmcentral.endpoint import Broker
from larmcentral.flows.running import Loop
from larmcentral.flows.way_faults import WayFaults
from larmcentral.metrics import Metrics
from larmcentral.ports import Clock, TakesIn
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.listening import CannotListen
from larmcentral.receivers.mqtt import MqttSubscriber, Subscription
from larmcentral.receivers.reception import Reception
from protocols.mqtt.session import Subscriber
from protocols.registry import BrokerProtocol, protocol

LOOK_EVERY_S: Final = 2.0


def build_subscriber(
    name: ReceiverName,
    broker: Broker,
    subscriber: Subscriber,
    limits: Limits,
    *,
    ca_file: Path | None,
    takes_in: TakesIn,
    devices: EnrolledDevices,
    clock: Clock,
    metrics: Metrics,
) -> MqttSubscriber:
    """Build one subscription, not yet begun. ca_file: what the broker's certificate is checked by, with TLS.

    Raises CannotListen for a protocol that no broker hands on, and for a file that holds no certificates.
    """
    spoken = protocol(name.protocol)
    if not isinstance(spoken, BrokerProtocol):
        raise CannotListen(f"receiver {name.name}: {name.protocol} is not spoken through a broker; give listen")
    enrolled = devices.of(name.protocol)
    reception = Reception(
        receiver=name, takes_in=takes_in, enrolled=enrolled, clock=clock, metrics=metrics, limits=limits
    )
    try:
        tls = ssl.create_default_context(cafile=ca_file) if broker.tls else None
    except (OSError, ssl.SSLError) as error:
        raise CannotListen(f"receiver {name.name}: {ca_file} holds no certificates: {error}") from error
    return MqttSubscriber(Subscription(broker, subscriber, tls), reception=reception, reader=spoken.build(enrolled))


class BrokerWatch:
    """A broker that is gone is a fault at the desk: its buttons are not heard, and none of them can say so."""

    def __init__(
        self, subscribers: Sequence[MqttSubscriber], faults: WayFaults, clock: Clock, *, every_s: float = LOOK_EVERY_S
    ) -> None:
        self._subscribers, self._faults, self._clock, self._every_s = tuple(subscribers), faults, clock, every_s
        self._loop = Loop("broker watch", self._turn, clock)

    def start(self) -> None:
        """Begin to look."""
        self._loop.start()

    async def stop(self) -> None:
        """Look no more; what stands stays."""
        await self._loop.stop()

    async def look(self) -> None:
        """Say which brokers are gone just now. Raises StoreUnavailable."""
        await self._faults.look(frozenset(one.name for one in self._subscribers if not one.connected))

    async def _turn(self) -> None:
        await self._clock.sleep(self._every_s)
        await self.look()
