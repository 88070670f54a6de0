"""Radio beacons: the same one however a device or a person writes its id, and which of them was heard loudest.

A signal's evidence holds what its device heard as pairs ("beacon", "id,dBm[,more]"): a MAC with colons
(minifinder2, eelink, teltonika), or hex digits and numbers with colons between them (teltonika's iBeacon and
Eddystone). dBm is left out by devices that do not measure it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

BEACON: Final = "beacon"
LEAST_DIGITS: Final = 4
MOST_DIGITS: Final = 64
_SEPARATORS: Final = re.compile(r"[:.\-\s]")
_HEX: Final = re.compile(r"[0-9a-f]+")
_DBM: Final = re.compile(r"-?\d{1,3}")

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class HeardBeacon:
    """A beacon that a device heard. id: without separators. dbm: None where the device does not measure it."""

    id: str
    dbm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBeacon:
    """A beacon that hangs somewhere. id: without separators. said: as somebody entered it. label: where, in words."""

    id: str
    said: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What one signal heard, and when that was."""

    at: datetime
    heard: tuple[HeardBeacon, ...]


@dataclass(frozen=True, slots=True)
class Nearest(Generic[Known]):
    """The known beacon that was heard loudest, and whatever it stands for."""

    beacon: HeardBeacon
    known: Known
    at: datetime


def plain_id(text: str) -> str | None:
    """Return an id as it is compared: small hex digits without separators; None for what is no such id.

    "AC:23:3F:00:00:01", "ac-23-3f-00-00-01" and "AC233F000001" are one beacon. The numbers behind an iBeacon's UUID
    (major, minor) are decimal and of any length, so they are written out to five digits: else 1:23 would be 12:3.
    """
    uuid, *numbers = text.strip().lower().split(":")
    if len(_SEPARATORS.sub("", uuid)) == 32 and len(numbers) == 2 and all(one.isdecimal() for one in numbers):
        digits = _SEPARATORS.sub("", uuid) + "".join(f"{int(one):05d}" for one in numbers)
    else:
        digits = _SEPARATORS.sub("", text.strip().lower())
    return digits if LEAST_DIGITS <= len(digits) <= MOST_DIGITS and _HEX.fullmatch(digits) else None


def heard_in(evidence: Iterable[Sequence[str]]) -> tuple[HeardBeacon, ...]:
    """Return the beacons among a signal's pairs of evidence, in their order; what cannot be read is left out."""
    found = []
    for pair in evidence:
        if len(pair) == 2 and pair[0] == BEACON:
            name, _, rest = pair[1].partition(",")
            dbm = rest.partition(",")[0].strip()
            if (beacon := plain_id(name)) is not None:
                found.append(HeardBeacon(beacon, int(dbm) if _DBM.fullmatch(dbm) else None))
    return tuple(found)


def loudest(hearings: Iterable[Hearing], known: Mapping[str, Known]) -> Nearest[Known] | None:
    """Return the loudest known beacon of the newest signal that heard a known one; None where none did.

    known: by plain id. Unknown ones count for nothing: they are headphones and passing cars. One without a dBm is
    taken for the faintest, and of two equals the one that the device names first.
    """
    for hearing in sorted(hearings, key=lambda one: one.at, reverse=True):
        ours = [one for one in hearing.heard if one.id in known]
        if ours:
            nearest = max(ours, key=lambda one: -1000 if one.dbm is None else one.dbm)
            return Nearest(nearest, known[nearest.id], hearing.at)
    return None
