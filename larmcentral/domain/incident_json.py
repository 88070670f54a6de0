"""An incident and a chain as JSON: what the database keeps, and how a chain's author writes one down."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, get_type_hints
from uuid import UUID

import msgspec

from escalation.chain import DeskTarget, EscalationChain, Medium, PersonTarget, Step, Target, TeamTarget
from escalation.ids import ChainId, PersonId, TeamId
from escalation.incident import Incident

Json = Mapping[str, Any]

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


def dump_chain(chain: EscalationChain) -> dict[str, Any]:
    """Return the chain as its author would write it. Times are whole or broken seconds."""
    return {
        "id": str(chain.id),
        "version": chain.version,
        "name": chain.name,
        "acknowledge_lapse_s": chain.acknowledge_lapse.total_seconds(),
        "attention_lapse_s": chain.attention_lapse.total_seconds(),
        "loop_wait_s": chain.loop_wait.total_seconds(),
        "restart_on_graver": chain.restart_on_graver,
        "steps": [
            {
                "targets": [_dump_target(target) for target in step.targets],
                "media": [medium.value for medium in step.media],
                "wait_s": step.wait.total_seconds(),
                "all_at_once": step.all_at_once,
                "medium_wait_s": step.medium_wait.total_seconds(),
                "responders_needed": step.responders_needed,
            }
            for step in chain.steps
        ],
    }


def load_chain(body: Json) -> EscalationChain:
    """Read a chain. Raises ValueError or KeyError, with the field's name, for what is no chain."""
    optional: dict[str, Any] = {
        name: timedelta(seconds=body[f"{name}_s"])
        for name in ("acknowledge_lapse", "attention_lapse", "loop_wait")
        if f"{name}_s" in body
    }
    if "restart_on_graver" in body:
        optional["restart_on_graver"] = bool(body["restart_on_graver"])
    return EscalationChain(
        id=ChainId(UUID(body["id"])),
        version=int(body["version"]),
        name=str(body["name"]),
        steps=tuple(_load_step(step) for step in body["steps"]),
        **optional,
    )


def _load_step(body: Json) -> Step:
    optional: dict[str, Any] = {}
    if "medium_wait_s" in body:
        optional["medium_wait"] = timedelta(seconds=body["medium_wait_s"])
    if "all_at_once" in body:
        optional["all_at_once"] = bool(body["all_at_once"])
    return Step(
        targets=tuple(_load_target(target) for target in body["targets"]),
        media=tuple(Medium(medium) for medium in body["media"]),
        wait=timedelta(seconds=body["wait_s"]),
        responders_needed=int(body.get("responders_needed", 1)),
        **optional,
    )


def _dump_target(target: Target) -> dict[str, Any]:
    match target:
        case PersonTarget(person_id):
            return {"person": str(person_id)}
        case TeamTarget(team_id):
            return {"team": str(team_id)}
        case DeskTarget():
            return {"desk": True}


def _load_target(body: Json) -> Target:
    match dict(body):
        case {"person": str(person_id), **rest} if not rest:
            return PersonTarget(PersonId(UUID(person_id)))
        case {"team": str(team_id), **rest} if not rest:
            return TeamTarget(TeamId(UUID(team_id)))
        case {"desk": True, **rest} if not rest:
            return DeskTarget()
    raise ValueError(f"no such target: {sorted(body)}")
