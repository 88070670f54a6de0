"""How old the old house is; the table [flat] of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from load.profile import Profile

MARGIN_S: Final = 5.0
"""Time for the stand-downs themselves."""
DISK_BYTES: Final = 20_000
"""Of an old incident with all its rows and indexes, and the write-ahead log while it is filled in: an estimate."""
DISK_ROOM_BYTES: Final = 2 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatPlan:
    """An old house and a new one, pressed in by turns.

    incidents: old ones, each whole, spread over `years`. persons: wearers with a device each, of whom the profile's
    devices press. rounds: how often the new house and the old one have their turn; each turn is a warm-up and a run.
    lanes: connections that fill in the old. reads: how often each page is fetched.
    p99_ratio: press to notice, old house against new.
    """

    incidents: int = 1_000_000
    persons: int = 50_000
    years: float = 3.0
    rounds: int = 2
    lanes: int = 2
    reads: int = 30
    p99_ratio: float = 1.2

    @property
    def span(self) -> timedelta:
        """How long ago the oldest incident was."""
        return timedelta(days=365.25 * self.years)

    @property
    def disk_bytes(self) -> int:
        """How much room on disk it takes, at the most."""
        return self.incidents * DISK_BYTES + DISK_ROOM_BYTES

    def complaints(self, profile: Profile) -> list[str]:
        """Say in words why it cannot be run; empty if it can."""
        said = []
        if min(self.incidents, self.rounds, self.lanes, self.reads) < 1 or self.years <= 0:
            said.append("incidents, rounds, lanes and reads are 1 or more, years is above zero")
        if self.persons < profile.devices:
            said.append("persons: at least one for each device")
        if profile.flood or profile.receivers != 1 or profile.families != (("watch", 1),):
            said.append("no flood comes, there is one receiver, and all devices are watches")
        after_s = profile.stand_down_after_s
        if not after_s or profile.devices / profile.alarms_per_s < after_s + MARGIN_S:
            said.append("each incident is stood down before its watch presses again: more devices, or sooner")
        return said
