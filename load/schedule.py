"""Who presses when: fixed before the first press, whatever becomes of the ones before (open loop). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from load.profile import Profile


class Phase(Enum):
    """What a press is counted under."""

    WARM_UP = "warm_up"
    RUN = "run"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True)
class Presses:
    """A run of presses at a steady rate. begin_s: monotonic time of the first one. first: its number.

    The device of press number n is n modulo the number of devices, so that everybody presses in turn.
    """

    begin_s: float
    per_s: float
    first: int
    count: int
    devices: int

    def intended(self, number: int) -> float:
        """When the press with this number is due, in monotonic seconds."""
        return self.begin_s + (number - self.first) / self.per_s

    def of(self, generator: int, generators: int) -> Iterator[tuple[int, int, float]]:
        """Yield number, device and intended time of one generator's presses, in order."""
        for number in range(self.first, self.first + self.count):
            device = number % self.devices
            if device % generators == generator:
                yield number, device, self.intended(number)


def phase_of(profile: Profile, number: int) -> Phase:
    """Return the phase of a press by its number."""
    if number < profile.warm_up_presses:
        return Phase.WARM_UP
    return Phase.RUN if number < profile.warm_up_presses + profile.run_presses else Phase.FLOOD


def main_presses(profile: Profile, begin_s: float) -> Presses:
    """Warm-up and run, without a gap between them."""
    count = profile.warm_up_presses + profile.run_presses
    return Presses(begin_s, profile.alarms_per_s, 0, count, profile.devices)


def flood_presses(profile: Profile, begin_s: float) -> Presses:
    """The flood: as many at once as no server of this size takes; each watch presses at most once in it."""
    first = profile.warm_up_presses + profile.run_presses
    return Presses(begin_s, profile.flood_per_s, first, profile.flood, profile.devices)
