"""What the bits of the alarm word (item 02) mean."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from protocols.signal import SignalKind

# Source: facts/wearable-frames.md section 1, alarm word. The order is the order of gravity in which signals are told.
ALARM_BITS: Final[tuple[tuple[int, SignalKind], ...]] = (
    (12, SignalKind.PANIC),  # SOS key
    (2, SignalKind.FALL),
    (3, SignalKind.MAN_DOWN),  # tilt: lying still
    (11, SignalKind.NO_MOTION),
    (8, SignalKind.POWER_OFF),
    (9, SignalKind.POWER_ON),
    (0, SignalKind.LOW_BATTERY),
)
FENCE_BITS: Final = ((4, 26), (5, 27), (6, 28), (7, 29))
"""A fence was crossed; the second bit set: entered, clear: left."""

BUTTONS: Final = 0b11 << 13

EVENT_BITS: Final = (
    (1, "over speed"),
    (10, "motion"),
    (13, "side button 1"),
    (14, "side button 2"),
    (15, "charging begun"),
    (16, "charging ended"),
    (17, "SOS ended, unsure"),
    (31, "bark"),
)
"""Told as words. Bit 17 beside bit 12 was seen once: it takes nothing back until a device confirms it."""

UNEXPLAINED_BITS: Final = 0x43FC_0000
"""Bits 18 to 25 and 30: welfare, amber, fall ended, beacon absent, in an order that nobody has confirmed."""


@lru_cache(maxsize=256)
def explained(word: int) -> tuple[tuple[SignalKind, ...], tuple[tuple[str, str], ...]]:
    """Return what an alarm word raises, gravest first, each kind once; and its other bits and fences as evidence.

    Remembered, for a few words make nearly all of the traffic.
    """
    kinds = [kind for bit, kind in ALARM_BITS if word >> bit & 1]
    told = [("event", name) for bit, name in EVENT_BITS if word >> bit & 1]
    for fence, (bit, direction) in enumerate(FENCE_BITS, 1):
        if word >> bit & 1:
            entered = word >> direction & 1
            kinds.append(SignalKind.ZONE_ENTER if entered else SignalKind.ZONE_EXIT)
            told.append(("fence", f"{fence} {'entered' if entered else 'left'}"))
    if word & BUTTONS:
        kinds.append(SignalKind.BUTTON)
    if not kinds and word & UNEXPLAINED_BITS:
        kinds.append(SignalKind.UNKNOWN)
    return tuple(dict.fromkeys(kinds)), tuple(told)
