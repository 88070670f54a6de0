"""A meitrack connection's words, receiver's side: what is understood, what is owed, what can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from protocols.conversation import Accounts
from protocols.errors import ContentError, LocalProtocolError
from protocols.family import FamilyConversation, FamilyDatagram, Heard, Patience, no_part
from protocols.meitrack.binary import parse_ccc
from protocols.meitrack.codec import DOWN, next_flag, parse, parse_unproven, serialise
from protocols.meitrack.framing import Framer
from protocols.meitrack.messages import Frame, Records
from protocols.meitrack.parameters import parse_cce
from protocols.meitrack.signals import signal_of_reply, signal_of_sign, signal_of_unknown, signals_of_records
from protocols.meitrack.text import parse_text
from protocols.openers import Draw, Openers
from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.signal import AccountId

PATIENCE: Final = Patience(idle=timedelta(hours=1))
"""The heartbeat's interval is set in minutes; a unit that we hang up on calls again."""

DOWNLINKS: Final = frozenset({"A10", "A11", "A12", "C02", "E91", "F01", "F02"})
"""Commands that a device repeats in its answer; any other answer is known by its OK."""

TRACKING_UNIT_S: Final = 10
MAX_TRACKING_UNITS: Final = 65535


class MeitrackTongue:
    """One connection's understanding; each frame names its device."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._device: AccountId | None = None
        self._flag = "z"

    @property
    def device(self) -> AccountId | None:
        """The name the device gave itself last, or None before it has."""
        return self._device

    def hear(self, raw: bytes, now: datetime) -> Heard:
        """Take one whole frame. Raises ContentError, and ChecksumMismatch for a damaged one."""
        try:
            frame = parse(raw)
        except ContentError:
            if alarm := self._alarm_in(parse_unproven(raw.rstrip(b"\r\n")), "no checksum", now):
                return alarm
            raise
        match frame.command:
            case "AAA" | "AFF":
                heard = self._records(frame, parse_text(frame.command, frame.body), now)
            case "CCC":
                said = parse_ccc(frame.body)
                heard = self._records(frame, said, now, _answer(frame, str(said.count)))
            case "CCE":
                heard = self._records(frame, parse_cce(frame.body), now)
            case "AAC":
                heard = Heard(signals=(signal_of_sign(frame, now),), answer=_answer(frame, "1"))
            case command if command in DOWNLINKS or frame.body[:2].upper() == b"OK":
                heard = Heard(signals=(signal_of_reply(frame, now),))
            case _:
                heard = Heard(signals=(signal_of_unknown(frame, now),))
        self._device = frame.device
        return heard

    def hear_part(self, raw: bytes, now: datetime) -> Heard:
        """Take a frame whose end never came: an alarm in text counts, for nothing makes the device say it again.

        Raises FramingError for anything but such an alarm.
        """
        frame = parse_unproven(raw)
        if frame is not None:  # its last field may be cut
            frame = replace(frame, body=frame.body.rpartition(b",")[0])
        return self._alarm_in(frame, "frame cut short", now) or no_part(raw)

    def order(self, order: Order, now: datetime) -> Sequence[bytes]:
        """Return words for Locate and for the interval of positions. LocalProtocolError as TakesOrders."""
        match order:
            case Locate():
                return (self._say("A10"),)
            case Commission(report_every_s=int() as seconds):
                units = min(max(1, round(seconds / TRACKING_UNIT_S)), MAX_TRACKING_UNITS)
                return (self._say("A12", str(units)),)
            case Reassure() | CallBack() | Commission():
                return ()
            case _:
                assert_never(order)

    def _alarm_in(self, frame: Frame | None, doubt: str, now: datetime) -> Heard | None:
        """Return the alarm in a record that no checksum vouches for; None if there is none."""
        if frame is None:
            return None
        heard = self._records(frame, parse_text(frame.command, frame.body), now)
        alarms = [replace(one, doubts=(*one.doubts, doubt)) for one in heard.signals if one.is_alarm]
        if not alarms:
            return None
        self._device = frame.device
        return Heard(signals=tuple(alarms))

    def _records(self, frame: Frame, said: Records, now: datetime, answer: bytes | None = None) -> Heard:
        account = self._accounts.find(frame.device)
        signals = signals_of_records(frame, said, account.model if account else None, now)
        return Heard(signals=signals, answer=answer)

    def _say(self, command: str, body: str = "") -> bytes:
        if self._device is None:
            raise LocalProtocolError("the device has not said its name yet")
        self._flag = next_flag(self._flag)
        return serialise(Frame(self._flag, self._device, command, body.encode("ascii")), DOWN)


def _answer(frame: Frame, body: str) -> bytes:
    return serialise(Frame(frame.flag, frame.device, frame.command, body.encode("ascii")), DOWN)


def openers(accounts: Accounts, draw: Draw) -> Openers:
    """Return how a receiver of meitrack begins, over TCP and over UDP."""
    return Openers(
        connection=lambda now: FamilyConversation(Framer(), MeitrackTongue(accounts), PATIENCE, now),
        datagram=lambda now: FamilyDatagram(Framer(), MeitrackTongue(accounts), PATIENCE, now),
    )
