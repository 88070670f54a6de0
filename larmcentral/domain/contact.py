"""Contact points: what may be one, how its owner proves it, and how well it has worked. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final, assert_never
from urllib.parse import urlsplit

from escalation.chain import Channel
from escalation.ids import CommitteeId, ContactPointId, OrganisationId, PersonId, UserId

POINTS_LIMIT: Final = 20
"""Living points of one person: every app of his, two numbers, a few addresses. More is a fault in a client."""
LABEL_SIGNS: Final = 80
SUBSCRIPTION_SIGNS: Final = 4096
"""A browser's subscription is some 400 signs; push services keep their addresses well below 2,000."""
REMOVED: Final = "removed"
"""Why a point was retired that somebody took away; such a one is no bad news and is not listed."""
MOVED: Final = "moved"
"""The same app reports for somebody else now: a phone that changed hands."""

OWN_CHANNELS: Final = frozenset({Channel.APNS, Channel.FCM, Channel.WEB_PUSH, Channel.SMS, Channel.VOICE, Channel.MAIL})
"""What a person adds himself: his app's own, and what he can prove from where he is."""
KEPT_CHANNELS: Final = frozenset(
    {Channel.SMS, Channel.VOICE, Channel.MAIL, Channel.TEAMS, Channel.WEBHOOK, Channel.PAGER}
)
"""What a manager adds for somebody: all but the app, whose address only the app knows."""
OF_AN_APP: Final = frozenset({Channel.APNS, Channel.FCM, Channel.WEB_PUSH})
"""Their addresses are keys of one app on one device: never shown, and never two persons' at a time."""

NORDIC: Final = ("+46", "+45", "+47", "+358", "+354")
"""Where a house's own people have their telephones. Numbers elsewhere are what is paid for by whoever is paid there."""

# ITU-T E.164; at least eight digits here, which no emergency or short number has.
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_TRUNK_ZERO: Final = re.compile(r"\+(?:46|47|45|358|372|49|44)0")
_EMERGENCY: Final = re.compile(r"(?:(?:\+|00)?46)?0*1{2}2")
_APNS: Final = re.compile(r"[0-9a-f]{32,400}")
_FCM: Final = re.compile(r"[A-Za-z0-9_:.\-]{20,1000}")
_MAIL: Final = re.compile(r"[^@\s\x00-\x1f\x7f<>\",;:\\()\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?")
_HOOK: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PAGER: Final = re.compile(r"[0-9]{1,16}")


class AddressFault(Enum):
    """Why something is no address of its channel."""

    EMERGENCY = "emergency_number"
    NUMBER = "not_a_number"
    COUNTRY = "country_not_allowed"
    TOKEN = "not_a_token"
    SUBSCRIPTION = "not_a_subscription"
    MAIL = "not_a_mail_address"
    HOOK = "not_a_hook"
    PAGER = "not_a_pager"
    NOBODYS = "nobodys_channel"


class AddressRefused(ValueError):
    """This cannot be a contact point. Says why; does not repeat the address."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class ProofBy(Enum):
    """How it is proven that a contact point reaches somebody."""

    CODE = "code"
    """Six digits go there and come back."""
    LINK = "link"
    """A link goes there, and whoever opens it says yes."""
    PUSH = "push"
    """A key goes there, and the app sends it back."""
    SEEN = "seen"
    """Somebody says that he saw the test arrive."""


class PointHealth(Enum):
    """What is known of a point's working."""

    NEVER = "never_reached"
    REACHED = "reached"
    FAILING = "failing"
    """The last word from its provider was a refusal."""
    RETIRED = "retired"
    """The provider says that it no longer exists; it is not used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPoint:
    """A contact point with all that is known of it. verified_at: None until it is proven; it rings all the same."""

    id: ContactPointId
    organisation_id: OrganisationId
    committee_id: CommitteeId
    person_id: PersonId
    channel: Channel
    address: str = field(repr=False)
    rank: int
    made_at: datetime
    label: str | None = None
    verified_at: datetime | None = None
    last_reached_at: datetime | None = None
    last_failed_at: datetime | None = None
    last_failed_why: str | None = None
    retired_at: datetime | None = None
    retired_why: str | None = None

    @property
    def living(self) -> bool:
        """Whether it is used."""
        return self.retired_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDraft:
    """A point as somebody enters it. id: made by the client, so that it can be repeated. address: checked already."""

    id: ContactPointId
    channel: Channel
    address: str = field(repr=False)
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointAsker:
    """Who works with contact points, and with whose.

    Either own (only his own points, whatever committee they are in) or sight (those of persons of his committees).
    """

    user_id: UserId
    own: PersonId | None = None
    sight: frozenset[CommitteeId] | None = None

    def __post_init__(self) -> None:
        if (self.own is None) == (self.sight is None):
            raise ValueError("an asker has his own points or those of committees")

    def may(self, point: KnownPoint) -> bool:
        """Whether this point is his to work with; of committees the transaction shows him no others."""
        return self.own is None or self.own == point.person_id


def health(
    *, retired_at: datetime | None, last_reached_at: datetime | None, last_failed_at: datetime | None
) -> PointHealth:
    """Return how a point does, by what came last."""
    if retired_at is not None:
        return PointHealth.RETIRED
    if last_failed_at is not None and (last_reached_at is None or last_reached_at < last_failed_at):
        return PointHealth.FAILING
    return PointHealth.NEVER if last_reached_at is None else PointHealth.REACHED


def proof_by(channel: Channel, *, linked: bool = True) -> ProofBy:
    """Return how a point of this channel is proven. linked: whether the house has an address that a link can name.

    Without one a mail carries a code like a text message. Raises AddressRefused for what is nobody's contact point.
    """
    match channel:
        case Channel.SMS | Channel.VOICE:
            return ProofBy.CODE
        case Channel.MAIL:
            return ProofBy.LINK if linked else ProofBy.CODE
        case Channel.APNS | Channel.FCM | Channel.WEB_PUSH:
            return ProofBy.PUSH
        case Channel.TEAMS | Channel.WEBHOOK | Channel.PAGER:
            return ProofBy.SEEN
        case Channel.CONSOLE | Channel.RECEIVER:
            raise AddressRefused(AddressFault.NOBODYS)
        case _:
            assert_never(channel)


def checked_address(channel: Channel, said: str, *, countries: Collection[str] = NORDIC) -> str:
    """Return an address as it is kept: a number in E.164, a subscription as JSON, all others as they were given.

    countries: beginnings of the numbers that may be texted and called, such as "+46".
    Raises AddressRefused. The emergency number is refused by name, in whatever form somebody gives it.
    """
    match channel:
        case Channel.SMS | Channel.VOICE:
            number = _number(said)
            if not number.startswith(tuple(countries)):
                raise AddressRefused(AddressFault.COUNTRY)
            return number
        case Channel.PAGER:
            number = said.strip()
            if _EMERGENCY.fullmatch(number):
                raise AddressRefused(AddressFault.EMERGENCY)
            return _matching(_PAGER, number, AddressFault.PAGER)
        case Channel.MAIL:
            return _mail(said.strip())
        case Channel.APNS:
            return _matching(_APNS, said.strip().lower(), AddressFault.TOKEN)
        case Channel.FCM:
            return _matching(_FCM, said.strip(), AddressFault.TOKEN)
        case Channel.WEB_PUSH:
            return _subscription(said)
        case Channel.TEAMS | Channel.WEBHOOK:
            return _matching(_HOOK, said.strip(), AddressFault.HOOK)
        case Channel.CONSOLE | Channel.RECEIVER:
            raise AddressRefused(AddressFault.NOBODYS)
        case _:
            assert_never(channel)


def _number(said: str) -> str:
    bare = re.sub(r"[\s().\-]", "", said)
    if _EMERGENCY.fullmatch(bare):
        raise AddressRefused(AddressFault.EMERGENCY)
    if _TRUNK_ZERO.match(bare):  # "+46 (0)70 ..." is a slip of the pen and reaches nobody
        raise AddressRefused(AddressFault.NUMBER)
    return _matching(_NUMBER, bare, AddressFault.NUMBER)


def _mail(said: str) -> str:
    if _EMERGENCY.fullmatch(said.partition("@")[0]):  # of a gateway that would call or text it
        raise AddressRefused(AddressFault.EMERGENCY)
    if len(said) > 254:  # RFC 5321 section 4.5.3.1.3, less the angle brackets
        raise AddressRefused(AddressFault.MAIL)
    return _matching(_MAIL, said, AddressFault.MAIL)


def _subscription(said: str) -> str:
    """Keep of a browser's subscription what is needed to encrypt for it (RFC 8291): endpoint, key and secret."""
    fault = AddressRefused(AddressFault.SUBSCRIPTION)
    if len(said) > SUBSCRIPTION_SIGNS:
        raise fault
    try:
        match json.loads(said):
            case {"endpoint": str(endpoint), "keys": {"p256dh": str(key), "auth": str(auth)}}:
                where = urlsplit(endpoint)
            case _:
                raise fault
        if where.scheme != "https" or not where.hostname or where.username is not None:
            raise fault
        if len(_bytes(key)) != 65 or len(_bytes(auth)) != 16:  # an uncompressed point of P-256, and 128 bits
            raise fault
    except (ValueError, RecursionError) as error:
        raise fault from error
    kept = {"endpoint": endpoint, "keys": {"auth": auth, "p256dh": key}}
    return json.dumps(kept, separators=(",", ":"), ensure_ascii=True)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _matching(rule: re.Pattern[str], said: str, fault: AddressFault) -> str:
    if not rule.fullmatch(said):
        raise AddressRefused(fault)
    return said
