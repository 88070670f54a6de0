"""A vigil's core as JSON, as the database keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from escalation.handover import Handover
from escalation.loan import Loan
from escalation.pre_alarm import PreAlarm
from escalation.session import Session
from escalation.supervision import Supervision
from escalation.vigil import VigilKind
from larmcentral.domain.vigil import VigilCore

_CORES: Final[Mapping[VigilKind, type[VigilCore]]] = {
    VigilKind.SESSION: Session,
    VigilKind.PRE_ALARM: PreAlarm,
    VigilKind.SUPERVISION: Supervision,
    VigilKind.LOAN: Loan,
    VigilKind.HANDOVER: Handover,
}
_DECODERS: Final[Mapping[VigilKind, msgspec.json.Decoder[Any]]] = {
    kind: msgspec.json.Decoder(core) for kind, core in _CORES.items()
}


def dump_core(core: VigilCore) -> str:
    """Return a core as JSON text."""
    return msgspec.json.encode(core).decode()


def load_core(kind: VigilKind, text: str | bytes) -> VigilCore:
    """Read back what dump_core wrote of this kind; fields that this version added take their defaults."""
    core: VigilCore = _DECODERS[kind].decode(text)
    return core
