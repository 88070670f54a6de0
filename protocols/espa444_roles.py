"""Both ends of an espa444 line: who calls, and the exchange as an emulator plays it. They know no time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from protocols.errors import LocalProtocolError
from protocols.espa444 import (
    ENQ,
    EOT,
    EXCHANGE,
    OURS,
    Block,
    Damaged,
    Enquiry,
    Framer,
    NotReady,
    Over,
    Ready,
    Word,
)


class _State(Enum):
    IDLE = "idle"
    SELECTING = "selecting"
    CALLING = "calling"


class Outcome(Enum):
    """How a call ended."""

    TAKEN = "taken"
    """The exchange has it."""
    NOT_READY = "not_ready"
    """It would not be selected, twice."""
    NOT_TAKEN = "not_taken"
    """It refused the block, twice, or broke off."""


@dataclass(frozen=True, slots=True)
class Say:
    """Send these bytes now."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over. why: the digit before NAK, or "EOT" where the exchange broke off."""

    outcome: Outcome
    why: str = ""


class Caller:
    """Our role: one call after the other on one connection. Knows no time; the shell gives up and closes."""

    def __init__(self, *, own: str = OURS, exchange: str = EXCHANGE, seven_bits: bool = False) -> None:
        self._framer = Framer(seven_bits=seven_bits)
        self._own = own
        self._select = own.encode("ascii") + ENQ + exchange.encode("ascii") + ENQ
        self._state = _State.IDLE
        self._block: bytes | None = None
        self._again = True

    @property
    def block_is_out(self) -> bool:
        """Whether a block was said and not answered: the exchange may have the call."""
        return self._state is _State.CALLING

    def begin(self, block: bytes | None) -> bytes:
        """Return the bytes that open a call. block: from serialise(), None to select and no more.

        Raises LocalProtocolError while a call is under way.
        """
        if self._state is not _State.IDLE:
            raise LocalProtocolError("an ESPA call is under way")
        self._framer.forget()
        self._state, self._block, self._again = _State.SELECTING, block, True
        return self._select

    def receive(self, chunk: bytes) -> Sequence[Say | Ended]:
        """Take the exchange's bytes; return what to send and, once, how the call ended. Never raises."""
        for word in self._framer.feed(chunk):
            if said := self._hear(word):
                self._framer.forget()
                return said
        return ()

    def _hear(self, word: Word) -> Sequence[Say | Ended]:
        match self._state, word:
            case _State.IDLE, Enquiry(self._own):
                return (Say(EOT),)
            case _State.SELECTING, Ready():
                if self._block is None:
                    return self._end(Outcome.TAKEN)
                self._state, self._again = _State.CALLING, True
                return (Say(self._block),)
            case _State.SELECTING, NotReady(why):
                return self._once_more(EOT + self._select, Outcome.NOT_READY, why)
            case _State.SELECTING, Over():
                return self._once_more(self._select, Outcome.NOT_READY, "EOT")
            case _State.CALLING, Ready():
                return self._end(Outcome.TAKEN)
            case _State.CALLING, NotReady(why):
                return self._once_more(self._block or b"", Outcome.NOT_TAKEN, why)
            case _State.CALLING, Over():
                return self._end(Outcome.NOT_TAKEN, "EOT")
        return ()

    def _once_more(self, said: bytes, outcome: Outcome, why: str) -> Sequence[Say | Ended]:
        if not self._again:
            return self._end(outcome, why)
        self._again = False
        return (Say(said),)

    def _end(self, outcome: Outcome, why: str = "") -> Sequence[Say | Ended]:
        self._state, self._block = _State.IDLE, None
        return (Say(EOT), Ended(outcome, why))


@dataclass(frozen=True, slots=True)
class Polled:
    """We were polled: owed EOT, for an exchange of ours has nothing to say."""


@dataclass(frozen=True, slots=True)
class Selected:
    """We were selected: owed ACK or NAK."""


class Station:
    """The exchange's role, for the emulator: what it hears. What it answers is the emulator's to say."""

    def __init__(self, *, own: str = EXCHANGE, seven_bits: bool = False) -> None:
        self._framer = Framer(seven_bits=seven_bits)
        self._own = own
        self._another_polled = False

    def receive(self, chunk: bytes) -> Sequence[Polled | Selected | Block | Damaged | Over]:
        """Take the caller's bytes; return what they mean to this station, oldest first."""
        heard: list[Polled | Selected | Block | Damaged | Over] = []
        for word in self._framer.feed(chunk):
            match word:
                case Enquiry(address):
                    if address == self._own:
                        heard.append(Selected() if self._another_polled else Polled())
                    else:
                        self._another_polled = True
                case Over():
                    self._another_polled = False
                    heard.append(word)
                case Block() | Damaged():
                    heard.append(word)
                case Ready() | NotReady():
                    pass
        return heard
