"""An emulated Teltonika tracker: log-in, records in batches until their number comes back, pings; TCP or UDP."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from devices.device import Device, DeviceSettings, NotInProtocol, Surroundings
from devices.talk import Answered, HeardDown, Note, Ordered, Said, What
from devices.tracker import Tracker
from protocols.orders import Locate
from protocols.teltonika.codec import serialise
from protocols.teltonika.codes import ALARM_BUTTON, BATTERY_PCT, BUTTON, GNSS_STATE, MAN_DOWN
from protocols.teltonika.messages import (
    ANSWER,
    CODEC_8,
    CODEC_8E,
    COMMAND,
    Batch,
    Element,
    Login,
    Packet,
    Ping,
    Record,
    Text,
)
from protocols.teltonika.transmitter import CountAnswer, LoginAnswer, TeltonikaTransmitter, parse_packet_answer

RECORDS_PER_FRAME: Final = 16
"""A device fills a packet of some 1.3 kB; a record of ours takes 60 bytes."""

BATTERY_MV: Final = 67
MOVING: Final = 240
ONE_PRESS: Final = 0x11
LOW, HIGH = 0, 1

# The gravest comes first: a record has one cause, whatever else it says.
CAUSES: Final = (
    (What.PRESS, ALARM_BUTTON, 1, HIGH),
    (What.MAN_DOWN, MAN_DOWN, 1, HIGH),
    (What.CHECK_IN, BUTTON, ONE_PRESS, HIGH),
    (What.LOW_BATTERY, BATTERY_PCT, None, LOW),
)


class TeltonikaTalk:
    """A personal tracker's words. Options: udp, codec ("8" or "8E"), button_record ("1": a press writes a second
    record two seconds later, as a TMT250 does)."""

    def __init__(self, settings: DeviceSettings) -> None:
        options = settings.options
        self._imei = settings.device
        self._udp = options.get("udp") == "1"
        self._codec = CODEC_8 if options.get("codec") == "8" else CODEC_8E
        self._button_record = options.get("button_record") == "1" and self._codec == CODEC_8E
        self._ear = TeltonikaTransmitter()
        self._packets = 0
        self._awaited: tuple[Hashable, int] | None = None

    @property
    def records_per_frame(self) -> int:
        """How many stored notes one frame can carry."""
        return RECORDS_PER_FRAME

    def connected(self) -> None:
        """Begin a new connection."""
        self._ear = TeltonikaTransmitter()
        self._awaited = None

    def greeting(self, now: datetime) -> Said | None:
        """Return the log-in; over UDP each packet says who speaks."""
        return None if self._udp else Said(serialise(Login(self._imei)), "login")

    def keepalive(self, now: datetime, battery_pct: float) -> Said | None:
        """Return a ping, which nobody answers; none over UDP, where positions are the only sign of life."""
        return None if self._udp else Said(serialise(Ping()))

    def tell(self, notes: Sequence[Note]) -> Said:
        """Return one frame with these notes as records, in the order given. Raises NotInProtocol for a fall."""
        records = tuple(record for note in notes for record in self._records(note))
        batch = Batch(self._codec, len(records), records)
        self._packets += 1
        if not self._udp:
            self._awaited = (self._packets, len(records))
            return Said(serialise(batch), self._packets)
        packet = Packet(self._packets & 0xFFFF, self._packets & 0xFF, self._imei, batch)
        self._awaited = ((packet.packet_id, packet.avl_packet_id), len(records))
        return Said(serialise(packet), self._awaited[0])

    def hear(self, chunk: bytes, now: datetime) -> Sequence[HeardDown]:
        """Take the receiver's bytes; return what they complete. Never raises."""
        if self._udp:
            answer = parse_packet_answer(chunk)
            if answer is None or self._awaited is None:
                return ()
            of_packet = (answer.packet_id, answer.avl_packet_id)
            return (Answered(of_packet, chunk, accepted=answer.count == self._awaited[1]),)
        heard: list[HeardDown] = []
        for downlink in self._ear.receive(chunk, now):
            match downlink:
                case LoginAnswer(accepted):
                    heard.append(Answered("login", chunk[:1], accepted))
                case CountAnswer(count):
                    if self._awaited is not None:
                        key, owed = self._awaited
                        heard.append(Answered(key, count.to_bytes(4, "big"), accepted=count == owed))
                case Text(kind=kind, words=words) if kind == COMMAND:
                    heard.append(_obeyed(words))
        return heard

    def _records(self, note: Note) -> tuple[Record, ...]:
        if What.FALL in note.whats:
            raise NotInProtocol("these trackers have no word for a fall; they say man-down")
        causes = [cause for cause in CAUSES if cause[0] in note.whats]
        if self._codec == CODEC_8:
            causes = [cause for cause in causes if cause[1] <= 0xFF]
            if not causes and What.CHECK_IN in note.whats:
                raise NotInProtocol("codec 8 has no number for the button")
        battery_pct = round(note.battery_pct)
        values = [(MOVING, 1 if note.speed_mps else 0), (BATTERY_PCT, battery_pct), (GNSS_STATE, 1 if note.fix else 2)]
        values += [(element_id, value) for _, element_id, value, _ in causes if value is not None]
        elements = [Element(element_id, bytes((value,))) for element_id, value in values]
        elements.append(Element(BATTERY_MV, (3300 + 9 * battery_pct).to_bytes(2, "big")))
        record = Record(
            at_ms=round(note.at.timestamp() * 1000),
            priority=causes[0][3] if causes else LOW,
            lat=note.lat,
            lon=note.lon,
            altitude_m=35,
            course_deg=round(note.course_deg) % 360,
            satellites=9 if note.fix else 0,
            speed_kmh=round(note.speed_mps * 3.6),
            event_id=causes[0][1] if causes else 0,
            elements=tuple(elements),
        )
        if What.PRESS not in note.whats or not self._button_record:
            return (record,)
        return (record, _button_record_after(record, note.at))


def _button_record_after(record: Record, at: datetime) -> Record:
    return replace(
        record,
        at_ms=round((at + timedelta(seconds=2)).timestamp() * 1000),
        priority=HIGH,
        event_id=BUTTON,
        elements=(Element(BUTTON, bytes((ONE_PRESS,))),),
    )


def _obeyed(words: bytes) -> Ordered:
    """Obey a command: a record is written for getrecord; all others are only confirmed."""
    order = Locate() if words.strip().lower() == b"getrecord" else None
    reply = b"" if order is None and not words.strip() else serialise(Text(ANSWER, words.strip() + b": OK"))
    return Ordered(words, order, reply)


def build(settings: DeviceSettings, surroundings: Surroundings) -> Device:
    """Build a tracker."""
    return Tracker(settings, surroundings, TeltonikaTalk(settings))
