"""What crosses HTTP of the card for the operator's own call. Nothing on it is a link that dials."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from larmcentral.api.shapes import IncidentState, Kind, Purpose, ResponderState, Shape


class CardPerson(Shape):
    """Whom it is about. do_not_ring: a silent alarm; phone is then null."""

    name: str | None
    unit: str | None
    employer: str | None
    device: str
    phone: str | None
    do_not_ring: bool


class CardPosition(Shape):
    """The newest position, WGS84. valid false: last known place, no fix of its own."""

    lat: float
    lon: float
    accuracy_m: float | None
    age_s: float
    valid: bool


class CardPlace(Shape):
    """Where to go and what waits there."""

    name: str
    address: str
    floor: str
    door_code: str
    danger: str | None
    risk: Literal["none", "raised", "evident"] | None
    ground: str | None
    lat: float | None
    lon: float | None


class CardResponder(Shape):
    """Somebody who was told, and what he does."""

    name: str
    state: ResponderState
    since: datetime


class CardCentre(Shape):
    """An alarm receiving centre that was told. took: a machine of theirs answered; nobody need have read it."""

    receiver: str
    state: Literal["told", "took", "unreached"]
    at: datetime


class CardCall(Shape):
    """A moment of the operator's own call so far."""

    what: Literal["dialled", "answered", "case_number"]
    text: str
    at: datetime
    by: str | None


class CardScript(Shape):
    """What to say first, sentence by sentence; of a drill, that nobody is to be rung."""

    language: Literal["sv", "en"]
    kind: str
    sentences: list[str]


class SosCard(Shape):
    """GET /api/incidents/{incident_id}/card. number: our own short one for the case. call_back: where the desk is
    reached, null where the settings do not say. That place and position were shown is recorded."""

    incident_id: UUID
    number: str
    purpose: Purpose
    state: IncidentState
    kind: Kind
    silent: bool
    opened_at: datetime
    lateness_s: float | None
    centre: str
    call_back: str | None
    person: CardPerson
    place: CardPlace | None
    position: CardPosition | None
    responders: list[CardResponder]
    centres: list[CardCentre]
    calls: list[CardCall]
    scripts: list[CardScript]
