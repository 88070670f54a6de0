"""The protocols by name, and how to build the receiver's end of each.

A protocol's modules are loaded when it is first listened to, so that a tool for one does not pay for all.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, cast

from protocols.conversation import Accounts
from protocols.errors import LocalProtocolError
from protocols.http import HttpConversation
from protocols.openers import Draw, Openers

if TYPE_CHECKING:
    from protocols.mqtt.reading import Reader


@dataclass(frozen=True, slots=True)
class StreamProtocol:
    """A protocol over TCP or UDP."""

    name: str
    listen: Callable[[Accounts, Draw], Openers]


@dataclass(frozen=True, slots=True)
class HttpProtocol:
    """A protocol over HTTP. build: one conversation a request, or one for many that are taken in turn."""

    name: str
    build: Callable[[Accounts], HttpConversation]


@dataclass(frozen=True, slots=True)
class BrokerProtocol:
    """A protocol of publications that a broker hands on to us. build: reads those of one broker."""

    name: str
    build: Callable[[Accounts], Reader]


class _StreamModule(Protocol):
    def openers(self, accounts: Accounts, draw: Draw) -> Openers: ...


def _stream(name: str) -> StreamProtocol:
    def listen(accounts: Accounts, draw: Draw) -> Openers:
        module = cast("_StreamModule", importlib.import_module(f"protocols.{name}.conversation"))
        return module.openers(accounts, draw)

    return StreamProtocol(name, listen)


def _osmand(accounts: Accounts) -> HttpConversation:
    from protocols.osmand.conversation import OsmandConversation

    return OsmandConversation(accounts)


def _owntracks(accounts: Accounts) -> HttpConversation:
    from protocols.owntracks import OwnTracksConversation

    return OwnTracksConversation(accounts)


def _mqtt(accounts: Accounts) -> Reader:
    from protocols.mqtt.reading import PublicationReader

    return PublicationReader(accounts)


STREAMS: Final = (
    "gt06",
    "topin",
    "watch",
    "teltonika",
    "dc09",
    "eelink",
    "scaip",
    "gl200",
    "meitrack",
    "minifinder",
    "minifinder2",
    "sos_access",
    "h02",
)
"""Each has a package protocols/<name> with openers() in its conversation.py."""

PROTOCOLS: Final[dict[str, StreamProtocol | HttpProtocol | BrokerProtocol]] = {
    **{name: _stream(name) for name in STREAMS},
    "osmand": HttpProtocol("osmand", _osmand),
    "owntracks": HttpProtocol("owntracks", _owntracks),
    "mqtt": BrokerProtocol("mqtt", _mqtt),
}


def protocol(name: str) -> StreamProtocol | HttpProtocol | BrokerProtocol:
    """Return the protocol of this name. Raises LocalProtocolError for a name that is not in PROTOCOLS."""
    try:
        return PROTOCOLS[name]
    except KeyError:
        raise LocalProtocolError(f"no protocol {name}; there are {', '.join(sorted(PROTOCOLS))}") from None
