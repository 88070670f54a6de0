"""A row's test is read from where service messages are kept."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.ids import CommitteeId, OrganisationId
from larmcentral.domain.forwarding_tests import RowTest
from larmcentral.domain.roles import Scope
from larmcentral.store.forwarders import ForwarderDesk
from larmcentral.store.pool import Pool
from tests.builders import NOON, Town


async def test_what_came_of_a_row_s_test_is_read_with_the_row_it_was_of(database_dsn: str) -> None:
    town = await Town.found(database_dsn)
    committee = await town.committee("Omsorgsnämnden")
    test_id = UUID(int=5)
    await town.insert(
        "service_messages",
        organisation_id=town.organisation,
        committee_id=committee,
        id=test_id,
        kind="receiver_test",
        channel="receiver",
        receiver="nord",
        detail=json.dumps({"kind": "fall", "silent": "true", "fingerprint": "ab" * 16}),
        asked_by=UUID(int=6),
        asked_at=NOON,
        due_at=NOON,
        state="sent",
        settled_at=NOON + timedelta(seconds=1),
        answer="dator: ACK",
    )
    web = Pool([database_dsn], role="larm_web", size=1, deadline_s=5)
    organisation = OrganisationId(town.organisation)
    desk, ours = ForwarderDesk(web), frozenset({CommitteeId(committee)})
    found = await desk.row_test(Scope(organisation_id=organisation, committees=ours), test_id)
    unseen = await desk.row_test(Scope(organisation_id=organisation, committees=frozenset()), test_id)
    await web.close()
    await town.close()
    assert unseen is None
    assert found == RowTest(
        id=test_id,
        receiver="nord",
        kind=AlarmKind.FALL,
        silent=True,
        fingerprint="ab" * 16,
        state="sent",
        asked_at=NOON,
        settled_at=NOON + timedelta(seconds=1),
        reason="",
        answer="dator: ACK",
    )
