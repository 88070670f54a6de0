"""A chain as JSON: what the database keeps, and how its author writes one down. What is usual need not be written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import time, timedelta
from typing import Any, Final, assert_never
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import (
    ALWAYS,
    BuildingTarget,
    Condition,
    DeskTarget,
    EscalationChain,
    ManagerTarget,
    Medium,
    NearestTarget,
    OnCallTarget,
    PersonTarget,
    ReceiverTarget,
    Risk,
    Step,
    Target,
    TeamTarget,
)
from escalation.ids import ChainId, PersonId, RotaId, TeamId, UnitId

Json = Mapping[str, Any]

_CHAIN_WAITS: Final = ("acknowledge_lapse", "attention_lapse", "loop_wait", "idle_after")
_CHAIN_KEYS: Final = {
    "id",
    "version",
    "name",
    "steps",
    "restart_on_graver",
    "upgrade_to",
    *(f"{name}_s" for name in _CHAIN_WAITS),
}
_STEP_KEYS: Final = {
    "targets",
    "media",
    "wait_s",
    "all_at_once",
    "medium_wait_s",
    "responders_needed",
    "in_turn",
    "turn_wait_s",
    "repeats",
    "when",
    "own_order",
}
_WHEN_KEYS: Final = {field.name for field in fields(Condition)}


def dump_chain(chain: EscalationChain) -> dict[str, Any]:
    """Return the chain as its author would write it. Times are whole or broken seconds."""
    body: dict[str, Any] = {
        "id": str(chain.id),
        "version": chain.version,
        "name": chain.name,
        **{f"{name}_s": getattr(chain, name).total_seconds() for name in _CHAIN_WAITS},
        "restart_on_graver": chain.restart_on_graver,
        "steps": [_dump_step(step) for step in chain.steps],
    }
    return body if chain.upgrade_to is None else body | {"upgrade_to": chain.upgrade_to.value}


def load_chain(body: Json) -> EscalationChain:
    """Read a chain. Raises ValueError or KeyError, with the field's name, for what is no chain."""
    _only(body, _CHAIN_KEYS)
    optional: dict[str, Any] = {
        name: timedelta(seconds=body[f"{name}_s"]) for name in _CHAIN_WAITS if f"{name}_s" in body
    }
    if "restart_on_graver" in body:
        optional["restart_on_graver"] = bool(body["restart_on_graver"])
    if body.get("upgrade_to") is not None:
        optional["upgrade_to"] = AlarmKind(body["upgrade_to"])
    return EscalationChain(
        id=ChainId(UUID(body["id"])),
        version=int(body["version"]),
        name=str(body["name"]),
        steps=tuple(_load_step(step) for step in body["steps"]),
        **optional,
    )


def _dump_step(step: Step) -> dict[str, Any]:
    body: dict[str, Any] = {
        "targets": [_dump_target(target) for target in step.targets],
        "media": [medium.value for medium in step.media],
        "wait_s": step.wait.total_seconds(),
        "all_at_once": step.all_at_once,
        "medium_wait_s": step.medium_wait.total_seconds(),
        "responders_needed": step.responders_needed,
        "in_turn": step.in_turn,
        "turn_wait_s": step.turn_wait.total_seconds(),
        "repeats": step.repeats,
        "own_order": step.own_order,
    }
    return body if step.when == ALWAYS else body | {"when": _dump_condition(step.when)}


def _load_step(body: Json) -> Step:
    _only(body, _STEP_KEYS)
    optional: dict[str, Any] = {
        name: timedelta(seconds=body[f"{name}_s"]) for name in ("medium_wait", "turn_wait") if f"{name}_s" in body
    }
    optional |= {name: bool(body[name]) for name in ("all_at_once", "in_turn", "own_order") if name in body}
    return Step(
        targets=tuple(_load_target(target) for target in body["targets"]),
        media=tuple(Medium(medium) for medium in body["media"]),
        wait=timedelta(seconds=body["wait_s"]),
        responders_needed=int(body.get("responders_needed", 1)),
        repeats=int(body.get("repeats", 0)),
        when=_load_condition(body.get("when", {})),
        **optional,
    )


def _dump_condition(when: Condition) -> dict[str, Any]:
    body: dict[str, Any] = {
        "kinds": sorted(kind.value for kind in when.kinds),
        "silent": when.silent,
        "hours": None if when.hours is None else [moment.isoformat() for moment in when.hours],
        "weekdays": sorted(when.weekdays),
        "holiday": when.holiday,
        "units": sorted(str(unit) for unit in when.units),
        "risk": None if when.risk is Risk.NONE else when.risk.name.lower(),
    }
    return {name: value for name, value in body.items() if value is not None and value != []}


def _load_condition(body: Json) -> Condition:
    _only(body, _WHEN_KEYS)
    hours = body.get("hours")
    if hours is not None and len(hours) != 2:
        raise ValueError("hours: from and to")
    return Condition(
        kinds=frozenset(AlarmKind(kind) for kind in body.get("kinds", ())),
        silent=body.get("silent"),
        hours=None if hours is None else (time.fromisoformat(hours[0]), time.fromisoformat(hours[1])),
        weekdays=frozenset(int(day) for day in body.get("weekdays", ())),
        holiday=body.get("holiday"),
        units=frozenset(UnitId(UUID(unit)) for unit in body.get("units", ())),
        risk=_load_risk(body.get("risk", "none")),
    )


def _load_risk(word: str) -> Risk:
    for risk in Risk:
        if risk.name.lower() == word:
            return risk
    raise ValueError(f"risk: no such word: {word}")


def _dump_target(target: Target) -> dict[str, Any]:
    match target:
        case PersonTarget(person_id):
            return {"person": str(person_id)}
        case TeamTarget(team_id):
            return {"team": str(team_id)}
        case OnCallTarget(rota_id):
            return {"oncall": str(rota_id)}
        case NearestTarget(count, within_m):
            return {"nearest": {"count": count, "within_m": within_m}}
        case BuildingTarget():
            return {"building": True}
        case ManagerTarget():
            return {"manager": True}
        case ReceiverTarget(receiver):
            return {"receiver": receiver}
        case DeskTarget():
            return {"desk": True}
        case _:
            assert_never(target)


def _load_target(body: Json) -> Target:
    match list(body.items()):
        case [("person", str(person_id))]:
            return PersonTarget(PersonId(UUID(person_id)))
        case [("team", str(team_id))]:
            return TeamTarget(TeamId(UUID(team_id)))
        case [("oncall", str(rota_id))]:
            return OnCallTarget(RotaId(UUID(rota_id)))
        case [("nearest", {"count": int(count), "within_m": int(within_m), **rest})] if not rest:
            return NearestTarget(count, within_m)
        case [("building", True)]:
            return BuildingTarget()
        case [("manager", True)]:
            return ManagerTarget()
        case [("receiver", str(receiver))]:
            return ReceiverTarget(receiver)
        case [("desk", True)]:
            return DeskTarget()
    raise ValueError(f"no such target: {sorted(body)}")


def _only(body: Json, known: Collection[str]) -> None:
    """A key that nobody reads is a wish that nobody keeps."""
    unknown = sorted(set(body) - set(known))
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}")
