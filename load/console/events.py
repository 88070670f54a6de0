"""Server-sent events, read as a browser reads them. Pure.

Source: WHATWG HTML, section 9.2.6 (interpreting an event stream). Lines end with LF, CR or both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_END: Final = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Event:
    """One event as a page hears of it. last_id: what a browser would send as Last-Event-ID from now on."""

    kind: str
    body: bytes
    last_id: str


class Events:
    """One stream. last_id: of the stream before, where it goes on with one."""

    def __init__(self, last_id: str = "") -> None:
        self.last_id = last_id
        self.retry_s: float | None = None
        self._rest = b""
        self._id, self._kind = last_id, ""
        self._lines: list[bytes] = []

    def receive(self, chunk: bytes) -> Iterator[Event]:
        """Take the next bytes; yield the events that they complete, oldest first."""
        said = self._rest + chunk
        place = 0
        for end in _END.finditer(said):
            if end[0] == b"\r" and end.end() == len(said):
                break  # its line feed may be on its way
            event = self._line(said[place : end.start()])
            place = end.end()
            if event is not None:
                yield event
        self._rest = said[place:]

    def _line(self, line: bytes) -> Event | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"event":
                self._kind = value.decode()
            case b"data":
                self._lines.append(value)
            case b"id" if b"\0" not in value:
                self._id = value.decode()
            case b"retry" if value.isdigit():
                self.retry_s = int(value) / 1000
        return None  # what has another name, or none, is a comment

    def _dispatch(self) -> Event | None:
        self.last_id = self._id
        lines, kind = self._lines, self._kind
        self._lines, self._kind = [], ""
        return Event(kind or "message", b"\n".join(lines), self.last_id) if lines else None
