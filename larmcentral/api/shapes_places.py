"""What crosses HTTP about places: to choose one, one whole, and what is written down about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from larmcentral.api.shapes import PlanBounds, Shape

Risk = Literal["none", "raised", "evident"]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class PlaceChoice(Shape):
    """One row of GET /api/places. no_signal_at: when contact was last lost there and not found since."""

    id: UUID
    committee_id: UUID
    name: str
    address: str
    risk: Risk
    no_signal_at: datetime | None


class FlagView(Shape):
    """A recorded risk. A flag past its review still counts: nobody has said that the danger is over."""

    risk: Risk
    owner_id: UUID
    owner: str
    ground: str
    review_on: date
    set_at: datetime


class Beacon(Shape):
    """PUT /api/places/{place_id}/beacons, part: a radio beacon that hangs there. id: its MAC or UUID as devices say."""

    id: Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[0-9A-Fa-f:.-]{4,64}$")]
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""


class BeaconList(Shape):
    """PUT /api/places/{place_id}/beacons: all that hang there; those left out are forgotten."""

    beacons: Annotated[list[Beacon], Field(max_length=200)]


class PlaceView(Shape):
    """GET /api/places/{place_id}. notes: dangers, in words. plan_type: of the site plan beside it, None without one."""

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
    beacons: list[Beacon] = Field(default_factory=list)


class PlaceDraft(Shape):
    """PUT /api/places/{place_id}; the id is made by whoever enters the place. lat, lon: both or neither."""

    committee_id: UUID
    name: Name
    address: Short = ""
    floor: Short = ""
    door_code: Short = ""
    notes: Long = ""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    building_id: UUID | None = None
    unit_id: UUID | None = None


class FlagDraft(Shape):
    """PUT /api/places/{place_id}/flag. review_on: today or later, at most 90 days ahead."""

    risk: Literal["raised", "evident"]
    owner_id: UUID
    ground: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    review_on: date


class CoverageReport(Shape):
    """POST /api/places/{place_id}/coverage."""

    good: bool
