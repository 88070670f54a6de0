"""Which Teltonika models a person wears and which ride in a vehicle: meaning depends on it, the stream does not say.

Source: facts/wearable-protocols.md sections 1 and 3; the families' names are the maker's own.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Carried(Enum):
    """By whom or what a device is carried."""

    PERSON = "person"
    VEHICLE = "vehicle"
    UNKNOWN = "unknown"


# Beginnings of model names, without blanks and dashes.
_BY_PERSONS: Final = ("TMT", "GH", "TST", "TAT")
_BY_VEHICLES: Final = ("FM", "FT", "MTB", "MSP", "TFT")


def carried_by(model: str | None) -> Carried:
    """Say who carries this model. model: from the registry, in any spelling; None or a strange one is UNKNOWN."""
    name = "".join(letter for letter in (model or "").upper() if letter.isalnum()).removeprefix("TELTONIKA")
    if name.startswith(_BY_PERSONS):
        return Carried.PERSON
    return Carried.VEHICLE if name.startswith(_BY_VEHICLES) else Carried.UNKNOWN
