"""A message of the house about itself goes to a contact point or to a centre, and to nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, OrganisationId, UserId
from larmcentral.domain.service import ServiceAsk, ServiceKind
from tests.world import an_id

POINT = ContactPointId(an_id("point"))


def ask(kind: ServiceKind, channel: Channel, point_id: ContactPointId | None, receiver: str | None) -> ServiceAsk:
    return ServiceAsk(
        id=an_id("message"),
        organisation_id=OrganisationId(an_id("organisation")),
        committee_id=CommitteeId(an_id("care")),
        kind=kind,
        channel=channel,
        point_id=point_id,
        receiver=receiver,
        asked_by=UserId(an_id("user")),
        asked_at=datetime(2026, 3, 4, tzinfo=UTC),
    )


def test_a_test_goes_to_a_point_and_a_rows_test_to_a_centre() -> None:
    assert ask(ServiceKind.TEST, Channel.SMS, POINT, None).point_id == POINT
    assert ask(ServiceKind.RECEIVER_TEST, Channel.RECEIVER, None, "nord").receiver == "nord"


@pytest.mark.parametrize(
    ("kind", "channel", "point_id", "receiver"),
    [
        (ServiceKind.TEST, Channel.SMS, None, None),
        (ServiceKind.TEST, Channel.SMS, POINT, "nord"),
        (ServiceKind.RECEIVER_TEST, Channel.RECEIVER, POINT, None),
        (ServiceKind.TEST, Channel.RECEIVER, None, "nord"),
        (ServiceKind.PROOF, Channel.RECEIVER, None, "nord"),
        (ServiceKind.RECEIVER_TEST, Channel.SMS, POINT, None),
    ],
)
def test_nothing_between_the_two_can_be_built(
    kind: ServiceKind, channel: Channel, point_id: ContactPointId | None, receiver: str | None
) -> None:
    with pytest.raises(ValueError, match="centre"):
        ask(kind, channel, point_id, receiver)
