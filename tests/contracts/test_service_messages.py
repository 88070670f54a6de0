"""What flows may rely on about messages of the house about itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import ContactPointId, UserId
from larmcentral.domain.contact import ProofBy
from larmcentral.domain.outbox import Lease
from larmcentral.domain.proof import new_proof
from larmcentral.domain.service import ServiceAsk, ServiceClaim, ServiceKind, ServiceResult, ServiceState
from tests.contracts.conftest import Kept
from tests.world import BO, CARE, DAVID, ORGANISATION, SOCIAL, an_id

SIGHT, ELSEWHERE = frozenset({CARE}), frozenset({SOCIAL})
BO_SMS = ContactPointId(an_id("bo sms"))
EVA, LARS = UserId(an_id("eva")), UserId(an_id("lars"))
ALL = frozenset(ServiceKind)
TESTS = frozenset({ServiceKind.TEST})


def an_ask(kept: Kept, name: str = "test", **values: object) -> ServiceAsk:
    ask = ServiceAsk(
        id=an_id(name),
        organisation_id=ORGANISATION,
        committee_id=CARE,
        kind=ServiceKind.TEST,
        channel=Channel.SMS,
        point_id=BO_SMS,
        receiver=None,
        asked_by=EVA,
        asked_at=kept.clock.now(),
    )
    return replace(ask, **values)  # type: ignore[arg-type]  # fields by name


async def file(kept: Kept, *asks: ServiceAsk) -> None:
    async with kept.store.transaction(SIGHT) as tx:
        for ask in asks:
            await tx.file_service_message(ask)


async def claim(kept: Kept, lease: Lease | None = None, limit: int = 10) -> list[ServiceClaim]:
    async with kept.store.transaction() as tx:
        return list(await tx.claim_service_messages(lease=lease or kept.lease, limit=limit))


async def settle(kept: Kept, result: ServiceResult, lease: Lease | None = None) -> None:
    async with kept.store.transaction() as tx:
        await tx.settle_service_message(result, lease=lease or kept.lease)


def another(kept: Kept, **values: object) -> Lease:
    return Lease(kept.ids.new(), **values)  # type: ignore[arg-type]  # fields by name


async def test_a_message_is_claimed_once_with_where_it_goes(kept: Kept) -> None:
    assert not await kept.store.service_messages_due()
    ask = an_ask(kept, detail={"x": "y"})
    await file(kept, ask, ask)
    assert await kept.store.service_messages_due()
    assert await claim(kept) == [ServiceClaim(ask=ask, tries=0, address="+46701740605", language="sv", proof=None)]
    assert await claim(kept, another(kept)) == []
    assert not await kept.store.service_messages_due()


async def test_a_centres_test_has_no_point(kept: Kept) -> None:
    ask = an_ask(
        kept,
        kind=ServiceKind.RECEIVER_TEST,
        channel=Channel.RECEIVER,
        point_id=None,
        receiver="nord",
        detail={"kind": "fall"},
    )
    await file(kept, ask)
    assert await claim(kept) == [ServiceClaim(ask=ask, tries=0, address="", language="sv", proof=None)]


async def test_a_proof_comes_with_what_it_is_made_of(kept: Kept) -> None:
    ask = an_ask(kept, kind=ServiceKind.PROOF)
    proof = new_proof(BO_SMS, ProofBy.CODE, bytes(range(16)), ask.asked_at)
    async with kept.store.transaction(SIGHT) as tx:
        point = await tx.point(BO_SMS)
        assert point is not None
        await tx.keep_proof(proof, point)
        await tx.file_service_message(ask)
    [claimed] = await claim(kept)
    assert claimed.proof == proof


async def test_a_retired_point_has_no_address_to_send_to(kept: Kept) -> None:
    await file(kept, an_ask(kept))
    async with kept.store.transaction() as tx:
        await tx.retire_point(BO_SMS, kept.clock.now(), "removed")
    [claimed] = await claim(kept)
    assert claimed.address == ""


async def test_what_a_dead_process_held_is_claimed_as_the_next_try(kept: Kept) -> None:
    await file(kept, an_ask(kept))
    [first] = await claim(kept, another(kept, length=timedelta()))
    [second] = await claim(kept)
    assert (first.tries, second.tries) == (0, 1)


async def test_the_oldest_go_first_and_no_more_than_asked_for(kept: Kept) -> None:
    now = kept.clock.now()
    asks = [an_ask(kept, str(n), asked_at=now - timedelta(seconds=9 - n)) for n in range(3)]
    await file(kept, *reversed(asks))
    assert [one.ask for one in await claim(kept, limit=2)] == asks[:2]


async def test_what_came_back_is_kept_and_the_point_learns_of_it(kept: Kept) -> None:
    ask, at = an_ask(kept), kept.clock.now()
    await file(kept, ask)
    await claim(kept)
    result = ServiceResult(
        ask=ask, state=ServiceState.SENT, at=at, provider="46elks", seconds=0.25, reason="", answer="created"
    )
    await settle(kept, result)
    async with kept.store.transaction(SIGHT) as tx:
        record = await tx.service_message(ask.id)
        point = await tx.point(BO_SMS)
    assert record is not None
    assert point is not None
    assert (record.ask, record.state, record.tries, record.settled_at) == (ask, ServiceState.SENT, 1, at)
    assert (record.provider, record.seconds, record.reason, record.answer) == ("46elks", 0.25, "", "created")
    assert (point.last_reached_at, point.last_failed_at) == (at, None)


async def test_a_second_try_waits_for_its_time(kept: Kept) -> None:
    ask, at = an_ask(kept), kept.clock.now()
    await file(kept, ask)
    await claim(kept)
    again = ServiceResult(
        ask=ask, state=ServiceState.PENDING, at=at, due_at=at + timedelta(hours=1), provider="46elks", reason="503"
    )
    await settle(kept, again)
    assert await claim(kept) == []
    async with kept.store.transaction() as tx:
        record = await tx.service_message(ask.id)
        point = await tx.point(BO_SMS)
    assert record is not None
    assert point is not None
    assert (record.state, record.settled_at, record.reason) == (ServiceState.PENDING, None, "503")
    assert point.last_failed_at is None


async def failed(kept: Kept, state: ServiceState, reason: str, provider: str | None = "46elks") -> tuple[object, ...]:
    ask, at = an_ask(kept), kept.clock.now()
    await file(kept, ask)
    await claim(kept)
    await settle(kept, ServiceResult(ask=ask, state=state, at=at, provider=provider, reason=reason))
    async with kept.store.transaction() as tx:
        point = await tx.point(BO_SMS)
    assert point is not None
    told = point.last_failed_at == at
    return told, point.last_failed_why, point.retired_at == at, point.retired_why


async def test_a_refusal_is_bad_news_of_the_point(kept: Kept) -> None:
    assert await failed(kept, ServiceState.REFUSED, "403 no") == (True, "403 no", False, None)


async def test_a_point_that_is_gone_is_retired(kept: Kept) -> None:
    assert await failed(kept, ServiceState.GONE, "unknown user") == (True, "unknown user", True, "unknown user")


async def test_what_no_provider_was_asked_for_says_nothing_of_the_point(kept: Kept) -> None:
    assert await failed(kept, ServiceState.REFUSED, "no_provider", None) == (False, None, False, None)


async def test_a_result_of_who_lost_his_lease_changes_nothing(kept: Kept) -> None:
    ask, at = an_ask(kept), kept.clock.now()
    await file(kept, ask)
    await claim(kept)
    late = ServiceResult(ask=ask, state=ServiceState.FAILED, at=at, provider="46elks", reason="late")
    await settle(kept, late, another(kept))
    async with kept.store.transaction() as tx:
        record = await tx.service_message(ask.id)
        point = await tx.point(BO_SMS)
    assert record is not None
    assert point is not None
    assert (record.state, point.last_failed_at) == (ServiceState.PENDING, None)


async def test_another_committee_sees_nothing_of_it(kept: Kept) -> None:
    ask = an_ask(kept)
    await file(kept, ask)
    async with kept.store.transaction(ELSEWHERE) as tx:
        assert await tx.service_message(ask.id) is None
        assert list(await tx.asked_times(ALL, ask.asked_at - timedelta(hours=1))) == []
        assert await tx.service_message(UUID(int=1)) is None


async def test_what_was_asked_for_is_counted_by_user_by_point_and_by_person(kept: Kept) -> None:
    now = kept.clock.now()
    times = [now - timedelta(minutes=n) for n in (30, 20, 10)]
    asks = [
        an_ask(kept, "old", asked_at=times[0]),
        an_ask(kept, "by lars", asked_at=times[1], asked_by=LARS, kind=ServiceKind.PROOF),
        an_ask(kept, "to david", asked_at=times[2], point_id=ContactPointId(an_id("david sms"))),
    ]
    await file(kept, *asks)

    async def counted(kinds: frozenset[ServiceKind], since: datetime, **values: object) -> list[datetime]:
        async with kept.store.transaction(SIGHT) as tx:
            return list(await tx.asked_times(kinds, since, **values))  # type: ignore[arg-type]  # fields by name

    ever = now - timedelta(hours=1)
    assert await counted(ALL, ever) == times
    assert await counted(ALL, times[0]) == times[1:]
    assert await counted(TESTS, ever, by=EVA) == [times[0], times[2]]
    assert await counted(TESTS, ever, by=LARS) == []
    assert await counted(ALL, ever, point_id=BO_SMS) == times[:2]
    assert await counted(ALL, ever, person_id=BO) == times[:2]
    assert await counted(ALL, ever, person_id=DAVID) == times[2:]
