"""The receiver's role: requests on one connection, each answered once what it says is on disk.

Nothing waits for the other side to hang up: a document is whole when its root closes. One request a connection is what
the protocol describes; more, one after another, are taken as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Account, Accounts, Close, Event, Fault, Nak, Renewal, Reply, SignalsReceived, Token
from protocols.errors import ContentError, FrameTooLong, LocalProtocolError, NotAuthentic, RemoteProtocolError
from protocols.openers import Draw
from protocols.signal import SignalKind
from protocols.sos_access.codec import Unacceptable, masked, parse
from protocols.sos_access.codes import Status
from protocols.sos_access.framing import OneDocument
from protocols.sos_access.judgement import Proof, Sender, answer, refusal, sender_of
from protocols.sos_access.memory import Memory
from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmResponse,
    Message,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    PingResponse,
    Request,
)
from protocols.sos_access.passwords import draw_password
from protocols.sos_access.salvage import salvage
from protocols.sos_access.signals import account_of, identity, signal_of

DOCUMENT_TIME: Final = timedelta(seconds=30)
"""From the connection's opening to its first whole document: an alarm with every field takes 6 s at 9600 bit/s."""
SILENCE: Final = timedelta(seconds=8)
"""Within a document. A transmitter hangs up after 10 s without an answer: what it began must be heard by then."""
LINGER: Final = timedelta(seconds=10)
"""The transmitter hangs up once it has read its answer; one that does not is hung up on."""
MOST_REQUESTS: Final = 64
"""On one connection, where one is what the protocol has."""
RAW_BYTES: Final = 8_192
"""What is kept of a document: the longest message that can be right has some 5 000 bytes."""

_UNPROVEN: Final = "unproven:"
_BEGINS: Final = re.compile(rb"<(alarmrequest|pingrequest|requestnewauthentication)[ \t\r\n>/]")


@dataclass(frozen=True, slots=True)
class _Owed:
    """An answer that waits for the disk. fresh: the password it grants. turn: of an alarm or restore that is new."""

    request: Request
    status: Status
    account: Account | None
    fresh: str | None = None
    turn: int = 0
    restores: bool = False


class SosAccessReception:
    """One connection. accounts: enrolled transmitters by their code, Account.secret is the password as Latin-1."""

    def __init__(self, accounts: Accounts, *, draw: Draw, memory: Memory, opened_at: datetime) -> None:
        self._accounts, self._draw, self._memory = accounts, draw, memory
        self._document = OneDocument()
        self._due_at = self._whole_by = opened_at + DOCUMENT_TIME
        self._owed: dict[Token, _Owed] = {}
        self._taken = 0
        self._closed = False

    @property
    def pending_bytes(self) -> int:
        """How many bytes wait for the rest of their document."""
        return len(self._document.heard) if self._document.begun and not self._closed else 0

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Event]:
        """Take the next bytes off the wire; return what they complete, oldest first. Never raises."""
        events: list[Event] = []
        while chunk and not self._closed:
            document = self._document
            try:
                whole = document.feed(chunk)
            except RemoteProtocolError as error:
                self._closed = True
                events += self._broken(error, document.heard, now, close=True)
                break
            if whole is None:
                if document.begun:
                    self._due_at = min(self._whole_by, now + SILENCE)
                break
            self._document, chunk = OneDocument(), document.behind.lstrip(b" \t\r\n\0")
            self._due_at, self._whole_by = now + LINGER, now + DOCUMENT_TIME
            events += self._take(whole, now)
            self._taken += 1
            if self._taken == MOST_REQUESTS:
                self._closed = True
                events.append(Close("as many requests as a connection may carry"))
        return events

    def next_deadline(self) -> datetime | None:
        """When to call deadline_passed(), or None."""
        return None if self._closed else self._due_at

    def deadline_passed(self, now: datetime) -> Sequence[Event]:
        """Say that the deadline is over: what never became whole may still hold a call for help."""
        if self._closed or now < self._due_at:
            return ()
        self._closed = True
        if not self._document.begun:
            return (Close("nothing more was said"),)
        return self._broken(ContentError("a document was begun and never ended"), self._document.heard, now, close=True)

    def ack(self, token: Token, now: datetime) -> bytes:
        """Return the answer that says it is on disk. Raises LocalProtocolError for a token not owed."""
        owed = self._settle(token)
        if isinstance(owed.request, AlarmRequest) and owed.status is Status.OK:
            self._memory.take(identity(owed.request, owed.turn), now)
            self._memory.turned(account_of(owed.request), owed.turn, restores=owed.restores, now=now)
        return answer(owed.request, owed.status, owed.account, now, owed.fresh)

    def nak(self, token: Token, why: Nak, now: datetime) -> bytes:
        """Return the refusal. LocalProtocolError as ack().

        Not stored is answered "not treated", and not with silence: a transmitter then turns to its other receiver at
        once, and not after the ten seconds that it waits for an answer. What was stored after all is a repeat there.
        """
        owed = self._settle(token)
        match why:
            case Nak.UNKNOWN_DEVICE:
                status = Status.NOT_AUTHORIZED
            case Nak.NOT_STORED:
                status = Status.NOT_TREATED_NOT_DISTRIBUTED if owed.account else Status.NOT_AUTHORIZED
                if isinstance(owed.request, PingRequest):
                    self._memory.forget_ping(account_of(owed.request))
            case _:
                assert_never(why)
        return answer(owed.request, status, owed.account, now)

    def _take(self, document: bytes, now: datetime) -> list[Event]:
        try:
            message: Message = parse(document)
        except Unacceptable as error:
            return self._broken(error, document, now)
        if isinstance(message, AlarmResponse | PingResponse | NewAuthenticationResponse):
            return self._broken(Unacceptable("an answer, not a request", status=Status.WRONG_CONTENT), document, now)
        raw = masked(document[:RAW_BYTES])
        sender = sender_of(message, self._accounts.find(account_of(message)))
        match sender.proof:
            case Proof.PROVEN | Proof.PROVEN_BY_NEXT | Proof.UNGUARDED:
                return self._believed(message, sender, raw, now)
            case Proof.REFUSED:
                refused = answer(message, Status.NOT_AUTHORIZED, None, now)
                unlike = NotAuthentic("wrong password or transmitter type", account=message.transmitter_code)
                return [Fault(unlike, raw, reply=refused), *self._unproven(message, sender, raw, str(unlike), now)]
            case Proof.STRANGER:
                signal = signal_of(message, {}, now)
                token = self._owe(_Owed(message, Status.NOT_AUTHORIZED, None))
                return [SignalsReceived((signal,), raw, token)]
            case _:
                assert_never(sender.proof)

    def _believed(self, request: Request, sender: Sender, raw: bytes, now: datetime) -> list[Event]:
        account = sender.account
        assert account is not None, "only an account is believed"
        doubts = ("no password is enrolled for this transmitter",) if sender.proof is Proof.UNGUARDED else ()
        owed, renewal = _Owed(request, Status.OK, account), None
        used = account.next_secret if sender.proof is Proof.PROVEN_BY_NEXT else None
        signal = signal_of(request, account.options, now, doubts)
        match request:
            case AlarmRequest():
                restores = signal.kind is SignalKind.RESTORE
                turn = self._memory.turn(account.device, restores=restores, now=now)
                signal = replace(signal, repeat_key=identity(request, turn))
                owed = replace(owed, turn=turn, restores=restores)
                if self._memory.has(signal.repeat_key, now):
                    owed = replace(owed, status=Status.DUPLICATED_ALARM)
            case PingRequest():
                level = sender.level
                if level is None:
                    owed = replace(owed, status=Status.SERVICE_UNAVAILABLE)
                elif self._memory.pings_too_often(account.device, level, now) and used is None:
                    # The one before it is on disk or on its way there: this one says nothing new.
                    return [Reply(answer(request, Status.PING_TOO_OFTEN, account, now))]
            case NewAuthenticationRequest():
                kept = None if used else account.next_secret
                fresh = kept or draw_password(self._draw).encode("ascii")
                owed = replace(owed, fresh=fresh.decode("latin-1"))
                renewal = None if kept else Renewal(account.device, fresh=fresh, used=used)
        if used is not None and renewal is None:
            renewal = Renewal(account.device, used=used)
        return [SignalsReceived((signal,), raw, self._owe(owed), renewal=renewal)]

    def _broken(
        self, error: RemoteProtocolError, document: bytes, now: datetime, *, close: bool = False
    ) -> list[Event]:
        """What is no message: told so, and heard all the same where it calls for help."""
        raw = masked(document[:RAW_BYTES])
        began = _BEGINS.search(document[:RAW_BYTES])
        root = "" if began is None else began[1].decode("ascii")
        events: list[Event] = [Fault(error, raw, reply=refusal(root, _status(error), now), close=close)]
        alarm = salvage(document)
        if alarm is not None:
            sender = sender_of(alarm, self._accounts.find(account_of(alarm)))
            heard = self._unproven(alarm, sender, raw, f"answered with status {_status(error).value}: {error}", now)
            events[0:0] = heard
        return events

    def _unproven(self, request: Request, sender: Sender, raw: bytes, why: str, now: datetime) -> list[Event]:
        """The alarm of a request that is not answered with a promise. From one that cannot prove its name it has an
        identity of its own, so that it can never pass for the real one or make that look like a repeat."""
        options = {} if sender.account is None else sender.account.options
        signal = signal_of(request, options, now, (why,))
        if not signal.is_alarm:
            return []
        device = signal.device or None  # no name at all is nobody's
        if sender.believed or sender.account is None:
            return [SignalsReceived((replace(signal, device=device),), raw)]
        return [
            SignalsReceived(
                (replace(signal, device=device, repeat_key=_UNPROVEN + signal.repeat_key),), raw, authentic=False
            )
        ]

    def _owe(self, owed: _Owed) -> Token:
        token = Token(self._taken + 1)
        self._owed[token] = owed
        return token

    def _settle(self, token: Token) -> _Owed:
        try:
            return self._owed.pop(token)
        except KeyError:
            raise LocalProtocolError(f"no answer is owed for token {token}") from None


def _status(error: RemoteProtocolError) -> Status:
    match error:
        case Unacceptable():
            return error.status
        case FrameTooLong():
            return Status.INVALID_LENGTH
        case _:
            return Status.INVALID_XML
