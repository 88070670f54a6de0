"""How long, how hard and how flat; the table [soak] of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from load.profile import Profile

MARGIN_S: Final = 5.0
"""Time for the stand-downs themselves."""
THIRDS: Final = 3
"""The first is warm-up; the first and the last are held against each other."""
FEWEST_SAMPLES: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakPlan:
    """What comes and goes beside the devices that stay, and how much may grow.

    sample_s: between two looks. visitors: watches beyond the profile's devices, which nobody wears for long: each
    connects for `visit_s` at the mean, says where it is, hangs up, and comes again. consoles: operators' screens, each
    open for `stay_s` at the mean, its line cut every `cut_every_s`.
    rss_growth, descriptor_growth: by what share of its level a process may grow over the judged time, by the slope
    that the samples have; rss_room_mb, descriptor_room: below so much nothing is called growth. Threads and the
    database's connections have the room of `thread_room`.
    p99_ratio: of the last third to the first, press to notice. size_ratio: bytes an alarm in the last third to those
    in the middle one.
    """

    sample_s: float = 10.0
    visitors: int = 200
    visit_s: float = 20.0
    consoles: int = 10
    stay_s: float = 60.0
    cut_every_s: float = 60.0
    rss_growth: float = 0.05
    rss_room_mb: float = 12.0
    descriptor_growth: float = 0.02
    descriptor_room: float = 12.0
    thread_room: float = 2.0
    p99_ratio: float = 1.2
    size_ratio: float = 1.2

    def complaints(self, profile: Profile) -> list[str]:
        """Say in words why it cannot be run; empty if it can."""
        said = []
        if self.sample_s <= 0 or profile.run_s / self.sample_s < FEWEST_SAMPLES:
            said.append(f"run_s must hold {FEWEST_SAMPLES} samples or more, sample_s apart")
        if self.visitors < 0 or self.consoles < 0 or min(self.visit_s, self.stay_s) <= 0 or self.cut_every_s < 0:
            said.append("visitors, consoles and cut_every_s are not below zero, visit_s and stay_s above it")
        if not profile.stand_down_after_s:
            said.append("stand_down_after_s: what stays open for an hour would be growth that we ordered")
        elif profile.devices / profile.alarms_per_s < profile.stand_down_after_s + MARGIN_S:
            said.append("a watch presses again before its last incident is surely stood down: more devices")
        if profile.roles == ("all",) or profile.flood or profile.families != (("watch", 1),):
            said.append("roles are separate, so that each is judged; no flood comes, and all devices are watches")
        return said
