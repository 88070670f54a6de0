"""The receiver's end of a minifinder device's connection. Nothing is ever answered; only commands go down."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Accounts
from protocols.errors import LocalProtocolError
from protocols.family import FamilyConversation, Heard, Patience, no_part
from protocols.minifinder.codec import command, parse, telephone
from protocols.minifinder.codes import signals_of
from protocols.minifinder.framing import MinifinderFramer
from protocols.minifinder.messages import CommandReply, Login, Message, Report
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.signal import AccountId

PATIENCE: Final = Patience(idle=timedelta(minutes=30))
"""A heartbeat comes every few minutes; who has lost the network does not hang up."""

FACTORY_PASSWORD: Final = "123456"
"""As printed in the manual; the account's option "password" overrides it."""

REPLY_PATIENCE: Final = timedelta(seconds=10)
"""A command is answered within a second; one that is not must not hold back the next for ever."""

MAX_COMMANDS: Final = 32

_NAME: Final = re.compile(r"[0-9A-Za-z]{4,20}")


class MinifinderTongue:
    """Understands one device's messages: it names itself once, and keeps its flags up until they are cleared.

    Commands have no end mark, so two in one packet would be one: the next is said when the last was answered.
    """

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._device: AccountId | None = None
        self._flags: dict[bool, int] = {}
        self._commands: deque[bytes] = deque()
        self._commanded_at: datetime | None = None

    @property
    def device(self) -> AccountId | None:
        """The IMEI of the connection's last log-in, or None before it."""
        return self._device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one message. Raises ContentError for what has no head."""
        message = parse(raw)
        if isinstance(message, Login) and _NAME.fullmatch(message.device):
            self._device = AccountId(message.device)
        signals = signals_of(message, self._device, raw, now, self._before(message))
        if isinstance(message, Report) and message.flags is not None:
            self._flags[message.word == "B"] = message.flags
        return Heard(signals=signals, reply=self._next_command(now, answered=isinstance(message, CommandReply)))

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a message whose end never came if it calls for help in spite of that. Raises FramingError if not."""
        message = parse(raw.rpartition(b",")[0]) if raw.count(b",") >= 7 else None
        if isinstance(message, Report):
            signals = signals_of(message, self._device, raw, now, self._before(message), cut_short=True)
            calls = tuple(signal for signal in signals if signal.is_alarm)
            if calls:
                return Heard(signals=calls)
        return no_part(raw)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return the first command of an order; the others follow its reply. Empty where there are no words for it.

        Raises LocalProtocolError before the log-in, for the password is the account's.
        """
        match order:
            case Commission():
                words = self._settings(order)
                if not words:
                    return ()
                first, *rest = words
                self._commands += rest
                while len(self._commands) > MAX_COMMANDS:
                    self._commands.popleft()
                self._commanded_at = now
                return (first,)
            case Reassure() | Locate() | CallBack():
                return ()
            case _:
                assert_never(order)

    def _before(self, message: Message) -> int:
        """Return the flags that were up last; the memory's and those of now are told apart."""
        return self._flags.get(isinstance(message, Report) and message.word == "B", 0)

    def _settings(self, order: Commission) -> list[bytes]:
        words: list[str] = []
        for letter, given in zip("ABC", order.sos_numbers or (), strict=False):
            words.append(f"{letter}1,{telephone(given)}")
        if order.fall_detection is not None:
            words.append("F1" if order.fall_detection else "F0")
        if order.in_utc:
            words.append("L+00")
        if not words:
            return []
        if self._device is None:
            raise LocalProtocolError("the device has not said its name yet")
        account = self._accounts.find(self._device)
        password = FACTORY_PASSWORD if account is None else account.options.get("password", FACTORY_PASSWORD)
        return [command(password, said) for said in words]

    def _next_command(self, now: datetime, *, answered: bool) -> bytes:
        if not self._commands:
            return b""
        if not answered and self._commanded_at is not None and now - self._commanded_at < REPLY_PATIENCE:
            return b""
        self._commanded_at = now
        return self._commands.popleft()


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver begins."""
    return Openers(
        connection=lambda opened_at: FamilyConversation(
            MinifinderFramer(), MinifinderTongue(accounts), PATIENCE, opened_at
        )
    )
