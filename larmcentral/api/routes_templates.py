"""Words: how notices read, and what a committee wants said instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.alarm import AlarmKind
from escalation.chain import Medium
from escalation.ids import CommitteeId
from larmcentral.api import shapes, shapes_templates
from larmcentral.api.answers import answer
from larmcentral.api.asks_templates import Templates, TemplateSamples
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.templates import Template, TemplateComplaint, TemplateKey
from larmcentral.domain.views_templates import (
    TemplateComplaintView,
    TemplatePreview,
    TemplateRow,
    TemplateShelfView,
)
from larmcentral.ports import Clock

WRITTEN: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)


def template_routes(templates: Templates, samples: TemplateSamples, clock: Clock) -> APIRouter:
    """Everything under /api/templates."""
    router = APIRouter(prefix="/api/templates", tags=["templates"])

    def with_sample(row: TemplateRow) -> TemplateRow:
        return replace(row, rendered=samples.rendered(_template_of(row)))

    @router.get("", response_model=shapes_templates.TemplateShelfView, responses=documented(401, 403, 422, 503))
    async def shelf(
        viewer: Asking, kind: shapes.Kind = "panic", language: shapes_templates.TemplateLanguage = "sv"
    ) -> Response:
        """Our words for a kind of alarm, and the committees' own for all kinds, with made-up names in them."""
        kept = await templates.rows(viewer.scope())
        return answer(
            TemplateShelfView(
                placeholders=tuple(samples.placeholders(AlarmKind(kind), language)),
                own=tuple(samples.own(AlarmKind(kind))),
                kept=tuple(with_sample(row) for row in kept),
            )
        )

    @router.put("", responses=WRITTEN)
    async def save(body: shapes_templates.TemplateDraft, viewer: Asking) -> shapes_templates.TemplateSaved:
        """Let alarms be told in these words. While anything is to be said against them: 409 `complaints`."""
        if CommitteeId(body.committee_id) not in viewer.sight:
            raise NotFound("committee")
        template = _drafted(body)
        if found := samples.complaints(template):
            raise Refusal(409, "complaints", fields=_complained(found))
        try:
            version = await templates.save(
                viewer.scope(),
                CommitteeId(body.committee_id),
                template,
                version=body.version,
                by=viewer.user_id,
                now=clock.now(),
            )
        except Collision as collision:
            raise Refusal(409, "changed_meanwhile") from collision
        return shapes_templates.TemplateSaved(version=version)

    @router.delete("/{template_id}", status_code=204, responses=documented(401, 403, 404, 422, 503))
    async def remove(template_id: UUID, viewer: Asking) -> None:
        """Go back to our own words."""
        await templates.remove(viewer.scope(), template_id)

    @router.post("/preview", response_model=shapes_templates.TemplatePreview, responses=documented(401, 403, 422, 503))
    async def preview(body: shapes_templates.TemplateWords, viewer: Asking) -> Response:
        """Say what is to be said against a draft, how it would read and how long it is. Keeps nothing."""
        template = _drafted(body)
        complaints = tuple(
            TemplateComplaintView(fault=one.fault.value, part=one.part, fields=dict(one.fields))
            for one in samples.complaints(template)
        )
        return answer(TemplatePreview(complaints=complaints, rendered=samples.rendered(template)))

    return router


def _drafted(body: shapes_templates.TemplateWords | shapes_templates.TemplateDraft) -> Template:
    key = TemplateKey(
        medium=Medium(body.medium),
        kind=None if body.kind is None else AlarmKind(body.kind),
        silent=body.silent,
        language=body.language,
    )
    return Template(key=key, title=body.title, body=body.body)


def _template_of(row: TemplateRow) -> Template:
    kind = None if row.kind is None else AlarmKind(row.kind)
    return Template(key=TemplateKey(Medium(row.medium), kind, row.silent, row.language), title=row.title, body=row.body)


def _complained(found: Sequence[TemplateComplaint]) -> dict[str, str]:
    """Return complaints as the fields of a refusal: which part and what, with what belongs to it."""
    return {
        f"{number}.{one.part}.{one.fault.value}": " ".join(f"{key}={value}" for key, value in one.fields)
        for number, one in enumerate(found)
    }
