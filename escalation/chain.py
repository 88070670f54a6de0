"""The escalation chain: ordered steps; a step is who, by which channel, and how long to wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from escalation.ids import ChainId, ContactPointId, PersonId, TeamId


class Medium(Enum):
    """How a chain's author says it: the phone's app, a text message, the operators' screens."""

    PUSH = "push"
    SMS = "sms"
    CONSOLE = "console"


class Channel(Enum):
    """One way out of the server. Outward ones leave the house: a drill or test cannot be handed to them."""

    APNS = "apns"
    FCM = "fcm"
    SMS = "sms"
    CONSOLE = "console"

    @property
    def medium(self) -> Medium:
        """The author's word for this channel."""
        match self:
            case Channel.APNS | Channel.FCM:
                return Medium.PUSH
            case Channel.SMS:
                return Medium.SMS
            case Channel.CONSOLE:
                return Medium.CONSOLE

    @property
    def outward(self) -> bool:
        """True where a third party carries words to a number anybody may hold; False for our own app and screens."""
        return self is Channel.SMS


@dataclass(frozen=True, slots=True)
class PersonTarget:
    """One person, by every contact point of the step's media."""

    person_id: PersonId


@dataclass(frozen=True, slots=True)
class TeamTarget:
    """Everybody who belongs to a team when the step begins."""

    team_id: TeamId


@dataclass(frozen=True, slots=True)
class DeskTarget:
    """The operators' desk: every console of the committee sounds."""


Target = PersonTarget | TeamTarget | DeskTarget


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact point of one person that can be used now.

    external: belongs to a person of another employer (a guard company), so a drill may not reach it.
    """

    point_id: ContactPointId
    person_id: PersonId
    channel: Channel
    external: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """Who stands behind each target just now, loaded with the incident's row locked.

    contacts: for each person or team target, the usable contact points, best first within a person.
    A target that is absent or empty has nobody to reach. The desk is always there.
    """

    contacts: Mapping[Target, tuple[Contact, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who is told, by which media, and how long we wait before the next step begins.

    media: in the order of trying. all_at_once: every medium together; else one after another per person, the
    next when the former failed or stayed unanswered for medium_wait (1 s or more).
    wait: from this step's start to the next one's, 1 s or more. responders_needed: how many must say yes, 1 or more.
    """

    targets: tuple[Target, ...]
    media: tuple[Medium, ...]
    wait: timedelta
    all_at_once: bool = True
    medium_wait: timedelta = timedelta(seconds=20)
    responders_needed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationChain:
    """An ordered chain; an incident carries its own copy from the moment it opens.

    acknowledge_lapse: how long an acknowledgement stands when nothing follows it.
    attention_lapse: how long an incident in hand may rest after the last human act, before it opens again.
    loop_wait: pause before a used-up chain begins again. restart_on_graver: a graver alarm starts the chain anew.
    """

    id: ChainId
    version: int
    name: str
    steps: tuple[Step, ...]
    acknowledge_lapse: timedelta = timedelta(seconds=120)
    attention_lapse: timedelta = timedelta(minutes=15)
    loop_wait: timedelta = timedelta(seconds=60)
    restart_on_graver: bool = True
