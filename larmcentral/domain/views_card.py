"""The card for the operator's own call to the emergency services: one screen, and what to say first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPerson:
    """Whom it is about. phone: None where nobody may ring him, or none is known. do_not_ring: a silent alarm."""

    name: str | None
    unit: str | None
    employer: str | None
    device: str
    phone: str | None
    do_not_ring: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPosition:
    """The newest position, WGS84. age_s: of the fix, or of its arrival where the device told no time."""

    lat: float
    lon: float
    accuracy_m: float | None
    age_s: float
    valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlace:
    """Where to go and what waits there. danger: in words. risk, ground: of a flag that stands, None without one."""

    name: str
    address: str
    floor: str
    door_code: str
    danger: str | None
    risk: str | None
    ground: str | None
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardResponder:
    """Somebody who was told, and what he does."""

    name: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCentre:
    """An alarm receiving centre that was told. state: "told", "took" (a machine of theirs answered) or "unreached"."""

    receiver: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCall:
    """A moment of the operator's own call so far. what: dialled, answered or case_number."""

    what: str
    text: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardScript:
    """What to say first, sentence by sentence. language: "sv" or "en"."""

    language: str
    kind: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SosCard:
    """All of it. number: our own short one for the case. call_back: where the desk is reached, None where nobody said.

    place: None where none is known. centres, calls: oldest first.
    """

    incident_id: UUID
    number: str
    purpose: str
    state: str
    kind: str
    silent: bool
    opened_at: datetime
    lateness_s: float | None
    centre: str
    call_back: str | None
    person: CardPerson
    place: CardPlace | None
    position: CardPosition | None
    responders: tuple[CardResponder, ...]
    centres: tuple[CardCentre, ...]
    calls: tuple[CardCall, ...]
    scripts: tuple[CardScript, ...]
