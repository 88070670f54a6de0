"""A person as helpers need him: what they should know, whom to tell, and a photo."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from escalation.ids import IncidentId, PersonId
from larmcentral.api import shapes_persons
from larmcentral.api.answers import answer
from larmcentral.api.asks_persons import Dossiers
from larmcentral.api.bodies import PHOTO_TYPES, content_of, sent_back
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented
from larmcentral.domain.dossier import DossierText, NextOfKin
from larmcentral.ports import Clock

WRITTEN: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 422, 503)


def dossier_routes(dossiers: Dossiers, clock: Clock) -> APIRouter:
    """GET and PUT /api/persons/{person_id}/dossier; GET, PUT and DELETE /api/persons/{person_id}/photo."""
    router = APIRouter(prefix="/api/persons/{person_id}", tags=["persons"])

    @router.get("/dossier", response_model=shapes_persons.Dossier, responses=WRITTEN)
    async def dossier(person_id: UUID, viewer: Asking, incident: UUID | None = None) -> Response:
        """What helpers should know. incident: the alarm on whose ground one asks; the next of kin hang on it.

        What was shown is recorded where the person sees it; what was shown on the ground of a silent alarm names it.
        """
        ground = None if incident is None else IncidentId(incident)
        return answer(
            await dossiers.dossier(viewer.scope(), PersonId(person_id), by=viewer, incident_id=ground, now=clock.now())
        )

    @router.put("/dossier", status_code=204, responses=WRITTEN)
    async def save(person_id: UUID, body: shapes_persons.DossierDraft, viewer: Asking) -> None:
        """Write down what helpers should know and whom to tell, in place of what stood."""
        kin = tuple(NextOfKin(name=one.name, relation=one.relation, phone=one.phone) for one in body.next_of_kin)
        text = DossierText(notes=body.notes, next_of_kin=kin)
        await dossiers.save(viewer.scope(), PersonId(person_id), text, by=viewer.user_id, now=clock.now())

    @router.get(
        "/photo",
        response_class=Response,
        responses={200: {"content": {"image/*": {}}, "description": "The photo"}, **WRITTEN},
    )
    async def photo(person_id: UUID, viewer: Asking) -> Response:
        """The photo, never kept by a browser."""
        return sent_back(*await dossiers.photo(viewer.scope(), PersonId(person_id)))

    @router.put("/photo", status_code=204, responses=documented(401, 403, 404, 413, 415, 422, 503))
    async def save_photo(person_id: UUID, request: Request, viewer: Asking) -> None:
        """Keep a photo: JPEG, PNG or WebP, at most 1 MB."""
        media_type, content = await content_of(request, PHOTO_TYPES)
        await dossiers.save_photo(viewer.scope(), PersonId(person_id), media_type, content, clock.now())

    @router.delete("/photo", status_code=204, responses=WRITTEN)
    async def remove_photo(person_id: UUID, viewer: Asking) -> None:
        """Drop the photo."""
        await dossiers.remove_photo(viewer.scope(), PersonId(person_id))

    return router
