"""What a receiver's status means, and what the sender does upon it.

Source: the protocol notes published with sos-access 0.0.8, as written down in facts/alarm-protocols.md part 1.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Final


class Status(Enum):
    """The statuses that have a name. The spelling is ours where the protocol's is a slip."""

    OK = 0
    INVALID_LENGTH = 1
    INVALID_XML = 2
    WRONG_CONTENT = 3
    NOT_AUTHORIZED = 4
    NOT_TREATED_NOT_DISTRIBUTED = 5
    NOT_AUTHORIZED_IN_AN_EXAMPLE = 6
    """The table says 4, an example 6: heard as 4, never sent."""
    MANDATORY_DATA_MISSING = 7
    SERVICE_UNAVAILABLE = 9
    DUPLICATED_ALARM = 10
    SERVER_ERROR = 98
    OTHER_ERROR = 99
    XML_HEADER = 100
    PING_TOO_OFTEN = 101


class Verdict(Enum):
    """What the sender does upon a status."""

    TAKEN = "taken"
    TAKEN_BEFORE = "taken before"
    """A repeat of what the receiver has: as good as taken."""
    FAULTY = "finds fault with the message"
    """Never as it is; once more with the mandatory fields only."""
    UNAUTHORISED = "refuses our name or password"
    ELSEWHERE = "asks for the other receiver"
    NOT_ORDERED = "has no heartbeat ordered for us"
    TOO_OFTEN = "hears us too often"


VERDICTS: Final[Mapping[Status, Verdict]] = {
    Status.OK: Verdict.TAKEN,
    Status.INVALID_LENGTH: Verdict.FAULTY,
    Status.INVALID_XML: Verdict.FAULTY,
    Status.WRONG_CONTENT: Verdict.FAULTY,
    Status.NOT_AUTHORIZED: Verdict.UNAUTHORISED,
    Status.NOT_TREATED_NOT_DISTRIBUTED: Verdict.ELSEWHERE,
    Status.NOT_AUTHORIZED_IN_AN_EXAMPLE: Verdict.UNAUTHORISED,
    Status.MANDATORY_DATA_MISSING: Verdict.FAULTY,
    Status.SERVICE_UNAVAILABLE: Verdict.NOT_ORDERED,
    Status.DUPLICATED_ALARM: Verdict.TAKEN_BEFORE,
    Status.SERVER_ERROR: Verdict.ELSEWHERE,  # not documented as a reason to turn elsewhere; we do
    Status.OTHER_ERROR: Verdict.ELSEWHERE,
    Status.XML_HEADER: Verdict.FAULTY,
    Status.PING_TOO_OFTEN: Verdict.TOO_OFTEN,
}

LEVELS: Final[Mapping[int, timedelta]] = {
    1: timedelta(hours=25),
    2: timedelta(hours=5),
    3: timedelta(seconds=180),
    4: timedelta(seconds=90),
}
"""Service level -> the longest silence before the receiver raises a line fault. At least two pings in it are asked
for, three to six advised; more may be answered with 101. Levels 3 and 4 ask for a second receiver."""

PING_LEVEL: Final = "ping_level"
"""A unit's option: the ordered service level, "1" to "4". Without it no heartbeat was ordered."""


def level_of(options: Mapping[str, str]) -> timedelta | None:
    """Return the longest silence that a unit's options order; None where no heartbeat was ordered."""
    said = options.get(PING_LEVEL, "")
    return LEVELS[int(said)] if said in {"1", "2", "3", "4"} else None


def verdict(status: int) -> Verdict:
    """Return what to do upon a status; a status of no table is heard as 99."""
    try:
        return VERDICTS[Status(status)]
    except ValueError:
        return Verdict.ELSEWHERE


def name(status: int) -> str:
    """Return the status as an operator reads it: number and name."""
    try:
        return f"{status} {Status(status).name}"
    except ValueError:
        return f"{status} (in no table)"
