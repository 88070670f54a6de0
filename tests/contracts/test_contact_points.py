"""What flows may rely on about contact points and their proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from escalation.chain import Channel
from escalation.ids import ContactPointId, PersonId, UserId
from larmcentral.domain.contact import MOVED, KnownPoint, PointAsker, PointDraft, ProofBy
from larmcentral.domain.proof import new_proof
from larmcentral.domain.register import ContactPoint, Person
from larmcentral.flows.contact_points import ContactPoints
from larmcentral.flows.service_asks import ServiceAsks
from larmcentral.ports import Transaction
from tests.contracts.conftest import Kept
from tests.world import BO, CARE, CECILIA, HOME, ORGANISATION, SOCIAL, UNIT, an_id

SIGHT, ELSEWHERE = frozenset({CARE}), frozenset({SOCIAL})
BO_APP, BO_SMS = ContactPointId(an_id("bo app")), ContactPointId(an_id("bo sms"))


def a_point(kept: Kept, name: str = "bo mail", **values: object) -> KnownPoint:
    point = KnownPoint(
        id=ContactPointId(an_id(name)),
        organisation_id=ORGANISATION,
        committee_id=CARE,
        person_id=BO,
        channel=Channel.MAIL,
        address="bo@larm.example",
        rank=7,
        label="Jobbet",
        made_at=kept.clock.now(),
    )
    return replace(point, **values)  # type: ignore[arg-type]  # fields by name


async def one(tx: Transaction, point_id: UUID) -> KnownPoint:
    found = await tx.point(ContactPointId(point_id))
    assert found is not None
    return found


async def test_a_persons_points_come_by_rank(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        found = await tx.points_of(BO)
        assert [(p.id, p.channel, p.address, p.rank) for p in found] == [
            (BO_APP, Channel.APNS, "bo-token", 0),
            (BO_SMS, Channel.SMS, "+46701740605", 1),
        ]
        assert {(p.organisation_id, p.committee_id, p.person_id) for p in found} == {(ORGANISATION, CARE, BO)}
        assert all(p.living and p.verified_at is None and p.last_reached_at is None for p in found)
        assert await tx.points_of(PersonId(an_id("nobody"))) == []


async def test_points_of_another_committee_are_not_seen_and_not_changed(kept: Kept) -> None:
    now = kept.clock.now()
    async with kept.store.transaction(ELSEWHERE) as tx:
        assert await tx.point(BO_APP) is None
        assert list(await tx.points_of(BO)) == []
        await tx.retire_point(BO_APP, now, "removed")
        await tx.rank_points([BO_SMS, BO_APP])
        await tx.verify_point(BO_APP, now)
    async with kept.store.transaction(SIGHT) as tx:
        app = await one(tx, BO_APP)
        assert (app.living, app.rank, app.verified_at) == (True, 0, None)


async def test_a_point_is_entered_once_and_again_with_nothing_proven(kept: Kept) -> None:
    mail, now = a_point(kept), kept.clock.now()
    async with kept.store.transaction(SIGHT) as tx:
        await tx.keep_point(mail)
        assert await one(tx, mail.id) == mail
        await tx.verify_point(mail.id, now)
        await tx.verify_point(mail.id, now + timedelta(hours=1))
        assert (await one(tx, mail.id)).verified_at == now
        await tx.retire_point(mail.id, now, "550 unknown")
        await tx.retire_point(mail.id, now + timedelta(hours=1), "removed")
        retired = await one(tx, mail.id)
        assert (retired.retired_at, retired.retired_why) == (now, "550 unknown")
        again = replace(mail, rank=2, label=None)
        await tx.keep_point(again)
        assert await one(tx, mail.id) == again


async def test_an_id_that_is_somebody_elses_point_stays_his(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        await tx.keep_point(a_point(kept, "bo app", person_id=CECILIA, channel=Channel.APNS, address="other"))
        await tx.keep_point(a_point(kept, "bo app", channel=Channel.MAIL, address="bo@larm.example"))
        app = await one(tx, BO_APP)
        assert (app.person_id, app.channel, app.address) == (BO, Channel.APNS, "bo-token")


async def test_under_one_id_an_address_is_never_changed_for_another(kept: Kept) -> None:
    """What was sent to the one would prove the other."""
    mail = a_point(kept)
    async with kept.store.transaction(SIGHT) as tx:
        await tx.keep_point(mail)
        await tx.keep_point(replace(mail, address="anna@larm.example", rank=2))
        assert await one(tx, mail.id) == mail


async def test_what_the_register_enters_anew_with_another_address_is_proven_by_nothing(kept: Kept) -> None:
    now = kept.clock.now()

    async def enter(number: str) -> None:
        point = ContactPoint(id=BO_SMS, channel=Channel.SMS, address=number)
        await kept.register.person(HOME, Person(id=BO, name="Bo", unit_id=UNIT, contact_points=(point,)))

    await enter("+46701740605")
    async with kept.store.transaction() as tx:
        await tx.verify_point(BO_SMS, now)
        await tx.keep_proof(new_proof(BO_SMS, ProofBy.CODE, bytes(16), now), await one(tx, BO_SMS))
    await enter("+46701740605")
    async with kept.store.transaction() as tx:
        assert ((await one(tx, BO_SMS)).verified_at, await tx.proof(BO_SMS) is None) == (now, False)
    await enter("+46701740699")
    async with kept.store.transaction() as tx:
        assert ((await one(tx, BO_SMS)).verified_at, await tx.proof(BO_SMS)) == (None, None)


async def test_an_app_that_reports_for_somebody_else_is_nobody_elses(kept: Kept) -> None:
    moved = a_point(kept, "cecilia new app", person_id=CECILIA, channel=Channel.APNS, address="bo-token")
    async with kept.store.transaction() as tx:
        await tx.keep_point(moved)
        await tx.retire_elsewhere(Channel.APNS, "bo-token", moved.id, kept.clock.now())
        await tx.retire_elsewhere(Channel.FCM, "+46701740605", moved.id, kept.clock.now())
        assert (await one(tx, moved.id)).living
        assert (await one(tx, BO_APP)).retired_why == MOVED
        assert (await one(tx, BO_SMS)).living


async def test_points_are_tried_in_the_order_that_was_chosen(kept: Kept) -> None:
    async with kept.store.transaction(SIGHT) as tx:
        await tx.rank_points([BO_SMS, BO_APP])
        assert [p.id for p in await tx.points_of(BO)] == [BO_SMS, BO_APP]
        assert [p.rank for p in await tx.points_of(BO)] == [0, 1]


async def test_one_proof_is_awaited_at_a_time_and_wrong_codes_count(kept: Kept) -> None:
    now = kept.clock.now()
    first = new_proof(BO_SMS, ProofBy.CODE, bytes(16), now)
    second = new_proof(BO_SMS, ProofBy.CODE, bytes(range(16)), now + timedelta(minutes=1))
    async with kept.store.transaction(SIGHT) as tx:
        assert await tx.proof(BO_SMS) is None
        point = await one(tx, BO_SMS)
        await tx.keep_proof(first, point)
        await tx.count_wrong_code(BO_SMS)
        await tx.count_wrong_code(BO_SMS)
        assert await tx.proof(BO_SMS) == replace(first, tries=2)
        await tx.keep_proof(second, point)
        assert await tx.proof(BO_SMS) == second


async def test_proofs_that_have_run_out_are_forgotten(kept: Kept) -> None:
    now = kept.clock.now()
    async with kept.store.transaction() as tx:
        await tx.keep_proof(new_proof(BO_SMS, ProofBy.CODE, bytes(16), now), await one(tx, BO_SMS))
        await tx.keep_proof(new_proof(BO_APP, ProofBy.PUSH, bytes(16), now), await one(tx, BO_APP))
        await tx.forget_proofs(now + timedelta(hours=1))
        assert await tx.proof(BO_SMS) is None
        assert await tx.proof(BO_APP) is not None


async def test_a_person_and_his_keeper_may_do_all_of_it(kept: Kept) -> None:
    """The keeper in the web's role, within his committees; the person himself whatever committee he is in."""
    points, asks = ContactPoints(kept.means, bytes(16), bytes, linked=True), ServiceAsks(kept.means)
    user = UserId(an_id("eva"))
    keeper, himself = PointAsker(user_id=user, sight=SIGHT), PointAsker(user_id=user, own=BO)
    for asker, name in ((keeper, "pager"), (himself, "mail")):
        channel, address = (Channel.PAGER, "4711") if name == "pager" else (Channel.MAIL, "bo@larm.example")
        draft = PointDraft(id=ContactPointId(an_id(name)), channel=channel, address=address)
        assert await points.add(BO, draft, asker) == await points.add(BO, draft, asker) == draft.id
        await points.order(BO, [draft.id, BO_SMS, BO_APP], asker)
        await asks.ask_test(BO_SMS, asker)
        proof = new_proof(BO_SMS, ProofBy.CODE, bytes(16), kept.clock.now())
        assert (await points.ask_proof(BO_SMS, asker)).by is ProofBy.CODE
        if asker is keeper:
            await points.give_code(BO_SMS, proof.code(bytes(16)), asker)
            async with kept.store.transaction() as tx:
                assert (await one(tx, BO_SMS)).verified_at is not None
                await tx.keep_point(replace(await one(tx, BO_SMS), made_at=kept.clock.now()))  # to be proven anew
        assert await points.remove(draft.id, asker) == 2
