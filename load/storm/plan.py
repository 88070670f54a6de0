"""What a storm is made of; the table [storm] of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from load.profile import Profile

FAMILY: Final = "gl200"
"""Text, and every message of it is acked by its counter, so that no ack can be taken for another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormPlan:
    """Two storms on one house, and what they are held against.

    units: devices of the family that storms; the profile's own devices are connected and stay out of it, and
    press in the flood. seed: draws who comes back when, and whose are the panics.
    Backlog: `buffered` messages from memory within `buffered_s`, `panics` of them calls for help. Flood: first
    `capacity_s` of as much as the server answers, `window` messages of each unit under way; then for `flood_s` `times`
    as much whatever it answers, and `presses_per_s` of the others.
    heartbeats, events: their share of the telemetry; the rest are positions. An event is filed, the others are folded.
    panic_p99_ms: from the intended press to each of its notices, in either storm.
    """

    units: int = 2000
    seed: int = 1
    buffered: int = 20_000
    buffered_s: float = 60.0
    panics: int = 12
    capacity_s: float = 8.0
    window: int = 8
    times: float = 10.0
    flood_s: float = 30.0
    presses_per_s: float = 1.0
    heartbeats: float = 0.2
    events: float = 0.2
    panic_p99_ms: float = 250.0

    @property
    def presses(self) -> int:
        """Presses of watches in the flood."""
        return round(self.flood_s * self.presses_per_s)

    def complaints(self, profile: Profile) -> list[str]:
        """Say in words why it cannot be run; empty if it can."""
        said = []
        if self.units < profile.generators or self.units % profile.generators:
            said.append("units must divide evenly among the generators")
        if self.buffered < self.units or self.buffered % max(1, self.units):
            said.append("buffered must be a whole number of messages for each unit")
        if not 0 < self.panics <= self.units:
            said.append("panics: one or more, and each from a unit of its own")
        if min(self.buffered_s, self.flood_s, self.times) <= 0 or self.capacity_s <= 1 or self.window < 1:
            said.append("buffered_s, flood_s, times and window are above zero, capacity_s is above one second")
        if not 0 < self.presses <= profile.devices:
            said.append("nothing is stood down, so each press of the flood needs a device of its own, and there is one")
        if min(self.heartbeats, self.events) < 0 or self.heartbeats + self.events > 1 or not self.events:
            said.append("heartbeats and events are shares of one, and without events nothing could be lost")
        if FAMILY not in dict(profile.families):
            said.append(f"{FAMILY} must be among the families, or nobody listens to the units")
        if profile.roles == ("all",) or profile.stand_down_after_s:
            said.append("a storm is met by separate roles, and nothing is stood down in it")
        return said
