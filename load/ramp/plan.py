"""How a rate rises; the table [ramp] of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from load.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class RampPlan:
    """The profile's alarms_per_s is where it begins, its run_s how long a step lasts; then the house comes to rest.

    step_per_s: each step offers so much more than the one before, until one breaks. fine_per_s: then from the last that
    held in steps so small. limit_ms: a step whose p99.9 of the notices is longer has broken. tries: a rate is past the
    knee once so many steps of it have broken, for the machine may have had something else to do. of_ceiling: the knee
    is wanted at this share of what the bare client reaches.
    """

    step_per_s: float = 25.0
    fine_per_s: float = 5.0
    limit_ms: float = 1000.0
    tries: int = 2
    of_ceiling: float = 0.5

    def complaints(self, profile: Profile) -> list[str]:
        """Say in words why it cannot be run; empty if it can."""
        said = []
        if not 0 < self.fine_per_s <= self.step_per_s or self.limit_ms <= 0:
            said.append("step_per_s and limit_ms are above zero, and fine_per_s is no more than step_per_s")
        if self.tries < 1:
            said.append("tries is 1 or more")
        if profile.stand_down_after_s or profile.flood:
            said.append("in a ramp nothing is stood down, and no flood comes")
        if profile.warm_up_presses + profile.run_presses > profile.devices:
            said.append("nobody presses twice in a ramp: more devices, or fewer presses in the first step")
        return said
