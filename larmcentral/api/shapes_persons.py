"""What crosses HTTP about a person beside his name: what helpers should know, whom to tell, a photo."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from larmcentral.api.shapes import Shape

KinText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class Kin(Shape):
    """PUT and GET of a dossier, part: somebody close to the person."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    relation: KinText
    phone: KinText


class Dossier(Shape):
    """GET /api/persons/{person_id}/dossier[?incident=ID]. notes: what helpers should know (illness, language, threat).

    next_of_kin: null where this user may not see them: an operator may while an alarm of the person is open and real
    and he names it; managers of the committee always. That they were shown is recorded where the person sees it.
    may_see_kin: whether next_of_kin was left out for want of permission.
    """

    person_id: UUID
    name: str
    unit: str | None
    teams: list[str]
    employer: str | None
    phone: str | None
    photo: bool
    notes: str
    next_of_kin: list[Kin] | None
    may_see_kin: bool


class DossierDraft(Shape):
    """PUT /api/persons/{person_id}/dossier."""

    notes: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    next_of_kin: Annotated[list[Kin], Field(max_length=5, default_factory=list)]
