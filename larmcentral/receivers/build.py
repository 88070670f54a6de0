"""From a receiver's settings to a receiver: which transport carries which protocol."""

from __future__ import annotations

from larmcentral.bridge import GuestReactor
from larmcentral.domain.arrival import ReceiverName
from larmcentral.endpoint import Endpoint
from larmcentral.metrics import Metrics
from larmcentral.ports import Clock, TakesIn
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.http import HttpReceiver
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.listening import CannotListen, Receiver
from larmcentral.receivers.reception import Reception
from larmcentral.receivers.sessions import Sessions
from larmcentral.receivers.tcp import TcpReceiver
from larmcentral.receivers.udp import UdpReceiver
from protocols.openers import Draw
from protocols.registry import HttpProtocol, protocol


def build_receiver(
    name: ReceiverName,
    endpoint: Endpoint,
    limits: Limits,
    *,
    reactor: GuestReactor,
    takes_in: TakesIn,
    devices: EnrolledDevices,
    sessions: Sessions,
    clock: Clock,
    metrics: Metrics,
    draw: Draw,
) -> Receiver:
    """Build one receiver, not yet listening.

    draw: the random source of protocols that encrypt. Raises CannotListen where the protocol does not go over the
    transport, and LocalProtocolError for a protocol that is not there.
    """
    spoken = protocol(name.protocol)
    enrolled = devices.of(name.protocol)
    reception = Reception(
        receiver=name, takes_in=takes_in, enrolled=enrolled, clock=clock, metrics=metrics, limits=limits
    )
    serves: TcpReceiver | UdpReceiver | HttpReceiver
    if isinstance(spoken, HttpProtocol):
        if endpoint.family == "udp":
            raise CannotListen(f"receiver {name.name}: {name.protocol} is spoken over HTTP; listen on tcp or ssl")
        serves = HttpReceiver(reception=reception, speak=lambda: spoken.build(enrolled))
    else:
        openers = spoken.listen(enrolled, draw)
        if endpoint.family == "tcp":
            serves = TcpReceiver(reception=reception, speak=openers.connection, sessions=sessions)
        elif openers.datagram is None:
            raise CannotListen(f"receiver {name.name}: {name.protocol} is not spoken over UDP; listen on tcp or ssl")
        else:
            serves = UdpReceiver(reception=reception, speak=openers.datagram)
    return Receiver(name=name.name, reactor=reactor, endpoint=endpoint, serves=serves)
