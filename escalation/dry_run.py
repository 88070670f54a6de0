"""The dry run: who would be called for an alarm at a given time, by what and when, if nobody answered.

It is the real walk, with nobody there: an incident is opened, whatever it waits for comes due in its order, and what
it writes down is put as calls. So a dry run cannot disagree with what an alarm would do.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, assert_never
from uuid import uuid5

from escalation.alarm import AlarmKind
from escalation.chain import Channel, EscalationChain, Medium, Roster
from escalation.decide import decide
from escalation.effects import (
    ArmTimer,
    DropTimer,
    Entry,
    EntryKind,
    ForwardNotice,
    InHouseNotice,
    Notify,
    OutwardNotice,
    SystemFault,
    TimerKind,
)
from escalation.events import AlarmRaised, MediumDue, StepDue
from escalation.ids import ContactPointId, IncidentId, PersonId
from escalation.incident import Decision
from escalation.opening import open_incident
from escalation.purpose import Purpose

MOST_WAITS: Final = 10_000
"""Twenty steps of a hundred persons in turn, each repeated a few times, and none of them a plan to stake a life on."""


class CallKind(Enum):
    """What one line of a dry run tells."""

    PERSON = "person"
    DESK = "desk"
    """Every console of the committee sounds."""
    RECEIVER = "receiver"
    """An alarm receiving centre is told; receiver is its name."""
    PASSED_OVER = "passed_over"
    """A step calls nobody; why is "condition", "nobody_to_reach", "answered" or "held_back"."""
    UPGRADED = "upgraded"
    """Nobody answered, so it is a graver kind from here on; why is that kind. Steps are those of its chain."""
    NO_CHAIN = "no_chain"
    """There are no steps to go: the desk alone is called, again and again."""
    USED_UP = "used_up"
    """The last step's wait is over; after the chain's loop_wait it would all begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One line of a dry run. after_s: seconds from the alarm. step: index, None where the whole chain is meant.

    person_id, point_id, channel: of a PERSON; the DESK and a RECEIVER have only a channel.
    """

    after_s: float
    kind: CallKind
    step: int | None = None
    person_id: PersonId | None = None
    point_id: ContactPointId | None = None
    channel: Channel | None = None
    receiver: str | None = None
    why: str = ""

    @property
    def medium(self) -> Medium | None:
        """The author's word for the channel."""
        return None if self.channel is None else self.channel.medium


class DryRunTooLong(Exception):
    """The chain waits more often than a dry run follows: complaints() names what is wrong with it."""


def dry_run(
    chain: EscalationChain,
    roster_at: Callable[[datetime], Roster],
    *,
    kind: AlarmKind,
    silent: bool,
    begins_at: datetime,
    subject: PersonId | None = None,
    graver: EscalationChain | None = None,
) -> tuple[Call, ...]:
    """Return who would be called and when, until the chain is used up for the first time.

    roster_at: who stands behind the targets, and the circumstances, at a moment. begins_at: aware UTC. subject: who
    raised it, and is not called. graver: the chain of the kind that this one upgrades to. Raises DryRunTooLong.
    """
    run = dry_run_by_rosters(chain, kind=kind, silent=silent, begins_at=begins_at, subject=subject, graver=graver)
    at = next(run)
    while True:
        try:
            at = run.send(roster_at(at))
        except StopIteration as end:
            calls: tuple[Call, ...] = end.value
            return calls


def dry_run_by_rosters(
    chain: EscalationChain,
    *,
    kind: AlarmKind,
    silent: bool,
    begins_at: datetime,
    subject: PersonId | None = None,
    graver: EscalationChain | None = None,
) -> Generator[datetime, Roster, tuple[Call, ...]]:
    """Make a dry run for one who must wait for rosters: yields a moment, is sent its roster, returns the calls."""
    roster = yield begins_at
    alarm = AlarmRaised(signal_id=None, kind=kind, silent=silent, lateness=None, chain=chain, roster=roster)
    incident_id = IncidentId(uuid5(chain.id, begins_at.isoformat()))
    decision = open_incident(incident_id, Purpose.REAL, alarm, begins_at, subject)
    armed: dict[tuple[TimerKind, PersonId | None], ArmTimer] = {}
    calls: list[Call] = []
    for _ in range(MOST_WAITS):
        calls += _calls(decision, begins_at)
        _rearm(armed, decision)
        if decision.incident.used_up or not decision.incident.chain.steps:
            return tuple(calls)
        timer = min(armed.values(), key=lambda one: (one.due_at, one.fence))
        roster = yield timer.due_at
        decision = decide(decision.incident, _due(timer, roster, graver), timer.due_at)
    raise DryRunTooLong(f"more than {MOST_WAITS} waits")


def _rearm(armed: dict[tuple[TimerKind, PersonId | None], ArmTimer], decision: Decision) -> None:
    """Keep what is waited for as the timekeeper does: one timer of a kind and person."""
    for effect in decision.effects:
        match effect:
            case ArmTimer(kind=kind, person_id=person_id):
                armed[kind, person_id] = effect
            case DropTimer(kind=kind, person_id=person_id):
                for key in [key for key in armed if key[0] is kind and person_id in {None, key[1]}]:
                    del armed[key]
            case _:
                pass


def _due(timer: ArmTimer, roster: Roster, graver: EscalationChain | None) -> StepDue | MediumDue:
    match timer.kind:
        case TimerKind.NEXT_STEP:
            return StepDue(timer.fence, roster, graver)
        case TimerKind.NEXT_MEDIUM:
            assert timer.person_id is not None, "a medium is waited for by a person"
            return MediumDue(timer.person_id, timer.fence, roster)
        case TimerKind.LAPSE | TimerKind.OWNER_IDLE:
            raise AssertionError("nobody answers in a dry run, so nobody can fall silent afterwards")
        case _:
            assert_never(timer.kind)


def _calls(decision: Decision, begins_at: datetime) -> Iterator[Call]:
    """Put the timeline's lines as calls, in their order; what a notice carries is read from the notice itself."""
    notices = {str(one.id): one for one in decision.effects if isinstance(one, Notify)}
    for entry in decision.entries:
        detail, after_s = dict(entry.detail), (entry.at - begins_at).total_seconds()
        match entry.kind:
            case EntryKind.NOTICE_FILED:
                yield _notice(notices[detail["notice"]], after_s)
            case EntryKind.STEP_PASSED_OVER:
                yield Call(after_s=after_s, kind=CallKind.PASSED_OVER, step=int(detail["step"]), why=detail["why"])
            case EntryKind.ROSTER_FAULT:
                yield _fault(entry, after_s)
            case EntryKind.UPGRADED:
                yield Call(after_s=after_s, kind=CallKind.UPGRADED, why=detail["kind"])
            case EntryKind.CHAIN_USED_UP:
                yield Call(after_s=after_s, kind=CallKind.USED_UP)
            case _:
                pass  # how the walk got there, and what only people bring about


def _notice(notice: Notify, after_s: float) -> Call:
    match notice:
        case ForwardNotice(receiver=receiver):
            return Call(
                after_s=after_s,
                kind=CallKind.RECEIVER,
                step=notice.step,
                channel=notice.channel,
                receiver=receiver,
            )
        case InHouseNotice() | OutwardNotice():
            return Call(
                after_s=after_s,
                kind=CallKind.DESK if notice.person_id is None else CallKind.PERSON,
                step=notice.step,
                person_id=notice.person_id,
                point_id=notice.point_id,
                channel=notice.channel,
            )
        case _:
            assert_never(notice)


def _fault(entry: Entry, after_s: float) -> Call:
    detail = dict(entry.detail)
    if detail["fault"] == SystemFault.NO_CHAIN.value:
        return Call(after_s=after_s, kind=CallKind.NO_CHAIN)
    return Call(after_s=after_s, kind=CallKind.PASSED_OVER, step=int(detail["step"]), why=detail["fault"])
