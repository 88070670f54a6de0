"""What crosses HTTP about contact points, their proof, tests and the settings of channels."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from larmcentral.api.shapes import Shape
from larmcentral.domain.contact import LABEL_SIGNS, POINTS_LIMIT, SUBSCRIPTION_SIGNS

PointChannel = Literal["apns", "fcm", "web_push", "sms", "voice", "mail", "teams", "webhook", "pager"]
ChannelWord = Literal["apns", "fcm", "web_push", "sms", "voice", "mail", "teams", "webhook", "pager", "receiver"]
ProofWord = Literal["code", "link", "push", "seen"]
HealthWord = Literal["never_reached", "reached", "failing", "retired"]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LABEL_SIGNS)]


class PointView(Shape):
    """A contact point. address: null where it is an app's own key. proof: how it is proven. health: by what came last.

    verified_at: null until it is proven; it rings all the same.
    """

    id: UUID
    committee_id: UUID
    person_id: UUID
    person: str
    channel: PointChannel
    address: str | None
    label: str | None
    rank: int
    made_at: datetime
    proof: ProofWord
    verified_at: datetime | None
    health: HealthWord
    last_reached_at: datetime | None
    last_failed_at: datetime | None
    last_failed_why: str | None
    retired_at: datetime | None
    retired_why: str | None


class PointAdd(Shape):
    """POST /api/me/points and /api/persons/{person_id}/points; the id is made by whoever adds it.

    address: a number with its country code; an app's token; a browser's subscription as JSON; a mail address; the name
    that a hook has in the settings; a pager's number.
    """

    id: UUID
    channel: PointChannel
    address: Annotated[str, StringConstraints(min_length=1, max_length=SUBSCRIPTION_SIGNS)]
    label: Label = ""


class PointAdded(Shape):
    """Which point it is: that of the body, or the one that the person has there already."""

    id: UUID


class PointOrder(Shape):
    """PUT /api/me/points/order and /api/persons/{person_id}/points/order: all that are in use, the first first."""

    ids: Annotated[list[UUID], Field(max_length=POINTS_LIMIT)]


class PointRemoved(Shape):
    """left: how many points in use the person has now. None: an alarm reaches him nowhere."""

    left: int


class ProofAsked(Shape):
    """A proof is on its way. by: how it comes back. message_id: for GET /api/service-messages/{message_id}."""

    message_id: UUID
    by: ProofWord
    expires_at: datetime


class CodeGiven(Shape):
    """PUT /api/me/points/{point_id}/proof and /api/points/{point_id}/proof."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]


class SeenTest(Shape):
    """POST /api/points/{point_id}/seen: the test that was seen to arrive."""

    message_id: UUID


class ChannelTest(Shape):
    """POST /api/channels/{channel}/test: the contact point to send it to."""

    point_id: UUID


class MessageAsked(Shape):
    """A test is on its way. message_id: for GET /api/service-messages/{message_id}."""

    message_id: UUID


class ServiceMessageView(Shape):
    """A test or a proof, and what came back. seconds: until the provider's answer. answer: its words, masked."""

    id: UUID
    kind: Literal["test", "proof", "receiver_test"]
    channel: ChannelWord
    point_id: UUID | None
    receiver: str | None
    asked_at: datetime
    state: Literal["pending", "sent", "delivered", "refused", "gone", "failed"]
    settled_at: datetime | None
    tries: int
    provider: str | None
    seconds: float | None
    reason: str
    answer: str


class ProviderView(Shape):
    """A way out as it is set up. facts: what is no secret, by name."""

    provider: str
    facts: dict[str, str]


class ChannelView(Shape):
    """One row of GET /api/channels. providers: in the order in which they are asked; none: it is not set up.

    proven, unproven: points in use. failing: of those, whose last try failed. retired: gone for their providers.
    """

    channel: ChannelWord
    providers: list[ProviderView]
    proven: int
    unproven: int
    failing: int
    retired: int
    last_test: ServiceMessageView | None
