"""The receiver's judgement on one whole frame: whose it is, whether it is believed, and what is answered when.

Shared by streams (TCP) and datagrams (UDP). Nothing is acked here: an answer leaves when the shell says that the
signals are on disk. What cannot be proven is never acked either, but an alarm in it is still heard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from protocols.conversation import Account, Accounts, Event, Fault, Nak, SignalsReceived, Token
from protocols.dc09 import cipher
from protocols.dc09.codec import Envelope, open_envelope, parse, parse_nak, serialise, serialise_nak
from protocols.dc09.framing import Frame, frame
from protocols.dc09.messages import ANSWERS, LINK_TESTS, REPORTS, Message, TimeRefused, ack_of, duh_of
from protocols.dc09.recent import Recent
from protocols.dc09.signals import account_id, digest, identity, signals_of
from protocols.errors import ContentError, LocalProtocolError, NotAuthentic, RemoteProtocolError
from protocols.signal import AccountId

EARLIEST: Final = timedelta(seconds=-40)
LATEST: Final = timedelta(seconds=20)
"""An encrypted message's time stamp may lie this far from our clock (independent implementations agree on both)."""

MAX_OWED: Final = 256
"""Answers owed on one conversation; a panel has one message outstanding, a gateway of many accounts some dozens."""

_NO_OPTIONS: Final[Mapping[str, str]] = MappingProxyType({})
_UNPROVEN: Final = "unproven:"


class TimeOutsideWindow(RemoteProtocolError):
    """An encrypted message is not dated now: the panel's clock is off, or an old message is played back."""

    def __init__(self, *, account: str | None, off_by: timedelta | None) -> None:
        said = "has no time" if off_by is None else f"is {off_by.total_seconds():+.0f} s off"
        super().__init__(f"account {account}: the time stamp {said}")
        self.account, self.off_by = account, off_by


class TooManyUnanswered(RemoteProtocolError):
    """More messages wait for their answer than one transmitter may have; this one is dropped, the unit repeats it."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(f"more than {limit} messages wait for an answer")
        self.limit = limit


class Reception:
    """Judges frames and keeps the answers that are owed.

    accounts: the enrolled transmitters; Account.secret is the raw key, None for one that sends in the clear.
    draw: random bytes for the pads of encrypted answers. recent: shared by all conversations of a process.
    duh_unknown: answer DUH, not silence, to an account that the shell refuses (it tells which accounts exist).
    """

    def __init__(self, accounts: Accounts, *, draw: cipher.RandomBytes, recent: Recent, duh_unknown: bool) -> None:
        self._accounts = accounts
        self._draw = draw
        self._recent = recent
        self._duh_unknown = duh_unknown
        self._owed: dict[Token, tuple[Message, bytes | None, bool]] = {}
        self._last_token = 0

    def take(self, heard: Frame, now: datetime) -> list[Event]:
        """What one sound frame means. Never raises."""
        try:
            if parse_nak(heard.text):
                raise ContentError("an answer came where a message was expected")
            return self._take(open_envelope(heard.text), heard, now)
        except RemoteProtocolError as error:
            return [Fault(error, heard.raw)]

    def ack(self, token: Token, now: datetime) -> bytes:
        """ACK as the message came: same sequence, receiver, line and account, sealed if it was. DUH for a message
        that was kept without being understood. LocalProtocolError for a token that is not owed."""
        message, key, binary = self._settle(token)
        answer = ack_of(message, now) if message.name in REPORTS | LINK_TESTS else duh_of(message)
        return frame(serialise(answer, key, self._draw), binary_checksum=binary)

    def nak(self, token: Token, why: Nak, now: datetime) -> bytes:
        """Silence, so that the unit repeats; DUH for an unknown device if so set. LocalProtocolError as ack()."""
        message, _, binary = self._settle(token)
        if why is Nak.UNKNOWN_DEVICE and self._duh_unknown:
            return frame(serialise(duh_of(message)), binary_checksum=binary)
        return b""

    def _settle(self, token: Token) -> tuple[Message, bytes | None, bool]:
        owed = self._owed.pop(token, None)
        if owed is None:
            raise LocalProtocolError(f"no answer is owed for token {token}")
        return owed

    def _take(self, envelope: Envelope, heard: Frame, now: datetime) -> list[Event]:
        if envelope.name in ANSWERS:
            raise ContentError("an answer came where a message was expected")
        clear = None if envelope.encrypted else parse(envelope)
        name = envelope.header.account if clear is None else account_id(clear)
        account = self._accounts.find(AccountId(name.upper())) if name else None
        options = account.options if account else _NO_OPTIONS
        if heard.binary_checksum and options.get("binary_crc") != "yes":
            raise ContentError("a binary checksum, which is not enabled for the account")
        key = account.secret if account else None
        if key is not None and clear is not None:
            refused = NotAuthentic("in the clear, from an account that has a key", account=name)
            return [Fault(refused, heard.raw), *self._unproven(clear, options, heard, str(refused))]
        message = parse(envelope, key) if clear is None else clear
        doubts = self._time_doubts(message, account, now)
        if doubts is None:
            return self._refuse_time(message, options, heard, now)
        if message.encrypted and self._recent.again(_stamped(message), now):
            doubts += ("this very frame came before: a copy on the network, or played back",)
        if len(self._owed) >= MAX_OWED:
            raise TooManyUnanswered(limit=MAX_OWED)
        self._last_token += 1
        token = Token(self._last_token)
        self._owed[token] = (message, key, heard.binary_checksum)
        return [SignalsReceived(signals_of(message, options, doubts), heard.raw, token)]

    def _time_doubts(self, message: Message, account: Account | None, now: datetime) -> tuple[str, ...] | None:
        """What to say of the time stamp; None for an encrypted message outside the window, which is to be refused."""
        off_by = None if message.sent_at is None else message.sent_at - now
        if off_by is not None and EARLIEST <= off_by <= LATEST:
            return ()
        noted = account is not None and account.options.get("clock_window") == "noted"
        if message.encrypted and not noted:
            return None
        if off_by is None:
            return ("encrypted without a time stamp",) if message.encrypted else ()
        return (f"the transmitter's clock is {off_by.total_seconds():+.0f} s off",)

    def _refuse_time(self, message: Message, options: Mapping[str, str], heard: Frame, now: datetime) -> list[Event]:
        """NAK tells the panel the time, and it sends again. One that does not learn is heard the second time, as
        unproven: rather an old alarm played back than a panic that nobody hears."""
        off_by = None if message.sent_at is None else message.sent_at - now
        error = TimeOutsideWindow(account=message.header.account, off_by=off_by)
        refusal = frame(serialise_nak(TimeRefused(now)), binary_checksum=heard.binary_checksum)
        events: list[Event] = [Fault(error, heard.raw, reply=refusal)]
        if self._recent.again(f"refused:{identity(message)}", now):
            events += self._unproven(message, options, heard, str(error))
        return events

    def _unproven(self, message: Message, options: Mapping[str, str], heard: Frame, why: str) -> list[Event]:
        """The alarms of a message that is not believed: heard, never acked, and with an identity of their own, so
        that they can never pass for the real message or make that one look like a repeat."""
        alarms = tuple(
            replace(signal, repeat_key=_UNPROVEN + signal.repeat_key)
            for signal in signals_of(message, options, (why,))
            if signal.is_alarm
        )
        return [SignalsReceived(alarms, heard.raw, authentic=False)] if alarms else []


def _stamped(message: Message) -> str:
    """An encrypted message with its time of sending; a proper repeat has a new one. Without the sequence number,
    which is in the clear and could be changed by whoever plays it back."""
    return f"heard:{message.header.account}:{message.sent_at}:{digest(message)}"
