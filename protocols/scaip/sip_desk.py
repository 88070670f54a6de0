"""One peer's SIP, receiver's side: cuts and reads messages, answers what needs no one's word, sends ours until heard.

What is left over comes out: a MESSAGE as Asked, and a unit that has registered as Registered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Close, Fault
from protocols.errors import ContentError, FrameTooLong, FramingError, NotAuthentic, RemoteProtocolError
from protocols.openers import Draw
from protocols.pieces import CutShort, Garbage, TooLong, Whole
from protocols.scaip import speaking
from protocols.scaip.cases import Way
from protocols.scaip.door import Door
from protocols.signal import AccountId
from protocols.sip.answering import ALLOW, Refusal, check, response, transaction, way_back
from protocols.sip.codec import MAX_MESSAGE_BYTES, parse, serialise
from protocols.sip.digest import Proof, challenges
from protocols.sip.framing import PING, PONG, SipFramer
from protocols.sip.grammar import parse_named, parse_uri
from protocols.sip.messages import Peer, Request, Response, one
from protocols.sip.registrar import Registrar, listed
from protocols.sip.transactions import ClientTransactions, Key, ReplyTo, ServerTransactions

IDLE: Final = timedelta(minutes=10)
"""A connection on which nothing was heard for so long is closed, unless a registration over it still stands."""
DATAGRAM_IDLE: Final = timedelta(seconds=64)
"""An address that sends nothing for so long is forgotten: no retransmission comes later."""
MESSAGE_TIME: Final = timedelta(seconds=32)
MAX_BROKEN: Final = 16

_KNOWN_ELSEWHERE: Final = frozenset({"INFO", "NOTIFY", "PRACK", "PUBLISH", "REFER", "UPDATE"})
_NO_VOICE: Final = "No voice here: ring the number you were given"


@dataclass(frozen=True, slots=True)
class Registered:
    """A unit has proved its name and can be reached. raw: as in Asked."""

    device: AccountId
    raw: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A MESSAGE that waits for its answer. raw: as it came, with its credentials out of sight."""

    request: Request
    raw: bytes


Found = Asked | Registered | ReplyTo | Fault


class SipDesk:
    """One peer's SIP."""

    def __init__(
        self,
        door: Door,
        registrar: Registrar,
        served: ServerTransactions,
        draw: Draw,
        opened_at: datetime,
        *,
        transport: str = "TCP",
    ) -> None:
        """served: what all addresses of the receiver were answered, for datagrams."""
        self._door, self._registrar, self._draw, self._transport = door, registrar, draw, transport
        self._datagrams = transport == "UDP"
        self._framer = SipFramer()
        self._served = served if self._datagrams else ServerTransactions(reliable=True)
        self._sent = ClientTransactions(reliable=not self._datagrams)
        self._heard_at = opened_at
        self._begun_at: datetime | None = None
        self._registered_until: datetime | None = None
        self._broken = 0
        self._closed = False
        self.peer: Peer | None = None

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their message."""
        return self._framer.pending_bytes

    def met(self, peer: Peer, transport: str | None) -> None:
        """Say where the bytes come from, and by what if it was not said before."""
        self.peer, self._transport = peer, transport or self._transport

    def receive(self, chunk: bytes, now: datetime) -> list[Found]:
        """Take bytes or one datagram; return what they complete, answers included."""
        found: list[Found] = []
        if self._closed:
            return found
        if self._datagrams:
            self._heard_at = now
            message = chunk[:MAX_MESSAGE_BYTES].lstrip(b"\r\n")
            if message.strip():
                self._read(message, found, now)
            return found
        for piece in self._framer.receive(chunk):
            if found and isinstance(found[-1], Fault) and found[-1].close:
                break  # the stream is ended, whatever else the chunk holds
            match piece:
                case Whole(raw) if raw == PING:
                    self._heard_at = now
                    found.append(ReplyTo(PONG))
                case Whole(raw):
                    self._heard_at = now
                    self._read(raw, found, now)
                case Garbage(sample) | CutShort(sample):
                    self._close(found, Fault(FramingError("bytes that are no SIP message"), sample, close=True))
                case TooLong(sample, limit_bytes):
                    self._close(found, Fault(FrameTooLong(limit_bytes=limit_bytes), sample, close=True))
                case _:
                    assert_never(piece)
        if not self._framer.pending_bytes:
            self._begun_at = None
        elif self._begun_at is None or found:
            self._begun_at = now
        return found

    def next_deadline(self) -> datetime | None:
        """When to call deadline_passed(), or None."""
        if self._closed:
            return None
        ends = [self._idle_at(), self._sent.next_deadline()]
        ends.append(None if self._begun_at is None else self._begun_at + MESSAGE_TIME)
        return min(end for end in ends if end is not None)

    def deadline_passed(self, now: datetime) -> Sequence[ReplyTo | Fault | Close]:
        """Send again what was not answered; give up, or close, what is over."""
        due_at = self.next_deadline()
        if due_at is None or now < due_at:
            return ()
        again, lost = self._sent.due(now)
        events: list[ReplyTo | Fault | Close] = [*again]
        events += [Fault(ContentError("an answer of ours was never received"), b"")] * lost
        if self._begun_at is not None and now >= self._begun_at + MESSAGE_TIME:
            self._closed = True
            pieces = self._framer.give_up()
            sample = next((piece.raw for piece in pieces if isinstance(piece, CutShort)), b"")
            events.append(Fault(FramingError("a message was begun and never ended"), sample, close=True))
        elif now >= self._idle_at():
            self._closed = True
            events.append(Close("idle"))
        return events

    def answer(self, asked: Asked, status: int, headers: Sequence[tuple[str, str]] = (), body: bytes = b"") -> ReplyTo:
        """Return the answer to a MESSAGE; its retransmissions get the same."""
        return self._answer(asked.request, status, headers, body)

    def challenge(self, asked: Asked, now: datetime, *, stale: bool) -> ReplyTo:
        """Return what asks the unit to prove who it is."""
        return self._answer(asked.request, 401, challenges(self._door.nonces.new(now), stale=stale))

    def say(self, way: Way, document: bytes, now: datetime) -> ReplyTo:
        """Return a MESSAGE of ours; it is sent again until the unit's SIP has it."""
        data, branch = speaking.message(way, document, transport=self._transport, draw=self._draw)
        out = ReplyTo(data, way.port)
        self._sent.begin(branch, out, now)
        return out

    def port_of(self, data: bytes) -> int | None:
        """Return the port of a datagram of say(), None for the one that the unit speaks from."""
        return self._sent.port_of(data)

    def _idle_at(self) -> datetime:
        idle_at = self._heard_at + (DATAGRAM_IDLE if self._datagrams else IDLE)
        return idle_at if self._registered_until is None else max(idle_at, self._registered_until)

    def _close(self, found: list[Found], fault: Fault) -> None:
        self._closed = True
        found.append(fault)

    def _read(self, raw: bytes, found: list[Found], now: datetime) -> None:
        if self._closed:
            return
        kept = masked(raw)
        try:
            message = parse(raw)
            match message:
                case Response():
                    self._response(message)
                case Request():
                    self._request(Asked(message, kept), found, now)
                case _:
                    assert_never(message)
            self._broken = 0
        except RemoteProtocolError as error:
            self._broken += 1
            if self._broken >= MAX_BROKEN and not self._datagrams:  # an address may be many, and cannot be closed
                self._close(found, Fault(error, kept, close=True))
            else:
                found.append(Fault(error, kept))

    def _response(self, message: Response) -> None:
        if self._sent.heard(message) and message.status >= 300:
            raise ContentError(f"an answer of ours was refused with {message.status}")

    def _request(self, asked: Asked, found: list[Found], now: datetime) -> None:
        request = asked.request
        try:
            check(request)
            if request.method == "ACK":
                return
            again = self._served.again(self._key(request), now)
            if again is not None:
                found += again
                return
            if request.method == "MESSAGE":
                found.append(asked)
            else:
                self._serve(asked, found, now)
        except Refusal as refusal:
            found.append(Fault(refusal, asked.raw))
            if request.method != "ACK":  # which is never answered
                found.append(self._answer(request, refusal.status, refusal.headers))

    def _serve(self, asked: Asked, found: list[Found], now: datetime) -> None:
        request = asked.request
        headers: list[tuple[str, str]] = [ALLOW]
        match request.method:
            case "OPTIONS":
                found.append(self._answer(request, 200, [*headers, ("accept", speaking.MEDIA_TYPE)]))
            case "REGISTER":
                self._register(asked, found, now)
            case "INVITE":
                warning = ("warning", f'399 larmcentral "{_NO_VOICE}"')
                found.append(self._answer(request, 488, [*headers, warning]))
            case "CANCEL":
                found.append(self._answer(request, 200 if self._served.knows(self._key(request)) else 481))
            case "BYE":
                found.append(self._answer(request, 481))
            case "SUBSCRIBE":
                found.append(self._answer(request, 489, headers))
            case method:
                found.append(self._answer(request, 405 if method in _KNOWN_ELSEWHERE else 501, headers))

    def _register(self, asked: Asked, found: list[Found], now: datetime) -> None:
        request = asked.request
        try:
            name = parse_uri(parse_named(one(request, "to") or "").uri).user
        except ContentError as error:
            raise Refusal(400, f"To: {error}") from None
        account = self._door.account(name)
        match self._door.judge(request, account, now):
            case Proof.NONE | Proof.STALE as proof:
                asks = challenges(self._door.nonces.new(now), stale=proof is Proof.STALE)
                found.append(self._answer(request, 401, asks))
            case Proof.WRONG:
                found.append(Fault(NotAuthentic("a registration with a wrong password", account=name), asked.raw))
                found.append(self._answer(request, 403))
            case Proof.GIVEN:
                bindings = self._registrar.register(name, request, now)
                ends = [each.expires_at for each in bindings] + [self._registered_until or now]
                self._registered_until = max(ends)
                date = ("date", speaking.asked_at(now))
                found.append(self._answer(request, 200, [*listed(bindings, now), date]))
                if account is not None and bindings:
                    found.append(Registered(account.device, asked.raw))
            case other:
                assert_never(other)

    def _answer(
        self, request: Request, status: int, headers: Sequence[tuple[str, str]] = (), body: bytes = b""
    ) -> ReplyTo:
        said = response(request, status, tag=self._draw(6).hex(), peer=self.peer, headers=headers, body=body)
        out = ReplyTo(serialise(said), way_back(request, self.peer))
        self._served.answered(self._key(request), out)
        return out

    def _key(self, request: Request) -> Key:
        address = "" if self.peer is None else f"{self.peer.host} {self.peer.port}"
        return (address, *transaction(request))


def masked(raw: bytes) -> bytes:
    """Return a message as it may be kept: what proves a password is out of sight, for it can be guessed at leisure.

    Its lines may end as parse() takes them, and go on behind a blank.
    """
    lines = raw.split(b"\n")
    hidden = False
    for at, line in enumerate(lines):
        if not line.rstrip(b"\r"):
            break  # behind it stands the body
        if hidden and line[:1] in (b" ", b"\t"):
            lines[at] = b" ***\r"
            continue
        name, _, _ = line.partition(b":")
        hidden = name.strip().lower() in (b"authorization", b"proxy-authorization")
        if hidden:
            lines[at] = name + b": ***\r"
    return b"\n".join(lines)
