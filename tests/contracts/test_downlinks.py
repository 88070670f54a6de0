"""What flows may rely on about words down to devices, their answers, and commissioning sheets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.ids import UserId
from larmcentral.domain.device import Downlink, DownlinkKind, Unsaid
from larmcentral.domain.order import Sheet
from larmcentral.store import downlinks
from larmcentral.store.postgres import PostgresStore
from protocols.orders import CallBack, Commission
from tests.contracts.conftest import Kept
from tests.contracts.town import WATCH_ID, settle_places
from tests.world import CARE, ORGANISATION, SOCIAL, WATCH, an_id

DEVICE = ("watch", WATCH)
KARIN = UserId(an_id("karin"))


def words(kept: Kept, name: str, account: str = WATCH) -> Downlink:
    now = kept.clock.now()
    return Downlink(
        id=an_id(name),
        organisation_id=ORGANISATION,
        committee_id=CARE,
        device_id=WATCH_ID,
        protocol="watch",
        account=account,
        incident_id=None,
        kind=DownlinkKind.TAKEN,
        silent=False,
        language="sv",
        filed_at=now,
        expires_at=now + timedelta(minutes=10),
    )


async def test_words_wait_for_their_device_and_are_said_once(kept: Kept) -> None:
    await settle_places(kept)
    first, other = words(kept, "d1"), words(kept, "d2", account="8660000002")
    async with kept.store.transaction(frozenset({CARE})) as tx:
        await tx.file_downlinks([first, other])
        await tx.file_downlinks([replace(first, silent=True)])
        await tx.file_downlinks([])
    now = first.filed_at
    async with kept.store.transaction() as tx:
        assert await tx.claim_downlinks([], now) == []
        assert await tx.claim_downlinks([DEVICE, ("watch", "1")], now) == [first]
        assert await tx.claim_downlinks([DEVICE], first.expires_at) == []
        assert await tx.waiting(now) == {DEVICE, ("watch", "8660000002")}
        assert await tx.waiting(max(first.expires_at, other.expires_at)) == frozenset()
        await tx.settle_downlinks({first.id: 2}, now)
        assert await tx.claim_downlinks([DEVICE], now) == []


async def test_what_an_order_carries_comes_back_with_it(kept: Kept) -> None:
    await settle_places(kept)
    settings = Commission(sos_numbers=("+46701740601",), fall_detection=True, report_every_s=600)
    ring = replace(words(kept, "ring"), kind=DownlinkKind.CALL_BACK, content=CallBack("0303174060"), asked_by=KARIN)
    sheet = replace(words(kept, "sheet"), kind=DownlinkKind.COMMISSION, content=settings, asked_by=KARIN)
    async with kept.store.transaction(frozenset({CARE})) as tx:
        await tx.file_downlinks([ring, sheet])
        assert await tx.standing_order(WATCH_ID, DownlinkKind.CALL_BACK, None, ring.filed_at) == ring
        assert await tx.standing_order(WATCH_ID, DownlinkKind.LOCATE, None, ring.filed_at) is None
        assert await tx.standing_order(WATCH_ID, DownlinkKind.CALL_BACK, None, ring.expires_at) is None
    async with kept.store.transaction() as tx:
        found = await tx.claim_downlinks([DEVICE], ring.filed_at)
        assert {one.id: one for one in found} == {ring.id: ring, sheet.id: sheet}
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert await tx.standing_order(WATCH_ID, DownlinkKind.CALL_BACK, None, ring.filed_at) is None


async def test_what_was_sent_may_be_answered_as_often_as_it_had_frames(kept: Kept) -> None:
    await settle_places(kept)
    one = words(kept, "d1")
    now = one.filed_at
    async with kept.store.transaction() as tx:
        await tx.file_downlinks([one])
        assert await tx.claim_unanswered([DEVICE], now) == []
        await tx.settle_downlinks({one.id: 1}, now)
        await tx.leave_unsaid({one.id: Unsaid.EXPIRED})
        sent = replace(one, sent_at=now, frames=1)
        assert await tx.claim_unanswered([DEVICE], now) == [sent]
        assert await tx.claim_unanswered([DEVICE], now + timedelta(seconds=1)) == []
        assert await tx.claim_unanswered([], now) == []
        await tx.file_answers([replace(sent, replies=1, answered_at=now, answer="MESSAGE")])
        assert await tx.claim_unanswered([DEVICE], now) == []


async def test_where_a_device_is_may_be_answered_by_a_place_and_a_sheet_as_often_as_it_is(kept: Kept) -> None:
    await settle_places(kept)
    where = replace(words(kept, "where"), kind=DownlinkKind.LOCATE, quiet=True)
    sheet = replace(words(kept, "sheet"), kind=DownlinkKind.COMMISSION, content=Commission(in_utc=True))
    now = where.filed_at
    async with kept.store.transaction() as tx:
        await tx.file_downlinks([where, sheet])
        await tx.settle_downlinks({where.id: 1, sheet.id: 1}, now)
        answered = [
            replace(one, sent_at=now, frames=1, replies=1, answered_at=now, answer="ok") for one in (where, sheet)
        ]
        await tx.file_answers(answered)
        found = {one.id: one for one in await tx.claim_unanswered([DEVICE], now)}
        assert found == {one.id: one for one in answered}
        placed = replace(answered[0], placed_at=now)
        await tx.file_answers([placed])
        assert await tx.claim_unanswered([DEVICE], now) == [answered[1]]


async def test_words_that_a_later_version_files_are_left_to_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    await settle_places(kept)
    taken, where = words(kept, "taken"), replace(words(kept, "where"), kind=DownlinkKind.LOCATE)
    async with kept.store.transaction() as tx:
        await tx.file_downlinks([taken, where])
    if not isinstance(kept.store, PostgresStore):
        pytest.skip("only a database is shared by two versions")
    monkeypatch.setattr(downlinks, "KNOWN", ("taken",))
    async with kept.store.transaction() as tx:
        assert await tx.claim_downlinks([DEVICE], taken.filed_at) == [taken]
        assert await tx.claim_expired(taken.expires_at, 10) == [taken]


async def test_what_nobody_could_say_in_time_is_found_once(kept: Kept) -> None:
    await settle_places(kept)
    one, over = words(kept, "d1"), words(kept, "d2")
    async with kept.store.transaction() as tx:
        await tx.file_downlinks([one, over])
        await tx.leave_unsaid({over.id: Unsaid.OVER})
        assert await tx.claim_expired(one.filed_at, 10) == []
        assert await tx.claim_expired(one.expires_at, 10) == [one]
        await tx.leave_unsaid({one.id: Unsaid.EXPIRED})
        assert await tx.claim_expired(one.expires_at, 10) == []
        assert await tx.claim_downlinks([DEVICE], one.filed_at) == []
        await tx.settle_downlinks({one.id: 1}, one.filed_at)
        assert await tx.claim_unanswered([DEVICE], one.filed_at) == []


async def test_a_sheet_is_its_devices_and_its_committees(kept: Kept) -> None:
    await settle_places(kept)
    sheet = Sheet(
        organisation_id=ORGANISATION,
        committee_id=CARE,
        device_id=WATCH_ID,
        settings=Commission(sos_numbers=("+46701740601", "0303174060"), in_utc=True),
        note="laddas varje kväll",
        changed_at=kept.clock.now(),
        changed_by=KARIN,
    )
    async with kept.store.transaction(frozenset({CARE})) as tx:
        assert await tx.sheet(WATCH_ID) is None
        await tx.keep_sheet(sheet)
        changed = replace(sheet, note="", settings=Commission(fall_calls=False), quiet_locate=True)
        await tx.keep_sheet(changed)
        assert await tx.sheet(WATCH_ID) == changed
    async with kept.store.transaction(frozenset({SOCIAL})) as tx:
        assert await tx.sheet(WATCH_ID) is None
