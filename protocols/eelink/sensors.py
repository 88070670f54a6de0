"""What a location package tells behind its status: battery, counters, climate, and tags heard nearby."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

_TAG: Final = struct.Struct(">6s4sHhH")

_FIELDS: Final[tuple[tuple[str, str, Callable[[int], str]], ...]] = (
    # Source: facts/wearable-frames.md section 11, type 12. An empty name is a field nobody has explained.
    ("battery_mv", ">H", str),
    ("analogue_0", ">H", str),
    ("analogue_1", ">H", str),
    ("odometer_m", ">I", str),
    ("", ">H", str),
    ("", ">H", str),
    ("steps", ">H", str),
    ("walk_s", ">H", str),
    ("temperature_c", ">h", lambda value: f"{value / 256:.2f}"),
    ("humidity_pct", ">H", lambda value: f"{value / 10:g}"),
    ("light_lux", ">I", lambda value: f"{value / 256:.2f}"),
    ("co2_ppm", ">I", str),
    ("probe_c", ">h", lambda value: f"{value / 16:.2f}"),
)


def sensors(content: bytes) -> list[tuple[str, str]]:
    """Read what follows the status. It ends anywhere; zeros say that the device has no such sensor."""
    told: list[tuple[str, str]] = []
    at = 0
    for name, form, write in _FIELDS:
        width = struct.calcsize(form)
        if at + width > len(content):
            return told
        (value,) = struct.unpack_from(form, content, at)
        if name and value:
            told.append((name, write(value)))
        at += width
    if at + 2 > len(content):
        return told
    for tag in range(content[at]):
        begin = at + 2 + tag * _TAG.size
        if begin + _TAG.size > len(content):
            break
        address, _, battery_mv, temperature, _ = _TAG.unpack_from(content, begin)
        told.append(("beacon", f"{address.hex(':')},,{battery_mv} mV,{temperature / 256:.2f} C"))
    return told
