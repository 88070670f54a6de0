"""Which order a device's reply answers, where its words tell: a watch that confirms FIND has not said where it is.

Source: the families' own READMEs, on what a device says back to a downlink.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from protocols.orders import CallBack, Commission, Locate, Order, Reassure
from protocols.signal import Signal

ORDER_NAMED: Final = "order"
"""Name of the evidence by which a family's reply says which command of ours it answers."""

NOT_OURS: Final[frozenset[type[Order]]] = frozenset()
"""The reply to something that no order of ours says: a text message from elsewhere, or an older question."""

_FIRST_WORD: Final = re.compile(r"[A-Z]+[0-9]*(?=[ ,#]|$)")
"""Replies without one ("ok", "Lat:57.9") are words for people; it may be any order that they answer."""

_WATCH: Final[dict[str, type[Order]]] = {
    **dict.fromkeys(("MESSAGE", "FIND"), Reassure),
    "CR": Locate,
    "CALL": CallBack,
    **dict.fromkeys(("SOS1", "SOS2", "SOS3", "FALLDOWN", "LZ", "UPLOAD"), Commission),
}
_BY_FIRST_WORD: Final[Mapping[str, Mapping[str, type[Order]]]] = {
    "watch": _WATCH,
    "gl200": {"GTRTO": Locate},
    "meitrack": {"A10": Locate, "A12": Commission},
    "h02": {"D1": Commission},
}
"""Families whose reply begins with the word of the downlink that it answers."""

_BY_COMMAND: Final[Mapping[str, Mapping[str, type[Order]]]] = {
    "gt06": {"WHERE": Locate, "SOS": Commission, "GMT": Commission},
}
"""Families whose reply gives back the number of our command, by which the conversation knows its word."""


def answered_by(protocol: str, reply: Signal) -> frozenset[type[Order]] | None:
    """Return the orders that a reply can be the answer to: one, or NOT_OURS; None where its words do not tell."""
    if (commands := _BY_COMMAND.get(protocol)) is not None:
        named = next((value for name, value in reply.evidence if name == ORDER_NAMED), None)
        return None if named is None else _one(commands.get(named))
    words, said = _BY_FIRST_WORD.get(protocol), (reply.text or "").strip()
    if words is None:
        return None
    # A watch says its words in any case; elsewhere small letters are no word of the wire.
    first = _FIRST_WORD.match(said.upper() if protocol == "watch" else said)
    return None if first is None else _one(words.get(first[0]))


def _one(order: type[Order] | None) -> frozenset[type[Order]]:
    return NOT_OURS if order is None else frozenset({order})
