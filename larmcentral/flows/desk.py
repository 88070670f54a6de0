"""The operators' desk: who sits there, and what becomes of his incidents when he goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from escalation.decide import decide
from escalation.events import Operator, OwnerLeft
from escalation.ids import UserId, VigilId
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Change, Record, unchanged
from larmcentral.flows.asking import ask_for
from larmcentral.flows.means import Means
from larmcentral.flows.rosters import rosters
from larmcentral.flows.saving import save_changes
from larmcentral.flows.shift_change import make_list, sign_list
from larmcentral.flows.transact import Sight, store_now, transact
from larmcentral.ports import Transaction


class Desk:
    """Commands of operators about their own place. All raise Refused, NotFound or StoreUnavailable."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def sit_down(self, at_desk: AtDesk) -> None:
        """An operator takes his place, or still has it."""

        async def act(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            now = await store_now(tx)
            await tx.sit_down(replace(at_desk, since=now, seen_at=now))
            return None, ()

        await transact(self._means, None, act)

    async def seen(self, user_id: UserId) -> None:
        """He gave a sign of life; nothing if he has no place."""
        async with self._means.store.transaction() as tx:
            await tx.seen_at_desk(user_id, await store_now(tx))

    async def leave(self, user_id: UserId, *, if_silent_since: datetime | None = None) -> None:
        """He goes: each incident he owns goes to whoever has least in hand there, or opens again.

        if_silent_since: only if nothing was heard of him since then; he may be back since somebody looked.
        """

        async def act(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            if if_silent_since is not None:
                gone = {seat.operator.user_id for seat in await tx.gone_from_desk(if_silent_since)}
                if user_id not in gone:
                    return None, ()
            locked = await tx.owned_by(user_id)
            await tx.leave_desk(user_id, locked.now)
            changes = await self._given_on(tx, list(locked.records.values()), user_id, locked.now)
            return None, await save_changes(tx, changes, self._means)

        await transact(self._means, None, act)

    async def make_handover(self, by: Operator, to: UserId | None, sight: Sight) -> VigilId:
        """List the open cases for whoever comes. to: who that is; None: whoever signs."""
        vigil_id = VigilId(self._means.ids.new())

        async def act(tx: Transaction) -> tuple[VigilId, Sequence[OutgoingNotice]]:
            return vigil_id, await make_list(tx, vigil_id, by, to, sight, self._means)

        return await transact(self._means, sight, act)

    async def sign_handover(self, vigil_id: VigilId, by: Operator, sight: Sight) -> None:
        """Sign the list, leaving or coming."""

        async def act(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            return None, await sign_list(tx, vigil_id, by, self._means)

        await transact(self._means, sight, act)

    async def _given_on(
        self, tx: Transaction, records: Sequence[Record], user_id: UserId, now: datetime
    ) -> list[Change]:
        found = await rosters(tx, [ask_for(record) for record in records], self._means, now)
        given: Counter[UserId] = Counter()
        changes = []
        # The gravest finds the least laden desk.
        for record, roster in sorted(zip(records, found, strict=True), key=lambda one: one[0].incident.kind.gravity):
            seats = [
                s
                for s in await tx.at_desk(record.subject.committee_id)
                if s.operator.user_id != user_id and not _about(record, s.operator)
            ]
            seat = min(seats, key=lambda s: s.load + given[s.operator.user_id], default=None)
            if seat is not None:
                given[seat.operator.user_id] += 1
            event = OwnerLeft(None if seat is None else seat.operator, roster)
            changes.append(unchanged(record).then(decide(record.incident, event, now)))
        return changes


def _about(record: Record, operator: Operator) -> bool:
    """True if the alarm is about whoever sits there: it is not his to have in hand."""
    return operator.person_id is not None and operator.person_id == record.incident.subject
