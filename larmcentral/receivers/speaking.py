"""ports.Speaks: words down to devices over the connections that they keep open themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from larmcentral.domain.device import Downlink, DownlinkKind
from larmcentral.receivers.sessions import Sessions
from protocols.errors import LocalProtocolError
from protocols.signal import AccountId
from protocols.watch.conversation import WatchConversation
from protocols.watch.messages import Find, ShowMessage

WATCH: Final = "watch"

_WORDS: Final[Mapping[tuple[DownlinkKind, str], str]] = {
    # A watch shows some 15 signs a line and three lines.
    (DownlinkKind.TAKEN, "sv"): "En människa har tagit emot ditt larm.",
    (DownlinkKind.TAKEN, "en"): "A person has taken your alarm.",
    (DownlinkKind.TEST_RECEIVED, "sv"): "Provlarmet kom fram.",
    (DownlinkKind.TEST_RECEIVED, "en"): "Your test alarm came through.",
}


class Speaking:
    """Says downlinks to watches; other protocols have no words for them."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def connected(self) -> Collection[tuple[str, str]]:
        """Return the devices that can be spoken to now, as protocol and account."""
        return [name for name in self._sessions.names() if name[0] == WATCH]

    def say(self, downlink: Downlink) -> bool:
        """Hand the words to the network; False if the device is not there or has no way to be told so.

        A silent one is never said to a watch: all that it can do rings or lights up.
        """
        account = AccountId(downlink.account)
        conversation = self._sessions.conversation(downlink.protocol, account)
        if downlink.silent or not isinstance(conversation, WatchConversation):
            return False
        words = _WORDS.get((downlink.kind, downlink.language), _WORDS[downlink.kind, "sv"])
        try:
            frames = [conversation.send(ShowMessage(words))]
            if downlink.kind is DownlinkKind.TAKEN:
                # After the words, so that the ringing draws the eye to what stands there already.
                frames.append(conversation.send(Find()))
        except LocalProtocolError:
            return False
        first, *further = frames
        if not self._sessions.send(downlink.protocol, account, first):
            return False
        for frame in further:
            # The words are out: should the ringing not follow, they are not said again every second for its sake.
            self._sessions.send(downlink.protocol, account, frame)
        return True
