"""What a message's name means, where its position stands, and what is known of the device types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from protocols.gl200.places import Layout
from protocols.signal import SignalKind


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the vendor's tables. layout: None where it carries no position.

    last_known: its position is the last known one, whatever its accuracy says.
    """

    kind: SignalKind
    layout: Layout | None = None
    last_known: bool = False


_REPORT: Final = Layout(first=7, count=6)
"""4 id, 5 type, 6 number, the blocks, battery."""

# Source: vendor's paper (@Track, air interface), as in our notes, section 5.
MESSAGES: Final[dict[str, Row]] = {
    "SOS": Row(SignalKind.PANIC, _REPORT),
    **dict.fromkeys(("FRI", "RTL", "PNL", "DOG", "NMR", "SPD", "DIS", "IGL"), Row(SignalKind.POSITION, _REPORT)),
    "GEO": Row(SignalKind.POSITION, _REPORT),  # field 5 says whether it was left or entered
    "ERI": Row(SignalKind.POSITION, Layout(first=8, count=7)),
    "LBC": Row(SignalKind.POSITION, Layout(first=5)),
    "STT": Row(SignalKind.POSITION, Layout(first=5)),
    "SWG": Row(SignalKind.POSITION, Layout(first=5)),
    "TEM": Row(SignalKind.POSITION, Layout(first=6)),
    "STR": Row(SignalKind.POSITION, Layout(first=9)),
    "CTN": Row(SignalKind.POSITION, Layout(first=9)),
    "GSM": Row(SignalKind.POSITION),
    "WIF": Row(SignalKind.POSITION),
    "LBS": Row(SignalKind.POSITION),
    "HBD": Row(SignalKind.HEARTBEAT),
    "INF": Row(SignalKind.HEARTBEAT),
    "VER": Row(SignalKind.HEARTBEAT),
    "PNA": Row(SignalKind.POWER_ON),
    "PFA": Row(SignalKind.POWER_OFF),
    "PNR": Row(SignalKind.POWER_ON),  # newer units, with the reason; general knowledge
    "PFR": Row(SignalKind.POWER_OFF),
    "EPN": Row(SignalKind.RESTORE, Layout(first=4), last_known=True),  # external power is back
    "EPF": Row(SignalKind.EXTERNAL_POWER_LOST, Layout(first=4), last_known=True),
    "BTC": Row(SignalKind.POSITION, Layout(first=4), last_known=True),
    "STC": Row(SignalKind.POSITION, Layout(first=4), last_known=True),
    "BPL": Row(SignalKind.LOW_BATTERY, Layout(first=5)),
    "JDR": Row(SignalKind.DEVICE_FAULT, Layout(first=4)),  # the network is jammed
    "JDS": Row(SignalKind.DEVICE_FAULT, Layout(first=5)),  # field 4 says whether it began or ended
}

ALARM_WORDS: Final = re.compile(r"SOS|FAL|MAN|MDN|NOMO|NMO|EMG|HELP|PANIC|PNC|DURESS|LONE")
"""A name outside the table that speaks of a person in need. No paper of ours has one: alarm on doubt."""

REPORTS: Final = frozenset(name for name, row in MESSAGES.items() if row.layout is _REPORT)
"""Their last field before the send time is the battery."""

OWN_CELLS: Final = frozenset({"GSM", "LBS"})
"""Lists of cells: none of them is the place of a block."""

ENTERED, LEFT = "1", "0"
JAMMING_ENDED = "1"

STATES: Final[dict[str, str]] = {
    "11": "ignition off, at rest",
    "12": "ignition off, moving",
    "21": "ignition on, at rest",
    "22": "ignition on, moving",
    "16": "towed",
    "1A": "perhaps towed",
    "41": "at rest",
    "42": "moving",
}
"""Field 4 of STT."""


@dataclass(frozen=True, slots=True)
class DeviceType:
    """One device type. by_table: our table was held against its real messages. password: as it leaves the factory."""

    name: str
    password: str
    by_table: bool = False


# Passwords other than GL300's are inferred from it: the unit's own name in small letters.
DEVICE_TYPES: Final[dict[str, DeviceType]] = {
    "02": DeviceType("GL200", "gl200", by_table=True),
    "21": DeviceType("GL200", "gl200", by_table=True),
    "1A": DeviceType("GL300", "gl300", by_table=True),
    "30": DeviceType("GL300", "gl300", by_table=True),
    "28": DeviceType("GL300VC", "gl300vc", by_table=True),
    "2C": DeviceType("GL300W", "gl300w", by_table=True),
    "F5": DeviceType("GL300M", "gl300m"),
    "C3": DeviceType("GL320M", "gl320m"),
    "11": DeviceType("GL500", "gl500"),
    "40": DeviceType("GL500", "gl500"),
    "DE": DeviceType("GL500M", "gl500m"),
    "44": DeviceType("GL520", "gl520"),
    "42": DeviceType("GT301", "gt301"),
    "52": DeviceType("GL50", "gl50"),
    "55": DeviceType("GL50", "gl50"),
    "66": DeviceType("GL50", "gl50"),
}
FALLBACK_PASSWORD: Final = "gl300"

GL500M: Final = "DE"
"""Its messages end in battery, mode, motion, temperature, and then as all others do."""


def row_of(name: str) -> Row:
    """Return what a name means; a name outside the table is unknown, or an alarm on doubt."""
    if row := MESSAGES.get(name):
        return row
    return Row(SignalKind.UNSPECIFIED_ALARM if ALARM_WORDS.search(name) else SignalKind.UNKNOWN)


def password_of(device_type: str) -> str:
    """Return the factory password of a device type."""
    known = DEVICE_TYPES.get(device_type)
    return known.password if known else FALLBACK_PASSWORD
