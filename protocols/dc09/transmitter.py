"""The transmitter's role: a panel, or our own forwarding to an alarm receiving centre.

One message is outstanding at a time. It is repeated with the same sequence number until it is acked; an encrypted
repeat has a new time stamp, a clear one is the same bytes. NAK sets our clock by the receiver's and the message goes
out again at once; DUH or too many attempts end it, and the caller turns to the next receiver.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from protocols.conversation import Fault, Reply
from protocols.dc09.cipher import RandomBytes
from protocols.dc09.codec import open_envelope, parse, parse_nak, serialise
from protocols.dc09.framing import Damaged, Frame, Framer, frame
from protocols.dc09.messages import (
    ACK,
    DUH,
    KEY_BLOCK,
    NULL,
    RSP,
    Block,
    Header,
    Message,
    TimeRefused,
    dated,
    next_seq,
)
from protocols.errors import ContentError, LocalProtocolError, NotAuthentic, RemoteProtocolError

REPEAT_AFTER: Final = timedelta(seconds=5)
"""Without an answer for this long the message is sent again; 1 to 10 s are in use."""

MAX_CLOCK_RESENDS: Final = 3
"""NAKs of one message that are answered by sending at once; more and the two clocks are not the trouble."""

MAX_WAITING: Final = 1_000
"""Messages behind the outstanding one. A panel remembers some hundreds; beyond it the caller must decide."""

ACK_STALE_AFTER: Final = timedelta(seconds=60)
"""How far an encrypted answer's time may lie from ours; an older one is played back and would silence an alarm."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver has promised that the message is kept. raw: its answer. answer: for what an RSP carries."""

    message: Message
    answer: Message
    raw: bytes


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """DUH, or NAK upon NAK: this receiver will not take the message. It is given up here; try the next receiver."""

    message: Message
    raw: bytes


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The message was sent as often as allowed and nobody answered. It is given up here; try the next receiver."""

    message: Message
    attempts: int


@dataclass(frozen=True, slots=True)
class ClockSet:
    """Our clock was off; this much is added to it from now on."""

    offset: timedelta


Heard = Delivered | NotUnderstood | Unanswered | ClockSet | Reply | Fault


@dataclass(slots=True)
class _Outstanding:
    message: Message
    sent: bytes
    due_at: datetime
    attempts: int = 1
    clock_resends: int = 0


class Dc09Transmitter:
    """What one account says to one receiver, or to a primary and its back-ups in turn.

    account: 3 to 16 hex digits. key: raw, None for clear. draw: random bytes, needed with a key. seq: of the first
    message, 1 to 9999. attempts: how often a message is sent before it is given up, None for until acked.
    """

    def __init__(
        self,
        account: str,
        *,
        key: bytes | None = None,
        draw: RandomBytes | None = None,
        receiver: str | None = None,
        line: str | None = "0",
        seq: int = 1,
        repeat_after: timedelta = REPEAT_AFTER,
        attempts: int | None = None,
        binary_checksum: bool = False,
    ) -> None:
        self._account, self._receiver, self._line = account, receiver, line
        self._key, self._draw = key, draw
        self._seq = seq
        self._repeat_after, self._attempts = repeat_after, attempts
        self._binary_checksum = binary_checksum
        self._offset = timedelta()
        self._waiting: deque[Message] = deque()
        self._outstanding: _Outstanding | None = None
        self._framer = Framer()

    @property
    def outstanding(self) -> Message | None:
        """The message whose answer is awaited."""
        return self._outstanding.message if self._outstanding else None

    @property
    def offset(self) -> timedelta:
        """What the receiver's NAKs have added to our clock."""
        return self._offset

    def report(self, name: str, data: bytes, now: datetime, blocks: tuple[Block, ...] = ()) -> bytes:
        """Give an event its sequence number. Return the bytes to send now, empty if it waits behind another.

        name: SIA-DCS or ADM-CID, with the data that payload.py wrote. Raises LocalProtocolError for what DC-09 cannot
        say, or if MAX_WAITING messages wait.
        """
        seq = self._seq
        to_send = self._enqueue(name, seq, data, blocks, now)
        self._seq = next_seq(seq)
        return to_send

    def poll(self, now: datetime) -> bytes:
        """A link test (NULL, always number 0000). Empty if a message is outstanding: that proves the path too."""
        if self._outstanding or self._waiting:
            return b""
        return self._enqueue(NULL, 0, b"", (), now)

    def repeat(self, now: datetime) -> bytes:
        """The outstanding message once more, for a new connection; empty if there is none. No time-out is counted."""
        self._framer = Framer()
        if self._outstanding is None:
            return b""
        return self._send_again(self._outstanding, now)

    def receive(self, chunk: bytes, now: datetime) -> Sequence[Heard]:
        """Take the receiver's bytes; return what they mean and, as Reply, what to send now. Never raises."""
        heard: list[Heard] = []
        for item in self._framer.feed(chunk):
            if isinstance(item, Damaged):
                heard.append(Fault(item.error, item.raw))
                continue
            try:
                heard.extend(self._hear(item, now))
            except RemoteProtocolError as error:
                heard.append(Fault(error, item.raw))
        return heard

    def next_deadline(self) -> datetime | None:
        """When the outstanding message is due again."""
        return self._outstanding.due_at if self._outstanding else None

    def deadline_passed(self, now: datetime) -> Sequence[Heard]:
        """Send again, or give up and send the next. Empty if it is not time yet."""
        waiting_for = self._outstanding
        if waiting_for is None or now < waiting_for.due_at:
            return []
        if self._attempts is not None and waiting_for.attempts >= self._attempts:
            return self.give_up(now)
        waiting_for.attempts += 1
        return [Reply(self._send_again(waiting_for, now))]

    def give_up(self, now: datetime) -> Sequence[Heard]:
        """Take the outstanding message back and send the next. An answer that still comes is an answer to nothing."""
        if self._outstanding is None:
            return []
        return [Unanswered(self._outstanding.message, self._outstanding.attempts), *self._next(now)]

    def _enqueue(self, name: str, seq: int, data: bytes, blocks: tuple[Block, ...], now: datetime) -> bytes:
        if len(self._waiting) >= MAX_WAITING:
            raise LocalProtocolError(f"{MAX_WAITING} messages wait to be sent")
        header = Header(seq, self._receiver, self._line, self._account)
        message = Message(name=name, header=header, data=data, blocks=blocks, encrypted=self._key is not None)
        frame(serialise(dated(message, now), self._key, self._draw))  # refuse now what could never be sent
        self._waiting.append(message)
        if self._outstanding and self._outstanding.message.name != NULL:
            return b""
        # a link test that waits for its answer never holds up a report
        return b"".join(reply.data for reply in self._next(now))

    def _next(self, now: datetime) -> list[Reply]:
        self._outstanding = None
        if not self._waiting:
            return []
        message = dated(self._waiting.popleft(), now + self._offset)
        sent = self._frame(message)
        self._outstanding = _Outstanding(message, sent, now + self._repeat_after)
        return [Reply(sent)]

    def _send_again(self, outstanding: _Outstanding, now: datetime) -> bytes:
        if outstanding.message.encrypted:
            outstanding.message = dated(outstanding.message, now + self._offset)
            outstanding.sent = self._frame(outstanding.message)
        outstanding.due_at = now + self._repeat_after
        return outstanding.sent

    def _frame(self, message: Message) -> bytes:
        return frame(serialise(message, self._key, self._draw), binary_checksum=self._binary_checksum)

    def _hear(self, item: Frame, now: datetime) -> list[Heard]:
        refused = parse_nak(item.text)
        if refused is not None:
            return self._set_clock(refused, item, now)
        envelope = open_envelope(item.text)
        awaited = self._outstanding
        if awaited is None or envelope.header.seq != awaited.message.header.seq or not self._ours(envelope.header):
            raise ContentError("an answer to nothing that is outstanding")
        if envelope.name == DUH:
            return [NotUnderstood(awaited.message, item.raw), *self._next(now)]
        if envelope.name not in (ACK, RSP):
            raise ContentError("a message came where an answer was expected")
        if awaited.message.encrypted and not envelope.encrypted:
            raise NotAuthentic("the acknowledgement of an encrypted message is in the clear", account=self._account)
        answer = parse(envelope, self._key)
        dated_at = answer.sent_at if answer.encrypted else None
        if dated_at is not None and abs(dated_at - (now + self._offset)) > ACK_STALE_AFTER:
            raise NotAuthentic("the acknowledgement is not dated now", account=self._account)
        kept = tuple(block for block in answer.blocks if block.letter != KEY_BLOCK)
        return [Delivered(awaited.message, replace(answer, blocks=kept), item.raw), *self._next(now)]

    def _ours(self, header: Header) -> bool:
        """True if the answer names our account, or none; receivers do not all echo the line."""
        return header.account is None or header.account.upper() == self._account.upper()

    def _set_clock(self, refused: TimeRefused, item: Frame, now: datetime) -> list[Heard]:
        awaited = self._outstanding
        if awaited is None:
            raise ContentError("an answer to nothing that is outstanding")
        if refused.sent_at is None or awaited.clock_resends >= MAX_CLOCK_RESENDS:
            return [NotUnderstood(awaited.message, item.raw), *self._next(now)]
        awaited.clock_resends += 1
        self._offset = refused.sent_at - now
        awaited.message = dated(awaited.message, now + self._offset)
        awaited.sent = self._frame(awaited.message)
        awaited.due_at = now + self._repeat_after
        return [ClockSet(self._offset), Reply(awaited.sent)]
