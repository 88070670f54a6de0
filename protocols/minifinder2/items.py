"""What the items of one record say, read one by one. One too short to say anything costs the others nothing."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Final

from protocols.minifinder2 import places
from protocols.minifinder2.messages import Key, Record
from protocols.minifinder2.moment import Moment
from protocols.minifinder2.places import words

ALARM_TOO_SHORT: Final = "item 02 too short"

_U32: Final = struct.Struct("<I")


def moment_of(record: Record) -> Moment:
    """Read a record's items."""
    moment = Moment()
    for item in record:
        read = READERS.get(item.key)
        if read is None:
            moment.evidence.append((f"item_{item.key:02X}", item.value[:64].hex()))
            continue
        try:
            read(moment, item.value)
        except (struct.error, IndexError):
            moment.broken.append(f"item {item.key:02X} too short")
            moment.locates = moment.locates or item.key in _LOCATING
    return moment


def _alarm(moment: Moment, value: bytes) -> None:
    if len(value) < 4:
        # Bits 0 to 15 stand in the first octets: what came counts, and what did not is doubted.
        moment.broken.append(ALARM_TOO_SHORT)
    moment.word = int.from_bytes(value[:4], "little")
    if len(value) >= 8:
        (moment.event_s,) = _U32.unpack_from(value, 4)


def _status(moment: Moment, value: bytes) -> None:
    (moment.at_s,) = _U32.unpack_from(value)
    (moment.status,) = _U32.unpack_from(value, 4)


def _battery(moment: Moment, value: bytes) -> None:
    moment.battery_pct = value[0]
    if len(value) >= 3:
        moment.evidence.append(("battery_mv", str(int.from_bytes(value[1:3], "little"))))


def _heartbeat(moment: Moment, value: bytes) -> None:
    if value and moment.battery_pct is None:
        moment.battery_pct = value[0]


def _call(moment: Moment, value: bytes) -> None:
    start_s, status, seconds, result = struct.unpack_from("<IBHB", value)
    moment.noted_s = start_s
    moment.evidence.append(("call", f"{start_s},{status:02X},{seconds},{result},{words(value[8:])}"))


def _counted(name: str) -> Callable[[Moment, bytes], None]:
    def read(moment: Moment, value: bytes) -> None:
        moment.noted_s, count = struct.unpack_from("<II", value)
        moment.evidence.append((name, str(count)))

    return read


def _vital(name: str) -> Callable[[Moment, bytes], None]:
    def read(moment: Moment, value: bytes) -> None:
        moment.noted_s, measured = struct.unpack_from("<IB", value)
        if measured > 1:  # 0 and 1 say that there was nothing to measure
            moment.evidence.append((name, str(measured)))

    return read


def _activity(moment: Moment, value: bytes) -> None:
    for at in range(0, len(value) - 7, 8):
        moment.noted_s, measured = struct.unpack_from("<II", value, at)
        moment.evidence.append(("activity", f"{moment.noted_s},{measured}"))


_LOCATING: Final = frozenset({Key.GPS, Key.SMART, Key.CELLS_2G, Key.CELLS_4G, Key.CELLS_4G_WIDE})

READERS: Final[Mapping[int, Callable[[Moment, bytes], None]]] = {
    Key.ALARM.value: _alarm,
    0x10: _heartbeat,
    0x11: lambda moment, value: None,
    0x12: lambda moment, value: None,
    Key.BATTERY.value: _battery,
    Key.WIFI_NAMED.value: places.named_wifi,
    Key.GPS.value: places.gps,
    Key.CELLS_2G.value: places.cells("<HB", "<bHH"),
    Key.WIFI.value: places.wifi,
    Key.HOME_BEACON.value: places.home_beacon,
    Key.STATUS.value: _status,
    Key.CALL.value: _call,
    Key.BEACON_ACCURATE.value: places.accurate_beacon,
    Key.SMART.value: places.smart,
    Key.BEACON.value: places.beacon,
    Key.CELLS_4G.value: places.cells("<HB", "<bHI"),
    Key.KNOWN_WIFI.value: places.known_wifi,
    Key.CELLS_4G_WIDE.value: places.cells("<HH", "<bHI"),
    Key.BEACON_BATTERY.value: places.beacon_with_battery,
    Key.STEPS.value: _counted("steps"),
    Key.ACTIVITY.value: _activity,
    Key.COLLAR.value: _counted("collar"),
    Key.PULSE.value: _vital("pulse"),
    Key.OXYGEN.value: _vital("oxygen_pct"),
}
