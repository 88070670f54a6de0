"""Our end of the connection to a broker: who we are, what we want to hear, and that both ends still live.

It is told everything and starts nothing. Messages at QoS 1 are acknowledged by whoever stored them, with acknowledge(),
and never here: until then the broker keeps them for us, through every loss of the connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.errors import ContentError, RemoteProtocolError
from protocols.mqtt.packets import (
    PING,
    REFUSALS,
    ConnectAnswer,
    Packet,
    PacketFramer,
    Pong,
    PublishAcknowledged,
    Published,
    Subscribed,
    connect,
    parse,
    puback,
    subscribe,
)

ANSWER_WITHIN: Final = timedelta(seconds=10)
KEEP_ALIVE: Final = timedelta(seconds=30)
"""A dead connection is known after this and ANSWER_WITHIN; the broker gives us one and a half of it."""
REFUSED_TOPIC: Final = 128
REFUSED_FOR: Final = timedelta(seconds=60)
"""How long we are content with the topics that are granted, before we hang up and ask for all of them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who we are to a broker. client_id: the same at every start, for the broker keeps our messages under it."""

    client_id: str
    topics: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Say:
    """Bytes for the broker."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ready:
    """We are heard and subscribed. resumed: the broker had kept our session. refused: topics that it keeps from us."""

    resumed: bool
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message came. number: to be handed to acknowledge() once it is stored; None where none is owed."""

    published: Published


@dataclass(frozen=True, slots=True)
class Lost:
    """This connection is worth nothing any more: close it. why: in words."""

    why: str


SessionEvent = Say | Ready | Arrived | Lost


class BrokerSession:
    """One connection. first_bytes go out once it stands."""

    def __init__(self, subscriber: Subscriber, now: datetime, *, keep_alive: timedelta = KEEP_ALIVE) -> None:
        self._subscriber, self._keep_alive = subscriber, keep_alive
        self._framer = PacketFramer()
        self._taken = self._ready = self._resumed = self._over = False
        self._refused: tuple[str, ...] = ()
        self._leave_at: datetime | None = None
        self._asked_at: datetime | None = now
        self._said_at = now
        self.first_bytes = connect(
            subscriber.client_id,
            clean=False,
            keep_alive_s=round(keep_alive.total_seconds()),
            user=subscriber.user,
            password=subscriber.password,
        )

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their packet."""
        return self._framer.pending_bytes

    def receive(self, chunk: bytes, now: datetime) -> Sequence[SessionEvent]:
        """Take the broker's bytes; return what they say. Never raises."""
        if self._over:
            return ()
        events: list[SessionEvent] = []
        try:
            while packets := self._framer.receive(chunk):
                chunk = b""
                for first, body in packets:
                    self._take(parse(first, body), events, now)
        except RemoteProtocolError as error:
            events.append(Lost(str(error)))
        self._over = any(isinstance(event, Lost) for event in events)
        return events

    def acknowledge(self, number: int, now: datetime) -> bytes:
        """Return what tells the broker that a message is stored."""
        self._said_at = now
        return puback(number)

    def next_deadline(self) -> datetime | None:
        """When to call deadline_passed(), or None."""
        if self._over:
            return None
        due_at = self._asked_at + ANSWER_WITHIN if self._asked_at is not None else self._said_at + self._keep_alive
        return due_at if self._leave_at is None else min(due_at, self._leave_at)

    def deadline_passed(self, now: datetime) -> Sequence[SessionEvent]:
        """Say that the deadline is over: ask whether the broker is there, or give it up."""
        due_at = self.next_deadline()
        if due_at is None or now < due_at:
            return ()
        if self._leave_at is not None and now >= self._leave_at:
            self._over = True
            return (Lost(_refusal(self._refused)),)
        if self._asked_at is not None:
            self._over = True
            return (Lost("the broker does not answer"),)
        self._asked_at = self._said_at = now
        return (Say(PING),)

    def _take(self, packet: Packet, events: list[SessionEvent], now: datetime) -> None:
        if self._taken == isinstance(packet, ConnectAnswer):
            raise ContentError(
                "a second answer to CONNECT" if self._taken else "something before the answer to CONNECT"
            )
        match packet:
            case ConnectAnswer(present, code):
                if code:
                    raise ContentError(f"the broker refuses {REFUSALS.get(code, f'us with code {code}')}")
                self._taken, self._resumed, self._asked_at = True, present, now
                events.append(Say(subscribe(1, self._subscriber.topics)))
            case Subscribed(_, codes):
                if self._ready:
                    raise ContentError("an answer to what we did not ask")
                topics = self._subscriber.topics
                if len(codes) != len(topics):
                    raise ContentError(_refusal(()))
                self._refused = tuple(topic for topic, code in zip(topics, codes, strict=True) if code == REFUSED_TOPIC)
                if self._refused == topics:
                    raise ContentError(_refusal(topics))
                self._ready, self._asked_at = True, None
                self._leave_at = now + REFUSED_FOR if self._refused else None
                events.append(Ready(self._resumed, self._refused))
            case Published():
                if packet.qos == 2:
                    raise ContentError("a message at QoS 2, which we never asked for")
                events.append(Arrived(packet))
            case Pong():
                self._asked_at = None if self._ready else self._asked_at
            case PublishAcknowledged():
                pass  # we publish nothing on this connection
            case _:
                assert_never(packet)


def _refusal(topics: tuple[str, ...]) -> str:
    return f"the broker refuses the topics {', '.join(topics) or 'asked for'}"
