"""What gt06 codes mean for a person, and on which models they mean something else.

Source: facts/wearable-frames.md section 3, below the tables; facts/wearable-protocols.md section 3, gt06. A kind of
None is a vehicle's affair: the record stays a position, the words stay beside it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from protocols.signal import SignalKind


class Code(NamedTuple):
    """What a code says. kind: None where it calls nobody. elsewhere: what some models mean by it instead."""

    kind: SignalKind | None
    words: str
    elsewhere: str | None = None


ALARM_CODES: Final[dict[int, Code]] = {
    0x01: Code(SignalKind.PANIC, "SOS"),
    0x02: Code(SignalKind.EXTERNAL_POWER_LOST, "power cut"),
    0x03: Code(None, "shock"),
    0x04: Code(SignalKind.ZONE_ENTER, "fence entered"),
    0x05: Code(SignalKind.ZONE_EXIT, "fence left"),
    0x06: Code(None, "speed"),
    0x09: Code(None, "vibration", "tow"),
    0x0A: Code(None, "satellites lost"),
    0x0B: Code(None, "satellites found"),
    0x0C: Code(SignalKind.TAMPER, "tamper", "on"),
    0x0D: Code(None, "first fix"),
    0x0E: Code(SignalKind.LOW_BATTERY, "low battery or external supply"),
    0x0F: Code(SignalKind.LOW_BATTERY, "low battery"),
    0x10: Code(SignalKind.TAMPER, "SIM changed"),
    0x11: Code(SignalKind.POWER_OFF, "off"),
    0x12: Code(SignalKind.POWER_OFF, "flight mode"),
    0x13: Code(SignalKind.TAMPER, "tamper"),
    0x14: Code(None, "door"),
    0x15: Code(SignalKind.POWER_OFF, "off, battery empty"),
    0x16: Code(SignalKind.UNSPECIFIED_ALARM, "sound"),
    0x17: Code(SignalKind.DEVICE_FAULT, "false base station"),
    0x18: Code(SignalKind.REMOVED, "removed", "crash"),
    0x19: Code(SignalKind.LOW_BATTERY, "low internal battery", "acceleration"),
    0x20: Code(None, "asleep"),
    0x23: Code(SignalKind.FALL, "fall"),
    0x25: Code(SignalKind.TAMPER, "tamper"),
    0x28: Code(None, "driving"),
    0x29: Code(None, "acceleration"),
    0x2A: Code(None, "turn to the left"),
    0x2B: Code(None, "turn to the right"),
    0x2C: Code(SignalKind.UNSPECIFIED_ALARM, "crash"),
    0x30: Code(SignalKind.DEVICE_FAULT, "jamming", "brake"),
    0x32: Code(SignalKind.TAMPER, "tamper"),
    0xFE: Code(None, "ACC on"),
    0xFF: Code(None, "ACC off"),
}
"""The alarm octet of S5 and of 13. 0A, 0B, 0D, 10, 12, 15 to 17, 20 and 29 to 2B: Concox, paper for JM-VL03."""

INFO_CODES: Final[dict[int, Code]] = {
    1: Code(None, "shock"),
    2: Code(SignalKind.EXTERNAL_POWER_LOST, "power cut"),
    3: Code(SignalKind.LOW_BATTERY, "low battery"),
    4: Code(SignalKind.PANIC, "SOS"),
    6: Code(SignalKind.ZONE_EXIT, "fence, direction not said"),
    7: Code(SignalKind.REMOVED, "removed", "speed"),
}
"""Bits 3 to 5 of info: a level, repeated as long as it lasts."""

EVENT_CODES: Final[dict[int, Code]] = {
    0x01: Code(SignalKind.PANIC, "SOS"),
    0x0E: Code(SignalKind.LOW_BATTERY, "low external supply"),
    0x80: Code(None, "shock"),
    0x87: Code(None, "speed"),
    0x88: Code(SignalKind.EXTERNAL_POWER_LOST, "power cut"),
    0x90: Code(None, "driving"),
    0x91: Code(None, "driving"),
    0x92: Code(None, "driving"),
    0x93: Code(None, "driving"),
}
"""Type 95."""

NETWORK_ALARM_CODES: Final[dict[int, Code]] = {
    0xA2: Code(SignalKind.LOW_BATTERY, "low battery"),
    0xA3: Code(SignalKind.LOW_BATTERY, "low battery"),
    0xA4: Code(SignalKind.UNSPECIFIED_ALARM, "general"),
    0xA5: Code(None, "door"),
}
"""Type 33 under the long head."""

MODULE_EVENT_CODES: Final[dict[int, Code]] = {
    0x12: Code(SignalKind.REMOVED, "removed"),
    0x14: Code(SignalKind.ZONE_ENTER, "fence"),
    0x15: Code(SignalKind.ZONE_EXIT, "fence"),
    0x1A: Code(SignalKind.LOW_BATTERY, "low battery"),
    0x1C: Code(SignalKind.POWER_ON, "on"),
    0x1D: Code(SignalKind.POWER_OFF, "off"),
}
"""Module 0034 of type 70."""

ALARM_TYPES: Final = frozenset({0x16, 0x26, 0x27, 0xA4, 0x19, 0xA5, 0x95})
ALARM_TYPES_LONG: Final = frozenset({0x33})
"""Types, by their head, whose unreadable record may have been a call for help."""

ANYWHERE: Final = frozenset({SignalKind.PANIC, SignalKind.FALL})
"""Kinds that count in a heartbeat too; what else it repeats there is a state."""

MAY_BE_GRAVER: Final = frozenset({0x18})
"""Alarm codes whose other meaning would be a call for help."""

PERSONAL_MODELS: Final = frozenset({"GT03A", "GT03B", "GK309", "GK309E", "GK310", "LL301", "PL200"})
"""Worn by persons: their codes mean what the tables say first."""

GRAVEST_FIRST: Final = (
    SignalKind.PANIC,
    SignalKind.FALL,
    SignalKind.UNSPECIFIED_ALARM,
    SignalKind.REMOVED,
    SignalKind.TAMPER,
    SignalKind.POWER_OFF,
    SignalKind.EXTERNAL_POWER_LOST,
    SignalKind.LOW_BATTERY,
    SignalKind.DEVICE_FAULT,
    SignalKind.ZONE_EXIT,
    SignalKind.ZONE_ENTER,
    SignalKind.POWER_ON,
)


def is_personal(model: str | None) -> bool:
    """True for a model whose codes are known to be a personal alarm's."""
    return model is not None and model.upper().replace(" ", "").replace("-", "") in PERSONAL_MODELS
