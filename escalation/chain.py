"""The escalation chain: ordered steps; a step is who, by which channel, and how long to wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import Enum, IntEnum
from typing import Final

from escalation.alarm import AlarmKind
from escalation.ids import ChainId, ContactPointId, PersonId, RotaId, TeamId, UnitId


class Medium(Enum):
    """How a chain's author says it: the phone's app, a text message, a call, the operators' screens."""

    PUSH = "push"
    SMS = "sms"
    VOICE = "voice"
    MAIL = "mail"
    TEAMS = "teams"
    WEBHOOK = "webhook"
    PAGER = "pager"
    CONSOLE = "console"


class Channel(Enum):
    """One way out of the server. Outward ones leave the house: a drill or test cannot be handed to them."""

    APNS = "apns"
    FCM = "fcm"
    WEB_PUSH = "web_push"
    SMS = "sms"
    VOICE = "voice"
    MAIL = "mail"
    TEAMS = "teams"
    WEBHOOK = "webhook"
    PAGER = "pager"
    CONSOLE = "console"
    RECEIVER = "receiver"
    """A contracted alarm receiving centre. It is a target of its own and nobody's contact point."""

    @property
    def medium(self) -> Medium | None:
        """The author's word for this channel; None for the centre, which is named as a target."""
        return _MEDIA.get(self)

    @property
    def outward(self) -> bool:
        """True where a third party carries words to whom anybody may be; False for our own app and screens."""
        return self not in _IN_HOUSE


_IN_HOUSE: Final = frozenset({Channel.APNS, Channel.FCM, Channel.WEB_PUSH, Channel.CONSOLE})

_MEDIA: Final[Mapping[Channel, Medium]] = {
    Channel.APNS: Medium.PUSH,
    Channel.FCM: Medium.PUSH,
    Channel.WEB_PUSH: Medium.PUSH,
    Channel.SMS: Medium.SMS,
    Channel.VOICE: Medium.VOICE,
    Channel.MAIL: Medium.MAIL,
    Channel.TEAMS: Medium.TEAMS,
    Channel.WEBHOOK: Medium.WEBHOOK,
    Channel.PAGER: Medium.PAGER,
    Channel.CONSOLE: Medium.CONSOLE,
}


@dataclass(frozen=True, slots=True)
class PersonTarget:
    """One person, by every contact point of the step's media."""

    person_id: PersonId


@dataclass(frozen=True, slots=True)
class TeamTarget:
    """Everybody who belongs to a team when the step begins."""

    team_id: TeamId


@dataclass(frozen=True, slots=True)
class OnCallTarget:
    """Whoever is on call by a rota when the step begins, layer by layer."""

    rota_id: RotaId


@dataclass(frozen=True, slots=True)
class NearestTarget:
    """The nearest colleagues on shift whose position is fresh, closest first.

    count: 1 or more. within_m: metres from where the alarm was raised, as the crow flies.
    """

    count: int
    within_m: int


@dataclass(frozen=True, slots=True)
class BuildingTarget:
    """Everybody on shift in the building that the alarm comes from."""


@dataclass(frozen=True, slots=True)
class ManagerTarget:
    """The managers of the unit that the alarm's person or device belongs to."""


@dataclass(frozen=True, slots=True)
class ReceiverTarget:
    """A contracted alarm receiving centre, by the name of its forwarder in the settings."""

    receiver: str


@dataclass(frozen=True, slots=True)
class DeskTarget:
    """The operators' desk: every console of the committee sounds."""


Target = (
    PersonTarget
    | TeamTarget
    | OnCallTarget
    | NearestTarget
    | BuildingTarget
    | ManagerTarget
    | ReceiverTarget
    | DeskTarget
)


class Risk(IntEnum):
    """What is recorded of a place."""

    NONE = 0
    RAISED = 1
    EVIDENT = 2
    """Evident risk of violence: nobody works there alone (AFS 2023:2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a step applies. Everything that is said must hold; what is not said always holds.

    kinds, weekdays (0 is Monday), units: one of them; empty says nothing. silent, holiday: exactly so.
    hours: local time of day from (included) to (excluded), over midnight where from is the later one.
    risk: the place's risk is at least this.
    """

    kinds: frozenset[AlarmKind] = frozenset()
    silent: bool | None = None
    hours: tuple[time, time] | None = None
    weekdays: frozenset[int] = frozenset()
    holiday: bool | None = None
    units: frozenset[UnitId] = frozenset()
    risk: Risk = Risk.NONE


ALWAYS: Final = Condition()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What conditions are held against, as of when the roster was loaded.

    local: wall time at the house, without zone. holiday: a public holiday or one of the de-facto eves.
    """

    local: datetime
    holiday: bool
    unit_id: UnitId | None = None
    risk: Risk = Risk.NONE


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact point of one person that can be used now.

    external: belongs to a person of another employer (a guard company), so a drill may not reach it.
    rank: the person's own order, lowest first. dead: its way out is known to answer nobody just now.
    """

    point_id: ContactPointId
    person_id: PersonId
    channel: Channel
    external: bool = False
    rank: int = 0
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """Who stands behind each target just now, loaded with the incident's row locked.

    contacts: for each person or team target, the usable contact points, best first within a person.
    A target that is absent or empty has nobody to reach. The desk is always there.
    circumstances: None where no step of the chain asks for any.
    """

    contacts: Mapping[Target, tuple[Contact, ...]] = field(default_factory=dict)
    circumstances: Circumstances | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who is told, by which media, and how long we wait before the next step begins.

    media: those allowed, in the order of trying. all_at_once: every medium together; else one after another per
    person, the next when the former failed or stayed unanswered for medium_wait (1 s or more).
    own_order: a person who put his contact points in an order of his own is tried in that one.
    wait: from this step's start to the next one's, 1 s or more. responders_needed: how many must say yes, 1 or more.
    in_turn: persons one after another, the next when the one before failed, declined or stayed silent for turn_wait;
    wait then counts from the last one. repeats: how often the step is begun again before the next, 0 or more.
    when: the step is passed over in silence while this does not hold.
    """

    targets: tuple[Target, ...]
    media: tuple[Medium, ...]
    wait: timedelta
    all_at_once: bool = True
    medium_wait: timedelta = timedelta(seconds=20)
    responders_needed: int = 1
    in_turn: bool = False
    turn_wait: timedelta = timedelta(seconds=30)
    repeats: int = 0
    when: Condition = ALWAYS
    own_order: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationChain:
    """An ordered chain; an incident carries its own copy from the moment it opens.

    acknowledge_lapse: how long an acknowledgement stands when nothing follows it.
    attention_lapse: how long an incident in hand may rest after the last human act, before it opens again.
    loop_wait: pause before a used-up chain begins again. restart_on_graver: a graver alarm starts the chain anew.
    idle_after: how long an operator who took it may do nothing before the managers of the unit are told.
    upgrade_to: the graver kind this becomes when nobody has answered by the end of the first step (a group alarm
    that becomes an attack alarm); the incident then takes that kind's chain.
    """

    id: ChainId
    version: int
    name: str
    steps: tuple[Step, ...]
    acknowledge_lapse: timedelta = timedelta(seconds=120)
    attention_lapse: timedelta = timedelta(minutes=15)
    loop_wait: timedelta = timedelta(seconds=60)
    restart_on_graver: bool = True
    idle_after: timedelta = timedelta(seconds=60)
    upgrade_to: AlarmKind | None = None
