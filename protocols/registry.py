"""The protocols by name, and how to build the receiver's end of each. Modules are loaded when they are first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from protocols.conversation import Accounts, Conversation
from protocols.errors import LocalProtocolError
from protocols.http import HttpConversation


@dataclass(frozen=True, slots=True)
class StreamProtocol:
    """A protocol over TCP or UDP. is_text: a frame may be typed as it stands. transports: tcp, udp."""

    name: str
    transports: tuple[str, ...]
    is_text: bool
    build: Callable[[Accounts, datetime], Conversation]


@dataclass(frozen=True, slots=True)
class HttpProtocol:
    """A protocol over HTTP."""

    name: str
    build: Callable[[Accounts], HttpConversation]


def _load(path: str) -> Callable[..., Any]:
    """Return what a path such as "protocols.watch.conversation:WatchConversation" names."""
    module, _, name = path.partition(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return loaded


def _watch(accounts: Accounts, now: datetime) -> Conversation:
    conversation: Conversation = _load("protocols.watch.conversation:WatchConversation")(now)
    return conversation


def _dc09(accounts: Accounts, now: datetime) -> Conversation:
    conversation: Conversation = _load("protocols.dc09.conversation:Dc09Conversation")(accounts, now)
    return conversation


def _osmand(accounts: Accounts) -> HttpConversation:
    conversation: HttpConversation = _load("protocols.osmand.conversation:OsmandConversation")(accounts)
    return conversation


def _owntracks(accounts: Accounts) -> HttpConversation:
    conversation: HttpConversation = _load("protocols.owntracks:OwnTracksConversation")(accounts)
    return conversation


PROTOCOLS: Final[dict[str, StreamProtocol | HttpProtocol]] = {
    known.name: known
    for known in (
        StreamProtocol("watch", ("tcp",), True, _watch),
        StreamProtocol("dc09", ("tcp", "udp"), True, _dc09),
        HttpProtocol("osmand", _osmand),
        HttpProtocol("owntracks", _owntracks),
    )
}


def protocol(name: str) -> StreamProtocol | HttpProtocol:
    """Return the protocol of this name. Raises LocalProtocolError for a name that is not in PROTOCOLS."""
    try:
        return PROTOCOLS[name]
    except KeyError:
        raise LocalProtocolError(f"no protocol {name}; there are {', '.join(sorted(PROTOCOLS))}") from None
