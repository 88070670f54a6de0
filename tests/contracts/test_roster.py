"""What a store knows of the ways to a person: every channel there is, in the person's own order."""

from __future__ import annotations

from escalation.chain import Channel, PersonTarget, TeamTarget
from escalation.ids import ContactPointId, PersonId
from larmcentral.domain.register import ContactPoint, Person
from tests.contracts.conftest import Kept
from tests.world import HOME, NIGHT, ORGANISATION, an_id

EVERYWHERE = PersonId(an_id("everywhere"))
ADDRESSES = {
    Channel.PAGER: "4711",
    Channel.VOICE: "+46701740699",
    Channel.MAIL: "eva@example.org",
    Channel.TEAMS: "natten",
    Channel.WEBHOOK: "larmkedjan",
    Channel.SMS: "+46701740699",
    Channel.WEB_PUSH: '{"endpoint": "https://push.example.org/1"}',
    Channel.FCM: "eva-token",
}
"""In an order that is neither the enum's nor that of the ids."""


async def test_a_person_is_reached_by_every_channel_in_the_order_of_his_own(kept: Kept) -> None:
    points = tuple(
        ContactPoint(id=ContactPointId(an_id(f"eva {channel.value}")), channel=channel, address=address, rank=rank)
        for rank, (channel, address) in enumerate(ADDRESSES.items())
    )
    await kept.register.person(HOME, Person(id=EVERYWHERE, name="Eva", contact_points=points, teams=(NIGHT,)))
    async with kept.store.transaction() as tx:
        roster = await tx.roster(ORGANISATION, [PersonTarget(EVERYWHERE), TeamTarget(NIGHT)])
    expected = [(channel, rank) for rank, channel in enumerate(ADDRESSES)]
    for target in (PersonTarget(EVERYWHERE), TeamTarget(NIGHT)):
        hers = [one for one in roster.contacts[target] if one.person_id == EVERYWHERE]
        assert [(one.channel, one.rank) for one in hers] == expected
        assert not any(one.dead or one.external for one in hers)
