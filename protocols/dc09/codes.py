"""What an event code calls for. A code that nobody knows is an alarm: it may be somebody's panic.

The tables themselves are codes_sia.py (DC-03) and codes_cid.py (DC-05), each row with its source. An enrolled unit
may read a code otherwise, as agreed with who configures it: option "code:SIA:QA" = "man_down" (DC-03 has no
code for man down, and 101, 102, QA are used for several things).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from protocols.dc09.codes_cid import CID
from protocols.dc09.codes_sia import SIA
from protocols.dc09.meaning import Meaning, Source
from protocols.signal import SignalKind

NEW: Final = 1
RESTORED: Final = 3
STILL_PRESENT: Final = 6
QUALIFIERS: Final = frozenset({NEW, RESTORED, STILL_PRESENT})

OPTION_PREFIX: Final = "code:"

LINK_TEST: Final = Meaning(SignalKind.LINK_TEST, "Förbindelseprov", Source.SAFETY_TABLE)
NOT_UNDERSTOOD: Final = Meaning(SignalKind.UNKNOWN, "okänt meddelande", Source.OURS)

_UNKNOWN_ALARM: Final = Meaning(SignalKind.UNSPECIFIED_ALARM, "okänd kod", Source.OURS)
_UNKNOWN_RESTORE: Final = Meaning(SignalKind.RESTORE, "återställning av okänd kod", Source.OURS)
# a restore of these says nothing of its own: the end of a test is part of the test, a closing is no restore
_SAME_WHEN_RESTORED: Final = frozenset({SignalKind.TEST_ALARM, SignalKind.UNKNOWN, SignalKind.RESTORE})


def sia(code: str | None, options: Mapping[str, str]) -> Meaning:
    """The meaning of a SIA code; of an alarm with an unknown code for None and for a code in no table."""
    if code is None:
        return _UNKNOWN_ALARM
    return _enrolled(f"SIA:{code}", SIA.get(code, _UNKNOWN_ALARM), options)


def cid(code: str, qualifier: int, options: Mapping[str, str]) -> Meaning:
    """The meaning of a Contact ID code and qualifier. Only 3 restores; any other qualifier is read as an event."""
    row = CID.get(code)
    if qualifier != RESTORED:
        return _enrolled(f"CID:{code}", row or _UNKNOWN_ALARM, options)
    if row is None:
        return _UNKNOWN_RESTORE
    if row.kind in _SAME_WHEN_RESTORED:
        return row
    return replace(row, kind=SignalKind.RESTORE, words=f"{row.words}, återställt")


def wrong_options(options: Mapping[str, str]) -> list[str]:
    """The options of an account that name no kind of signal; such an option is passed over."""
    kinds = {kind.value for kind in SignalKind}
    return [name for name, value in options.items() if name.startswith(OPTION_PREFIX) and value not in kinds]


def _enrolled(code: str, row: Meaning, options: Mapping[str, str]) -> Meaning:
    agreed = options.get(OPTION_PREFIX + code)
    if agreed is None or OPTION_PREFIX + code in wrong_options({OPTION_PREFIX + code: agreed}):
        return row
    return replace(row, kind=SignalKind(agreed))
