"""What is shown of places: enough to choose one, and one whole, as a responder at the door needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from larmcentral.domain.views import PlanBounds


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChoice:
    """A place one can choose. risk: name of escalation.chain.Risk in lower case. no_signal_at: see PlaceView."""

    id: UUID
    committee_id: UUID
    name: str
    address: str
    risk: str
    no_signal_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagView:
    """A recorded risk. review_on: when somebody must look at it again; a flag past that day still counts."""

    risk: str
    owner_id: UUID
    owner: str
    ground: str
    review_on: date
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Beacon:
    """A radio beacon that hangs at a place. id: as somebody entered it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A place. notes: dangers, in words. no_signal_at: when contact was last lost there and not found since.

    plan_type: media type of the site plan, None without one. plan_bounds: where it lies on the map, if that was said.
    """

    id: UUID
    committee_id: UUID
    name: str
    address: str
    floor: str
    door_code: str
    notes: str
    lat: float | None
    lon: float | None
    building_id: UUID | None
    unit_id: UUID | None
    plan_type: str | None
    flag: FlagView | None
    no_signal_at: datetime | None
    plan_bounds: PlanBounds | None = None
    beacons: tuple[Beacon, ...] = ()
