"""The protocols by name, and how to build the receiver's end of each.

A protocol's modules are loaded when it is first listened to, so that a tool for one does not pay for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from protocols.conversation import Accounts, Conversation
from protocols.errors import LocalProtocolError
from protocols.http import HttpConversation

Draw = Callable[[int], bytes]
"""Returns that many unpredictable bytes; for the protocols that encrypt."""

Open = Callable[[datetime], Conversation]
"""Begins a conversation at this time."""


@dataclass(frozen=True, slots=True)
class Openers:
    """How a receiver begins conversations. What they share, such as a memory of copies, lives as long as this."""

    connection: Open
    datagram: Open | None = None


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


def _watch(accounts: Accounts, draw: Draw) -> Openers:
    from protocols.watch.conversation import WatchConversation

    return Openers(connection=WatchConversation)


def _dc09(accounts: Accounts, draw: Draw) -> Openers:
    from protocols.dc09.conversation import Dc09Conversation, Dc09Datagram
    from protocols.dc09.recent import Recent

    recent = Recent()
    return Openers(
        connection=lambda now: Dc09Conversation(accounts, draw=draw, recent=recent, opened_at=now),
        datagram=lambda now: Dc09Datagram(accounts, draw=draw, recent=recent),
    )


def _osmand(accounts: Accounts) -> HttpConversation:
    from protocols.osmand.conversation import OsmandConversation

    return OsmandConversation(accounts)


def _owntracks(accounts: Accounts) -> HttpConversation:
    from protocols.owntracks import OwnTracksConversation

    return OwnTracksConversation(accounts)


PROTOCOLS: Final[dict[str, StreamProtocol | HttpProtocol]] = {
    "watch": StreamProtocol("watch", _watch),
    "dc09": StreamProtocol("dc09", _dc09),
    "osmand": HttpProtocol("osmand", _osmand),
    "owntracks": HttpProtocol("owntracks", _owntracks),
}


def protocol(name: str) -> StreamProtocol | HttpProtocol:
    """Return the protocol of this name. Raises LocalProtocolError for a name that is not in PROTOCOLS."""
    try:
        return PROTOCOLS[name]
    except KeyError:
        raise LocalProtocolError(f"no protocol {name}; there are {', '.join(sorted(PROTOCOLS))}") from None
