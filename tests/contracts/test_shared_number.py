"""Who is meant when an answer comes from a number that several have."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from escalation.chain import Medium, PersonTarget
from escalation.ids import ContactPointId
from larmcentral.domain.outbox import NoticeState
from larmcentral.domain.register import Person
from tests.contracts.conftest import Kept
from tests.contracts.outgoing import a_chain, alarm, choose, settle, settled
from tests.contracts.test_notices import NUMBER
from tests.world import BO, DAVID, HOME, UNIT, an_id, sms


async def test_an_answer_from_a_number_that_two_have_is_his_who_proved_it(kept: Kept) -> None:
    """Or whoever enters a colleague's number as his own would take her answers."""
    await kept.register.person(HOME, Person(id=BO, name="Bo", unit_id=UNIT, contact_points=(sms("bo", NUMBER),)))
    await kept.register.person(
        HOME, Person(id=DAVID, name="David", unit_id=UNIT, contact_points=(sms("david", NUMBER),))
    )
    await choose(kept, a_chain(PersonTarget(BO), PersonTarget(DAVID), media=(Medium.SMS,)))
    notices = {n.person_id: n for n in await alarm(kept)}
    since = kept.clock.now() - timedelta(hours=1)
    await settle(kept, settled(notices[BO], NoticeState.SENT, kept))
    late = replace(settled(notices[DAVID], NoticeState.SENT, kept), at=kept.clock.now() + timedelta(seconds=1))
    await settle(kept, late)
    asked = await kept.store.last_asked(NUMBER, since)
    assert asked is not None
    assert asked.person_id == DAVID
    async with kept.store.transaction() as tx:
        await tx.verify_point(ContactPointId(an_id("bo sms")), kept.clock.now())
    asked = await kept.store.last_asked(NUMBER, since)
    assert asked is not None
    assert asked.person_id == BO
