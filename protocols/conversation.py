"""The contract that every protocol keeps with the shell that owns the socket.

A conversation is told everything and starts nothing. The shell feeds it bytes and the time, sends what it
returns, and keeps one timer for next_deadline(). An event that is owed an answer carries a token; the shell
asks for the answer with ack() once the signals are on disk, or nak() if they never will be.

One conversation is one TCP connection, one UDP datagram exchange, or one HTTP request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType, Protocol

from protocols.errors import RemoteProtocolError
from protocols.signal import AccountId, Signal

Token = NewType("Token", int)
"""Names one answer that is owed on one conversation. Valid for one ack() or nak()."""


class Nak(Enum):
    """Why an answer is refused."""

    UNKNOWN_DEVICE = "unknown_device"
    NOT_STORED = "not_stored"
    """The store did not take it: most protocols then stay silent, so that the device repeats."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A device's secret changes hands, in two steps, so that a lost answer locks nobody out.

    fresh: drawn for the device and about to be told to it: kept beside the present one, which stays good. Where one is
    kept already, another is not: the device asks again and is told that one.
    used: the device has just proved itself with the one kept beside: from now on it is the only one.
    """

    device: AccountId
    fresh: bytes | None = field(default=None, repr=False)
    used: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignalsReceived:
    """One frame's signals. They are stored together; then, and only then, the token is acked.

    signals may be empty (an unknown but harmless frame that still wants its answer).
    raw: the frame as it came, for the record; never logged. token: None if the protocol owes no answer.
    authentic: False if the sender could not prove who it is. Only alarms come so: they are stored and shown as
    from an unknown device, whatever name they give.
    renewal: what becomes of the device's secret with it; on disk, like the signals, before the token is acked.
    """

    signals: tuple[Signal, ...]
    raw: bytes
    token: Token | None = None
    authentic: bool = True
    renewal: Renewal | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes to send now; they promise nothing (the time, a negative answer, a downlink's next part)."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """The other end broke the protocol: count it, keep the bytes, close if asked.

    reply: what to send before anything else, empty for silence.
    """

    error: RemoteProtocolError
    raw: bytes
    reply: bytes = b""
    close: bool = False


@dataclass(frozen=True, slots=True)
class Identified:
    """The device has said its name. A newer connection of the same name replaces this one."""

    device: AccountId


@dataclass(frozen=True, slots=True)
class Close:
    """This end wants the connection closed (idle too long, conversation over). Nothing more will be said."""

    why: str


Event = SignalsReceived | Reply | Fault | Identified | Close


@dataclass(frozen=True, slots=True)
class Account:
    """What a protocol may know of an enrolled device.

    secret: an HTTP device's shared secret as SHA-256; a DC-09 key or an SOS Access password as raw bytes; None if it
    has none. model: from the registry, where meaning depends on it. options: the protocol's own settings for the unit.
    next_secret: one that was told to it and not yet used (Renewal).
    """

    device: AccountId
    secret: bytes | None = field(default=None, repr=False)
    model: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    next_secret: bytes | None = field(default=None, repr=False)


class Accounts(Protocol):
    """Look up an enrolled device by the name it gives itself. In memory, immediate, never raises."""

    def find(self, device: AccountId) -> Account | None:
        """Return the account, or None for a device we do not know."""
        ...


class Conversation(Protocol):
    """One protocol spoken with one transmitter, receiver's side."""

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        """Take the next bytes off the wire; return what they complete, oldest first. Never raises."""
        ...

    def next_deadline(self) -> datetime | None:
        """When to call deadline_passed(), or None."""
        ...

    def deadline_passed(self, now: datetime) -> Sequence[Event]:
        """Say that the deadline is over. Never raises."""
        ...

    def ack(self, token: Token, now: datetime) -> bytes:
        """Return the positive answer to send. Raises LocalProtocolError for a token not owed."""
        ...

    def nak(self, token: Token, why: Nak, now: datetime) -> bytes:
        """Return the negative answer; empty where silence is the protocol's way. LocalProtocolError as ack()."""
        ...


class Transmitter(Protocol):
    """The other role, for the emulators: what a device would say and expects to hear."""

    def receive(self, chunk: bytes, now: datetime) -> Sequence[object]:
        """Take the receiver's bytes; return the answers and downlinks they complete, as the protocol's messages."""
        ...
