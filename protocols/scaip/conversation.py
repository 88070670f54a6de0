"""The receiver's role: one TCP or TLS connection, or all datagrams of one address.

Requests of SIP are answered by sip_desk.py; what a unit says in a MESSAGE is taken in here. The 200 leaves only after
the commit, together with the mrs: a unit that reads no further than the 200 has been told the truth as well. What is
not stored is answered 503 and no mrs, so that the unit repeats or turns to its next receiver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from protocols.conversation import Account, Accounts, Event, Fault, Identified, Nak, Reply, SignalsReceived, Token
from protocols.errors import FramingError, LocalProtocolError, NotAuthentic
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.plausible import storable
from protocols.scaip import meaning, speaking
from protocols.scaip.centre import Centre, Owed, understood, user_of
from protocols.scaip.codec import Unreadable, parse_mrq
from protocols.scaip.messages import Mrq, Mrs, Snu
from protocols.scaip.sip_desk import Asked, Registered, SipDesk
from protocols.signal import AccountId, Signal
from protocols.sip.digest import Proof
from protocols.sip.messages import Peer, one
from protocols.sip.transactions import ReplyTo

MAX_OWED: Final = 256
"""Requests of one peer whose commit is waited for; alarms may be twice as many."""
RETRY_AFTER_S: Final = 5
MAX_NAMES: Final = 64
_UNPROVEN: Final = "unproven:"
_TYPES: Final = (speaking.MEDIA_TYPE, "application/xml", "text/xml", "text/plain", "")


class ScaipConversation:
    """Keeps the Conversation contract, and TakesOrders. transport: as Via names it; UDP means datagrams."""

    def __init__(self, centre: Centre, opened_at: datetime, *, transport: str = "TCP") -> None:
        self._centre = centre
        self._desk = SipDesk(centre.door, centre.registrar, centre.served, centre.draw, opened_at, transport=transport)
        self._owed: dict[Token, Owed] = {}
        self._last_token = 0
        self._names: dict[AccountId, None] = {}

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their message."""
        return self._desk.pending_bytes

    def met(self, peer: Peer, transport: str | None = None) -> None:
        """Say where the bytes come from and by what, before the first of them."""
        self._desk.met(peer, transport)

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        """Take the next bytes or one datagram; return what they complete. Never raises."""
        events: list[Event] = []
        for found in self._desk.receive(chunk, now):
            match found:
                case Asked():
                    self._take(found, events, now)
                case Registered(device, raw):
                    self._name(device)
                    events += (Identified(device), SignalsReceived((meaning.registered(device, now),), raw))
                case _:
                    events.append(found)
        return events

    def next_deadline(self) -> datetime | None:
        """When to call deadline_passed(), or None."""
        return self._desk.next_deadline()

    def deadline_passed(self, now: datetime) -> Sequence[Event]:
        """Send again what was not answered; close what is silent or broken off. Never raises."""
        return self._desk.deadline_passed(now)

    def ack(self, token: Token, now: datetime) -> bytes:
        """Return 200 and the mrs. Raises LocalProtocolError for a token not owed."""
        return _joined(self.answers(token, None, now))

    def nak(self, token: Token, why: Nak, now: datetime) -> bytes:
        """Return 503 for what is not stored, 403 for a unit that is not enrolled. LocalProtocolError as ack()."""
        return _joined(self.answers(token, why, now))

    def answers(self, token: Token, why: Nak | None, now: datetime) -> Sequence[ReplyTo]:
        """Return what ack() (why None) or nak() says, message by message. LocalProtocolError as ack()."""
        owed = self._owed.pop(token, None)
        if owed is None:
            raise LocalProtocolError(f"no answer is owed for token {token}")
        match why:
            case None:
                return self._taken(owed, now)
            case Nak.NOT_STORED:
                return [self._desk.answer(owed.asked, 503, headers=[("retry-after", str(RETRY_AFTER_S))])]
            case Nak.UNKNOWN_DEVICE:
                return [self._desk.answer(owed.asked, 403)]
            case _:
                assert_never(why)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """As order_for() where one unit speaks here. Raises LocalProtocolError where it is none or several."""
        if len(self._names) != 1:
            raise LocalProtocolError(f"{len(self._names)} units speak on this connection")
        return self.order_for(next(iter(self._names)), order, now)

    def order_for(self, device: AccountId, order: Order, now: datetime) -> Sequence[bytes]:
        """Return what says an order to one unit: a response to what it is holding for, else nothing."""
        mrs: dict[str, Mrs] = {}
        held = {case.ref: case for case in self._centre.cases.held(device, now)}
        match order:
            case Reassure(text):
                mrs = {ref: Mrs(ref=ref, snu=Snu.OK, ste=speaking.plain(text), mre=0) for ref in held}
            case CallBack(number):
                mrs = {ref: Mrs(ref=ref, snu=Snu.OK, mre=1, cre=62, tnu=(f"gsm:{number}",)) for ref in held}
            case Locate() | Commission():
                pass  # SCAIP has no words for either
            case _:
                assert_never(order)
        frames = []
        for ref, said in mrs.items():
            self._centre.cases.take(device, held[ref])
            frames.append(self._desk.say(held[ref].way, speaking.document(said), now).data)
        return frames

    def port_of(self, data: bytes) -> int | None:
        """Return the port that a datagram from order() goes to; None for the one the unit speaks from."""
        return self._desk.port_of(data)

    def _taken(self, owed: Owed, now: datetime) -> list[ReplyTo]:
        mrs = owed.mrs
        if owed.case is not None:
            before = self._centre.cases.find(owed.device, owed.case.ref, now)
            if before is not None and before.event == owed.case.event and not before.held and mrs.snu is Snu.HOLD:
                mrs = replace(mrs, snu=Snu.OK)  # a person took it since
                self._centre.cases.put(owed.device, replace(owed.case, held=False))
            else:
                self._centre.cases.put(owed.device, owed.case)
        document = speaking.document(mrs)
        if owed.inside:
            return [self._desk.answer(owed.asked, 200, [("content-type", speaking.MEDIA_TYPE)], document)]
        return [self._desk.answer(owed.asked, 200), self._desk.say(owed.way, document, now)]

    def _take(self, asked: Asked, events: list[Event], now: datetime) -> None:
        request = asked.request
        media = (one(request, "content-type") or "").partition(";")[0].strip().lower()
        encoding = (one(request, "content-encoding") or "identity").lower()
        is_xml = request.body.lstrip()[:1] in (b"<", b"\xef")
        # Whatever a unit calls its document: one that asks for help is heard.
        named = media in _TYPES or b"mrq" in request.body.lower()
        if not (named and is_xml and encoding == "identity"):
            accepted = [("accept", speaking.MEDIA_TYPE), ("accept-encoding", "identity")]
            events += (Fault(FramingError("a MESSAGE without XML"), asked.raw), self._desk.answer(asked, 415, accepted))
            return
        mrq: Mrq | Unreadable
        try:
            mrq = parse_mrq(request.body.removeprefix(b"\xef\xbb\xbf"))
        except Unreadable as error:
            mrq = error
        sender = user_of(request)
        cid = None if isinstance(mrq, Unreadable) else mrq.cid
        account = self._centre.door.account(cid or sender)
        name = account.device if account else storable(cid or sender, 32)
        device = AccountId(name) if name else None
        proof = self._centre.door.judge(request, account, now)
        proven = proof is Proof.GIVEN
        signals, owed = understood(self._centre, mrq, device, account, asked, self._desk.peer, now, proven=proven)
        match proof:
            case Proof.GIVEN:
                self._admit(device, account, signals, owed, events, now)
            case Proof.NONE | Proof.STALE:
                events.append(self._desk.challenge(asked, now, stale=proof is Proof.STALE))
                # Who begins each repeat without a proof and gives it when asked is no stranger.
                if self._centre.asked.again(owed.words, now) and not self._centre.rounds.goes_on(owed.words, now):
                    events += _unproven(signals, asked, device, "it was asked for its password and did not give it")
            case Proof.WRONG:
                events.append(self._desk.answer(asked, 403))
                events += _unproven(signals, asked, device, "wrong password, or a unit that is not enrolled")
            case _:
                assert_never(proof)

    def _admit(
        self,
        device: AccountId | None,
        account: Account | None,
        signals: tuple[Signal, ...],
        owed: Owed,
        events: list[Event],
        now: datetime,
    ) -> None:
        if len(self._owed) >= (2 * MAX_OWED if any(signal.is_alarm for signal in signals) else MAX_OWED):
            events.append(Fault(FramingError("more messages than answers"), owed.asked.raw))
            events.append(self._desk.answer(owed.asked, 503, headers=[("retry-after", str(RETRY_AFTER_S))]))
            return
        if device is not None and account is not None:
            self._centre.registrar.heard(user_of(owed.asked.request))
            if self._name(device):
                events.append(Identified(device))
        self._last_token += 1
        token = Token(self._last_token)
        self._owed[token] = owed
        events.append(SignalsReceived(signals, owed.asked.raw, token))

    def _name(self, device: AccountId) -> bool:
        """Remember who speaks here; True if he did not before."""
        if device in self._names:
            return False
        self._names[device] = None
        if len(self._names) > MAX_NAMES:
            del self._names[next(iter(self._names))]
        return True


def _unproven(signals: tuple[Signal, ...], asked: Asked, device: AccountId | None, why: str) -> list[Event]:
    """The alarms of one that is not believed: heard, refused, and with an identity of their own, so that they can
    never pass for the real message or make that one look like a repeat."""
    alarms = tuple(
        replace(signal, repeat_key=_UNPROVEN + signal.repeat_key, doubts=(why, *signal.doubts))
        for signal in signals
        if signal.is_alarm
    )
    events: list[Event] = [Fault(NotAuthentic(why, account=device), asked.raw)]
    return [*events, SignalsReceived(alarms, asked.raw, authentic=False)] if alarms else events


def _joined(answers: Sequence[Reply]) -> bytes:
    return b"".join(answer.data for answer in answers)


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins; its conversations share registrations, events and nonces."""
    centre = Centre(accounts, draw)
    return Openers(
        connection=lambda now: ScaipConversation(centre, now),
        datagram=lambda now: ScaipConversation(centre, now, transport="UDP"),
    )
