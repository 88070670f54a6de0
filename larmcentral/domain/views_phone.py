"""What a worker's own phone is shown beside his session: his devices, who read about him, colleagues, places, words.

Nothing here may come from a silent alarm of his own, as in views_work.py; who reads it may not be the worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from escalation.chain import Risk
from escalation.session_rules import nobody_alone
from larmcentral.domain.views_places import PlaceView


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDevice:
    """A device that the person wears now. last_seen_at, battery_pct, charging: as far as no silent alarm told them."""

    id: UUID
    label: str | None
    protocol: str
    model: str | None
    battery_pct: int | None
    charging: bool | None
    last_seen_at: datetime | None
    tested_at: datetime | None
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRead:
    """Somebody was shown something about the person. by, role: of the user; kind: of the alarm, None without one."""

    at: datetime
    by: str
    role: str
    action: str
    ground: str
    kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A person of one's own unit or teams."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWarning:
    """What whoever goes to a place should know before. risk: name of escalation.chain.Risk in lower case."""

    id: UUID
    name: str
    address: str
    floor: str
    door_code: str
    notes: str
    risk: str
    ground: str | None
    two_persons: bool
    no_signal_at: datetime | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMessage:
    """Words from the desk about an incident. to: "wearer" or "responders"."""

    incident_id: UUID
    at: datetime
    to: str
    by: str
    text: str


def warning_of(place: PlaceView) -> PlaceWarning:
    """Return what of a place is for whoever goes there; who answers for its flag is not."""
    flag = place.flag
    return PlaceWarning(
        id=place.id,
        name=place.name,
        address=place.address,
        floor=place.floor,
        door_code=place.door_code,
        notes=place.notes,
        risk=Risk.NONE.name.lower() if flag is None else flag.risk,
        ground=None if flag is None else flag.ground,
        two_persons=flag is not None and nobody_alone(Risk[flag.risk.upper()]),
        no_signal_at=place.no_signal_at,
        lat=place.lat,
        lon=place.lon,
    )
