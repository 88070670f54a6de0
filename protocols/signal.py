"""The vocabulary that every protocol decodes to (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, NewType

AccountId = NewType("AccountId", str)
"""The name a transmitter gives itself on one protocol; leading zeros are significant."""


class SignalKind(Enum):
    """What a signal says. Only the kinds in ALARMS call for help."""

    PANIC = "panic"
    DURESS = "duress"
    FALL = "fall"
    MAN_DOWN = "man_down"
    NO_MOTION = "no_motion"
    MEDICAL = "medical"
    HOLD_UP = "hold_up"
    UNSPECIFIED_ALARM = "unspecified_alarm"
    GROUP_ALARM = "group_alarm"
    CHECK_IN = "check_in"
    CANCEL = "cancel"
    SESSION_START = "session_start"
    SESSION_END = "session_end"
    RESTORE = "restore"
    LOW_BATTERY = "low_battery"
    POWER_OFF = "power_off"
    POWER_ON = "power_on"
    EXTERNAL_POWER_LOST = "external_power_lost"
    REMOVED = "removed"
    TAMPER = "tamper"
    DEVICE_FAULT = "device_fault"
    ZONE_ENTER = "zone_enter"
    ZONE_EXIT = "zone_exit"
    POSITION = "position"
    HEARTBEAT = "heartbeat"
    LINK_TEST = "link_test"
    TEST_ALARM = "test_alarm"
    BUTTON = "button"
    UNKNOWN = "unknown"


ALARMS: Final = frozenset(
    {
        SignalKind.PANIC,
        SignalKind.DURESS,
        SignalKind.FALL,
        SignalKind.MAN_DOWN,
        SignalKind.NO_MOTION,
        SignalKind.MEDICAL,
        SignalKind.HOLD_UP,
        SignalKind.UNSPECIFIED_ALARM,
        SignalKind.GROUP_ALARM,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where the device says it was.

    lat, lon: WGS84 degrees. accuracy_m: radius, None where not said. fix_at: time of the fix.
    valid: False where the device itself says "no fix" or "last known place".
    """

    lat: float
    lon: float
    accuracy_m: float | None = None
    fix_at: datetime | None = None
    valid: bool = True
    altitude_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One message taken in, normalised, never changed afterwards. None means the device did not say.

    device: the name it gives itself. event_at, sent_at: the device's claims, aware UTC, however absurd.
    buffered: True if the device says that it sends from memory. silent: handle without sound or call-back.
    code: the device's own code for the event, raw. text: words the device sent for a person.
    evidence: opaque pairs kept for the record: cells, access points, beacons, unknown fields.
    doubts: what the decoder dropped or could not trust, in words ("time 1970-01-01 dropped").
    repeat_key: the message's identity, equal for a retransmission and different for a new press.
    repeat_window: how long repeat_key identifies the message; None means for ever.
    """

    kind: SignalKind
    device: AccountId | None
    repeat_key: str
    repeat_window: timedelta | None = None
    event_at: datetime | None = None
    sent_at: datetime | None = None
    buffered: bool | None = None
    position: Position | None = None
    battery_pct: int | None = None
    charging: bool | None = None
    silent: bool | None = None
    code: str | None = None
    text: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_alarm(self) -> bool:
        """True if this signal calls for help."""
        return self.kind in ALARMS
