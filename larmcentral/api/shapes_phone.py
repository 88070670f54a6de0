"""What crosses HTTP for the phone app beside the session: one's own devices, who looked, whom one can take along."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from larmcentral.api.shapes import Kind, Moment, Shape
from larmcentral.api.shapes_places import Risk


class OwnDevice(Shape):
    """One row of GET /api/me/devices. silent: it has not been heard for longer than its class allows."""

    id: UUID
    label: str | None
    protocol: str
    model: str | None
    battery_pct: int | None
    charging: bool | None
    last_seen_at: datetime | None
    tested_at: datetime | None
    silent: bool


class OwnRead(Shape):
    """One row of GET /api/me/reads: somebody was shown something about oneself. Newest first, at most 200.

    action: position_shown, place_shown, session_shown, next_of_kin_shown ...; ground: why he could.
    """

    at: datetime
    by: str
    role: str
    action: str
    ground: str
    kind: Kind | None
    """Of the alarm it was about. Reads in a silent alarm are told once that alarm has been stood down for a day."""


class Colleague(Shape):
    """One row of GET /api/me/colleagues: persons of one's own unit and teams, by name, without oneself."""

    id: UUID
    name: str


class PlaceWarning(Shape):
    """GET /api/me/places/{place_id}: what whoever goes there should know before. That it was shown is recorded.

    two_persons: nobody may go there alone.
    """

    id: UUID
    name: str
    address: str
    floor: str
    door_code: str
    notes: str
    risk: Risk
    ground: str | None
    two_persons: bool
    no_signal_at: datetime | None
    lat: float | None
    lon: float | None


class MemoGiven(Shape):
    """PUT /api/me/session/memo: words about the visit, once it runs. made_at: by the phone, where it had to wait."""

    memo: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    made_at: Moment | None = None


class OwnMessage(Shape):
    """One row of GET /api/me/messages: words from the desk to oneself or to those who respond; newest first, 50."""

    incident_id: UUID
    at: datetime
    to: Literal["wearer", "responders"]
    by: str
    text: str
