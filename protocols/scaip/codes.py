"""What device types, status codes and location codes mean here.

A code that nobody knows is an alarm where it may concern a person. An enrolled unit may read a code otherwise: option
"code:0005/0010" = "fall", or "code:0005" for the type with any alarm status.
Source: SS 91100's code lists as far as facts/alarm-protocols.md part 3.4 has them; the meaning for us is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from protocols.scaip.messages import whole_number
from protocols.signal import ALARMS, SignalKind

K = SignalKind

OPTION_PREFIX: Final = "code:"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a request calls for. words: for a person. silent: nothing may sound at the unit."""

    kind: SignalKind
    words: str
    silent: bool | None = None


ALARM_STATUS: Final = frozenset({9, 10})
"""Alarm automatic, alarm manual. No status at all is an alarm too."""

DEVICES: Final[Mapping[int, Meaning]] = {
    2: Meaning(K.PANIC, "Larm från trygghetsenhet"),
    3: Meaning(K.PANIC, "Larm från larmknapp"),
    4: Meaning(K.PANIC, "Larm från fast knapp"),
    5: Meaning(K.FALL, "Falllarm"),
    6: Meaning(K.PANIC, "Överfallslarm, bärbart", silent=True),
    7: Meaning(K.PANIC, "Överfallslarm, knapp", silent=True),
    8: Meaning(K.UNSPECIFIED_ALARM, "Larm från närvaroomkopplare, fjärr"),
    9: Meaning(K.UNSPECIFIED_ALARM, "Larm från närvaroomkopplare"),
    10: Meaning(K.NO_MOTION, "Inaktivitetslarm"),
    30: Meaning(K.MAN_DOWN, "Liggande person"),
    32: Meaning(K.DEVICE_FAULT, "Fel på förbindelse"),
    38: Meaning(K.TAMPER, "Sabotage"),
    45: Meaning(K.UNSPECIFIED_ALARM, "Larm från styrenhet"),
    48: Meaning(K.UNSPECIFIED_ALARM, "Larm från lokal enhet"),
    51: Meaning(K.UNSPECIFIED_ALARM, "Larm från spårningsenhet"),
}
"""dty -> what its alarm means."""

STATUSES: Final[Mapping[int, Meaning]] = {
    2: Meaning(K.CANCEL, "Avbrutet"),
    14: Meaning(K.LOW_BATTERY, "Batteri slut"),
    16: Meaning(K.LOW_BATTERY, "Lågt batteri"),
    19: Meaning(K.CANCEL, "Avbokat"),
    23: Meaning(K.DEVICE_FAULT, "Fel på förbindelse"),
    24: Meaning(K.DEVICE_FAULT, "Fel på förbindelse"),
    25: Meaning(K.DEVICE_FAULT, "Fel på förbindelse"),
    26: Meaning(K.DEVICE_FAULT, "Fel på förbindelse"),
    27: Meaning(K.DEVICE_FAULT, "Fel på förbindelse"),
    85: Meaning(K.EXTERNAL_POWER_LOST, "Nätström borta"),
    86: Meaning(K.RESTORE, "Nätström åter"),
    88: Meaning(K.BUTTON, "Närvaro vid larm"),
    92: Meaning(K.CANCEL, "Återställt automatiskt"),
    93: Meaning(K.CANCEL, "Återställt för hand"),
    94: Meaning(K.RESTORE, "Återgång"),
    102: Meaning(K.TEST_ALARM, "Prov"),
    103: Meaning(K.TEST_ALARM, "Prov"),
    110: Meaning(K.UNSPECIFIED_ALARM, "Assistans begärd"),
    111: Meaning(K.BUTTON, "Utcheckning"),
    112: Meaning(K.RESTORE, "Förbindelse åter"),
    113: Meaning(K.RESTORE, "Förbindelse åter"),
    114: Meaning(K.RESTORE, "Förbindelse åter"),
    115: Meaning(K.RESTORE, "Förbindelse åter"),
    116: Meaning(K.RESTORE, "Förbindelse åter"),
    125: Meaning(K.TAMPER, "Sabotage"),
}
"""stc -> what it means whatever sends it. Presence is a nurse's, so it is no check-in of the wearer."""

LOCATIONS: Final[Mapping[int, str]] = {
    4: "inomhus",
    5: "utomhus",
    30: "tillfällig adress",
    33: "mobil",
    34: "position bifogad",
    35: "position bifogad",
    39: "framdörr",
    40: "bakdörr",
    42: "korridor",
    48: "kontor",
    49: "rum",
}

NOT_A_PERSONS: Final = frozenset({32, 38})
"""Types whose unknown status concerns a line or a lid, and nobody's safety."""

UNREADABLE: Final = Meaning(K.UNSPECIFIED_ALARM, "oläsligt meddelande")


def meaning(dty: str | None, stc: str | None, options: Mapping[str, str]) -> Meaning:
    """Return what a device type with a status means. options: the enrolled unit's."""
    plain = _meaning(dty, stc)
    device = DEVICES.get(whole_number(dty) or 0)
    if device is not None and device.silent and plain.kind in ALARMS:
        plain = replace(plain, silent=True)  # whatever its status: nobody at an attack button may be given away
    for name in (code(dty, stc), padded(dty)):
        chosen = options.get(OPTION_PREFIX + name)
        if chosen is not None and chosen in _KINDS and (name != padded(dty) or _is_alarm(stc)):
            kind = _KINDS[chosen]
            return replace(plain, kind=kind, silent=True if kind is K.DURESS else plain.silent)
    return plain


def code(dty: str | None, stc: str | None) -> str:
    """Return both codes as they are shown: padded to four digits, the status behind a stroke if there is one."""
    return padded(dty) if stc is None else f"{padded(dty)}/{padded(stc)}"


def padded(text: str | None) -> str:
    """Return a code with its leading zeros; what is no number as it is."""
    number = whole_number(text)
    return (text or "-")[:8] if number is None else f"{number:04d}"


def location(lco: str | None) -> str | None:
    """Return a location code in words, or None."""
    number = whole_number(lco)
    return None if number is None else LOCATIONS.get(number)


def wrong_options(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of options that name no kind of signal."""
    return tuple(name for name, kind in options.items() if name.startswith(OPTION_PREFIX) and kind not in _KINDS)


def _meaning(dty: str | None, stc: str | None) -> Meaning:
    device, status = whole_number(dty), whole_number(stc)
    known = None if device is None else DEVICES.get(device)
    if status is not None and status in STATUSES:
        return STATUSES[status]
    if _is_alarm(stc):
        return known or Meaning(K.UNSPECIFIED_ALARM, f"Larm från okänd enhetstyp {padded(dty)}")
    if device in NOT_A_PERSONS:
        return Meaning(K.DEVICE_FAULT, f"okänd status {padded(stc)}")
    return Meaning(K.UNSPECIFIED_ALARM, f"okänd status {padded(stc)}")


def _is_alarm(stc: str | None) -> bool:
    return stc is None or whole_number(stc) in ALARM_STATUS


_KINDS: Final[Mapping[str, SignalKind]] = {kind.value: kind for kind in SignalKind}
