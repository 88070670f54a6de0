"""Last words of devices in the memory store."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from escalation.ids import DeviceId, PersonId
from larmcentral.domain.outbox import DeviceState
from tests.fakes.memory_state import Tables


def fold(tables: Tables, state: DeviceState) -> None:
    """Keep what a device said last; its position only with the shift of whoever wears it."""
    key = (state.protocol, state.account)
    known = tables.devices.get(key) if state.protocol != "app" else None
    if known is not None:
        before = tables.states.get(key) or state
        tables.states[key] = replace(
            state,
            battery_pct=before.battery_pct if state.battery_pct is None else state.battery_pct,
            charging=before.charging if state.charging is None else state.charging,
            last_seen_at=max(before.last_seen_at, state.last_seen_at),
            lat=None,
            lon=None,
            fix_at=None,
        )
        _place(tables, state, known[1].worn_by, DeviceId(known[1].id))
    elif state.protocol == "app":
        _place(tables, state, _person(state.account), None)


def _place(tables: Tables, state: DeviceState, person_id: PersonId | None, device_id: DeviceId | None) -> None:
    presence = None if person_id is None else tables.presences.get(person_id)
    if presence is None or state.lat is None or not presence.since <= state.last_seen_at < presence.until:
        return
    fix_at = state.fix_at or state.last_seen_at
    if presence.fix_at is None or presence.fix_at < fix_at:
        tables.presences[presence.person_id] = replace(
            presence, lat=state.lat, lon=state.lon, fix_at=fix_at, device_id=device_id
        )


def _person(account: str) -> PersonId | None:
    try:
        return PersonId(UUID(account))
    except ValueError:
        return None
