"""A protocol of our own, one line a frame, for tests of what carries protocols.

"name anna" | "alarm 1" | "position 2" | "forged 3" (an alarm without proof) | "quiet 4" (owed no answer) |
"empty" (nothing to store) | "time" (answered at once) | "bad" | "wrong-key" | "bye" (closes) | "crash" (our bug).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from protocols.conversation import Account, Close, Event, Fault, Identified, Nak, Reply, SignalsReceived, Token
from protocols.errors import ContentError, FrameTooLong, LocalProtocolError, NotAuthentic
from protocols.signal import AccountId, Signal, SignalKind

LIMIT_BYTES = 256


class LineConversation:
    """Keeps the Conversation contract."""

    def __init__(self, opened_at: datetime, idle: timedelta | None = None) -> None:
        self.device: AccountId | None = None
        self.owed: dict[Token, str] = {}
        self._pending = b""
        self._token = 0
        self._idle = idle
        self._heard_at = opened_at

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        events = [event for line in lines for event in self._read(line)]
        if lines:
            self._heard_at = now
        if len(self._pending) > LIMIT_BYTES:
            events.append(Fault(FrameTooLong(limit_bytes=LIMIT_BYTES), self._pending, close=True))
            self._pending = b""
        return events

    def next_deadline(self) -> datetime | None:
        return None if self._idle is None else self._heard_at + self._idle

    def deadline_passed(self, now: datetime) -> Sequence[Event]:
        assert self._idle is not None
        assert now >= self._heard_at + self._idle, "asked too early"
        return [Close("idle")]

    def ack(self, token: Token, now: datetime) -> bytes:
        return f"ack {self._settle(token)}\n".encode()

    def nak(self, token: Token, why: Nak, now: datetime) -> bytes:
        key = self._settle(token)
        return f"who {key}\n".encode() if why is Nak.UNKNOWN_DEVICE else b""

    def _settle(self, token: Token) -> str:
        try:
            return self.owed.pop(token)
        except KeyError:
            raise LocalProtocolError("not owed") from None

    def _read(self, line: bytes) -> list[Event]:
        word, _, rest = line.decode("latin-1").partition(" ")
        match word:
            case "name":
                self.device = AccountId(rest)
                return [Identified(self.device), self._received(line, (), "name")]
            case "alarm" | "forged":
                signals = (self._signal(SignalKind.PANIC, rest),)
                return [self._received(line, signals, rest, authentic=word == "alarm")]
            case "position":
                return [self._received(line, (self._signal(SignalKind.POSITION, rest),), rest)]
            case "quiet":
                return [SignalsReceived((self._signal(SignalKind.POSITION, rest),), line)]
            case "empty":
                return [self._received(line, (), "empty")]
            case "time":
                return [Reply(b"noon\n")]
            case "wrong-key":
                return [Fault(NotAuthentic("wrong key", account=rest), line)]
            case "bye":
                return [Fault(ContentError("bye"), line, reply=b"bye\n", close=True)]
            case "crash":
                raise RuntimeError(f"our bug in {rest}")
            case _:
                return [Fault(ContentError("no such word"), line)]

    def _signal(self, kind: SignalKind, key: str) -> Signal:
        return Signal(kind=kind, device=self.device, repeat_key=key)

    def _received(
        self, line: bytes, signals: tuple[Signal, ...], key: str, *, authentic: bool = True
    ) -> SignalsReceived:
        self._token += 1
        token = Token(self._token)
        self.owed[token] = key
        return SignalsReceived(signals, line, token, authentic)


class KnownDevices:
    """The enrolled devices of one protocol."""

    def __init__(self, *names: str, loaded: bool = True) -> None:
        self.names = set(names)
        self.loaded = loaded

    def find(self, device: AccountId) -> Account | None:
        return Account(device) if device in self.names else None
