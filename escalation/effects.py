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
    GOING = "going"
    """To those who were told: somebody is on his way."""
    RELEASED = "released"
    """To those who were told: enough are coming, you need not."""
    OVER = "over"
    """To those who said yes: the incident was stood down."""
    TAKEN = "taken"
    """To the wearer: a person has taken it."""
    OWNER_IDLE = "owner_idle"
    """To managers: an operator took it and does nothing."""
    CHECK_IN_DUE = "check_in_due"
    """To the worker: check in."""
    END_DUE = "end_due"
    """To the worker: end or extend the session."""
    WELFARE = "welfare"
    """To the worker: somebody asks how you are."""
    COMPANION = "companion"
    """To companions: one of you has not been heard of."""
    PRE_ALARM = "pre_alarm"
    """To the worker: an alarm goes out unless you cancel it."""
    RETURN_DUE = "return_due"
    """To the borrower: bring the device back."""
    NOT_RETURNED = "not_returned"
    """To managers: a device was not brought back."""
    HANDOVER_OPEN = "handover_open"
    """To managers: a shift change was not signed by both."""
    MESSAGE = "message"
    """To responders or to the wearer: an operator's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InHouseNotice:
    """Tell somebody through our own app or screens. person_id and point_id are None for the desk's consoles.

    id: derived from incident, round, step, contact point and attempt, so a repeat is recognised everywhere.
    words: an operator's own, of a MESSAGE alone.
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
    words: str = ""

    def __post_init__(self) -> None:
        if self.channel.outward:
            raise ValueError(f"{self.channel.value} leaves the house: build an OutwardNotice")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutwardNotice:
    """Tell somebody by a way that leaves the house. Only a real incident can build one. words: as above."""

    id: NoticeId
    purpose: Literal[Purpose.REAL]
    channel: Channel
    person_id: PersonId
    point_id: ContactPointId
    round: int
    step: int
    attempt: int
    about: About = About.ALARM
    words: str = ""

    def __post_init__(self) -> None:
        if self.purpose is not Purpose.REAL:
            raise ValueError("a drill or a test cannot leave the house")
        if self.channel is Channel.RECEIVER:
            raise ValueError("a centre is no person: build a ForwardNotice")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardNotice:
    """Hand the case to a contracted alarm receiving centre, or tell it that it is over. Only a real incident can.

    receiver: the forwarder's name in the settings. about: ALARM, or OVER for a restore.
    """

    id: NoticeId
    purpose: Literal[Purpose.REAL]
    receiver: str
    round: int
    step: int
    attempt: int
    about: About = About.ALARM

    def __post_init__(self) -> None:
        if self.purpose is not Purpose.REAL:
            raise ValueError("a drill or a test cannot leave the house")
        if self.about not in {About.ALARM, About.OVER}:
            raise ValueError(f"a centre is told of alarms and of their end, not {self.about.value}")

    @property
    def channel(self) -> Channel:
        """Always the one."""
        return Channel.RECEIVER

    @property
    def person_id(self) -> None:
        """A centre is no person of the house."""
        return None

    @property
    def point_id(self) -> None:
        """Where it is reached stands in the settings."""
        return None


Notify = InHouseNotice | OutwardNotice | ForwardNotice


@dataclass(frozen=True, slots=True)
class WithdrawNotices:
    """Do not send what is not out yet. persons None means everybody's."""

    persons: frozenset[PersonId] | None = None


class TimerKind(Enum):
    """What an incident can wait for. One timer a kind, but one a person for NEXT_MEDIUM."""

    NEXT_STEP = "next_step"
    NEXT_MEDIUM = "next_medium"
    LAPSE = "lapse"
    OWNER_IDLE = "owner_idle"


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
    OWNER_IDLE = "owner_idle"
    OUTAGE = "outage"
    """Many transmitters fell silent together."""
    ROTA_GAP = "rota_gap"
    NOBODY_REACHABLE = "nobody_reachable"
    """A chain whose first steps have nobody who can be reached just now."""
    HANDOVER_OPEN = "handover_open"
    NOT_RETURNED = "not_returned"
    RECEIVER_UNREACHABLE = "receiver_unreachable"
    """A contracted alarm receiving centre did not take a case, or does not answer our heartbeat."""
    RECEIVER_IN_TEST = "receiver_in_test"
    """A real case was handed to a centre that has us in its test state: somebody must ring them."""
    WAY_OUT_DEAD = "way_out_dead"
    """A way out answers nobody."""
    BROKER_UNREACHABLE = "broker_unreachable"
    """A broker that devices speak through is gone: what they say waits there, or nowhere."""


@dataclass(frozen=True, slots=True)
class TellWearer:
    """Tell the wearer, on the device that raised it, that a person has taken it; apart from the ack, and only once.

    silent: without a sound. A covert alarm's wearer is told nothing: this is never asked for.
    """

    silent: bool


@dataclass(frozen=True, slots=True)
class RaiseSystemAlarm:
    """Sound on every console and tell the supervisor: our own side failed. step: index, where one is meant."""

    fault: SystemFault
    step: int | None = None


Effect = Notify | WithdrawNotices | ArmTimer | DropTimer | TellWearer | RaiseSystemAlarm


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
    NOTICE_WAITS = "notice_waits"
    """A notice must wait: its provider throttles us, or does not answer."""
    WAY_PASSED_OVER = "way_passed_over"
    """A medium was left out because its way out is known to be dead."""
    PATH_TRIED = "path_tried"
    """One path to an alarm receiving centre was tried, and what came of it."""
    RECEIVER_TOOK = "receiver_took"
    """An alarm receiving centre answered that it has the case."""
    RECEIVER_UNREACHED = "receiver_unreached"
    """No path to an alarm receiving centre has worked so far."""
    RECEIVER_KNOWS = "receiver_knows"
    """An alarm receiving centre was told of this kind before, and is not told twice."""
    ROSTER_FAULT = "roster_fault"
    CHAIN_USED_UP = "chain_used_up"
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGEMENT_LAPSED = "acknowledgement_lapsed"
    DECLINED = "declined"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    RELEASED = "released"
    NOTE = "note"
    STEP_RECORDED = "step_recorded"
    """What came of a step of the action plan, with the plan's name, its version and the step's text."""
    MESSAGE_SENT = "message_sent"
    """An operator's words to those who go there, or to the wearer."""
    SOS_CALL = "sos_call"
    """An operator's own call to the emergency services; the server never makes one."""
    ESCALATED_NOW = "escalated_now"
    SHOWN = "shown"
    MOVED = "moved"
    TURN = "turn"
    STEP_REPEATED = "step_repeated"
    JUMPED = "jumped"
    PEOPLE_ADDED = "people_added"
    ON_HOLD = "on_hold"
    HANDED_OVER = "handed_over"
    PUT_BACK = "put_back"
    OWNER_LEFT = "owner_left"
    OWNER_IDLE = "owner_idle"
    ABSORBED = "absorbed"
    UPGRADED = "upgraded"
    WEARER_SAFE = "wearer_safe"
    WEARER_TOLD = "wearer_told"
    CONTACT_LOST = "contact_lost"
    CONTACT_REGAINED = "contact_regained"
    DEVICE_MENDED = "device_mended"
    """The device says that what it suffered from is over; a person decides whether that is so."""
    DEVICE_ASKED = "device_asked"
    """A person wants something said to a device: where it is, that it rings back, its settings."""
    DEVICE_TOLD = "device_told"
    """Words for a device were handed to the network."""
    DEVICE_ANSWERED = "device_answered"
    """The device itself answered; no person did."""
    DEVICE_PLACED = "device_placed"
    """A device that was asked where it is has sent a place."""
    DEVICE_NOT_TOLD = "device_not_told"
    """Words for a device will not be said any more: too late, or it has no way to be told so."""
    FIRED_LATE = "fired_late"
    """A deadline was acted on late, after a restart or an outage of ours."""
    DRILL = "drill"
    STOOD_DOWN = "stood_down"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. detail: plain pairs, ids as text; no personal data beyond notes."""

    kind: EntryKind
    at: datetime
    by: Actor
    detail: tuple[tuple[str, str], ...] = ()
