"""The one timer of a conversation, on monotonic time (ops/decisions/0008)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from larmcentral.ports import Clock
from protocols.conversation import Conversation

SHORTEST_WAIT_S: Final = 0.01
"""Between two looks at one deadline, whatever the conversation says."""


class Deadline:
    """Rings once the conversation's deadline is over.

    The timer is only moved towards an earlier deadline; for a later one, which comes with every frame, it looks
    again when it rings. passed: called with the time to tell the conversation, never before its deadline.
    """

    def __init__(self, conversation: Conversation, clock: Clock, passed: Callable[[datetime], None]) -> None:
        self._conversation, self._clock, self._passed = conversation, clock, passed
        self._loop = asyncio.get_running_loop()
        self._due_at: datetime | None = None
        self._due_s = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def look(self, now: datetime) -> None:
        """The conversation was told something: its deadline may have moved."""
        due_at = self._conversation.next_deadline()
        if due_at is None:
            self.drop()
            return
        if due_at != self._due_at:
            self._due_at = due_at
            self._due_s = self._loop.time() + (due_at - now).total_seconds()
        if self._timer is None or self._due_s < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            wait_s = max(SHORTEST_WAIT_S, self._due_s - self._loop.time())
            self._timer = self._loop.call_later(wait_s, self._ring)

    def drop(self) -> None:
        """Ring no more."""
        self._due_at = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        now = self._clock.now()
        if self._due_at is None or self._loop.time() < self._due_s:
            self.look(now)
            return
        # the wall clock may have been set back meanwhile; the wait was on the monotonic one and is over
        due = max(now, self._due_at)
        self._due_at = None
        self._passed(due)
