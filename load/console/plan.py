"""Who sits before the house's screens; the table [console] of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from load.profile import Profile

MEMBERS: Final = 3
"""Of a team; each of them has a phone."""
MARGIN_S: Final = 5.0
"""Time for the stand-downs themselves: a second press on an open incident would join it and tell nobody."""
PHASES: Final = 3
"""The same alarms without the screens, with them, and without them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolePlan:
    """How many screens read the feed, and what else they do.

    operators: consoles at the desk, each with a user of its own. phones: of responders, one each; a team has three.
    browsers: processes that the screens live in. enter_s: within which all of them come.
    cut_every_s: how long a screen's line stands at the mean until it is cut, desk and phone alike; 0 for never.
    coming: the share of those told who look at the call and say that they are coming, within `answer_s`.
    seen_p99_ms: from the intended press to seen on a console whose line stood. push_ratio: p99 from press to push with
    all screens, against without any.
    """

    operators: int = 50
    phones: int = 2000
    browsers: int = 1
    enter_s: float = 20.0
    cut_every_s: float = 60.0
    coming: float = 0.3
    answer_s: float = 5.0
    seen_p99_ms: float = 500.0
    push_ratio: float = 1.2

    def complaints(self, profile: Profile) -> list[str]:
        """Say in words why it cannot be run; empty if it can."""
        said = []
        if min(self.operators, self.phones, self.browsers) < 1 or self.enter_s <= 0:
            said.append("operators, phones and browsers are 1 or more, enter_s is above zero")
        if self.phones > profile.teams * MEMBERS:
            said.append(f"{profile.teams} teams of {MEMBERS} have no {self.phones} phones")
        if not 0 <= self.coming <= 1 or min(self.cut_every_s, self.answer_s) < 0:
            said.append("coming is a share of one; cut_every_s and answer_s are not below zero")
        if profile.consoles or profile.flood:
            said.append("consoles and flood are 0: the screens are those of the table")
        after_s = profile.stand_down_after_s
        if after_s <= self.answer_s or profile.devices / profile.alarms_per_s < after_s + MARGIN_S:
            said.append("stand_down_after_s leaves time for the answers, and no watch presses again before it is over")
        return said
