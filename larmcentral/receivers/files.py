"""Whether this process may still open files for devices, with some left for the database, push and the log."""

from __future__ import annotations

import os
import resource
from typing import Final

RESERVED: Final = 64
"""Files that no device gets: the pools' connections, those of the ways out that are opened anew, health and log."""


def has_room(reserved: int = RESERVED) -> bool:
    """Say whether a device may take a file.

    The kernel gives the lowest number that is free, so a device is only ever among the first of them, and the last
    `reserved` ones, or a half of all where the limit is smaller than twice that, are left for ourselves.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        lowest = os.dup(2)
    except OSError:
        return False
    os.close(lowest)
    return lowest < limit - min(reserved, limit // 2)
