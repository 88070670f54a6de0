"""From a receiver's settings to a receiver: which transport carries which protocol."""

from __future__ import annotations

from typing import Final

from larmcentral.bridge import GuestReactor
from larmcentral.domain.arrival import ReceiverName
from larmcentral.endpoint import Endpoint
from larmcentral.metrics import Metrics
from larmcentral.ports import CarriesWords, Clock, RenewsSecrets, TakesIn
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.enrolled import EnrolledDevices
from larmcentral.receivers.http import HttpReceiver
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.listening import CannotListen, Receiver
from larmcentral.receivers.reception import Reception
from larmcentral.receivers.renewing import Renewing
from larmcentral.receivers.sessions import Sessions
from larmcentral.receivers.sip import serve_scaip
from larmcentral.receivers.tcp import TcpReceiver
from larmcentral.receivers.turns import Turns
from larmcentral.receivers.udp import UdpReceiver
from protocols.openers import Draw
from protocols.registry import BrokerProtocol, HttpProtocol, protocol

TOLD_IN_ANSWERS: Final = frozenset({"owntracks"})
"""Protocols whose devices can only be told something in the response to their own request."""


def build_receiver(
    name: ReceiverName,
    endpoint: Endpoint,
    limits: Limits,
    *,
    reactor: GuestReactor,
    takes_in: TakesIn,
    devices: EnrolledDevices,
    sessions: Sessions,
    echoes: Echoes,
    words: CarriesWords,
    clock: Clock,
    metrics: Metrics,
    draw: Draw,
    renews: RenewsSecrets | None = None,
    turns: Turns | None = None,
) -> Receiver:
    """Build one receiver, not yet listening.

    sessions, echoes: where devices can be spoken to; words: what waits for those that only ask.
    draw: the random source of protocols that encrypt. renews: where secrets that change hands on the wire are kept.
    turns: whose bytes are read next, for all receivers of the process.
    Raises CannotListen where the protocol does not go over the
    transport, and LocalProtocolError for a protocol that is not there.
    """
    spoken = protocol(name.protocol)
    if isinstance(spoken, BrokerProtocol):
        raise CannotListen(f"receiver {name.name}: {name.protocol} is subscribed to; give broker, and no listen")
    enrolled = devices.of(name.protocol)
    reception = Reception(
        receiver=name,
        takes_in=takes_in,
        enrolled=enrolled,
        clock=clock,
        metrics=metrics,
        limits=limits,
        renews=None if renews is None else Renewing(renews, devices),
        turns=turns,
    )
    serves: TcpReceiver | UdpReceiver | HttpReceiver
    if isinstance(spoken, HttpProtocol):
        if endpoint.family == "udp":
            raise CannotListen(f"receiver {name.name}: {name.protocol} is spoken over HTTP; listen on tcp or ssl")
        serves = HttpReceiver(reception=reception, speak=lambda: spoken.build(enrolled), words=words)
    elif name.protocol == "scaip":
        serves = serve_scaip(
            endpoint, reception=reception, accounts=enrolled, draw=draw, sessions=sessions, echoes=echoes
        )
    else:
        openers = spoken.listen(enrolled, draw)
        if endpoint.family == "tcp":
            serves = TcpReceiver(reception=reception, speak=openers.connection, sessions=sessions)
        elif openers.datagram is None:
            raise CannotListen(f"receiver {name.name}: {name.protocol} is not spoken over UDP; listen on tcp or ssl")
        else:
            serves = UdpReceiver(reception=reception, speak=openers.datagram, echoes=echoes)
    return Receiver(name=name.name, reactor=reactor, endpoint=endpoint, serves=serves)
