"""What each family can be told between its own frames: what its Tongue has words for, in one table.

A desk must know before a device is there whether it can be asked at all. tests/protocols/test_abilities.py holds
this table against what the conversations really say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """Words that a family has. commission: names of the fields of orders.Commission.

    quiet_locate: True only where a family's own papers promise that a device which is asked where it is shows nothing:
    no sound, no light, no vibration, no call. None of those we know does, so it is False for all of them, and only
    whoever has tried it with a device may say so for that device.
    """

    reassure: bool = False
    locate: bool = False
    quiet_locate: bool = False
    call_back: bool = False
    commission: frozenset[str] = frozenset()


NONE: Final = Abilities()

_NUMBERS: Final = "sos_numbers"

ABILITIES: Final[Mapping[str, Abilities]] = {
    "watch": Abilities(
        reassure=True,
        locate=True,
        call_back=True,
        commission=frozenset({_NUMBERS, "fall_detection", "fall_calls", "report_every_s"}),
    ),
    "minifinder2": NONE,  # keys of ring, call and locate are not known
    "gt06": Abilities(locate=True, commission=frozenset({_NUMBERS, "in_utc"})),
    "teltonika": Abilities(locate=True),
    "gl200": Abilities(locate=True),
    "meitrack": Abilities(locate=True, commission=frozenset({"report_every_s"})),
    "minifinder": Abilities(commission=frozenset({_NUMBERS, "fall_detection", "in_utc"})),
    "h02": Abilities(commission=frozenset({"report_every_s"})),
    "eelink": Abilities(locate=True),
    "topin": Abilities(commission=frozenset({_NUMBERS})),
    "scaip": Abilities(reassure=True, call_back=True),  # only while a unit is held: account option hold
    "owntracks": Abilities(reassure=True, locate=True),
}
"""A protocol that is not here cannot be told anything."""
