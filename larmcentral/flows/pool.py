"""Pool devices: taken by a scan at the start of a shift, if nothing stands against it, and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from escalation.events import Operator, Wearer
from escalation.ids import PersonId, VigilId
from escalation.incident import Refused
from escalation.loan import Loan, LoanEvent, LoanFacts, Prolonged, Refusal, Returned, decide_loan, gate, start_loan
from escalation.vigil import VigilKind
from larmcentral.domain.device import PersonFacts, PoolDevice
from larmcentral.domain.errors import NotFound, RefusedByRule
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange, VigilRecord, undecided
from larmcentral.flows.carry import carry_out
from larmcentral.flows.means import Means
from larmcentral.flows.transact import Sight, store_now, transact
from larmcentral.ports import Transaction


class Pool:
    """Commands about devices that are lent out. All raise Refused, NotFound or StoreUnavailable."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def check_out(
        self, tag: str, person_id: PersonId, by: Operator | Wearer, due_back: datetime, sight: Sight
    ) -> VigilId:
        """Lend a device; from now on it is the borrower's. tag: as scanned.

        Raises RefusedByRule "gate" with everything that stands against it: reason -> values for its words.
        """
        loan_id = VigilId(self._means.ids.new())

        async def act(tx: Transaction) -> tuple[VigilId, Sequence[OutgoingNotice]]:
            now = await store_now(tx)
            device, subject = await _device(tx, tag)
            person = await tx.person_facts(person_id)
            if person is None:
                raise NotFound("person")
            (plan,) = await tx.plans([subject])
            today = now.astimezone(ZoneInfo(self._means.calendar.zone)).date()
            refusals = gate(_facts(device, person), plan, now, today)
            if refusals:
                raise RefusedByRule("gate", {one.reason: _values(one) for one in refusals})
            decision = start_loan(device.device_id, person_id, due_back, plan, now, by)
            await tx.assign(device.device_id, person_id, now)
            # Read again: from here on the device's alarms, and the words of its loan, are the borrower's.
            worn = await tx.subject_of_device(device.device_id)
            record = VigilRecord(
                id=loan_id,
                kind=VigilKind.LOAN,
                subject=worn or subject,
                core=decision.core,
                version=1,
                entries=len(decision.entries),
            )
            change = VigilChange(before=None, after=record, effects=decision.effects, log=decision.entries)
            return loan_id, await carry_out(tx, [change], self._means, now)

        return await transact(self._means, sight, act)

    async def check_in(self, tag: str, by: Operator | Wearer, sight: Sight) -> None:
        """Take a device back; nobody wears it any more."""

        async def act(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            device, _ = await _device(tx, tag)
            notices = await self._decide(tx, device, Returned(by))
            await tx.assign(device.device_id, None, await store_now(tx))
            return None, notices

        await transact(self._means, sight, act)

    async def prolong(self, tag: str, until: datetime, by: Operator | Wearer, sight: Sight) -> None:
        """Lend it for longer."""

        async def act(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            device, _ = await _device(tx, tag)
            return None, await self._decide(tx, device, Prolonged(by, until))

        await transact(self._means, sight, act)

    async def _decide(self, tx: Transaction, device: PoolDevice, event: LoanEvent) -> Sequence[OutgoingNotice]:
        locked = await tx.lock_vigils([device.loan_id] if device.loan_id is not None else [])
        if device.loan_id is None or device.loan_id not in locked.records:
            raise Refused("returned")
        record = locked.records[device.loan_id]
        decision = decide_loan(cast(Loan, record.core), event, locked.now)
        change = undecided(record).then(decision.core, decision.effects, decision.entries)
        return await carry_out(tx, [change], self._means, locked.now)


async def _device(tx: Transaction, tag: str) -> tuple[PoolDevice, Subject]:
    device = await tx.pool_device(tag)
    subject = None if device is None else await tx.subject_of_device(device.device_id)
    if device is None or subject is None:
        raise NotFound("device")
    return device, subject


def _facts(device: PoolDevice, person: PersonFacts) -> LoanFacts:
    return LoanFacts(
        in_pool=device.in_pool,
        battery_pct=device.battery_pct,
        tested_at=device.tested_at,
        trained_on=person.trained_on,
        contract_ends_on=person.ends_on,
        lent_to=device.lent_to,
    )


def _values(refusal: Refusal) -> str:
    """The numbers of a refusal for its words: "12 of 20", "2026-05-01", or nothing. Whom it is lent to stays out."""
    if refusal.reason == "lent":
        return ""
    return " of ".join(value for _, value in refusal.fields)
