"""Contact points: whose they are, what proves them, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, PersonId
from escalation.incident import Refused
from larmcentral.domain.contact import MOVED, POINTS_LIMIT, REMOVED, PointAsker, PointDraft, ProofBy
from larmcentral.domain.errors import NotFound, RefusedByRule
from larmcentral.domain.notice import Delivery, DeliveryState
from larmcentral.domain.proof import ASKED_LIMIT, CODE_LASTS, KEY_LASTS, SEEN_WITHIN, TRIES, AskedTooOften
from larmcentral.flows.contact_points import ContactPoints
from tests.stories.conftest import NewWorld
from tests.stories.world import World
from tests.stories.world_points import MANAGER, PointDesk, own
from tests.world import ANNA, BO, CECILIA, SOCIAL, an_id

BO_APP, BO_SMS = ContactPointId(an_id("bo app")), ContactPointId(an_id("bo sms"))
NOBODY = PersonId(an_id("nobody"))
ELSEWHERE = PointAsker(user_id=MANAGER.user_id, sight=frozenset({CommitteeId(SOCIAL)}))


@pytest.fixture
def world(new_world: NewWorld) -> World:
    return new_world(hours=True)


@pytest.fixture
def desk(world: World) -> PointDesk:
    return PointDesk(world)


def living(desk: PointDesk, person_id: PersonId) -> list[UUID]:
    async def look() -> list[UUID]:
        async with desk.world.store.transaction() as tx:
            return [one.id for one in await tx.points_of(person_id) if one.living]

    return desk.do(look())


def test_a_new_point_is_the_last_to_be_tried_and_the_same_one_twice_is_one(desk: PointDesk) -> None:
    first = desk.add(BO, Channel.MAIL, "bo@larm.example", name="mail")
    assert living(desk, BO) == [BO_APP, BO_SMS, first]
    assert desk.add(BO, Channel.MAIL, "bo@larm.example", name="mail") == first
    assert desk.add(BO, Channel.MAIL, "bo@larm.example", name="other id") == first
    assert living(desk, BO) == [BO_APP, BO_SMS, first]


def test_a_removed_point_that_is_added_again_must_be_proven_anew(desk: PointDesk) -> None:
    desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    desk.send()
    desk.do(desk.points.give_code(BO_SMS, desk.code(), own(BO)))
    assert desk.known(BO_SMS).verified_at is not None
    assert desk.do(desk.points.remove(BO_SMS, own(BO))) == 1
    assert desk.do(desk.points.remove(BO_SMS, own(BO))) == 1
    assert desk.known(BO_SMS).retired_why == REMOVED
    assert desk.add(BO, Channel.SMS, "+46701740605") == BO_SMS
    again = desk.known(BO_SMS)
    assert (again.living, again.verified_at) == (True, None)


def test_the_last_one_may_be_taken_away_and_that_is_said(desk: PointDesk) -> None:
    assert desk.do(desk.points.remove(BO_APP, own(BO))) == 1
    assert desk.do(desk.points.remove(BO_SMS, MANAGER)) == 0


def test_a_phone_that_changes_hands_rings_for_one_of_them(desk: PointDesk) -> None:
    moved = desk.add(CECILIA, Channel.APNS, "bo-token", name="cecilia's new phone")
    assert desk.known(moved).living
    assert desk.known(BO_APP).retired_why == MOVED
    assert desk.add(BO, Channel.APNS, "bo-token") == BO_APP
    assert desk.known(moved).retired_why == MOVED


def test_two_people_may_share_a_telephone(desk: PointDesk) -> None:
    desk.add(CECILIA, Channel.SMS, "+46701740605", name="shared")
    assert desk.known(BO_SMS).living


def test_there_is_an_end_to_a_persons_points(desk: PointDesk) -> None:
    for number in range(POINTS_LIMIT - 2):
        desk.add(BO, Channel.MAIL, f"bo{number}@larm.example", name=f"mail {number}")
    with pytest.raises(Refused, match="points_full"):
        desk.add(BO, Channel.MAIL, "bo@larm.example", name="one too many")
    assert desk.add(BO, Channel.SMS, "+46701740605") == BO_SMS  # he has it: nothing is added


def test_the_id_of_anothers_point_is_no_way_in(desk: PointDesk) -> None:
    with pytest.raises(NotFound):
        desk.add(CECILIA, Channel.SMS, "+46701740699", name="bo sms")
    with pytest.raises(NotFound):
        desk.add(BO, Channel.VOICE, "+46701740605", name="bo sms")
    assert desk.known(BO_SMS).address == "+46701740605"


def test_a_code_that_came_to_ones_own_number_proves_no_other_under_the_same_id(desk: PointDesk) -> None:
    mine = desk.add(CECILIA, Channel.SMS, "+46701740699")
    desk.do(desk.points.ask_proof(mine, own(CECILIA)))
    desk.send()
    with pytest.raises(NotFound):
        desk.add(CECILIA, Channel.SMS, "+46701740605")
    assert desk.known(mine).address == "+46701740699"
    desk.do(desk.points.give_code(mine, desk.code(), own(CECILIA)))
    assert desk.known(mine).address == "+46701740699"


def test_the_order_names_each_living_point_once(desk: PointDesk) -> None:
    desk.do(desk.points.order(BO, [BO_SMS, BO_APP], own(BO)))
    assert living(desk, BO) == [BO_SMS, BO_APP]
    for wrong in ([BO_SMS], [BO_SMS, BO_SMS], [BO_SMS, BO_APP, ContactPointId(an_id("anna app"))], []):
        with pytest.raises(Refused, match="not_all_points"):
            desk.do(desk.points.order(BO, wrong, own(BO)))
    assert living(desk, BO) == [BO_SMS, BO_APP]


def test_nobody_works_with_points_that_are_not_his(desk: PointDesk) -> None:
    draft = PointDraft(id=ContactPointId(an_id("new")), channel=Channel.MAIL, address="x@larm.example")
    points, asks = desk.points, desk.asks
    for asker in (own(CECILIA), ELSEWHERE):
        for work in (
            lambda asker=asker: points.add(BO, draft, asker),
            lambda asker=asker: points.remove(BO_SMS, asker),
            lambda asker=asker: points.order(BO, [BO_SMS, BO_APP], asker),
            lambda asker=asker: points.ask_proof(BO_SMS, asker),
            lambda asker=asker: points.give_code(BO_SMS, "123456", asker),
            lambda asker=asker: points.seen(BO_SMS, an_id("message"), asker),
            lambda asker=asker: asks.ask_test(BO_SMS, asker),
        ):
            with pytest.raises(NotFound):
                desk.do(work())
    with pytest.raises(NotFound):
        desk.do(points.add(NOBODY, draft, own(NOBODY)))
    with pytest.raises(NotFound):
        desk.do(points.order(NOBODY, [], MANAGER))
    assert living(desk, BO) == [BO_APP, BO_SMS]
    assert not desk.world.store.tables.service_messages


def test_a_code_proves_the_number_it_was_sent_to(desk: PointDesk) -> None:
    asked = desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    assert (asked.by, asked.expires_at - desk.world.clock.now()) == (ProofBy.CODE, CODE_LASTS)
    assert desk.send() == 1
    desk.do(desk.points.give_code(BO_SMS, f" {desk.code()} ", own(BO)))
    assert desk.known(BO_SMS).verified_at == desk.world.clock.now()
    with pytest.raises(Refused, match="point_proven"):
        desk.do(desk.points.ask_proof(BO_SMS, own(BO)))


def test_after_five_wrong_codes_the_right_one_is_too_late(desk: PointDesk) -> None:
    desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    desk.send()
    right = desk.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for left in reversed(range(TRIES)):
        with pytest.raises(RefusedByRule, match="wrong_code") as refused:
            desk.do(desk.points.give_code(BO_SMS, wrong, own(BO)))
        assert refused.value.fields == {"left": str(left)}
    with pytest.raises(Refused, match="proof_over"):
        desk.do(desk.points.give_code(BO_SMS, right, own(BO)))
    assert desk.known(BO_SMS).verified_at is None


def test_a_code_is_good_for_ten_minutes_and_the_newest_alone(desk: PointDesk) -> None:
    desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    desk.send()
    first = desk.code()
    desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    desk.send()
    assert desk.code() != first
    with pytest.raises(Refused, match="wrong_code"):
        desk.do(desk.points.give_code(BO_SMS, first, own(BO)))
    desk.world.run(seconds=CODE_LASTS.total_seconds())
    with pytest.raises(Refused, match="proof_over"):
        desk.do(desk.points.give_code(BO_SMS, desk.code(), own(BO)))


def test_a_code_that_was_never_asked_for_is_over(desk: PointDesk) -> None:
    with pytest.raises(Refused, match="proof_over"):
        desk.do(desk.points.give_code(BO_SMS, "000000", own(BO)))


def test_a_code_is_asked_for_three_times_in_ten_minutes_at_the_most(desk: PointDesk) -> None:
    for _ in range(ASKED_LIMIT):
        desk.do(desk.points.ask_proof(BO_SMS, own(BO)))
    with pytest.raises(AskedTooOften):
        desk.do(desk.points.ask_proof(BO_SMS, MANAGER))
    with pytest.raises(AskedTooOften):  # it is the person who would be rung again
        desk.do(desk.points.ask_proof(BO_APP, own(BO)))
    desk.do(desk.points.ask_proof(ContactPointId(an_id("david sms")), MANAGER))
    desk.world.run(seconds=600)
    desk.do(desk.points.ask_proof(BO_SMS, own(BO)))


def test_a_link_in_a_mail_proves_it_once_it_is_confirmed(desk: PointDesk) -> None:
    mail = desk.add(BO, Channel.MAIL, "bo@larm.example")
    asked = desk.do(desk.points.ask_proof(mail, own(BO)))
    assert (asked.by, asked.expires_at - desk.world.clock.now()) == (ProofBy.LINK, KEY_LASTS)
    desk.send()
    with pytest.raises(Refused, match="proof_over"):  # there is no code in it to be guessed
        desk.do(desk.points.give_code(mail, "000000", own(BO)))
    desk.do(desk.points.give_key(desk.key(Channel.MAIL)))
    desk.do(desk.points.give_key(desk.key(Channel.MAIL)))
    assert desk.known(mail).verified_at == desk.world.clock.now()


def test_the_app_sends_back_the_key_of_its_first_push(desk: PointDesk) -> None:
    assert desk.do(desk.points.ask_proof(BO_APP, own(BO))).by is ProofBy.PUSH
    desk.send()
    desk.do(desk.points.give_key(desk.key(Channel.APNS)))
    assert desk.known(BO_APP).verified_at is not None


def test_a_key_that_is_not_ours_or_has_run_out_proves_nothing(desk: PointDesk, world: World) -> None:
    mail = desk.add(BO, Channel.MAIL, "bo@larm.example")
    desk.do(desk.points.ask_proof(mail, own(BO)))
    desk.send()
    key = desk.key(Channel.MAIL)
    other = key[:-1] + ("A" if key[-1] != "A" else "E")
    for wrong in ("", "åäö", "x" * 54, other):
        with pytest.raises(NotFound):
            desk.do(desk.points.give_key(wrong))
    foreign = ContactPoints(world.server.means, b"another house's" * 2, bytes, linked=True)
    with pytest.raises(NotFound):
        desk.do(foreign.give_key(key))
    proof = world.store.tables.proofs[mail]
    world.store.tables.proofs[mail] = replace(proof, expires_at=world.clock.now())
    with pytest.raises(NotFound):
        desk.do(desk.points.give_key(key))
    assert desk.known(mail).verified_at is None


def test_the_key_of_a_point_that_was_taken_away_proves_nothing(desk: PointDesk) -> None:
    mail = desk.add(BO, Channel.MAIL, "bo@larm.example")
    desk.do(desk.points.ask_proof(mail, own(BO)))
    desk.send()
    desk.do(desk.points.remove(mail, own(BO)))
    with pytest.raises(NotFound):
        desk.do(desk.points.give_key(desk.key(Channel.MAIL)))
    with pytest.raises(Refused, match="point_retired"):
        desk.do(desk.points.ask_proof(mail, own(BO)))


def test_a_house_without_an_address_mails_a_code(world: World) -> None:
    desk = PointDesk(world, linked=False)
    mail = desk.add(BO, Channel.MAIL, "bo@larm.example")
    assert desk.do(desk.points.ask_proof(mail, own(BO))).by is ProofBy.CODE
    desk.send()
    assert desk.posted(Channel.MAIL)[-1].link is None
    desk.do(desk.points.give_code(mail, desk.code(Channel.MAIL), own(BO)))
    assert desk.known(mail).verified_at is not None


def test_a_pager_is_proven_by_somebody_who_saw_the_test(desk: PointDesk) -> None:
    pager = desk.add(BO, Channel.PAGER, "4711", by=MANAGER)
    with pytest.raises(Refused, match="proven_by_eye"):
        desk.do(desk.points.ask_proof(pager, MANAGER))
    test = desk.do(desk.asks.ask_test(pager, MANAGER))
    with pytest.raises(Refused, match="no_test_yet"):
        desk.do(desk.points.seen(pager, test, MANAGER))
    desk.send()
    desk.do(desk.points.seen(pager, test, MANAGER))
    assert desk.known(pager).verified_at is not None


def test_a_test_that_failed_was_of_another_point_or_is_old_was_not_seen(desk: PointDesk, world: World) -> None:
    pager = desk.add(BO, Channel.PAGER, "4711", by=MANAGER)
    world.channels[Channel.PAGER].answers["4711"] = Delivery(state=DeliveryState.REFUSED, reason="nak")
    refused, of_sms = desk.do(desk.asks.ask_test(pager, MANAGER)), desk.do(desk.asks.ask_test(BO_SMS, MANAGER))
    desk.send()
    del world.channels[Channel.PAGER].answers["4711"]
    old = desk.do(desk.asks.ask_test(pager, MANAGER))
    desk.send()
    for test in (refused, of_sms, an_id("no message")):
        with pytest.raises(Refused, match="no_test_yet"):
            desk.do(desk.points.seen(pager, test, MANAGER))
    with pytest.raises(Refused, match="no_test_yet"):  # a telephone has its code
        desk.do(desk.points.seen(BO_SMS, of_sms, MANAGER))
    row = world.store.tables.service_messages[old]
    long_ago = replace(row.ask, asked_at=row.ask.asked_at - SEEN_WITHIN - timedelta(seconds=1))
    world.store.tables.service_messages[old] = replace(row, ask=long_ago)
    with pytest.raises(Refused, match="no_test_yet"):
        desk.do(desk.points.seen(pager, old, MANAGER))
    assert desk.known(pager).verified_at is None


def test_a_short_secret_is_none(world: World) -> None:
    with pytest.raises(ValueError, match="secret"):
        ContactPoints(world.server.means, b"short", bytes, linked=True)


def test_the_wearer_has_points_of_her_own(desk: PointDesk) -> None:
    assert desk.add(ANNA, Channel.VOICE, "+46701740601", name="anna voice") in living(desk, ANNA)
