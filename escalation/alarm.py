"""Kinds of alarm and how grave each is."""

from __future__ import annotations

from enum import Enum


class AlarmKind(Enum):
    """What help is called for. The values are the words of DESIGN section 5; from MISSED_CHECK_IN on the server raises
    them."""

    PANIC = "panic"
    DURESS = "duress"
    HOLD_UP = "hold_up"
    MEDICAL = "medical"
    MAN_DOWN = "man_down"
    FALL = "fall"
    NO_MOTION = "no_motion"
    UNSPECIFIED_ALARM = "unspecified_alarm"
    GROUP_ALARM = "group_alarm"
    """Bråklarm (SSF 130): colleagues in the building come; nobody's life is in danger yet."""

    MISSED_CHECK_IN = "missed_check_in"
    OVERDUE = "overdue"
    """A session or visit did not end when it should."""
    LOST_CONTACT = "lost_contact"
    """The transmitter of somebody who works alone fell silent."""

    SILENT_DEVICE = "silent_device"
    """The transmitter of somebody who does not work alone just now fell silent."""
    LOW_BATTERY = "low_battery"
    POWER_OFF = "power_off"
    REMOVED = "removed"
    TAMPER = "tamper"
    DEVICE_FAULT = "device_fault"

    @property
    def gravity(self) -> int:
        """1 is gravest. An unspecified alarm counts as a panic until somebody knows better, but never above one."""
        match self:
            case AlarmKind.PANIC | AlarmKind.DURESS | AlarmKind.HOLD_UP:
                return 1
            case (
                AlarmKind.MEDICAL
                | AlarmKind.MAN_DOWN
                | AlarmKind.FALL
                | AlarmKind.UNSPECIFIED_ALARM
                | AlarmKind.GROUP_ALARM
            ):
                return 2
            case AlarmKind.NO_MOTION | AlarmKind.MISSED_CHECK_IN | AlarmKind.OVERDUE | AlarmKind.LOST_CONTACT:
                return 3
            case (
                AlarmKind.SILENT_DEVICE
                | AlarmKind.LOW_BATTERY
                | AlarmKind.POWER_OFF
                | AlarmKind.REMOVED
                | AlarmKind.TAMPER
                | AlarmKind.DEVICE_FAULT
            ):
                return 4

    @property
    def technical(self) -> bool:
        """True if a device wants help and not a person: its incident is about the device, on a chain of its own."""
        return self.gravity == 4

    @property
    def from_silence(self) -> bool:
        """True if it was raised because nothing was heard, so that a sign of life from the wearer ends it."""
        return self in {AlarmKind.MISSED_CHECK_IN, AlarmKind.OVERDUE, AlarmKind.LOST_CONTACT}

    def graver(self, other: AlarmKind) -> AlarmKind:
        """Return the graver of the two, and this one where they are equal; but duress stays duress.

        Its wearer must never be told anything, whatever else was raised for him.
        """
        if other.gravity == self.gravity:
            return other if other is AlarmKind.DURESS else self
        return other if other.gravity < self.gravity else self
