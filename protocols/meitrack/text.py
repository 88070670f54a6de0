"""Records in text, AAA and AFF: parse() and serialise()."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from protocols.meitrack.messages import Cell, Record, Records
from protocols.plausible import number, storable

MAX_FIELDS: Final = 60
MAX_FIELD_CHARS: Final = 128
_KNOWN_FIELDS: Final = 16
_MAX_OTHERS: Final = 256

_WHOLE: Final = re.compile(r"[0-9]{1,10}")
_MOMENT: Final = re.compile(r"[0-9]{12}")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{1,8}")


def parse_text(command: str, body: bytes) -> Records:
    """Read AAA, or AFF, which has the number of waiting records first. Never fails: what is unreadable is None."""
    waiting = None
    if command == "AFF":
        first, _, body = body.partition(b",")
        waiting = _whole(_text(first))
    fields = [_text(field) for field in body.split(b",", MAX_FIELDS)]
    return Records((_record(body, fields),), waiting)


def serialise_text(record: Record) -> bytes:
    """Write the body of an AAA; used by the emulator."""
    cell = record.cells[0] if record.cells else Cell(0, 0, 0, 0)
    fields = (
        record.events[0] if record.events else "",
        f"{record.lat or 0:.6f}",
        f"{record.lon or 0:.6f}",
        record.at.strftime("%y%m%d%H%M%S") if record.at else "",
        "A" if record.fix else "V",
        str(record.satellites or 0),
        str(record.network or 0),
        f"{record.speed_kmh or 0:.0f}",
        f"{record.course_deg or 0:.0f}",
        f"{record.hdop or 0:.1f}",
        f"{record.altitude_m or 0:.0f}",
        "0",
        "0",
        f"{cell.mcc}|{cell.mnc}|{cell.lac:04X}|{cell.cid:08X}",
        "0000",
        f"0000|0000|0000|{record.battery_steps or 0:04X}|0000",
        "00000001",
        "",
        "3",
        "",
        "",
    )
    return ",".join(fields).encode("ascii")


def _record(raw: bytes, fields: list[str]) -> Record:
    (
        event,
        lat,
        lon,
        at,
        fix,
        satellites,
        network,
        speed,
        course,
        hdop,
        altitude,
        odometer,
        run,
        cell,
        ports,
        readings,
    ) = (
        *fields,
        *("",) * _KNOWN_FIELDS,
    )[:_KNOWN_FIELDS]
    when = _moment(at)
    battery_v, steps, external = _readings(readings)
    others = [("odometer_m", odometer), ("run_s", run), ("ports", ports), ("external", external)]
    others += [("event_data", fields[16])] if len(fields) > 16 else []
    others += [("fields", ",".join(fields[17:])[:_MAX_OTHERS])] if any(fields[17:]) else []
    return Record(
        raw=raw,
        events=(event,),
        at=when,
        fix=fix.upper() == "A",
        lat=number(lat),
        lon=number(lon),
        satellites=_whole(satellites),
        network=_whole(network),
        speed_kmh=number(speed),
        course_deg=number(course),
        hdop=number(hdop),
        altitude_m=number(altitude),
        cells=_cell(cell),
        battery_steps=steps,
        battery_v=battery_v,
        others=tuple((name, said) for name, said in others if said),
        doubts=() if when else ("time unreadable",),
    )


def _readings(text: str) -> tuple[float | None, int | None, str]:
    """Return battery in volts, or the battery's reading in steps, and the external supply as written.

    Five hex readings with the battery fourth; or, on newer units, volts with the battery first.
    """
    parts = text.split("|")
    if "." in text:
        return number(parts[0]), None, parts[1] if len(parts) > 1 else ""
    if len(parts) < 5:
        return None, None, ""
    return None, int(parts[3], 16) if _HEX.fullmatch(parts[3]) else None, parts[4]


def _cell(text: str) -> tuple[Cell, ...]:
    parts = text.split("|")
    if len(parts) < 4:
        return ()
    mcc, mnc, lac, cid = parts[:4]
    if not (_WHOLE.fullmatch(mcc) and _WHOLE.fullmatch(mnc) and _HEX.fullmatch(lac) and _HEX.fullmatch(cid)):
        return ()
    found = Cell(int(mcc), int(mnc), int(lac, 16), int(cid, 16))
    return (found,) if found.mcc else ()


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    year, month, day, hour, minute, second = (int(text[at : at + 2]) for at in range(0, 12, 2))
    century = 1900 if year >= 70 else 2000  # a clock that was never set says 1970
    try:
        return datetime(century + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _text(octets: bytes) -> str:
    return storable(octets[: MAX_FIELD_CHARS * 4].decode("utf-8", "backslashreplace"), MAX_FIELD_CHARS).strip()
