"""From a signal's kind to an alarm's: the only place where the two vocabularies meet."""

from collections.abc import Mapping
from typing import Final

from escalation.alarm import AlarmKind
from protocols.signal import ALARMS, SignalKind

ALARM_KINDS: Final[Mapping[SignalKind, AlarmKind]] = {kind: AlarmKind(kind.value) for kind in ALARMS}
COVERT: Final = frozenset({AlarmKind.DURESS})
"""Silent by their nature, whatever the device said."""

COUNTED_DOWN: Final = frozenset({AlarmKind.FALL, AlarmKind.MAN_DOWN, AlarmKind.NO_MOTION})
"""What a sensor guesses: its wearer may be asked first. What a person pressed is never counted down."""

TECHNICAL_KINDS: Final[Mapping[SignalKind, AlarmKind]] = {
    SignalKind.LOW_BATTERY: AlarmKind.LOW_BATTERY,
    SignalKind.POWER_OFF: AlarmKind.POWER_OFF,
    SignalKind.REMOVED: AlarmKind.REMOVED,
    SignalKind.TAMPER: AlarmKind.TAMPER,
    SignalKind.DEVICE_FAULT: AlarmKind.DEVICE_FAULT,
    SignalKind.EXTERNAL_POWER_LOST: AlarmKind.DEVICE_FAULT,
}
"""What a device suffers from; its incident is about the device."""
