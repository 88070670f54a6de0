"""What warning codes and status bits mean, and the signals that follow from a package."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from protocols.eelink.codec import parse_command
from protocols.eelink.messages import Fix, Package, Spot, Type
from protocols.eelink.places import OLD_BYTES, parse_old_spot, parse_spot, place_in_words
from protocols.eelink.sensors import sensors
from protocols.errors import ContentError
from protocols.orders import REPLY
from protocols.plausible import digest, iso, place_doubt, plausible_time, storable
from protocols.signal import ALARMS, AccountId, Position, Signal, SignalKind

# Source: facts/wearable-frames.md section 11, codes.
CODES: Final[Mapping[int, tuple[SignalKind, str]]] = {
    0x01: (SignalKind.EXTERNAL_POWER_LOST, "external power lost"),
    0x02: (SignalKind.PANIC, "SOS"),
    0x03: (SignalKind.LOW_BATTERY, "low battery"),
    0x04: (SignalKind.POSITION, "vibration or moved"),
    0x08: (SignalKind.DEVICE_FAULT, "antenna open"),
    0x09: (SignalKind.DEVICE_FAULT, "antenna shorted"),
    0x25: (SignalKind.REMOVED, "removed"),
    0x81: (SignalKind.POSITION, "too slow"),
    0x82: (SignalKind.POSITION, "too fast"),
    0x83: (SignalKind.ZONE_ENTER, "fence entered"),
    0x84: (SignalKind.ZONE_EXIT, "fence left"),
    0x85: (SignalKind.UNSPECIFIED_ALARM, "crash"),
    0x86: (SignalKind.FALL, "fall"),
}
"""A code that is not here may concern a person: it is an unspecified alarm."""

STATUS_BITS: Final = ((2, "ACC on"), (4, "armed"), (6, "relay on"), (9, "moving"), (10, "GPS on"))
FIX_VALID: Final = 1 << 0
TELLS_CHARGING: Final = 1 << 7
CHARGING: Final = 1 << 8

REPEAT_WINDOW: Final = timedelta(minutes=1)
"""An alarm without a believable time: a device repeats within seconds, and a second press must not be taken for it."""

MAX_EVIDENCE: Final = 64
MAX_TEXT_CHARS: Final = 512

_SIGNS_OF_LIFE: Final = frozenset({
    Type.LOGIN, Type.HEARTBEAT, Type.OBD_DATA, Type.OBD_BODY, Type.OBD_FAULT, Type.PEDOMETER, Type.SETTINGS,
    Type.CAMERA_LOGIN, Type.CAMERA_DATA, Type.DOWN_MESSAGE,
})  # fmt: skip


@dataclass(slots=True)
class _Told:
    """What a package says so far."""

    kind: SignalKind
    at_s: int | None = None
    fix: Fix | None = None
    valid: bool | None = None
    status: int | None = None
    code: str | None = None
    text: str | None = None
    evidence: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def signal_of(
    package: Package, device: AccountId | None, now: datetime, *, intact: bool, cut_short: bool, dropped: bool
) -> Signal:
    """Return what the package says.

    intact: False if its envelope's sum is wrong. cut_short: the package's end is missing. dropped: True for a model
    whose code 86 may mean that only the device fell. Never fails: what cannot be read is doubted, and a warning without
    its code is an alarm.
    """
    told = _read(package)
    if not intact:
        told.doubts.append("checksum wrong")
    if cut_short:
        told.doubts.append("package cut short")
    if dropped and told.kind is SignalKind.FALL:
        told.doubts.append("this model's code 86 may be a fall of the device alone")
    at = None
    if told.at_s is not None:
        at, doubt = plausible_time(datetime.fromtimestamp(told.at_s, UTC), now)
        told.doubts += [doubt] if doubt else []
    position = _place(told, at)
    if at is not None:
        # Without its sequence: after a restart the same record comes under another one. But the old warning's time is
        # its fix's: without one it stands still, and a later press would look like the first.
        stale = package.type == Type.OLD_WARNING and not told.valid
        word = f"{package.type:02X},{package.sequence}" if stale else f"{package.type:02X}"
        name = digest("eelink", device or "", word, package.content)
    else:
        serial = "" if told.kind in ALARMS else iso(now)
        name = digest("eelink", device or "", f"{package.type:02X},{package.sequence}", package.content, serial)
    return Signal(
        kind=told.kind,
        device=device,
        repeat_key=f"{name}:{told.kind.value}",
        repeat_window=None if at is not None else REPEAT_WINDOW,
        event_at=at,
        position=position,
        charging=bool(told.status & CHARGING) if told.status and told.status & TELLS_CHARGING else None,
        code=told.code,
        text=told.text,
        evidence=tuple(told.evidence[:MAX_EVIDENCE]),
        doubts=tuple(told.doubts),
    )


def _read(package: Package) -> _Told:
    content = package.content
    match package.type:
        case Type.LOGIN:
            return _Told(SignalKind.HEARTBEAT, code="login", evidence=_login(content))
        case Type.HEARTBEAT:
            told = _Told(SignalKind.HEARTBEAT, code="03")
            _status(told, content, 0)
            return told
        case Type.OLD_LOCATION | Type.OLD_WARNING | Type.OLD_REPORT:
            return _old(package)
        case Type.LOCATION | Type.WARNING | Type.REPORT | Type.MESSAGE:
            return _located(package)
        case Type.COMMAND:
            return _reply(content)
        case _ if package.type in _SIGNS_OF_LIFE:
            kept = [("content", content[:64].hex())] if content else []
            return _Told(SignalKind.HEARTBEAT, code=f"{package.type:02X}", evidence=kept)
        case _:
            kept = [("content", content[:64].hex())] if content else []
            return _Told(SignalKind.UNKNOWN, code=f"{package.type:02X}", evidence=kept)


def _login(content: bytes) -> list[tuple[str, str]]:
    told = []
    if len(content) >= 10:
        told = [
            ("language", str(content[8])),
            ("zone_quarters", str(int.from_bytes(content[9:10], "big", signed=True))),
        ]
    return told + ([("versions", content[10:74].hex())] if len(content) > 10 else [])


def _located(package: Package) -> _Told:
    content = package.content
    told = _Told(SignalKind.POSITION)
    spot, at, whole = parse_spot(content)
    _spot(told, spot, whole)
    match package.type:
        case Type.LOCATION:
            _status(told, content, at)
            told.evidence += sensors(content[at + 2 :])
        case Type.WARNING:
            _warn(told, content[at : at + 1])
            _status(told, content, at + 1)
        case Type.REPORT:
            told.code = f"15,{content[at : at + 1].hex().upper()}"
            _status(told, content, at + 1)
        case _:
            told.code = f"{package.type:02X}"
            words = "".join(sign if sign.isprintable() else " " for sign in content[at:].decode("utf-8", "replace"))
            told.text = storable(" ".join(words.split()), MAX_TEXT_CHARS) or None
    return told


def _old(package: Package) -> _Told:
    content = package.content
    told = _Told(SignalKind.POSITION)
    spot, told.valid = parse_old_spot(content)
    _spot(told, spot, spot is not None)
    rest = content[OLD_BYTES:]
    match package.type:
        case Type.OLD_WARNING:
            _warn(told, rest[:1])
        case Type.OLD_REPORT:
            told.code = f"05,{rest[:1].hex().upper()}"
            _status(told, rest, 5, decides=False)
        case _:
            _status(told, rest, 0, decides=False)
            if len(rest) >= 6:
                battery_mv, signal = struct.unpack_from(">HH", rest, 2)
                told.evidence += (("battery_mv", str(battery_mv)), ("signal", str(signal)))
    return told


def _warn(told: _Told, code: bytes) -> None:
    if not code:
        told.kind = SignalKind.UNSPECIFIED_ALARM
        told.doubts.append("warning without its code")
        return
    told.kind, words = CODES.get(code[0], (SignalKind.UNSPECIFIED_ALARM, "unknown code"))
    told.code = code.hex().upper()
    told.evidence.append(("event", words))


def _reply(content: bytes) -> _Told:
    told = _Told(SignalKind.HEARTBEAT, code=REPLY)
    try:
        _, server_id, text = parse_command(content)
    except ContentError:
        told.doubts.append("content cut short")
        return told
    told.text = storable(text.decode("utf-8", "backslashreplace"), MAX_TEXT_CHARS)
    told.evidence.append(("server_id", str(server_id)))
    told.fix = place_in_words(told.text)
    told.valid = told.fix is not None
    return told


def _spot(told: _Told, spot: Spot | None, whole: bool) -> None:
    if spot is not None:
        told.at_s, told.fix = spot.at_s, spot.fix
        told.evidence += spot.evidence
    if not whole:
        told.doubts.append("content cut short")
        told.evidence.append(("broken_record", "1"))


def _status(told: _Told, content: bytes, at: int, *, decides: bool = True) -> None:
    """Read a status word. decides: whether its bit 0 says if the fix is valid."""
    if len(content) < at + 2:
        return
    status = int.from_bytes(content[at : at + 2], "big")
    told.status = status
    told.evidence += [("state", name) for bit, name in STATUS_BITS if status >> bit & 1]
    if decides:
        told.valid = bool(status & FIX_VALID)


def _place(told: _Told, at: datetime | None) -> Position | None:
    fix = told.fix
    if fix is None:
        return None
    if fix.satellites is not None:
        told.evidence.append(("satellites", str(fix.satellites)))
    # No status behind the position: who counts satellites had a fix.
    valid = bool(fix.satellites) if told.valid is None else told.valid
    if doubt := place_doubt(fix.lat, fix.lon):
        if valid or (fix.lat, fix.lon) != (0, 0):
            told.doubts.append(doubt)
        return None
    return Position(
        lat=fix.lat,
        lon=fix.lon,
        fix_at=at if valid else None,
        valid=valid,
        altitude_m=None if fix.altitude_m is None else float(fix.altitude_m),
        speed_mps=None if fix.speed_kmh is None else round(fix.speed_kmh / 3.6, 3),
        course_deg=None if fix.course_deg is None or fix.course_deg > 360 else float(fix.course_deg),
    )
