"""What a LoRaWAN button's frame means, by its model; and by the words of a network's own decoder where there is none.

A rule says: on this port, if this byte has one of these bits (or just this value), then that. Models stand in CODECS;
a unit with a form of its own brings its rules as options (README.md). Words that sound like an alarm are one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from protocols.osmand.codes import ALARM_WORDS, bare
from protocols.plausible import number, percent
from protocols.signal import SignalKind

_K = SignalKind

RULE_OPTION: Final = "uplink_rule_"
"""Options uplink_rule_1, uplink_rule_2 ...: "PORT:BYTE:MASK=KIND" for bits, "PORT:BYTE:=VALUE=KIND" for a value."""
BATTERY_OPTION: Final = "uplink_battery"
"""Option: "PORT:BYTE", a byte of 0 to 100 %."""
MOST_RULES: Final = 32


@dataclass(frozen=True, slots=True)
class Rule:
    """port: None for any. mask: bits of which one is enough; value: what the byte must be instead."""

    port: int | None
    byte: int
    kind: SignalKind
    mask: int = 0
    value: int | None = None

    def fits(self, port: int | None, frame: bytes) -> bool:
        """Say whether the frame says so."""
        if self.port not in (None, port) or self.byte >= len(frame):
            return False
        said = frame[self.byte]
        return said == self.value if self.value is not None else bool(said & self.mask)


@dataclass(frozen=True, slots=True)
class Codec:
    """A model's frames. quiet: ports whose frames without any event are signs of life.

    battery: (port, byte) of a percentage. listed: events as (channel, type, value) of a frame that is a list of such.
    """

    name: str
    rules: tuple[Rule, ...] = ()
    quiet: frozenset[int] = frozenset()
    battery: tuple[int | None, int] | None = None
    listed: tuple[tuple[bytes, int, SignalKind], ...] = ()
    listed_battery: bytes | None = None


GENERIC_PORT: Final = 10
# Our own form, for buttons whose frames we may write: byte 0 the events, byte 1 the battery in per cent (255 unknown).
_GENERIC_BITS: Final = (
    (0x01, _K.PANIC),
    (0x02, _K.FALL),
    (0x04, _K.MAN_DOWN),
    (0x08, _K.NO_MOTION),
    (0x10, _K.CHECK_IN),
    (0x20, _K.REMOVED),
    (0x40, _K.TAMPER),
    (0x80, _K.TEST_ALARM),
)
GENERIC: Final = Codec(
    "larmbutton",
    tuple(Rule(GENERIC_PORT, 0, kind, mask) for mask, kind in _GENERIC_BITS),
    frozenset({GENERIC_PORT}),
    (GENERIC_PORT, 1),
)
# Milesight's button, by the vendor's page on its uplinks: channel FF type 2E, 1 short, 2 long, 3 double press; 01 75
# battery in per cent; FF 0B, 01, 08, 09, 0A, 0F say at a join what it is.
MILESIGHT: Final = Codec(
    "ws101",
    listed=((b"\xff\x2e", 1, _K.PANIC), (b"\xff\x2e", 2, _K.PANIC), (b"\xff\x2e", 3, _K.PANIC)),
    listed_battery=b"\x01\x75",
    quiet=frozenset({85}),
)
CODECS: Final[Mapping[str, Codec]] = {codec.name: codec for codec in (GENERIC, MILESIGHT)}
_LISTED_LENGTHS: Final[Mapping[bytes, int]] = {
    **{bytes(head): 1 for head in ((0x01, 0x75), (0xFF, 0x2E), (0xFF, 0x0B), (0xFF, 0x01), (0xFF, 0x0F))},
    b"\xff\x08": 6,
    b"\xff\x09": 2,
    b"\xff\x0a": 2,
}


@dataclass(frozen=True, slots=True)
class Meant:
    """What a frame says. kinds: gravest first. known: the form was understood, events or none."""

    kinds: tuple[SignalKind, ...] = ()
    battery_pct: int | None = None
    known: bool = False
    doubts: tuple[str, ...] = ()


def codec_of(model: str | None, options: Mapping[str, str]) -> tuple[Codec | None, tuple[str, ...]]:
    """Return how to read a unit's frames, and what is wrong with its options. Its own rules come before its model's."""
    rules: list[Rule] = []
    doubts: list[str] = []
    for name, said in sorted(options.items()):
        if name.startswith(RULE_OPTION) and len(rules) < MOST_RULES:
            rule = _rule(said)
            if rule is None:
                doubts.append(f"option {name} is no rule")
            else:
                rules.append(rule)
    battery = re.fullmatch(r"(\*|[0-9]{1,3}):([0-9]{1,3})", options.get(BATTERY_OPTION, ""))
    place = None if battery is None else (None if battery[1] == "*" else int(battery[1]), int(battery[2]))
    if rules or place:
        ports = frozenset(rule.port for rule in rules if rule.port is not None)
        return Codec("of its own", tuple(rules), ports, place), tuple(doubts)
    return CODECS.get(bare(model or "")), tuple(doubts)


def read_frame(codec: Codec, port: int | None, frame: bytes) -> Meant:
    """Return what a frame says to this codec."""
    if codec.listed:
        return _read_list(codec, frame)
    kinds = tuple(dict.fromkeys(rule.kind for rule in codec.rules if rule.fits(port, frame)))
    battery_pct = None
    if codec.battery is not None and codec.battery[0] in (None, port) and codec.battery[1] < len(frame):
        battery_pct = percent(frame[codec.battery[1]])
    return Meant(kinds, battery_pct, known=bool(kinds) or (port in codec.quiet and bool(frame)))


def read_fields(fields: tuple[tuple[str, str], ...]) -> Meant:
    """Return what the network's decoder says, by its words: a true "sos" is one, whatever else is not known."""
    kinds: list[SignalKind] = []
    battery_pct = None
    for path, said in fields:
        for kind in _kinds_of(path, said):
            if kind not in kinds:
                kinds.append(kind)
        if bare(path.rsplit(".", 1)[-1]) in _BATTERY_WORDS:
            level = percent(number(said.rstrip("% ")))
            battery_pct = level if battery_pct is None else battery_pct
    return Meant(tuple(kinds), battery_pct, known=bool(kinds) or battery_pct is not None)


_BATTERY_WORDS: Final = frozenset(
    {"battery", "batt", "bat", "batterylevel", "batterypct", "batterypercent", "batterypercentage", "soc"}
)
_OFF: Final = frozenset(
    {"", "0", "0.0", "false", "no", "none", "null", "off", "normal", "ok", "inactive", "idle"}
    | {"released", "clear", "cleared", "restored", "resolved", "disabled", "disarmed"}
)
_TELLS_WHAT: Final = frozenset(
    {"event", "eventtype", "type", "press", "button", "status", "action", "click", "message"}
)
"""Names of fields whose value says what happened."""
_LOUD: Final = ("sos", "panic", "emergency", "duress", "help")
_ALARM: Final = ("alarm", "alert")
_NOT_OF_PERSONS: Final = (
    *("battery", "batt", "temp", "humid", "threshold", "count", "enable", "config", "setting", "interval"),
    *("number", "phone", "contact"),
)


def _kinds_of(path: str, said: str) -> list[SignalKind]:
    """The kinds that a field and its value speak of."""
    last, value = bare(path.rsplit(".", 1)[-1]), bare(said)
    if said.strip().lower() in _OFF:
        return []
    word = ALARM_WORDS.get(last)
    if word is not None and word is not _K.RESTORE:
        return [word]
    loud = any(one in last for one in _LOUD)
    about_things = any(one in last for one in _NOT_OF_PERSONS)
    if loud and not about_things:
        return [_K.PANIC]
    if any(one in last for one in _ALARM) or last in _TELLS_WHAT:
        meant = ALARM_WORDS.get(value)
        if meant is not None and meant is not _K.RESTORE:
            return [meant]
        if any(one in value for one in _LOUD):
            return [_K.PANIC]
        if any(one in last for one in _ALARM) and not about_things:
            return [_K.UNSPECIFIED_ALARM]
    return []


def _rule(said: str) -> Rule | None:
    # 10:0:0x01=panic: bits. 10:0:=2=fall: a value. *: any port
    found = re.fullmatch(r"(\*|[0-9]{1,3}):([0-9]{1,3}):(=?)(0[xX][0-9a-fA-F]{1,2}|[0-9]{1,3})=([a-z_]+)", said.strip())
    kinds = {kind.value: kind for kind in SignalKind}
    if found is None or found[5] not in kinds:
        return None
    port = None if found[1] == "*" else int(found[1])
    wanted = int(found[4], 16 if found[4][:2].lower() == "0x" else 10)
    if wanted > 255:
        return None
    if found[3]:
        return Rule(port, int(found[2]), kinds[found[5]], value=wanted)
    return Rule(port, int(found[2]), kinds[found[5]], mask=wanted)


def _read_list(codec: Codec, frame: bytes) -> Meant:
    """Read channel, type, value after another; behind a type whose length nobody knows, only what is an event."""
    kinds: list[SignalKind] = []
    battery_pct, at, known, odd = None, 0, False, 0
    while at + 2 < len(frame):
        head = frame[at : at + 2]
        length = _LISTED_LENGTHS.get(head)
        if length is None:
            at, odd = at + 1, odd + 1
            while at + 2 < len(frame) and not any(frame[at:].startswith(one) for one, _, _ in codec.listed):
                at, odd = at + 1, odd + 1
            continue
        value, at, known = frame[at + 2], at + 2 + length, True
        if head == codec.listed_battery:
            battery_pct = percent(value)
        kinds += [kind for one, wanted, kind in codec.listed if one == head and wanted == value and kind not in kinds]
    odd += max(0, len(frame) - at)
    rest = (f"{odd} bytes not understood",) if odd else ()
    return Meant(tuple(kinds), battery_pct, known=known, doubts=rest)
