"""What an event code of a transmitter calls for. Free text by the protocol: SIA's two letters are the custom.

Contact ID's digits and plain words (sos, panic, man_down) are understood as well. A code that nobody knows is an alarm:
it may be somebody's panic. An enrolled unit may read a code otherwise: option "code:PA" = "hold_up".
Source: facts/alarm-protocols.md part 1.2; the tables of protocols/dc09.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from protocols.dc09 import codes
from protocols.dc09.codes_cid import CID
from protocols.dc09.codes_sia import SIA
from protocols.dc09.meaning import Meaning, Source
from protocols.osmand.codes import ALARM_WORDS, bare
from protocols.signal import SignalKind
from protocols.sos_access.messages import AlarmType

# PA, and as some write it: NPA7, PA007 (N for new, digits for the zone)
_SIA: Final = re.compile(r"N?([A-Z]{2})[0-9]{0,4}")
# 120, 1120, E120, R120: Contact ID with or without its qualifier
_CID: Final = re.compile(r"([136ER]?)([0-9]{3})")
_QUALIFIERS: Final = {"": codes.NEW, "1": codes.NEW, "E": codes.NEW, "3": codes.RESTORED, "R": codes.RESTORED}
_SAME_WHEN_RESTORED: Final = frozenset({SignalKind.TEST_ALARM, SignalKind.UNKNOWN, SignalKind.RESTORE})


def meaning(event_code: str, alarm_type: AlarmType | None, options: Mapping[str, str]) -> Meaning:
    """Return what a code says; RE makes the restore of it, whatever the code. options: the enrolled unit's."""
    row = _agreed(event_code, options) or _known(event_code.strip().upper())
    if alarm_type is not AlarmType.RESTORE:
        return row or codes.sia(None, {})
    if row is None:
        return Meaning(SignalKind.RESTORE, "återställning av okänd kod", Source.OURS)
    if row.kind in _SAME_WHEN_RESTORED:
        return row
    return replace(row, kind=SignalKind.RESTORE, words=f"{row.words}, återställt")


def _known(code: str) -> Meaning | None:
    found = _SIA.fullmatch(code)
    if found and found[1] in SIA:
        return SIA[found[1]]
    digits = _CID.fullmatch(code)
    if digits and digits[2] in CID:
        return codes.cid(digits[2], _QUALIFIERS.get(digits[1], codes.STILL_PRESENT), {})
    kind = ALARM_WORDS.get(bare(code))
    return None if kind is None else Meaning(kind, code.lower(), Source.OURS)


def _agreed(event_code: str, options: Mapping[str, str]) -> Meaning | None:
    said = options.get(f"{codes.OPTION_PREFIX}{event_code.strip().upper()}")
    if said is None or said not in {kind.value for kind in SignalKind}:
        return None
    known = _known(event_code.strip().upper())
    return Meaning(SignalKind(said), event_code if known is None else known.words, Source.OURS)
