"""What the codes of one record add up to: two codes may say the same thing, or several at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from protocols.gt06.codes import (
    ALARM_CODES,
    ANYWHERE,
    GRAVEST_FIRST,
    INFO_CODES,
    MAY_BE_GRAVER,
    Code,
    is_personal,
)
from protocols.gt06.messages import Status
from protocols.signal import SignalKind

CHARGING: Final = 1 << 2
CODE_SHIFT: Final = 3
_FENCE: Final = 6
_FENCES: Final = frozenset({SignalKind.ZONE_ENTER, SignalKind.ZONE_EXIT})


@dataclass(slots=True)
class Verdict:
    """Kinds to tell, what the device said in words, and what we cannot be sure of."""

    kinds: list[SignalKind] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def ordered(self, otherwise: SignalKind) -> tuple[SignalKind, ...]:
        """Return the kinds, gravest first; otherwise where there is none."""
        if len(self.kinds) < 2:
            return tuple(self.kinds) or (otherwise,)
        return tuple(kind for kind in GRAVEST_FIRST if kind in self.kinds)

    def add(self, name: str, value: int, codes: Mapping[int, Code], *, personal: bool) -> None:
        """Take one code in. 0 says nothing; one that nobody has explained may be a call for help."""
        if value == 0:
            return
        code = codes.get(value)
        if code is None:
            self.kinds.append(SignalKind.UNSPECIFIED_ALARM)
            self.doubts.append(f"{name} {value:02X} unknown")
            return
        if code.words not in self.words:
            self.words.append(code.words)
        if code.kind is not None and code.kind not in self.kinds:
            self.kinds.append(code.kind)
        if code.elsewhere is not None and not personal:
            self.doubts.append(f"{name} {value:02X} means {code.elsewhere} on some models")
            if codes is ALARM_CODES and value in MAY_BE_GRAVER:
                self.kinds.append(SignalKind.UNSPECIFIED_ALARM)


def of_status(status: Status, model: str | None) -> Verdict:
    """Weigh the two codes of an alarm record: either saying SOS is SOS, and one SOS is enough."""
    verdict, personal = Verdict(), is_personal(model)
    alarm, info = status.alarm or 0, status.info >> CODE_SHIFT & 7
    verdict.add("alarm code", alarm, ALARM_CODES, personal=personal)
    if info == _FENCE and not _FENCES.isdisjoint(verdict.kinds):
        return verdict  # the alarm code says which way
    if info in INFO_CODES or not verdict.kinds:
        verdict.add("status code", info, INFO_CODES, personal=personal)
    return verdict


def of_heartbeat(status: Status) -> Verdict:
    """Weigh a heartbeat's codes: a call for help counts, all else is how the device is."""
    verdict = Verdict()
    for value, codes in ((status.alarm or 0, ALARM_CODES), (status.info >> CODE_SHIFT & 7, INFO_CODES)):
        code = codes.get(value)
        if code is not None:
            if code.words not in verdict.words:
                verdict.words.append(code.words)
            if code.kind in ANYWHERE and code.kind not in verdict.kinds:
                verdict.kinds.append(code.kind)
    return verdict


def of_event(name: str, value: int, codes: Mapping[int, Code]) -> Verdict:
    """Weigh the one code of an event. value: -1 where it could not be found."""
    verdict = Verdict()
    if value < 0:
        verdict.kinds.append(SignalKind.UNSPECIFIED_ALARM)
        verdict.doubts.append(f"{name} not found")
    else:
        verdict.add(name, value, codes, personal=True)
    return verdict
