"""Chains: what they say, why one may not go live, and who would be called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from escalation.alarm import AlarmKind
from escalation.chain import EscalationChain
from escalation.complaints import Complaint, complaints
from escalation.ids import ChainId, CommitteeId, PersonId, UnitId
from larmcentral.api import shapes, shapes_rotas
from larmcentral.api.answers import answer
from larmcentral.api.asks_rotas import Chains
from larmcentral.api.commands_house import DryRuns
from larmcentral.api.gate import Asking
from larmcentral.api.problems import Refusal, documented
from larmcentral.domain.chain_json import dump_chain, load_chain
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.roles import Viewer
from larmcentral.domain.views_house import ChainUse
from larmcentral.ports import Clock

READ: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 422, 503)
WRITTEN: Final[dict[int | str, dict[str, Any]]] = documented(401, 403, 404, 409, 422, 503)
_NOT_YET: Final = ChainId(UUID(int=0))
"""The id of a chain that is only asked about."""
_WORDS_LIMIT: Final = 200


def chain_routes(chains: Chains, dry_runs: DryRuns, clock: Clock, receivers: frozenset[str]) -> APIRouter:
    """Everything under /api/chains, and GET /api/dry-run. receivers: alarm receiving centres that the settings name."""
    router = APIRouter(prefix="/api", tags=["chains"])

    async def against(viewer: Viewer, chain: EscalationChain, body: shapes_rotas.ChainDraft) -> Sequence[Complaint]:
        committee_id = CommitteeId(body.committee_id)
        if committee_id not in viewer.sight:
            raise NotFound("committee")
        return complaints(chain, await chains.usual_roster(viewer.scope(), committee_id, chain), receivers=receivers)

    @router.get("/chains", response_model=list[shapes_rotas.ChainRow], responses=documented(401, 403, 503))
    async def rows(viewer: Asking) -> Response:
        """Chains of his committees, and which alarms take them."""
        return answer(await chains.chains(viewer.scope()))

    @router.get("/chains/{chain_id}", responses=READ)
    async def whole(chain_id: UUID, viewer: Asking) -> shapes_rotas.ChainView:
        """One chain as its author would write it, in its newest version."""
        committee_id, chain = await chains.chain(viewer.scope(), ChainId(chain_id))
        return shapes_rotas.ChainView(
            id=chain.id, committee_id=committee_id, version=chain.version, chain=dump_chain(chain)
        )

    @router.put("/chains/{chain_id}", responses=WRITTEN)
    async def write(chain_id: UUID, body: shapes_rotas.ChainDraft, viewer: Asking) -> shapes_rotas.Saved:
        """Let a chain go live. While anything is to be said against it: 409 `complaints`, and nothing is kept."""
        chain = chain_of(ChainId(chain_id), body)
        if found := await against(viewer, chain, body):
            raise Refusal(409, "complaints", fields=_complained(found))
        uses = tuple(ChainUse(unit_id=one.unit_id, kind=one.kind) for one in body.uses)
        try:
            version = await chains.save(
                viewer.scope(), CommitteeId(body.committee_id), chain, uses, by=viewer.user_id, now=clock.now()
            )
        except Collision as collision:
            raise Refusal(409, "changed_meanwhile") from collision
        return shapes_rotas.Saved(version=version)

    @router.post("/chains/complaints", responses=READ)
    async def criticise(body: shapes_rotas.ChainDraft, viewer: Asking) -> list[shapes_rotas.ComplaintView]:
        """Say why a chain may not go live; nothing if it may. Keeps nothing."""
        found = await against(viewer, chain_of(_NOT_YET, body), body)
        return [
            shapes_rotas.ComplaintView(
                kind=one.kind.value, where={} if one.step is None else {"step": one.step}, fields=dict(one.fields)
            )
            for one in found
        ]

    @router.get("/dry-run", response_model=list[shapes_rotas.DryCall], responses=WRITTEN)
    async def dry_run(
        viewer: Asking,
        kind: shapes.Kind,
        person_id: UUID | None = None,
        unit_id: UUID | None = None,
        committee_id: UUID | None = None,
        at: shapes.Moment | None = None,
        silent: bool = False,
    ) -> Response:
        """Who would be called, and when, if nobody answered. at: now, if it is not said. Calls nobody.

        Of a person, else of a unit, else of a committee; which committee goes without saying for who has only one.
        """
        found = await dry_runs.who_would_be_called(
            person_id=None if person_id is None else PersonId(person_id),
            unit_id=None if unit_id is None else UnitId(unit_id),
            committee_id=_committee(viewer, committee_id),
            kind=AlarmKind(kind),
            silent=silent,
            at=clock.now() if at is None else at,
            sight=viewer.sight,
        )
        return answer(tuple(found))

    return router


def chain_of(chain_id: ChainId, body: shapes_rotas.ChainDraft) -> EscalationChain:
    """Read a chain as its author wrote it. Raises Refusal with the words of what is wrong."""
    try:
        return load_chain({**body.chain, "id": str(chain_id), "version": body.version})
    except KeyError as error:
        raise Refusal(422, "invalid", fields={"chain": f"missing: {error.args[0]}"[:_WORDS_LIMIT]}) from error
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Refusal(422, "invalid", fields={"chain": str(error)[:_WORDS_LIMIT]}) from error


def _complained(found: Sequence[Complaint]) -> dict[str, str]:
    """Return complaints as the fields of a refusal: where and what, with what belongs to it."""
    told = {}
    for number, one in enumerate(found):
        pairs = one.fields if one.step is None else (("step", str(one.step)), *one.fields)
        told[f"{number}.{one.kind.value}"] = " ".join(f"{key}={value}" for key, value in pairs)
    return told


def _committee(viewer: Viewer, said: UUID | None) -> CommitteeId:
    if said is None and len(viewer.committees) == 1:
        return viewer.committees[0].id
    if said is None:
        raise Refusal(422, "invalid", fields={"committee_id": "missing"})
    if CommitteeId(said) not in viewer.sight:
        raise NotFound("committee")
    return CommitteeId(said)
