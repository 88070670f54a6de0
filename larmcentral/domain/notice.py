"""A notice on its way out, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Literal
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import Channel
from escalation.effects import About, ForwardNotice, Notify
from escalation.ids import CommitteeId, ContactPointId, IncidentId, NoticeId, OrganisationId, PersonId
from escalation.purpose import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """What every channel words in its own way and length.

    subject: whom it is about, as colleagues know him ("Anna K", "okänd enhet watch/123"). place: in words, or None.
    lateness_s: age of the alarm when we received it, None if the device told no time. language: "sv" or "en".
    kind: None where no alarm stands behind it. due_at: the moment a reminder speaks of. detail: pairs for the words.
    committee_id: whose own words are used, None for ours.
    """

    kind: AlarmKind | None
    silent: bool
    subject: str
    opened_at: datetime
    place: str | None = None
    lateness_s: float | None = None
    language: str = "sv"
    about: About = About.ALARM
    due_at: datetime | None = None
    detail: tuple[tuple[str, str], ...] = ()
    committee_id: CommitteeId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InHouse:
    """A notice to our own app or screens, claimed by this process and ready to be sent.

    incident_id: None where it is about a vigil (a reminder, a device to return). withheld: why it must not be sent
    after all, empty where it may; the address is empty then too.
    """

    id: NoticeId
    organisation_id: OrganisationId
    committee_id: CommitteeId
    incident_id: IncidentId | None
    purpose: Purpose
    channel: Channel
    person_id: PersonId | None
    point_id: ContactPointId | None
    address: str
    attempt: int
    tries: int
    filed_at: datetime
    text: NoticeText
    withheld: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outward:
    """A notice that leaves the house. Its purpose has one value: no drill or test can be turned into one.

    withheld: as of InHouse.
    """

    id: NoticeId
    organisation_id: OrganisationId
    committee_id: CommitteeId
    incident_id: IncidentId | None
    purpose: Literal[Purpose.REAL]
    channel: Channel
    person_id: PersonId
    point_id: ContactPointId
    address: str
    attempt: int
    tries: int
    filed_at: datetime
    text: NoticeText
    withheld: str = ""

    def __post_init__(self) -> None:
        if self.purpose is not Purpose.REAL:
            raise ValueError("a drill or a test cannot leave the house")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a contracted alarm receiving centre is told beside the words. None where it is not known.

    number: short and readable, for the telephone and as the centre's reference; the same for all notices of one
    incident. person, phone: whom it is about and how he is called back; None phone for a silent alarm, for nobody may
    ring him. device: the account that raised it. place, address, floor, door_code, danger: of the place. lat, lon in
    WGS84 degrees, accuracy_m, fix_at: the newest position. unit: where the person works.
    """

    number: str
    person: str | None = None
    phone: str | None = None
    device: str | None = None
    unit: str | None = None
    place: str | None = None
    address: str | None = None
    floor: str | None = None
    door_code: str | None = None
    danger: str | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float | None = None
    fix_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A case on its way to a contracted alarm receiving centre. Real by type, like all that leaves the house.

    receiver: the forwarder's name in the settings. text.about is ALARM, or OVER for a restore. by_telephone: the
    centre's people were told by a text or a call already; only its receivers are tried.
    """

    id: NoticeId
    organisation_id: OrganisationId
    committee_id: CommitteeId
    incident_id: IncidentId
    purpose: Literal[Purpose.REAL]
    receiver: str
    attempt: int
    tries: int
    filed_at: datetime
    text: NoticeText
    case: Case
    by_telephone: bool = False

    def __post_init__(self) -> None:
        if self.purpose is not Purpose.REAL:
            raise ValueError("a drill or a test cannot leave the house")

    @property
    def channel(self) -> Channel:
        """Always the one."""
        return Channel.RECEIVER

    @property
    def address(self) -> str:
        """The forwarder's name stands for its paths."""
        return self.receiver

    @property
    def person_id(self) -> None:
        """A centre is no person of the house."""
        return None

    @property
    def point_id(self) -> None:
        """Where it is reached stands in the settings."""
        return None


OutgoingNotice = InHouse | Outward | Forward

TO_WEARER: Final = "wearer"
TO_RESPONDER: Final = "responder"


def pairs_of(notice: Notify, wearer: PersonId | None) -> tuple[tuple[str, str], ...]:
    """Return the detail of a notice of an incident: an operator's words, and whom they are for. wearer: as known."""
    if isinstance(notice, ForwardNotice) or not notice.words:
        return ()
    to_wearer = wearer is not None and notice.person_id == wearer
    return (("to", TO_WEARER if to_wearer else TO_RESPONDER), ("words", notice.words))


class DeliveryState(Enum):
    """What the provider said."""

    SENT = "sent"
    """The provider has it; most say no more."""
    DELIVERED = "delivered"
    """The provider says that it reached the device."""
    RETRY = "retry"
    """Not this time: throttled, silent, cut, or their fault. The outbox tries again."""
    REFUSED = "refused"
    """Never with this content or these credentials."""
    GONE = "gone"
    """The address no longer exists: retire it and tell the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathTry:
    """One path of a forwarder, tried. seconds: until the answer, or until it was given up. result: in a word or two."""

    path: str
    at: datetime
    seconds: float
    took: bool
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The result of one try. retry_after: the provider's wish, None where it has none. reason: its own word.

    answer: what came back, cut to 500 signs, without secrets and telephone numbers; for whoever asked for a test.
    paths: of a forwarder, each that was tried, in order. in_test: the centre has us in its test state. by_telephone:
    no receiver of the centre took it, and a text or a call to its people went out; state is that of the receivers.
    about_us: with REFUSED, our own name, password or settings are refused: it speaks against the way out, and not
    against the address. of_address: with RETRY, the provider is there and speaks of this one address.
    """

    state: DeliveryState
    reason: str = ""
    retry_after: timedelta | None = None
    provider_id: str | None = None
    answer: str = ""
    paths: tuple[PathTry, ...] = ()
    in_test: bool = False
    by_telephone: bool = False
    about_us: bool = False
    of_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMessage:
    """Words of the house about itself: the test that somebody asked for, the code that proves a contact point.

    It knows no incident, no alarm, no wearer, and nothing that does can be turned into one; that is why it may leave
    the house although it is no alarm. link: an address to click, in mail and on the push; None elsewhere. What proves
    the address is not shown in logs.
    """

    id: UUID
    channel: Channel
    address: str = field(repr=False)
    language: str
    title: str
    body: str = field(repr=False)
    link: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether a provider answers at all, found out without telling anybody anything. reason: why not."""

    alive: bool
    reason: str = ""
