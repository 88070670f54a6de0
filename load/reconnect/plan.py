"""What an outage is; the table [reconnect] of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from load.profile import Profile


class Outage(Enum):
    """Whose outage it is."""

    NETWORK = "network"
    """The devices' own: every connection is cut, and the server stays."""
    HOUSE = "house"
    """Ours: the receivers are killed (SIGKILL) and started again."""
    SILENCE = "silence"
    """Ours, and so long that supervision looks for every device meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconnectPlan:
    """One house, and one outage of each sort in turn.

    outage_s: how long the network is away, and how long a killed receiver stays down before it is started again.
    silence_s: the same in the last outage. silent_for_s: so much longer it is made to look, by moving back when each
    device was heard: together with silence_s more than a wearable's window of supervision.
    presses: devices that press in each of the first two outages and the rush after it, at moments that seed draws
    within press_over_s from the outage's begin. within_s: how long a device is waited for.
    answered_p99_s, all_back_s, press_p99_ms: what is wanted. The first two count from when the network, or the server,
    is back, with what a device waits by itself between its attempts; a press too, or from itself if it comes later, but
    after an outage of ours, where those waits are most of it, from when it was taken in.
    """

    seed: int = 1
    outage_s: float = 5.0
    silence_s: float = 75.0
    silent_for_s: float = 240.0
    presses: int = 50
    press_over_s: float = 20.0
    within_s: float = 120.0
    answered_p99_s: float = 20.0
    all_back_s: float = 30.0
    press_p99_ms: float = 1000.0

    def complaints(self, profile: Profile) -> list[str]:
        """Say in words why it cannot be run; empty if it can."""
        said = []
        if not 0 < self.presses * 2 <= profile.devices:
            said.append("nothing is stood down, so each press of both outages needs a device of its own")
        if min(self.outage_s, self.press_over_s, self.within_s) <= 0 or min(self.silence_s, self.silent_for_s) < 0:
            said.append("outage_s, press_over_s and within_s are above zero; without silence_s the last is left out")
        if "receiver" not in profile.roles or profile.stand_down_after_s:
            said.append("an outage is met by separate roles, and nothing is stood down in it")
        return said
