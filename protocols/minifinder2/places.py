"""Items that say where a pendant is: satellites, beacons, access points and cells.

Lengths vary by firmware: an item is read by what is left of it, and what is missing counts as not said. Each reader
raises struct.error or IndexError for an item too short to say anything.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from protocols.minifinder2.moment import Moment, Place, Source
from protocols.plausible import storable

MAX_COURSE_DEG: Final = 360
MAX_SPEED_KMH: Final = 1000
"""Faster than an airliner is no speed; all bits set is how some say that they know none."""

_PLACE: Final = struct.Struct("<ii")
_GPS: Final = struct.Struct("<iiHHhH")
_HAS_COORDINATES: Final = 1 << 7
_HAS_TEXT: Final = 1 << 6


def mac(octets: bytes) -> str:
    """Write six octets as an address."""
    return octets.hex(":")


def gps(moment: Moment, value: bytes) -> None:
    """Read item 20: what the satellites say."""
    moment.locates = True
    if len(value) < _GPS.size:
        # Without its precision we do not know whether there was a fix.
        lat, lon = _PLACE.unpack_from(value)
        moment.broken.append("item 20 too short")
        moment.add(Place(Source.LAST_KNOWN, lat / 1e7, lon / 1e7))
        return
    lat, lon, speed_kmh, course_deg, altitude_m, hdop = _GPS.unpack_from(value)
    if len(value) > 20:
        moment.evidence.append(("satellites", str(value[20])))
    moment.evidence.append(("hdop", f"{hdop / 10:g}"))
    if len(value) >= 20:
        moment.evidence.append(("odometer_m", str(int.from_bytes(value[16:20], "little"))))
    moment.add(
        Place(
            Source.GPS if hdop else Source.LAST_KNOWN,
            lat / 1e7,
            lon / 1e7,
            altitude_m=float(altitude_m),
            speed_mps=round(speed_kmh / 3.6, 3) if speed_kmh <= MAX_SPEED_KMH else None,
            course_deg=float(course_deg) if course_deg <= MAX_COURSE_DEG else None,
        )
    )


def smart(moment: Moment, value: bytes) -> None:
    """Read item 27: the device's own reckoning."""
    moment.locates = True
    lat, lon = _PLACE.unpack_from(value)
    moment.add(Place(Source.SMART, lat / 1e7, lon / 1e7, *_accuracy_and_altitude(value[8:])))


def home_beacon(moment: Moment, value: bytes) -> None:
    """Read item 23."""
    address = _beacon_address(moment, value)
    _told_of_beacon(moment, address, None, value[14:])
    if len(value) >= 14:
        lat, lon = _PLACE.unpack_from(value, 6)
        moment.add(Place(Source.BEACON, lat / 1e7, lon / 1e7))


def accurate_beacon(moment: Moment, value: bytes) -> None:
    """Read item 26."""
    address = _beacon_address(moment, value)
    _told_of_beacon(moment, address, None, b"")
    if len(value) >= 14:
        lat, lon = _PLACE.unpack_from(value, 6)
        moment.add(Place(Source.BEACON, lat / 1e7, lon / 1e7, *_accuracy_and_altitude(value[14:])))


def beacon(moment: Moment, value: bytes) -> None:
    """Read item 28."""
    flags = value[0]
    address = _beacon_address(moment, value[1:])
    rest = _flagged_place(moment, Source.BEACON, flags, value[9:])
    _told_of_beacon(moment, address, value[7:8], rest if flags & _HAS_TEXT else b"")


def beacon_with_battery(moment: Moment, value: bytes) -> None:
    """Read item 2C."""
    flags = value[0]
    address = _beacon_address(moment, value[1:])
    rest = _flagged_place(moment, Source.BEACON, flags, value[10:])
    text = b""
    if flags & _HAS_TEXT and rest:
        text, rest = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
    _told_of_beacon(moment, address, value[7:8], text, value[9:10])
    if len(rest) >= 2:
        moment.evidence.append(("temperature_c", f"{int.from_bytes(rest[:2], 'little', signed=True) / 10:g}"))


def known_wifi(moment: Moment, value: bytes) -> None:
    """Read item 2A: an access point whose place may be known."""
    moment.locates = True
    flags = value[0]
    if len(value) < 7:
        raise IndexError
    rest = _flagged_place(moment, Source.WIFI, flags, value[8:])
    told = [mac(value[1:7]), _dbm(value[7:8]), words(rest if flags & _HAS_TEXT else b"")]
    moment.evidence.append(("wifi", ",".join(told if told[2] else told[:2])))


def wifi(moment: Moment, value: bytes) -> None:
    """Read item 22."""
    moment.locates = True
    for at in range(0, len(value) - 6, 7):
        moment.evidence.append(("wifi", f"{mac(value[at + 1 : at + 7])},{_dbm(value[at : at + 1])}"))


def named_wifi(moment: Moment, value: bytes) -> None:
    """Read item 19."""
    moment.locates = True
    at = 0
    while at + 8 <= len(value):
        name_bytes = value[at + 7]
        name = words(value[at + 8 : at + 8 + name_bytes])
        moment.evidence.append(("wifi", f"{mac(value[at + 1 : at + 7])},{_dbm(value[at : at + 1])},{name}"))
        at += 8 + name_bytes


def cells(head: str, cell: str) -> Callable[[Moment, bytes], None]:
    """Return a reader of cells; the forms of their head and of each cell differ by item."""
    network, each = struct.Struct(head), struct.Struct(cell)

    def read(moment: Moment, value: bytes) -> None:
        moment.locates = True
        mcc, mnc = network.unpack_from(value)
        for at in range(network.size, len(value) - each.size + 1, each.size):
            dbm, lac, cid = each.unpack_from(value, at)
            moment.evidence.append(("cell", f"{mcc},{mnc},{lac},{cid},{dbm}"))

    return read


def words(octets: bytes) -> str:
    """Read a name or a number that stands in an item."""
    return storable(octets.decode("utf-8", "backslashreplace").rstrip("\0"), 64)


def _beacon_address(moment: Moment, value: bytes) -> str:
    moment.locates = True
    if len(value) < 6:
        raise IndexError
    return mac(value[5::-1])


def _told_of_beacon(moment: Moment, address: str, dbm: bytes | None, text: bytes, battery: bytes = b"") -> None:
    told = [address, "" if dbm is None else _dbm(dbm), words(text), str(battery[0]) if battery else ""]
    while not told[-1]:
        del told[-1]
    moment.evidence.append(("beacon", ",".join(told)))


def _flagged_place(moment: Moment, source: Source, flags: int, rest: bytes) -> bytes:
    """Read coordinates if the flags announce them; return what follows."""
    if not flags & _HAS_COORDINATES:
        return rest
    lat, lon = _PLACE.unpack_from(rest)
    moment.add(Place(source, lat / 1e7, lon / 1e7))
    return rest[8:]


def _accuracy_and_altitude(rest: bytes) -> tuple[float | None, float | None]:
    accuracy_m = int.from_bytes(rest[:2], "little") / 10 if len(rest) >= 2 else None
    altitude_m = float(int.from_bytes(rest[2:4], "little", signed=True)) if len(rest) >= 4 else None
    return accuracy_m, altitude_m


def _dbm(octet: bytes) -> str:
    return str(int.from_bytes(octet, "little", signed=True)) if octet else ""
