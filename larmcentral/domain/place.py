"""Places people work at, what is recorded of them, and who is there now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from escalation.chain import Risk
from escalation.ids import CommitteeId, DeviceId, OrganisationId, PersonId, PlaceId, UnitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address as a responder needs it. notes: dangers, in words. building_id: the place it is a part of.

    plan_type: media type of the site plan that is kept beside it, None without one. lat, lon: both or neither.
    plan_bounds: where the plan's edges lie, its top to the north, if that was said.
    """

    id: PlaceId
    name: str
    address: str = ""
    floor: str = ""
    door_code: str = ""
    notes: str = ""
    lat: float | None = None
    lon: float | None = None
    building_id: PlaceId | None = None
    unit_id: UnitId | None = None
    plan_type: str | None = None
    plan_bounds: Area | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A recorded risk at a place. owner: who answers for it. review_on: at most 90 days ahead when it was set."""

    risk: Risk
    owner_id: PersonId
    owner_name: str
    ground: str
    review_on: date
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """A place with what stands about it. no_signal_at: when contact was last lost there and not found since."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    place: Place
    flag: Flag | None = None
    no_signal_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Somebody on shift. until: when it ends at the latest. A position is the last one only and goes with the shift."""

    organisation_id: OrganisationId
    committee_id: CommitteeId
    person_id: PersonId
    since: datetime
    until: datetime
    place_id: PlaceId | None = None
    building_id: PlaceId | None = None
    lat: float | None = None
    lon: float | None = None
    fix_at: datetime | None = None
    device_id: DeviceId | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A box in WGS84 degrees that holds all points within a radius; a prefilter, not the answer."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where an alarm comes from, as far as it is known. place_name: in words, for notices."""

    unit_id: UnitId | None = None
    place_id: PlaceId | None = None
    building_id: PlaceId | None = None
    place_name: str | None = None
    lat: float | None = None
    lon: float | None = None
    risk: Risk = Risk.NONE
