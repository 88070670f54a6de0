"""Which open connection a device speaks on, so that something can be said to it between its own frames."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, Protocol

from protocols.conversation import Conversation
from protocols.signal import AccountId

Name = tuple[str, AccountId]
"""Protocol and account: together they name one device."""

NAMES_PER_LINE: Final = 64


class Line(Protocol):
    """One open connection."""

    @property
    def conversation(self) -> Conversation:
        """What is spoken on it; builds the bytes of a downlink."""
        ...

    def send(self, data: bytes) -> bool:
        """Write the bytes; False if the connection is closing or does not take more just now."""
        ...

    def replaced(self) -> None:
        """The last of its devices speaks on a newer connection: close."""
        ...


class Sessions:
    """Device -> its newest connection. A connection may speak for several devices, a device has one connection."""

    def __init__(self) -> None:
        self._lines: dict[Name, Line] = {}
        self._names: dict[Line, OrderedDict[Name, None]] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def arrive(self, protocol: str, device: AccountId, line: Line, *, most: int = NAMES_PER_LINE) -> None:
        """The device has said its name on this connection; the older one is closed if it has no device left."""
        name = (protocol, device)
        older = self._lines.get(name)
        if older is line:
            return
        self._lines[name] = line
        names = self._names.setdefault(line, OrderedDict())
        names[name] = None
        if len(names) > most:
            oldest, _ = names.popitem(last=False)
            del self._lines[oldest]
        if older is not None:
            left = self._names[older]
            del left[name]
            if not left:
                del self._names[older]
                older.replaced()

    def leave(self, line: Line) -> None:
        """The connection is gone. May be said of one that never had a name."""
        for name in self._names.pop(line, ()):
            del self._lines[name]

    def speaks(self, line: Line) -> bool:
        """Say whether a device has named itself on this connection."""
        return line in self._names

    def line(self, name: Name) -> Line | None:
        """Return the device's connection, or None if it has none."""
        return self._lines.get(name)
