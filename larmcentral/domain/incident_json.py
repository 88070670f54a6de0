"""An incident as JSON, as the database keeps it; its chain is written once and read with it (chain_json.py)."""

from __future__ import annotations

import dataclasses
from typing import Any, Final, get_type_hints

import msgspec

from escalation.chain import EscalationChain
from escalation.incident import Incident

_HINTS: Final = get_type_hints(Incident)
_Core: Final = dataclasses.make_dataclass(
    "_Core",
    [
        (f.name, _HINTS[f.name], dataclasses.field(default=f.default))
        if f.default is not dataclasses.MISSING
        else (f.name, _HINTS[f.name])
        for f in dataclasses.fields(Incident)
        if f.name != "chain"
    ],
    frozen=True,
    slots=True,
    kw_only=True,
)
"""An incident without its chain, which is written once and read with it."""
_CORE_NAMES: Final = tuple(f.name for f in dataclasses.fields(_Core))
_decoder: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(_Core)


def dump_incident(incident: Incident) -> str:
    """Return the incident's own fields as JSON text, its chain left out."""
    return msgspec.json.encode({name: getattr(incident, name) for name in _CORE_NAMES}).decode()


def load_incident(core: str | bytes, chain: EscalationChain) -> Incident:
    """Read back what dump_incident wrote; fields that this version added take their defaults."""
    stored = _decoder.decode(core)
    return Incident(chain=chain, **{name: getattr(stored, name) for name in _CORE_NAMES})
