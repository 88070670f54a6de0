"""Taking one incident out of the house: as a document that can be verified, and in print."""

from __future__ import annotations

import asyncio
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from escalation.ids import IncidentId
from larmcentral.api.asks_reports import CaseFiles
from larmcentral.api.gate import Asking
from larmcentral.api.problems import documented, later
from larmcentral.domain.case_file import CaseFile, document
from larmcentral.domain.roles import Viewer
from larmcentral.ports import Clock
from larmcentral.ports.press import PressBusy, PrintsCases

AGAIN_S: Final = 10.0
"""A case is printed in a second or two; so many that wait are through then."""
REFUSED: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 422, 503)
_JSON: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/json": {}}, "description": "The case; see ops/runbooks/case-export.md"}
}
_PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/pdf": {}}, "description": "The case in print"}
}


def export_routes(cases: CaseFiles, press: PrintsCases, clock: Clock) -> APIRouter:
    """What stands under /api/incidents/{id}/export. Each is written down where the worker sees it."""
    router = APIRouter(prefix="/api/incidents/{incident_id}", tags=["reports"])

    async def taken_out(incident_id: UUID, viewer: Viewer) -> CaseFile:
        scope = viewer.scope(tests=True)
        return await cases.case_file(scope, IncidentId(incident_id), by=viewer, now=clock.now())

    @router.get("/export.json", response_class=Response, responses={**_JSON, **REFUSED})
    async def as_document(incident_id: UUID, viewer: Asking) -> Response:
        """Everything about one incident with its chain of hashes; `larmcentral verify` checks it offline."""
        case = await taken_out(incident_id, viewer)
        content = await asyncio.to_thread(lambda: document(case, msgspec.to_builtins(case.detail)))
        return _saved(content, "application/json", f"larm-{case.number}.json")

    @router.get("/export.pdf", response_class=Response, responses={**_PDF, **REFUSED, **documented(429)})
    async def in_print(
        incident_id: UUID, viewer: Asking, language: Literal["sv", "en"] | None = None, redacted: bool = False
    ) -> Response:
        """The incident as a tagged PDF.

        language: his own by default. redacted: without what names or finds a person.
        """
        case = await taken_out(incident_id, viewer)
        try:
            content = await press.pdf(case, language=language or viewer.language, redacted=redacted)
        except PressBusy as busy:
            raise later(AGAIN_S) from busy
        return _saved(content, "application/pdf", f"larm-{case.number}.pdf")

    return router


def _saved(content: bytes, media_type: str, name: str) -> Response:
    """Answer with a file to be saved; what a printed or copied note says must not run as a page of ours."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
