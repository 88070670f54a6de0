"""A SCAIP receiver on loopback: real sockets, a made-up intake, units that the test names."""

from __future__ import annotations

import os
from collections.abc import Sequence

from larmcentral.endpoint import parse_endpoint
from larmcentral.receivers.limits import Limits
from larmcentral.receivers.sip import serve_scaip
from protocols.conversation import Account
from protocols.signal import Signal
from tests.larmcentral.receivers.rig import PATIENCE_S, Rig
from tests.protocols.captured import Enrolled

UDP = "udp:port=0:interface=127.0.0.1"
TCP = "tcp:port=0:interface=127.0.0.1"


class Units(Enrolled):
    """The enrolled units, read already."""

    loaded = True


async def listen(rig: Rig, at: str, accounts: Sequence[Account]) -> int:
    """Open a receiver; return its port."""
    units = Units(*accounts)
    rig.enrolled = units  # type: ignore[assignment]  # the rig's own devices have names, ours have passwords as well
    serves = serve_scaip(
        parse_endpoint(at),
        reception=rig.reception(Limits()),
        accounts=units,
        draw=os.urandom,
        sessions=rig.sessions,
        echoes=rig.echoes,
    )
    await rig.listen(at, serves, PATIENCE_S)
    port = rig.receiver.port
    assert port is not None
    return port


def heard(rig: Rig) -> list[Signal]:
    """Return all signals on disk, in order."""
    return [signal for arrival in rig.intake.stored for signal in arrival.signals]
