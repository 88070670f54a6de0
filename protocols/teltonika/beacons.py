"""Beacons heard by a tracker, as its variable elements list them: one line of evidence each.

Source: facts/wearable-frames.md section 4, variable elements.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from protocols.plausible import storable
from protocols.teltonika.messages import Element

BY_FLAGS: Final = 385
BY_ITEMS: Final = frozenset({548, 10828, 10829, 10831, 11317})
BEACONS: Final = BY_ITEMS | {BY_FLAGS}

MAX_BEACONS: Final = 48
"""More than any tracker lists in one record."""


class Item(IntEnum):
    """What an item of a beacon's list says; the values are the wire's."""

    DBM = 0
    IDENTIFIER = 1
    BYTES = 2
    NAME = 5
    CENTIDEGREES = 6
    HUMIDITY_PCT = 7
    MILLIVOLTS = 14
    MAC = 15


def beacons(element: Element) -> tuple[str, ...]:
    """Return each beacon as "identifier,dBm[,name=value]..."; what is cut off is left out. Empty if none is there."""
    return _by_flags(element.raw) if element.id == BY_FLAGS else _by_items(element.raw)


def _by_flags(raw: bytes) -> tuple[str, ...]:
    found: list[str] = []
    at = 1  # the first byte says which part of a longer list this is
    while at < len(raw) and len(found) < MAX_BEACONS:
        flags = raw[at]
        at += 1
        sizes = (16, 2, 2) if flags & 0xF0 else (10, 6)  # UUID, major, minor; or namespace and instance
        more = (2 if flags & 0x02 else 0) + (2 if flags & 0x04 else 0)
        end = at + sum(sizes) + 1 + more
        if end > len(raw):
            break
        names = []
        for size in sizes:
            part = raw[at : at + size]
            names.append(str(int.from_bytes(part, "big")) if size == 2 else part.hex())
            at += size
        told = [":".join(names), str(_signed(raw[at : at + 1]))]
        at += 1
        if flags & 0x02:
            told.append(f"volt={int.from_bytes(raw[at : at + 2], 'big') / 100:g}")
            at += 2
        if flags & 0x04:
            told.append(f"word={int.from_bytes(raw[at : at + 2], 'big')}")
        found.append(",".join(told))
        at = end
    return tuple(found)


def _by_items(raw: bytes) -> tuple[str, ...]:
    found: list[str] = []
    at = 1
    while at < len(raw) and len(found) < MAX_BEACONS:
        end = at + 1 + raw[at]
        if end > len(raw):
            break
        if line := _items(raw[at + 1 : end]):
            found.append(line)
        at = end
    return tuple(found)


def _items(raw: bytes) -> str:
    names: dict[int, str] = {}
    dbm = ""
    told: list[str] = []
    at = 0
    while at + 2 <= len(raw):
        item, value = raw[at], raw[at + 2 : at + 2 + raw[at + 1]]
        at += 2 + raw[at + 1]
        if at > len(raw):
            break
        match item:
            case Item.DBM:
                dbm = str(_signed(value))
            case Item.IDENTIFIER | Item.MAC:
                names[item] = ":".join(f"{octet:02x}" for octet in value) if item == Item.MAC else value.hex()
            case Item.BYTES:
                told.append(f"bytes={value.hex()}")
            case Item.NAME:
                told.append(f"name={storable(value.decode('utf-8', 'replace'), 64)}")
            case Item.CENTIDEGREES:
                told.append(f"celsius={_signed(value) / 100:g}")
            case Item.HUMIDITY_PCT:
                told.append(f"humidity_pct={int.from_bytes(value, 'big')}")
            case Item.MILLIVOLTS:
                told.append(f"battery_mv={int.from_bytes(value, 'big')}")
            case _:
                told.append(f"item{item}={value.hex()}")
    name = names.get(Item.MAC) or names.get(Item.IDENTIFIER) or ""
    if Item.MAC in names and Item.IDENTIFIER in names:
        told.append(f"id={names[Item.IDENTIFIER]}")
    return ",".join((name, dbm, *told)) if name or dbm or told else ""


def _signed(raw: bytes) -> int:
    return int.from_bytes(raw, "big", signed=True)
