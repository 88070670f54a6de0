"""Which families of devices press: their shares in a fleet, what builds them, and the names that they give themselves.

Only families over TCP whose press is answered: without an ack nobody could say that a press was lost.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from devices.device import Build

Shares = Sequence[tuple[str, int]]
"""A family, and its parts of the whole."""

FAMILIES: Final[frozenset[str]] = frozenset(
    {"watch", "gt06", "teltonika", "meitrack", "minifinder2", "h02", "eelink", "topin", "gl200"}
)
FIRST_ACCOUNT: Final = 8_660_010_000
SHORT: Final[frozenset[str]] = frozenset({"watch", "h02"})
"""They name themselves with ten digits; all others with the fifteen of an IMEI."""
BEFORE: Final = "86600"

_GOLDEN: Final = (5**0.5 - 1) / 2


def family_of(shares: Shares, device: int) -> str:
    """Return the family of the device with this number.

    Multiples of the golden ratio lie evenly, also those of every second or third number: each generator, and each
    second of the run, has its part of every family.
    """
    sums = list(accumulate(parts for _, parts in shares))
    place = device * _GOLDEN % 1 * sums[-1]
    return next(family for (family, _), up_to in zip(shares, sums, strict=True) if place < up_to)


def of_press(shares: Shares, devices: int, number: int) -> str:
    """Return the family of whoever made the press with this number."""
    return family_of(shares, number % devices)


def account_of(family: str, device: int) -> str:
    """Return the name that a device of a family gives itself; no two devices of a fleet share one."""
    digits = str(FIRST_ACCOUNT + device)
    return digits if family in SHORT else BEFORE + digits


def builder_of(family: str) -> Build:
    """Return what builds an emulated device of a family."""
    build: Build = importlib.import_module(f"devices.{family}").build
    return build


def complaints_of(shares: Shares) -> list[str]:
    """Say in words why a fleet cannot be mixed so; empty if it can."""
    said = [f"nobody knows the family {family}" for family, _ in shares if family not in FAMILIES]
    if not shares or min(parts for _, parts in shares) < 1:
        said.append("families: each with 1 or more parts of the whole, and at least one")
    return said
