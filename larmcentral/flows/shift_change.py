"""A shift change: the list of what is open, made and signed; it ends nothing by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from escalation.events import Operator
from escalation.handover import CaseLine, Handover, Signed, decide_handover, start_handover
from escalation.ids import CommitteeId, UserId, VigilId
from escalation.vigil import VigilKind
from larmcentral.domain.errors import NotFound
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Record, Subject
from larmcentral.domain.vigil import VigilChange, VigilRecord, undecided
from larmcentral.flows.carry import carry_out
from larmcentral.flows.means import Means
from larmcentral.flows.transact import Sight, store_now
from larmcentral.ports import Transaction

CASES_LISTED: Final = 500
"""More open incidents than a desk has on its worst day; somebody must still be able to read the list."""


async def make_list(
    tx: Transaction, vigil_id: VigilId, by: Operator, to: UserId | None, sight: Sight, means: Means
) -> Sequence[OutgoingNotice]:
    """File the list of what is open in the operator's sight. Raises NotFound, Refused (same_person)."""
    now = await store_now(tx)
    cases = await tx.still_open(CASES_LISTED)
    subject = await _subject(tx, vigil_id, by, cases, sight)
    (plan,) = await tx.plans([subject])
    lines = tuple(
        CaseLine(one.incident.id, one.incident.kind, one.incident.state, now - one.incident.opened_at) for one in cases
    )
    decision = start_handover(by, to, lines, plan, now)
    record = VigilRecord(
        id=vigil_id,
        kind=VigilKind.HANDOVER,
        subject=subject,
        core=decision.core,
        version=1,
        entries=len(decision.entries),
    )
    change = VigilChange(before=None, after=record, effects=decision.effects, log=decision.entries)
    return await carry_out(tx, [change], means, now)


async def sign_list(tx: Transaction, vigil_id: VigilId, by: Operator, means: Means) -> Sequence[OutgoingNotice]:
    """Put an operator's name under the list. Raises NotFound, Refused (signed, same_person, not_named)."""
    locked = await tx.lock_vigils([vigil_id])
    record = locked.records.get(vigil_id)
    if record is None or record.kind is not VigilKind.HANDOVER:
        raise NotFound("handover")
    decision = decide_handover(cast(Handover, record.core), Signed(by), locked.now)
    change = undecided(record).then(decision.core, decision.effects, decision.entries)
    return await carry_out(tx, [change], means, locked.now)


async def _subject(tx: Transaction, vigil_id: VigilId, by: Operator, cases: Sequence[Record], sight: Sight) -> Subject:
    """The list belongs to the committee of its first case; its managers are those of the operator's own unit."""
    committee_id: CommitteeId | None = cases[0].subject.committee_id if cases else min(sight, default=None)
    if committee_id is None:
        raise NotFound("committee")
    own = await tx.subject_of_person(by.person_id) if by.person_id is not None else None
    house = await tx.subject_of_house(committee_id, None)
    if house is None:
        raise NotFound("committee")
    unit_id = None if own is None else own.unit_id
    return replace(house, protocol=VigilKind.HANDOVER.value, account=str(vigil_id), unit_id=unit_id)
