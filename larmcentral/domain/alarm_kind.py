"""From a signal's kind to an alarm's: the only place where the two vocabularies meet."""

from collections.abc import Mapping
from typing import Final

from escalation.alarm import AlarmKind
from protocols.signal import ALARMS, SignalKind

ALARM_KINDS: Final[Mapping[SignalKind, AlarmKind]] = {kind: AlarmKind(kind.value) for kind in ALARMS}
COVERT: Final = frozenset({AlarmKind.DURESS})
"""Silent by their nature, whatever the device said."""
