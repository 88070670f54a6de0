"""From a receiver's settings to SIP on its transport: SCAIP over UDP, TCP or TLS."""

from __future__ import annotations

from typing import Protocol, cast

from twisted.internet import protocol
from twisted.internet.interfaces import IAddress

from larmcentral.endpoint import Endpoint
from larmcentral.receivers.connection import DeviceConnection
from larmcentral.receivers.crowd import Refused, host_of
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.reception import Reception
from larmcentral.receivers.sessions import Sessions
from larmcentral.receivers.sip_udp import SipUdpReceiver
from larmcentral.receivers.tcp import TcpReceiver
from protocols.conversation import Accounts
from protocols.openers import Draw
from protocols.scaip.centre import Centre
from protocols.scaip.conversation import ScaipConversation
from protocols.sip.messages import Peer


class _Wire(Protocol):
    def getPeer(self) -> IAddress: ...


class SipConnection(DeviceConnection):
    """A connection that tells its conversation where it comes from, for the Via lines of the answers."""

    def connectionMade(self) -> None:
        """The connection stands."""
        super().connectionMade()
        peer = cast("_Wire", self.transport).getPeer()
        if host := host_of(peer):
            cast("ScaipConversation", self.conversation).met(Peer(host, int(getattr(peer, "port", 0))))


class SipTcpReceiver(TcpReceiver):
    """All connections of one TCP or TLS receiver that speaks SIP."""

    def buildProtocol(self, addr: IAddress | None) -> protocol.Protocol:
        """Take a connection, or one that is closed again at once."""
        address = host_of(addr)
        return SipConnection(self, address) if self.crowd.admits(address) else Refused()


def serve_scaip(
    endpoint: Endpoint, *, reception: Reception, accounts: Accounts, draw: Draw, sessions: Sessions, echoes: Echoes
) -> SipTcpReceiver | SipUdpReceiver:
    """Build what stands behind a SCAIP receiver's port. Registrations and events are the receiver's own: a unit that
    changes its transport registers there, as the standard has it do."""
    centre = Centre(accounts, draw)
    if endpoint.family == "udp":
        return SipUdpReceiver(
            reception=reception, speak=lambda now: ScaipConversation(centre, now, transport="UDP"), echoes=echoes
        )
    transport = "TLS" if endpoint.transport == "ssl" else "TCP"
    return SipTcpReceiver(
        reception=reception,
        speak=lambda now: ScaipConversation(centre, now, transport=transport),
        sessions=sessions,
    )
