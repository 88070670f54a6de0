"""Where a device was heard last that keeps no connection, so that something can be said to it while it listens.

A device behind a mobile network's address translation is reached for a minute or so after its own datagram, and not
at all later. Nobody proves who he is over UDP, no more than over TCP: a name is enough for either.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from larmcentral.receivers.sessions import Line, Name

LISTENS_FOR_S: Final = 60.0
"""What mobile networks keep a way back open for, at the least."""
REMEMBERED: Final = 50_000
"""Some 30 MB; a house with more devices that spoke within the minute has more than one process."""


class Echoes:
    """Device -> the way back to where it was heard last, for LISTENS_FOR_S. monotonic: as of ports.Clock."""

    def __init__(self, monotonic: Callable[[], float], *, most: int = REMEMBERED) -> None:
        self._monotonic, self._most = monotonic, most
        self._lines: OrderedDict[Name, tuple[float, Line]] = OrderedDict()

    def __len__(self) -> int:
        self._forget()
        return len(self._lines)

    def heard(self, name: Name, line: Line) -> None:
        """The device spoke; what it was reached by before is forgotten."""
        self._forget()
        self._lines[name] = self._monotonic() + LISTENS_FOR_S, line
        self._lines.move_to_end(name)
        if len(self._lines) > self._most:
            self._lines.popitem(last=False)

    def names(self) -> list[Name]:
        """Return all devices that may still listen."""
        self._forget()
        return list(self._lines)

    def line(self, name: Name) -> Line | None:
        """Return the way back, or None if the device was not heard within the minute."""
        self._forget()
        found = self._lines.get(name)
        return None if found is None else found[1]

    def _forget(self) -> None:
        now_s = self._monotonic()
        while self._lines:
            until_s, _ = next(iter(self._lines.values()))
            if until_s > now_s:
                return
            self._lines.popitem(last=False)
