"""One frame that networks hand on more than once, each time under another time, is one press.

Two networks may hear one button, and some hand on what a button sends again because its confirmed frame was not
answered. A counter alone names no frame: it begins anew when a device is reset.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from protocols.mqtt.messages import Uplink
from protocols.signal import AccountId

COPIED_WITHIN: Final = timedelta(seconds=10)
"""Between two gateways' roads lie seconds. A press after a reset that has the counter of the last one comes later."""
MOST: Final = 20_000
"""Devices; some 10 MB. Of one that is forgotten a copy counts as a new press."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The last frame of a device that was heard for the first time."""

    what: tuple[object, ...]
    at: datetime


class Copies:
    """The last frame of each device. One for all that a broker hands on."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._last: OrderedDict[AccountId, _Last] = OrderedDict()

    def first_at(self, device: AccountId, uplink: Uplink, at: datetime) -> datetime:
        """Return by which time a frame is known: that of its first copy, or its own, which is at."""
        if uplink.event != "up" or uplink.counter is None:
            if uplink.event == "join":
                self._last.pop(device, None)
            return at
        what = (uplink.counter, uplink.port, uplink.frame, uplink.fields)
        last = self._last.get(device)
        if last is not None and last.what == what and abs(at - last.at) <= COPIED_WITHIN:
            return last.at
        self._last.pop(device, None)
        self._last[device] = _Last(what, at)
        if len(self._last) > self._most:
            self._last.popitem(last=False)
        return at
