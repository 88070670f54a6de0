"""What a decision asks the shells to do. Each can be repeated safely: it names itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal

from escalation.chain import Channel
from escalation.events import Actor
from escalation.ids import ContactPointId, NoticeId, PersonId
from escalation.purpose import Purpose


class About(Enum):
    """What a notice tells."""

    ALARM = "alarm"
    POINT_GONE = "point_gone"
    """One of the person's own contact points no longer exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InHouseNotice:
    """Tell somebody through our own app or screens. person_id and point_id are None for the desk's consoles.

    id: derived from incident, round, step, contact point and attempt, so a repeat is recognised everywhere.
    """

    id: NoticeId
    purpose: Purpose
    channel: Channel
    person_id: PersonId | None
    point_id: ContactPointId | None
    round: int
    step: int
    attempt: int
    about: About = About.ALARM

    def __post_init__(self) -> None:
        if self.channel.outward:
            raise ValueError(f"{self.channel.value} leaves the house: build an OutwardNotice")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutwardNotice:
    """Tell somebody by a way that leaves the house. Only a real incident can build one."""

    id: NoticeId
    purpose: Literal[Purpose.REAL]
    channel: Channel
    person_id: PersonId
    point_id: ContactPointId
    round: int
    step: int
    attempt: int
    about: About = About.ALARM

    def __post_init__(self) -> None:
        if self.purpose is not Purpose.REAL:
            raise ValueError("a drill or a test cannot leave the house")


Notify = InHouseNotice | OutwardNotice


@dataclass(frozen=True, slots=True)
class WithdrawNotices:
    """Do not send what is not out yet. persons None means everybody's."""

    persons: frozenset[PersonId] | None = None


class TimerKind(Enum):
    """What an incident can wait for. One timer a kind, but one a person for NEXT_MEDIUM."""

    NEXT_STEP = "next_step"
    NEXT_MEDIUM = "next_medium"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class ArmTimer:
    """Wake the incident at due_at; replaces an armed timer of the same kind and person."""

    kind: TimerKind
    due_at: datetime
    fence: int
    person_id: PersonId | None = None


@dataclass(frozen=True, slots=True)
class DropTimer:
    """The wait is pointless now. person_id None with NEXT_MEDIUM drops all of them."""

    kind: TimerKind
    person_id: PersonId | None = None


class SystemFault(Enum):
    """What the house itself must mend."""

    NOBODY_TO_REACH = "nobody_to_reach"
    CHAIN_USED_UP = "chain_used_up"
    NO_CHAIN = "no_chain"


@dataclass(frozen=True, slots=True)
class RaiseSystemAlarm:
    """Sound on every console and tell the supervisor: our own side failed. step: index, where one is meant."""

    fault: SystemFault
    step: int | None = None


Effect = InHouseNotice | OutwardNotice | WithdrawNotices | ArmTimer | DropTimer | RaiseSystemAlarm


class EntryKind(Enum):
    """What the timeline tells."""

    OPENED = "opened"
    ALARM_JOINED = "alarm_joined"
    CHAIN_RESTARTED = "chain_restarted"
    STEP_BEGUN = "step_begun"
    STEP_PASSED_OVER = "step_passed_over"
    HELD_BACK = "held_back"
    NOTICE_FILED = "notice_filed"
    NOTICE_SENT = "notice_sent"
    NOTICE_DELIVERED = "notice_delivered"
    NOTICE_FAILED = "notice_failed"
    NOTICE_WITHDRAWN = "notice_withdrawn"
    ROSTER_FAULT = "roster_fault"
    CHAIN_USED_UP = "chain_used_up"
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGEMENT_LAPSED = "acknowledgement_lapsed"
    DECLINED = "declined"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    RELEASED = "released"
    NOTE = "note"
    ESCALATED_NOW = "escalated_now"
    SHOWN = "shown"
    MOVED = "moved"
    STOOD_DOWN = "stood_down"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. detail: plain pairs, ids as text; no personal data beyond notes."""

    kind: EntryKind
    at: datetime
    by: Actor
    detail: tuple[tuple[str, str], ...] = ()
