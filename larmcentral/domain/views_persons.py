"""What is shown of a person beside his name: what helpers should know, and whom to tell."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """Somebody close to a person."""

    name: str
    relation: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A person as his helpers need him. next_of_kin: None where whoever asks may not see them; may_see_kin says so."""

    person_id: UUID
    name: str
    unit: str | None
    teams: tuple[str, ...]
    employer: str | None
    phone: str | None
    photo: bool
    notes: str
    next_of_kin: tuple[Kin, ...] | None
    may_see_kin: bool
