"""Records in binary of one size, CCC, little endian: parse and serialise."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from typing import Final

from protocols.errors import ContentError
from protocols.meitrack.messages import Cell, Record, Records

RECORD_BYTES: Final = 52
_CCC_HEAD: Final = struct.Struct("<2sHI")
_CCC_VERSION: Final = b"\x02\x01"
# event, lat, lon, time, valid, satellites, GSM, km/h, course, HDOP x 10, altitude, odometer, run time, MCC, MNC, LAC,
# CID, status, AD1, battery x 100, external, fence
_CCC: Final = struct.Struct("<BiiIBBBHHHhIIHHHHHHHHI")
_NEEDED_BYTES: Final = 13
"""Event, place and time: with these a record says what matters."""

_MOVEMENT_BYTES: Final = 24
"""Up to the altitude: a record that is shorter has said nothing of these."""

EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
MICRO: Final = 1_000_000
"""Parts of a degree."""


def parse_ccc(body: bytes) -> Records:
    """Read records of one size. Raises ContentError for a body without a head.

    Another version of the format is not ours to read: it counts as one broken record.
    """
    if len(body) < _CCC_HEAD.size:
        raise ContentError("CCC without its head")
    version, size, waiting = _CCC_HEAD.unpack_from(body)
    if version != _CCC_VERSION and size != RECORD_BYTES:
        return Records((), waiting, 1, 1)
    rest = body[_CCC_HEAD.size :]
    size = size if _NEEDED_BYTES <= size <= max(len(rest), RECORD_BYTES) else RECORD_BYTES
    slots = [rest[at : at + size] for at in range(0, len(rest), size)]
    records = tuple([_fixed(slot, size) for slot in slots if len(slot) >= _NEEDED_BYTES])
    # The device deletes as many as we name: never one more than came whole, and one at least, or it never goes on.
    count = max(len(rest) // size, min(len(slots), 1))
    return Records(records, waiting, count, len(slots) - len(records))


def serialise_ccc(records: tuple[Record, ...], waiting: int) -> bytes:
    """Write the body of a CCC; used by the emulator. Events must be numbers up to 255."""
    return _CCC_HEAD.pack(_CCC_VERSION, RECORD_BYTES, waiting) + b"".join(map(_packed, records))


def _fixed(raw: bytes, size: int) -> Record:
    doubts = () if len(raw) == size else ("record cut short",)
    padded = raw[:RECORD_BYTES].ljust(RECORD_BYTES, b"\x00")
    (event, lat, lon, seconds, valid, satellites, network, speed, course, hdop, altitude, odometer, run, *rest) = (
        _CCC.unpack(padded)
    )
    mcc, mnc, lac, cid, status, ad1, battery, external, fence = rest
    told_all = len(raw) >= _MOVEMENT_BYTES
    told = (
        ("ports", f"{status:04X}" if len(raw) >= RECORD_BYTES else ""),
        ("odometer_m", odometer),
        ("run_s", run),
        ("ad1", ad1),
        ("external", external),
        ("zone", fence),
    )
    return Record(
        raw=raw,
        events=(str(event),),
        at=EPOCH + timedelta(seconds=seconds),
        fix=valid == 1,
        lat=lat / MICRO,
        lon=lon / MICRO,
        satellites=satellites if told_all else None,
        network=network if told_all else None,
        speed_kmh=float(speed) if told_all else None,
        course_deg=float(course) if told_all else None,
        hdop=hdop / 10 if told_all else None,
        altitude_m=float(altitude) if told_all else None,
        cells=(Cell(mcc, mnc, lac, cid),) if mcc else (),
        battery_v=battery / 100 if battery else None,
        others=tuple([(name, str(value)) for name, value in told if value]),
        doubts=doubts,
    )


def _packed(record: Record) -> bytes:
    cell = record.cells[0] if record.cells else Cell(0, 0, 0, 0)
    seconds = 0 if record.at is None else int((record.at - EPOCH).total_seconds())
    return _CCC.pack(
        int(record.events[0]) if record.events else 0,
        round((record.lat or 0) * MICRO),
        round((record.lon or 0) * MICRO),
        max(0, seconds),
        int(record.fix),
        record.satellites or 0,
        record.network or 0,
        round(record.speed_kmh or 0),
        round(record.course_deg or 0),
        round((record.hdop or 0) * 10),
        round(record.altitude_m or 0),
        0,
        0,
        cell.mcc,
        cell.mnc,
        cell.lac,
        cell.cid & 0xFFFF,
        0,
        0,
        round((record.battery_v or 0) * 100),
        0,
        0,
    )
