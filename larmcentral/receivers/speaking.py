"""ports.Speaks: words down to devices, over the connections that they keep open or back to where they were heard."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeGuard, assert_never

import structlog

from larmcentral.domain.device import NO_WORDS, NOT_NOW, Downlink, DownlinkKind, Said
from larmcentral.domain.order import complaint, order_content
from larmcentral.ports import Clock
from larmcentral.receivers.echoes import Echoes
from larmcentral.receivers.sessions import Line, Name, Sessions
from protocols.conversation import Conversation
from protocols.errors import LocalProtocolError
from protocols.orders import CallBack, Commission, Locate, Order, Reassure, SpeaksForMany, TakesOrders
from protocols.signal import AccountId

_log = structlog.get_logger(__name__)

_WORDS: Final[Mapping[tuple[DownlinkKind, str], str]] = {
    # A watch shows some 15 signs a line and three lines.
    (DownlinkKind.TAKEN, "sv"): "En människa har tagit emot ditt larm.",
    (DownlinkKind.TAKEN, "en"): "A person has taken your alarm.",
    (DownlinkKind.TEST_RECEIVED, "sv"): "Provlarmet kom fram.",
    (DownlinkKind.TEST_RECEIVED, "en"): "Your test alarm came through.",
}


class Speaking:
    """Says downlinks to whatever can be told something by whoever speaks its protocol."""

    def __init__(self, sessions: Sessions, echoes: Echoes, clock: Clock) -> None:
        self._sessions, self._echoes, self._clock = sessions, echoes, clock

    def connected(self, among: Collection[tuple[str, str]]) -> Collection[tuple[str, str]]:
        """Return which of these devices, named by protocol and account, can be spoken to now."""
        return [name for name in among if self._line((name[0], AccountId(name[1]))) is not None]

    def say(self, downlink: Downlink) -> Said:
        """See ports.Speaks. A silent one is said only where nothing shows by it at the device."""
        line = self._line((downlink.protocol, AccountId(downlink.account)))
        if line is None:
            return NOT_NOW
        if would_show(downlink):
            return NO_WORDS
        try:
            frames = self._frames(line.conversation, downlink)
        except LocalProtocolError:
            return NOT_NOW  # it has not said its name yet
        except Exception:  # the edge of an order: our bug costs this one, and not what waits for everybody else
            _log.exception("order_failed", protocol=downlink.protocol, kind=downlink.kind.value)
            return NO_WORDS
        return _sent(line, frames) if frames else NO_WORDS

    def _frames(self, conversation: Conversation, downlink: Downlink) -> Sequence[bytes]:
        order, now = order_of(downlink), self._clock.now()
        if isinstance(conversation, SpeaksForMany):
            return conversation.order_for(AccountId(downlink.account), order, now)
        assert _takes_orders(conversation), "a line was found by that"
        return conversation.order(order, now)

    def _line(self, name: Name) -> Line | None:
        """The newest connection, else where it was heard within the minute; None where nothing can be said on it."""
        line = self._sessions.line(name) or self._echoes.line(name)
        return line if line is not None and _takes_orders(line.conversation) else None


def would_show(downlink: Downlink) -> bool:
    """Say whether silent words would be noticed at the device."""
    return (
        downlink.silent and complaint(downlink.kind, downlink.protocol, silent=True, quiet=downlink.quiet) is not None
    )


def _takes_orders(conversation: Conversation) -> TypeGuard[TakesOrders]:
    # Asked of the class, whose answer Python remembers.
    return issubclass(type(conversation), TakesOrders)


def order_of(downlink: Downlink) -> Order:
    """Return what is said to the device, in the wearer's language where there are words."""
    match downlink.kind:
        case DownlinkKind.TAKEN | DownlinkKind.TEST_RECEIVED:
            words = _WORDS.get((downlink.kind, downlink.language), _WORDS[downlink.kind, "sv"])
            return Reassure(words, ring=downlink.kind is DownlinkKind.TAKEN)
        case DownlinkKind.LOCATE:
            return Locate()
        case DownlinkKind.CALL_BACK | DownlinkKind.COMMISSION:
            content = order_content(downlink)
            assert isinstance(content, (CallBack, Commission)), "such an order carries something"
            return content
        case _:
            assert_never(downlink.kind)


def _sent(line: Line, frames: Sequence[bytes]) -> Said:
    """Send the frames; the first decides whether it was said.

    Should the rest not follow, the words are not said again every second for their sake.
    """
    first, *further = frames
    if not line.send(first):
        return NOT_NOW
    return Said(1 + sum(line.send(frame) for frame in further))
