"""What an event number means on which model, and how a model's battery reading becomes volts."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from protocols.signal import ALARMS, SignalKind


class Wearer(Enum):
    """What a model is carried by: it decides what an event number means."""

    PERSON = "person"
    VEHICLE = "vehicle"
    UNKNOWN = "unknown"


_PERSONAL: Final = re.compile(r"(?:MT90|P99|P66|P88|TRACKIDS)")
_VEHICLE: Final = re.compile(r"(?:MVT|TC[0-9]|T[0-9])")

SOS_OR_INPUT: Final = 1
FALL: Final = 79

# Source: our notes, section 6; K: general knowledge, nothing is concluded from it but what is said here.
EVENTS: Final[dict[int, SignalKind]] = {
    SOS_OR_INPUT: SignalKind.PANIC,
    **dict.fromkeys(range(2, 9), SignalKind.BUTTON),  # inputs 2 to 8: further keys of a handheld
    **dict.fromkeys(range(9, 17), SignalKind.POSITION),  # an input released; no cancel
    17: SignalKind.LOW_BATTERY,
    18: SignalKind.DEVICE_FAULT,  # external power is low
    19: SignalKind.POSITION,  # speed
    20: SignalKind.ZONE_ENTER,
    21: SignalKind.ZONE_EXIT,
    22: SignalKind.RESTORE,  # external power is back
    23: SignalKind.EXTERNAL_POWER_LOST,
    **dict.fromkeys(range(24, 30), SignalKind.POSITION),  # GPS, sleep, antenna, reboot; K
    31: SignalKind.HEARTBEAT,
    **dict.fromkeys(range(32, 37), SignalKind.POSITION),  # corner, distance, answer to A10, interval, tow
    37: SignalKind.POSITION,  # RFID
    40: SignalKind.POWER_OFF,  # K
    41: SignalKind.POSITION,  # stopped
    42: SignalKind.POSITION,  # moving
    44: SignalKind.DEVICE_FAULT,  # jamming
    65: SignalKind.UNSPECIFIED_ALARM,  # the SOS key began a call; K
    **dict.fromkeys(range(70, 74), SignalKind.POSITION),  # calls; K
    78: SignalKind.UNSPECIFIED_ALARM,  # crash
    FALL: SignalKind.FALL,  # K
    90: SignalKind.POSITION,
    91: SignalKind.POSITION,
    129: SignalKind.POSITION,
    130: SignalKind.POSITION,
}

# (model, volts of one step of its converter); the first that the model begins with counts.
_STEPS: Final = (
    ("MT90G", 3.0 * 2 / 4096),
    ("MT90", 3.3 * 2 / 4096),
    ("MVT340", 3.0 * 2 / 1024),
    ("MVT380", 3.0 * 2 / 1024),
    ("MVT", 3.3 * 2 / 4096),
    ("TC68", 3.3 * 2 / 4096),
)
_STEPS_OF: Final = {"T1": 3.3 * 2 / 4096, "T3": 3.3 * 2 / 4096}
"""By the whole name: T333 is another unit than T3."""

_DEFAULT_STEP: Final = 0.01
_MOST_VOLTS: Final = 20.0
"""No battery has more: older firmware writes its readings in decimals, and what a step is there we do not know."""

_BLANKS: Final = re.compile(r"[\s_-]+")


@lru_cache
def plain(model: str | None) -> str:
    """Return a model's name without blanks and dashes, in capitals; "" where none is registered."""
    return _BLANKS.sub("", model or "").upper()


@lru_cache
def wearer_of(model: str) -> Wearer:
    """Return what carries a model. model: as plain() writes it."""
    if _PERSONAL.match(model):
        return Wearer.PERSON
    return Wearer.VEHICLE if _VEHICLE.match(model) else Wearer.UNKNOWN


class Meaning(NamedTuple):
    """What an event means on a model, the doubt that goes with it, and whether it calls for help."""

    kind: SignalKind
    doubt: str | None
    is_alarm: bool


@lru_cache(maxsize=1024)
def meaning_of(event: str, wearer: Wearer) -> Meaning:
    """Return what an event means. event: as written; "" where there is none."""
    kind, doubt = _kind_of(event, wearer)
    return Meaning(kind, doubt, kind in ALARMS)


def _kind_of(event: str, wearer: Wearer) -> tuple[SignalKind, str | None]:
    if not event:
        return SignalKind.POSITION, None
    number = int(event) if event.isascii() and event.isdecimal() and len(event) <= 5 else -1
    kind = EVENTS.get(number, SignalKind.UNKNOWN)
    match kind, wearer:
        case SignalKind.PANIC, Wearer.VEHICLE:
            return SignalKind.UNSPECIFIED_ALARM, "event 1 is input 1 on this model, perhaps no alarm key"
        case SignalKind.BUTTON, Wearer.VEHICLE:
            return SignalKind.POSITION, None
        case SignalKind.FALL, Wearer.PERSON:
            return SignalKind.FALL, "event 79 taken for a fall"
        case SignalKind.FALL, _:
            return SignalKind.UNSPECIFIED_ALARM, "event 79 may be a fall"
        case SignalKind.UNSPECIFIED_ALARM, _:
            return kind, f"event {number} may concern a person"
        case _:
            return kind, None


@lru_cache(maxsize=1024)
def volts(steps: int, model: str) -> float | None:
    """Return a battery reading in volts, to the hundredth; None where it cannot be one. model: as plain() writes it."""
    step = _STEPS_OF.get(model) or next((each for name, each in _STEPS if model.startswith(name)), _DEFAULT_STEP)
    found = round(steps * step, 2)
    return found if found <= _MOST_VOLTS else None
