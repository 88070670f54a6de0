"""What is still to be read of an alarm whose document is no message: a call for help is not lost to a wrong comma.

The transmitter is told the fault as the protocol has it, and may repeat in a shorter form or never; we have heard it.
"""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import unescape

from protocols.sos_access.fields import ELEMENTS, TRANSMITTER_TYPE_SIGNS
from protocols.sos_access.messages import AlarmRequest, AlarmType

_ROOT: Final = re.compile(rb"<alarmrequest[ \t\r\n>]", re.IGNORECASE)
_SEARCHED_BYTES: Final = 20_000
"""The longest message that means anything has some 5 000; what stands behind so much was never meant for a person."""
# &#65; &#x41; of Latin-1: the protocol has no others
_CHARACTER: Final = re.compile(r"&#(?:x([0-9A-Fa-f]{2})|([0-9]{2,3}));")
_UNPRINTABLE: Final = re.compile(r"[^ -~\xa0-\xff\n]")
"""What no message may hold, and no store and no screen takes."""
_QUOTES: Final = {"&quot;": '"', "&apos;": "'"}


def salvage(document: bytes) -> AlarmRequest | None:
    """Return the alarm in a broken document, each field as far as it can be read; None where it is no alarm.

    A field that is missing is empty, one that is too long is cut. Every one is unproven until the password fits.
    """
    searched = document[:_SEARCHED_BYTES]
    if _ROOT.search(searched) is None:
        return None
    held: dict[str, str] = {}
    for element in ELEMENTS[AlarmRequest]:
        # <tag>text, up to the next sign that begins a tag; linear, for it crosses none
        found = re.search(rb"<%s[ \t\r\n]*>([^<]*)" % element.tag.encode(), searched, re.IGNORECASE)
        text = "" if found is None else _unescaped(found[1].decode("latin-1"))
        text = text if element.secret else _UNPRINTABLE.sub("?", text.replace("\r\n", "\n").strip())
        if text:
            held[element.name] = text[: element.longest]
    restored = held.pop("alarm_type", "").upper() == AlarmType.RESTORE.value
    return AlarmRequest(
        authentication=held.pop("authentication", ""),
        receiver=held.pop("receiver", ""),
        transmitter_type=held.pop("transmitter_type", "")[:TRANSMITTER_TYPE_SIGNS],
        transmitter_code=held.pop("transmitter_code", ""),
        event_code=held.pop("event_code", ""),
        alarm_type=AlarmType.RESTORE if restored else None,
        **held,  # type: ignore[arg-type] # the rest are texts by the fields' own names
    )


def _unescaped(text: str) -> str:
    plain = _CHARACTER.sub(lambda one: chr(min(255, int(one[1], 16) if one[1] else int(one[2]))), text)
    return unescape(plain, _QUOTES)
