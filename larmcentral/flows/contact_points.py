"""Contact points as people work with them: add, take away, put in order, ask for proof and give it.

A person works with his own, whatever committee he is in; a manager with those of persons of his committees. Unproven
points are rung in an alarm like any other: nobody may be left out because a code was never typed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.ids import ContactPointId, PersonId
from escalation.incident import Refused
from larmcentral.domain.contact import (
    OF_AN_APP,
    POINTS_LIMIT,
    REMOVED,
    KnownPoint,
    PointAsker,
    PointDraft,
    ProofBy,
    proof_by,
)
from larmcentral.domain.errors import NotFound, RefusedByRule
from larmcentral.domain.proof import (
    ASKED_LIMIT,
    ASKED_WITHIN,
    NONCE_BYTES,
    SECRET_BYTES,
    SEEN_WITHIN,
    TRIES,
    AskedTooOften,
    Proof,
    new_proof,
    point_of_key,
    wait_for,
)
from larmcentral.domain.service import ServiceAsk, ServiceKind, ServiceState
from larmcentral.flows.means import Means
from larmcentral.flows.transact import store_now, transact
from larmcentral.ports import Transaction

_ARRIVED: Final = frozenset({ServiceState.SENT, ServiceState.DELIVERED})
_PROOFS: Final = frozenset({ServiceKind.PROOF})
_TESTS: Final = frozenset({ServiceKind.TEST})


@dataclass(frozen=True, slots=True)
class ProofAsked:
    """A proof is on its way. message_id: of what was sent. expires_at: until when it can be given."""

    message_id: UUID
    by: ProofBy
    expires_at: datetime


class ContactPoints:
    """Every method raises NotFound for what the asker may not see, and StoreUnavailable."""

    def __init__(self, means: Means, secret: bytes, draw: Callable[[int], bytes], *, linked: bool) -> None:
        """secret: the same in every process of the house. draw: so many random bytes. linked: mail can carry a link."""
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the secret of proofs must have at least {SECRET_BYTES} bytes")
        self._means, self._secret, self._draw, self._linked = means, secret, draw, linked

    async def add(self, person_id: PersonId, draft: PointDraft, asker: PointAsker) -> ContactPointId:
        """Add a point, last in the order, and return its id: that of the same point if he has it. Repeatable.

        One that was retired lives again and must be proven anew. An app that reported for somebody else no longer does.
        Raises Refused (points_full).
        """
        if asker.own not in {None, person_id}:
            raise NotFound("person")

        async def work(tx: Transaction) -> tuple[ContactPointId, tuple[()]]:
            owner = await tx.subject_of_person(person_id)
            if owner is None:
                raise NotFound("person")
            points = await tx.points_of(person_id)
            living = [one for one in points if one.living]
            same = next((one for one in points if (one.channel, one.address) == (draft.channel, draft.address)), None)
            now = await store_now(tx)
            if same is None or not same.living:
                if len(living) >= POINTS_LIMIT:
                    raise Refused("points_full")
                kept = KnownPoint(
                    id=draft.id if same is None else same.id,
                    organisation_id=owner.organisation_id,
                    committee_id=owner.committee_id,
                    person_id=person_id,
                    channel=draft.channel,
                    address=draft.address,
                    rank=max((one.rank for one in living), default=-1) + 1,
                    label=draft.label,
                    made_at=now,
                )
                await tx.keep_point(kept)
                same = await tx.point(kept.id)
                if same is None or (same.person_id, same.channel, same.address) != (
                    person_id,
                    draft.channel,
                    draft.address,
                ):
                    raise NotFound("contact point")  # the id is another point's
            if draft.channel in OF_AN_APP:
                await tx.retire_elsewhere(draft.channel, draft.address, same.id, now)
            return same.id, ()

        return await transact(self._means, asker.sight, work)

    async def remove(self, point_id: ContactPointId, asker: PointAsker) -> int:
        """Take a point away; return how many living ones its owner has left. Repeatable.

        His last one may go, too: it is his, and a chain that he stands in raises its own fault. He is told.
        """

        async def work(tx: Transaction) -> tuple[int, tuple[()]]:
            point = await self._point(tx, point_id, asker)
            await tx.retire_point(point_id, await store_now(tx), REMOVED)
            return sum(one.living for one in await tx.points_of(point.person_id)), ()

        return await transact(self._means, asker.sight, work)

    async def order(self, person_id: PersonId, point_ids: Sequence[ContactPointId], asker: PointAsker) -> None:
        """Let a person's points be tried in this order, where the chain lets him choose.

        Raises Refused (not_all_points) unless all that are in use are named, each once.
        """
        if asker.own not in {None, person_id}:
            raise NotFound("person")

        async def work(tx: Transaction) -> tuple[None, tuple[()]]:
            if await tx.subject_of_person(person_id) is None:
                raise NotFound("person")
            living = [one.id for one in await tx.points_of(person_id) if one.living]
            if sorted(living) != sorted(point_ids):
                raise Refused("not_all_points")
            await tx.rank_points(point_ids)
            return None, ()

        await transact(self._means, asker.sight, work)

    async def ask_proof(self, point_id: ContactPointId, asker: PointAsker) -> ProofAsked:
        """Send what proves a point, in place of what was sent before.

        Raises Refused (point_retired, point_proven, proven_by_eye), and AskedTooOften for a point or for its owner.
        """
        message_id, nonce = self._means.ids.new(), self._draw(NONCE_BYTES)

        async def work(tx: Transaction) -> tuple[ProofAsked, tuple[()]]:
            point = await self._point(tx, point_id, asker)
            by = proof_by(point.channel, linked=self._linked)
            if not point.living:
                raise Refused("point_retired")
            if point.verified_at is not None:
                raise Refused("point_proven")
            if by is ProofBy.SEEN:
                raise Refused("proven_by_eye")
            now = await store_now(tx)
            await _count(tx, point, now)
            proof = new_proof(point_id, by, nonce, now)
            await tx.keep_proof(proof, point)
            await tx.file_service_message(
                ServiceAsk(
                    id=message_id,
                    organisation_id=point.organisation_id,
                    committee_id=point.committee_id,
                    kind=ServiceKind.PROOF,
                    channel=point.channel,
                    point_id=point_id,
                    receiver=None,
                    asked_by=asker.user_id,
                    asked_at=now,
                )
            )
            return ProofAsked(message_id, by, proof.expires_at), ()

        return await transact(self._means, asker.sight, work)

    async def give_code(self, point_id: ContactPointId, code: str, asker: PointAsker) -> None:
        """Prove a point by the code that was sent there.

        Raises Refused (wrong_code with fields.left, proof_over). A wrong one counts although it is refused.
        """

        async def work(tx: Transaction) -> tuple[int | None, tuple[()]]:
            point = await self._point(tx, point_id, asker)
            by_code = proof_by(point.channel, linked=self._linked) is ProofBy.CODE
            proof, now = await tx.proof(point_id), await store_now(tx)
            if not by_code or proof is None or not proof.stands(now):
                raise Refused("proof_over")
            if proof.is_code(code, self._secret):
                await tx.verify_point(point_id, now)
                return None, ()
            await tx.count_wrong_code(point_id)
            return TRIES - proof.tries - 1, ()

        left = await transact(self._means, asker.sight, work)
        if left is not None:
            raise RefusedByRule("wrong_code", {"left": str(left)})

    async def give_key(self, key: str) -> None:
        """Prove a point by the key of the link or of the push that went there; whoever has it need not log in.

        Raises NotFound for a key that is not ours or has run out, whatever is wrong with it. Repeatable while it lasts.
        """
        point_id = point_of_key(key, self._secret)
        if point_id is None:
            raise NotFound("proof")

        async def work(tx: Transaction) -> tuple[None, tuple[()]]:
            point, proof = await tx.point(point_id), await tx.proof(point_id)
            now = await store_now(tx)
            if not _given(proof, key, self._secret, now) or point is None or not point.living:
                raise NotFound("proof")
            if proof_by(point.channel, linked=True) not in {ProofBy.LINK, ProofBy.PUSH}:
                raise NotFound("proof")  # the key of a point that is proven by code was sent to nobody
            await tx.verify_point(point_id, now)
            return None, ()

        await transact(self._means, None, work)

    async def seen(self, point_id: ContactPointId, message_id: UUID, asker: PointAsker) -> None:
        """Prove a point by a person who says that he saw the test arrive there.

        Raises Refused (no_test_yet) unless that test was taken by the provider within the last day.
        """

        async def work(tx: Transaction) -> tuple[None, tuple[()]]:
            point = await self._point(tx, point_id, asker)
            record, now = await tx.service_message(message_id), await store_now(tx)
            if (
                proof_by(point.channel) is not ProofBy.SEEN
                or record is None
                or record.ask.point_id != point_id
                or record.ask.kind not in _TESTS
                or record.state not in _ARRIVED
                or record.ask.asked_at < now - SEEN_WITHIN
            ):
                raise Refused("no_test_yet")
            await tx.verify_point(point_id, now)
            return None, ()

        await transact(self._means, asker.sight, work)

    async def _point(self, tx: Transaction, point_id: ContactPointId, asker: PointAsker) -> KnownPoint:
        point = await tx.point(point_id)
        if point is None or not asker.may(point):
            raise NotFound("contact point")
        return point


def _given(proof: Proof | None, key: str, secret: bytes, now: datetime) -> bool:
    return proof is not None and proof.stands(now) and proof.is_key(key, secret)


async def _count(tx: Transaction, point: KnownPoint, now: datetime) -> None:
    """Count what was asked of the point and for its owner. Raises AskedTooOften."""
    since = now - ASKED_WITHIN
    of_point = await tx.asked_times(_PROOFS, since, point_id=point.id)
    of_person = await tx.asked_times(_PROOFS, since, person_id=point.person_id)
    wait = max(wait_for(of_point, ASKED_LIMIT, ASKED_WITHIN, now), wait_for(of_person, ASKED_LIMIT, ASKED_WITHIN, now))
    if wait > timedelta():
        raise AskedTooOften(wait)
