"""Kinds of alarm and how grave each is."""

from enum import Enum


class AlarmKind(Enum):
    """What help is called for. The values are the words of DESIGN section 5."""

    PANIC = "panic"
    DURESS = "duress"
    HOLD_UP = "hold_up"
    MEDICAL = "medical"
    MAN_DOWN = "man_down"
    FALL = "fall"
    NO_MOTION = "no_motion"
    UNSPECIFIED_ALARM = "unspecified_alarm"
    MISSED_CHECK_IN = "missed_check_in"

    @property
    def gravity(self) -> int:
        """1 is gravest. An unspecified alarm counts as a panic until somebody knows better, but never above one."""
        match self:
            case AlarmKind.PANIC | AlarmKind.DURESS | AlarmKind.HOLD_UP:
                return 1
            case AlarmKind.MEDICAL | AlarmKind.MAN_DOWN | AlarmKind.FALL | AlarmKind.UNSPECIFIED_ALARM:
                return 2
            case AlarmKind.NO_MOTION | AlarmKind.MISSED_CHECK_IN:
                return 3
