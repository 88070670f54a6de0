"""What a message centre reports of a message, out of deliver_sm: optional parameters, or words in its text.

Source: SMPP v3.4, section 5.2.12 (esm_class), 5.2.28 (message_state) and appendix B (the usual text of a receipt).
Choices: where the optional parameters are there they win, for the text is nobody's standard; some centres write its
message id in another base than their answer to submit_sm had. Words that we do not know say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from protocols.smpp import MESSAGE_STATE, RECEIPTED_MESSAGE_ID, Message

RECEIPT: Final = 0b0000_0100
_TYPE_BITS: Final = 0b0011_1100
HEADER_BIT: Final = 0b0100_0000
"""esm_class: the text begins with a user data header, as parts of a long message do."""

MAX_ID_CHARS: Final = 65


class MessageState(Enum):
    """What became of a message, as far as its sender cares."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    LOST = "lost"
    """Expired, deleted, undeliverable or rejected: nobody will get it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report. word: the centre's own, for the record."""

    message_id: str
    state: MessageState
    word: str


# message_state and the seven letters of appendix B
_STATES: Final[Mapping[int, tuple[str, MessageState]]] = {
    1: ("ENROUTE", MessageState.UNDER_WAY),
    2: ("DELIVRD", MessageState.DELIVERED),
    3: ("EXPIRED", MessageState.LOST),
    4: ("DELETED", MessageState.LOST),
    5: ("UNDELIV", MessageState.LOST),
    6: ("ACCEPTD", MessageState.UNDER_WAY),
    7: ("UNKNOWN", MessageState.UNDER_WAY),
    8: ("REJECTD", MessageState.LOST),
}
_WORDS: Final = dict(_STATES.values())
_ID: Final = re.compile(r"\bid:([!-~]{1,65})", re.IGNORECASE)
_STAT: Final = re.compile(r"\bstat:([A-Za-z]{1,16})", re.IGNORECASE)


def is_receipt(message: Message) -> bool:
    """Whether this is a report and not somebody's words."""
    return message.esm_class & _TYPE_BITS == RECEIPT


def parse_receipt(message: Message) -> Receipt | None:
    """Return the report, None where it names no message or no state that we know."""
    text = message.text.decode("latin-1")
    name = _option_text(message, RECEIPTED_MESSAGE_ID) or _found(_ID, text)
    code = message.option(MESSAGE_STATE)
    if code is not None and len(code) == 1 and code[0] in _STATES:
        word, state = _STATES[code[0]]
    else:
        word = (_found(_STAT, text) or "")[:7].upper()
        if word not in _WORDS:
            return None
        state = _WORDS[word]
    return Receipt(name, state, word) if name else None


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None


def _option_text(message: Message, tag: int) -> str | None:
    value = message.option(tag)
    return None if value is None else value.partition(b"\0")[0][:MAX_ID_CHARS].decode("latin-1")
