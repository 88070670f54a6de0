"""What every path to an alarm receiving centre can do, whichever protocol it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol

from larmcentral.domain.forwarding import Handover, Rehearsed
from larmcentral.domain.notice import Probe


class PathResult(Enum):
    """What one try came to."""

    TOOK = "took"
    """The centre says that it has it, also where it says that it had it already."""
    UNREACHED = "unreached"
    """No answer, a broken one, or one that asks for the other receiver: turn to the next path; try here again later."""
    UNFIT = "unfit"
    """The receiver can never take it as it is, not even in its shortest form: next path, and somebody must mend it."""
    UNAUTHORISED = "unauthorised"
    """Our name or password is refused: next path, and do not hammer, for the centre may lock us out."""


@dataclass(frozen=True, slots=True)
class PathAnswer:
    """The outcome of a try on one path. words: what the centre said, or why there is no answer; no secrets.

    in_test: the centre said that we are in its test state. minimal: it was taken only without texts.
    """

    result: PathResult
    words: str
    in_test: bool = False
    minimal: bool = False


class ReceiverPath(Protocol):
    """One address of a centre and one protocol. A try ends within the path's deadline, whatever the other side does."""

    @property
    def name(self) -> str:
        """Return the name that the settings give it."""
        ...

    @property
    def beat_every(self) -> timedelta | None:
        """Return how often heartbeat() is to be called; None where none was ordered."""
        ...

    async def hand_over(self, handover: Handover) -> PathAnswer:
        """Try once (and once more in the shortest form, where the centre finds fault with the text). Never raises."""
        ...

    async def heartbeat(self) -> PathAnswer:
        """Say that we live. Never raises."""
        ...

    async def probe(self) -> Probe:
        """Find out whether the address answers at all, without saying anything that counts as a heartbeat or alarm."""
        ...

    def rehearse(self, handover: Handover) -> Rehearsed:
        """Return what hand_over() would send, and what of it had to be changed. Sends nothing, waits for nothing."""
        ...

    async def start(self) -> None:
        """Open what stays open."""
        ...

    async def stop(self) -> None:
        """Close it; tries under way end as UNREACHED."""
        ...
