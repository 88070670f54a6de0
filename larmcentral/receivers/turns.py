"""Whose bytes are read next when more come than can be: who calls for help is never behind those that flood.

The loop calls every connection that has something to say before anything else goes on, so the time that all of them
may take together in one turn of it is bounded here; whoever comes later waits for the next, and is not read meanwhile.
One for all receivers of a process, since they share its loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final, Protocol

from larmcentral.ports import Clock

TURN_S: Final = 0.002
"""An alarm needs some twenty turns of the loop from its bytes to its notices."""
LEVELS_BYTES: Final = (512, 1024, 2048, 4096)
"""Who has said no more than so much is of level 0, 1, 2, 3, and beyond that of the last. Level 0 is for a log-in, a
position and a call for help; a device that comes back with ten messages from memory goes before one that floods."""
FORGOTTEN_BYTES_PER_S: Final = 100
"""What may be said in the long run: five times as much as one says that reports its place every ten seconds."""
UNDER_WAY: Final = 2_000
"""Arrivals whose commit is waited for; what talkers say beyond that would be read only to be refused."""
HUSH_S: Final = 0.1
"""After an alarm was stored, its notices have to leave."""
TALKER_EVERY_S: Final = 0.02
"""In a hush, one talker is heard so often: where alarms never end, an alarm may be among its words too."""
LAST_LEVEL: Final = len(LEVELS_BYTES)
BEHIND: Final = 64
"""Of level 0: some ten turns' work. Whoever is taken in beyond that waits here in place of the kernel's queue, where
nobody is sent away for him."""


class Speaker(Protocol):
    """A connection that bytes have come on."""

    def hear(self) -> None:
        """Take what has come; nothing if there is nothing."""
        ...


class Talk:
    """How much one connection has said lately. Pure: seconds come in."""

    __slots__ = ("_at_s", "_said")

    def __init__(self, now_s: float) -> None:
        self._said, self._at_s = 0.0, now_s

    def level(self, size: int, now_s: float) -> int:
        """Count so many bytes more; return the level of who has said as much. 0 is heard first."""
        self._said = max(0.0, self._said - (now_s - self._at_s) * FORGOTTEN_BYTES_PER_S)
        self._at_s = now_s
        self._said = min(LEVELS_BYTES[-1] + 1.0, self._said + size)
        return next((level for level, most in enumerate(LEVELS_BYTES) if self._said <= most), LAST_LEVEL)


class Turns:
    """Gives each connection its turn, whoever has said least lately first.

    Level 0 is always heard. All others are talkers: they are while there is room and no alarm is under way.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._levels: tuple[deque[Speaker], ...] = tuple(deque() for _ in range(LAST_LEVEL + 1))
        self._under_way = self._alarms = 0
        self._spent_s = 0.0
        self._hushed_until_s = self._talked_at_s = float("-inf")
        self._turning: asyncio.Handle | None = None
        self._talking: asyncio.TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many connections wait for their turn."""
        return sum(map(len, self._levels))

    @property
    def behind(self) -> bool:
        """True while even those who say little, newcomers among them, are not heard as fast as they come."""
        return len(self._levels[0]) >= BEHIND

    def ask(self, speaker: Speaker, level: int) -> None:
        """Have it heard, now or in a later turn; it must not ask again before that."""
        if self._spent_s < TURN_S and not any(self._levels[: level + 1]) and (not level or self._talkers_may()):
            self._hear(speaker, level)
        else:
            self._levels[level].append(speaker)
        self._turn_soon()

    def begin(self, *, alarm: bool) -> None:
        """An arrival is on its way to the disk."""
        self._under_way += 1
        self._alarms += alarm

    def done(self, *, alarm: bool) -> None:
        """It is there, or was refused."""
        self._under_way -= 1
        if alarm:
            self._alarms -= 1
            self._hushed_until_s = self._clock.monotonic() + HUSH_S
        if any(self._levels):
            self._turn_soon()

    def _talkers_may(self) -> bool:
        if self._under_way >= UNDER_WAY:
            return False
        now_s = self._clock.monotonic()
        hushed = self._alarms > 0 or now_s < self._hushed_until_s
        return not hushed or now_s >= self._talked_at_s + TALKER_EVERY_S

    def _turn_soon(self) -> None:
        if self._turning is None:
            self._turning = asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._turning = None
        self._spent_s = 0.0
        if self._talking is not None:
            self._talking.cancel()
            self._talking = None
        for level, waiting in enumerate(self._levels):
            while waiting and self._spent_s < TURN_S and (not level or self._talkers_may()):
                self._hear(waiting.popleft(), level)
        if self._levels[0] or (self.waiting and self._talkers_may()):
            self._turn_soon()
        elif self.waiting and self._under_way < UNDER_WAY:
            self._talking = asyncio.get_running_loop().call_later(TALKER_EVERY_S, self._turn_soon)

    def _hear(self, speaker: Speaker, level: int) -> None:
        began_s = self._clock.monotonic()
        speaker.hear()
        ended_s = self._clock.monotonic()
        self._spent_s += ended_s - began_s
        if level:
            self._talked_at_s = ended_s
