"""A unit and a centre in memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from protocols.conversation import Account, Event, Fault, Nak, SignalsReceived
from protocols.scaip.centre import Centre
from protocols.scaip.conversation import ScaipConversation
from protocols.scaip.messages import Mrs
from protocols.scaip.transmitter import Again, Answered, Carried, HeardDown, LocalUnit, Refused
from protocols.signal import AccountId, Signal
from protocols.sip.messages import Peer
from protocols.sip.transactions import ReplyTo
from tests.protocols.captured import Enrolled

NOW = datetime(2026, 3, 4, 5, 6, 10, tzinfo=UTC)
PASSWORD = "hemligt ö".encode()
PEER = Peer("127.0.0.1", 40000)
OPEN = Account(AccountId("678"))
PROVEN = Account(AccountId("678"), secret=PASSWORD)
HOLDING = Account(AccountId("678"), options={"hold": "until-taken"})


class Wire:
    """One peer of a centre. nak: what the store says, None for "on disk". at: now."""

    def __init__(self, *accounts: Account, transport: str = "TCP", centre: Centre | None = None) -> None:
        self.centre = centre or Centre(Enrolled(*accounts), os.urandom)
        self.conversation = ScaipConversation(self.centre, NOW, transport=transport)
        self.conversation.met(PEER)
        self.nak: Nak | None = None
        self.at = NOW
        self.events: list[Event] = []

    def send(self, *chunks: bytes) -> list[bytes]:
        """Feed bytes; return what leaves, message by message."""
        out: list[bytes] = []
        for chunk in chunks:
            events = self.conversation.receive(chunk, self.at)
            self.events += events
            for event in events:
                if isinstance(event, ReplyTo):
                    out.append(event.data)
                elif isinstance(event, SignalsReceived) and event.token is not None:
                    out += [answer.data for answer in self.conversation.answers(event.token, self.nak, self.at)]
        return out

    def talk(self, unit: LocalUnit, *said: bytes) -> list[HeardDown]:
        """Let a unit speak until it has nothing more to say; return all that it heard."""
        heard: list[HeardDown] = []
        waiting = list(said)
        while waiting:
            for down in self.send(waiting.pop(0)):
                for each in unit.receive(down, self.at):
                    heard.append(each)
                    waiting += [each.data] if isinstance(each, Again) else []
                    waiting += [each.reply] if isinstance(each, Answered) and each.reply else []
        return heard

    @property
    def signals(self) -> list[Signal]:
        """All signals so far."""
        return [signal for event in self.events if isinstance(event, SignalsReceived) for signal in event.signals]

    @property
    def faults(self) -> list[str]:
        """What was wrong so far, in words."""
        return [str(event.error) for event in self.events if isinstance(event, Fault)]


def unit(password: bytes | None = None, *, account: str = "678", transport: str = "TCP") -> LocalUnit:
    return LocalUnit(account, draw=os.urandom, password=password, transport=transport)


def responses(heard: Sequence[HeardDown]) -> list[Mrs]:
    return [each.mrs for each in heard if isinstance(each, Answered)]


def statuses(heard: Sequence[HeardDown]) -> list[int]:
    return [each.status if isinstance(each, Refused) else 200 for each in heard if isinstance(each, Refused | Carried)]


def status_of(raw: bytes) -> int:
    return int(raw.split(b" ", 2)[1])
