"""The cast of the stories, and a case that keeps an incident's timers and timeline beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.chain import (
    ALWAYS,
    Channel,
    Circumstances,
    Condition,
    Contact,
    DeskTarget,
    EscalationChain,
    ManagerTarget,
    Medium,
    PersonTarget,
    ReceiverTarget,
    Roster,
    Step,
    Target,
    TeamTarget,
)
from escalation.decide import decide
from escalation.effects import (
    About,
    ArmTimer,
    DropTimer,
    Entry,
    EntryKind,
    ForwardNotice,
    Notify,
    RaiseSystemAlarm,
    SystemFault,
    TellWearer,
    TimerKind,
    WithdrawNotices,
)
from escalation.events import (
    AcknowledgementLapsed,
    AlarmRaised,
    Event,
    MediumDue,
    Operator,
    OwnerIdle,
    Responder,
    StepDue,
)
from escalation.ids import ChainId, ContactPointId, IncidentId, NoticeId, PersonId, SignalId, TeamId, UserId
from escalation.incident import Decision, IncidentResponder
from escalation.invariants import invariants
from escalation.opening import open_incident
from escalation.purpose import Purpose
from escalation.replay import replay

START: Final = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
INCIDENT: Final = IncidentId(UUID(int=0xA1))

ANNA, BO, CIA, DAG, EVA = (PersonId(UUID(int=number)) for number in range(1, 6))
NAMES: Final = {ANNA: "anna", BO: "bo", CIA: "cia", DAG: "dag", EVA: "eva", None: "desk"}
FIA, GUN = Operator(UserId(UUID(int=21))), Operator(UserId(UUID(int=22)))
DAY_TEAM: Final = TeamTarget(TeamId(UUID(int=31)))
DESK: Final = DeskTarget()
MANAGERS: Final = ManagerTarget()
NORD, SYD = ReceiverTarget("nord"), ReceiverTarget("syd")
"""Two contracted alarm receiving centres."""

PUSH, SMS, VOICE, CONSOLE = Medium.PUSH, Medium.SMS, Medium.VOICE, Medium.CONSOLE


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def person(person_id: PersonId) -> PersonTarget:
    return PersonTarget(person_id)


def responder(person_id: PersonId) -> Responder:
    return Responder(person_id)


def point(
    person_id: PersonId,
    channel: Channel,
    number: int = 0,
    *,
    external: bool = False,
    rank: int = 0,
    dead: bool = False,
) -> Contact:
    """A contact point; number tells two phones of one person apart."""
    place = list(Channel).index(channel) + 100 * number
    return Contact(ContactPointId(UUID(int=person_id.int * 1000 + place)), person_id, channel, external, rank, dead)


def push(person_id: PersonId) -> Contact:
    return point(person_id, Channel.FCM)


def sms(person_id: PersonId, *, external: bool = False) -> Contact:
    return point(person_id, Channel.SMS, external=external)


def roster(*lines: tuple[Target, Sequence[Contact]], circumstances: Circumstances | None = None) -> Roster:
    return Roster({target: tuple(contacts) for target, contacts in lines}, circumstances)


def phones(*persons: PersonId) -> Roster:
    """Each of them with the app and a number for text messages."""
    return roster(*((person(one), (push(one), sms(one))) for one in persons))


def step(
    *targets: Target,
    media: tuple[Medium, ...] = (PUSH,),
    wait: float = 30,
    in_turn: bool = False,
    medium_wait: float = 20,
    needed: int = 1,
    turn: float | None = None,
    repeats: int = 0,
    when: Condition = ALWAYS,
    own_order: bool = True,
) -> Step:
    """in_turn: the media one after another. turn: the persons one after another, so many seconds for each."""
    return Step(
        targets=targets,
        media=media,
        wait=seconds(wait),
        all_at_once=not in_turn,
        medium_wait=seconds(medium_wait),
        responders_needed=needed,
        in_turn=turn is not None,
        turn_wait=seconds(30 if turn is None else turn),
        repeats=repeats,
        when=when,
        own_order=own_order,
    )


def chain(*steps: Step, number: int = 1, restart: bool = True, upgrade_to: AlarmKind | None = None) -> EscalationChain:
    """acknowledge_lapse 120 s, attention_lapse 900 s, loop_wait 60 s, idle_after 60 s."""
    return EscalationChain(
        id=ChainId(UUID(int=number)),
        version=1,
        name=f"chain {number}",
        steps=steps,
        restart_on_graver=restart,
        upgrade_to=upgrade_to,
    )


def alarm(
    chain: EscalationChain, roster: Roster, kind: AlarmKind = AlarmKind.PANIC, *, silent: bool = False, signal: int = 1
) -> AlarmRaised:
    return AlarmRaised(
        signal_id=SignalId(UUID(int=0xB0 + signal)), kind=kind, silent=silent, lateness=None, chain=chain, roster=roster
    )


class Case:
    """One incident from its opening on. Checks after every decision what must always hold."""

    def __init__(
        self,
        steps: Sequence[Step] | EscalationChain,
        roster: Roster,
        *,
        purpose: Purpose = Purpose.REAL,
        kind: AlarmKind = AlarmKind.PANIC,
        silent: bool = False,
        subject: PersonId | None = None,
    ) -> None:
        self.now = START
        self.roster = roster
        self.graver: EscalationChain | None = None
        """The chain of the kind that this one's chain upgrades to."""
        self.armed: dict[tuple[TimerKind, PersonId | None], ArmTimer] = {}
        self.entries: list[Entry] = []
        self.notices: list[Notify] = []
        whole = steps if isinstance(steps, EscalationChain) else chain(*steps)
        raised = alarm(whole, roster, kind, silent=silent)
        self.every_fault: list[SystemFault] = []
        self.last = open_incident(INCIDENT, purpose, raised, self.now, subject)
        self.incident = self.last.incident
        self._file(self.last)

    def happens(self, event: Event) -> Decision:
        """Let something happen now."""
        before = self.incident
        self.last = decide(before, event, self.now)
        self.incident = self.last.incident
        assert self.incident.fence >= before.fence
        self._file(self.last)
        return self.last

    def passes(self, duration_s: float) -> None:
        """Let time pass; what is due on the way happens when it is due."""
        until = self.now + seconds(duration_s)
        while self.armed:
            timer = min(self.armed.values(), key=lambda one: (one.due_at, one.fence))
            if timer.due_at > until:
                break
            self.now = timer.due_at
            self.fires(timer)
        self.now = until

    def fires(self, timer: ArmTimer) -> Decision:
        """Let an armed timer be due now. Afterwards it is armed anew or dropped, never left as it was."""
        decision = self.happens(self.due(timer))
        assert timer not in self.armed.values()
        return decision

    def due(self, timer: ArmTimer) -> StepDue | MediumDue | AcknowledgementLapsed | OwnerIdle:
        match timer.kind:
            case TimerKind.NEXT_STEP:
                return StepDue(timer.fence, self.roster, self.graver)
            case TimerKind.NEXT_MEDIUM:
                assert timer.person_id is not None
                return MediumDue(timer.person_id, timer.fence, self.roster)
            case TimerKind.LAPSE:
                return AcknowledgementLapsed(timer.fence, self.roster)
            case TimerKind.OWNER_IDLE:
                return OwnerIdle(timer.fence, self.roster)

    def of(self, person_id: PersonId) -> IncidentResponder:
        return next(one for one in self.incident.responders if one.person_id == person_id)

    def notice(self, person_id: PersonId) -> NoticeId:
        """Name of the newest notice to this person."""
        return next(one.id for one in reversed(self.notices) if one.person_id == person_id)

    @property
    def state(self) -> str:
        return self.incident.state.value

    @property
    def states(self) -> dict[str, str]:
        return {NAMES[one.person_id]: one.state.value for one in self.incident.responders}

    @property
    def timers(self) -> dict[str, float]:
        """What is waited for, in seconds from now."""
        return {_timer_name(one): (one.due_at - self.now).total_seconds() for one in self.armed.values()}

    @property
    def rung(self) -> list[str]:
        return rung(self.last)

    @property
    def faults(self) -> list[tuple[SystemFault, int | None]]:
        return [(one.fault, one.step) for one in self.last.effects if isinstance(one, RaiseSystemAlarm)]

    @property
    def wearer_told(self) -> list[bool]:
        """What the last decision tells the wearer: True for without a sound."""
        return [one.silent for one in self.last.effects if isinstance(one, TellWearer)]

    @property
    def news(self) -> list[str]:
        """What the last decision tells beside alarms: "anna fcm released"."""
        return [
            f"{NAMES[one.person_id]} {one.channel.value} {one.about.value}"
            for one in self.last.effects
            if isinstance(one, Notify) and not isinstance(one, ForwardNotice) and one.about is not About.ALARM
        ]

    @property
    def forwarded(self) -> list[str]:
        """What the last decision tells alarm receiving centres: "nord alarm"."""
        return [f"{one.receiver} {one.about.value}" for one in self.last.effects if isinstance(one, ForwardNotice)]

    def handed(self, receiver: ReceiverTarget) -> NoticeId:
        """Name of the newest notice to this centre."""
        mine = (one.id for one in reversed(self.notices) if isinstance(one, ForwardNotice) and _of(one, receiver))
        return next(mine)

    def stands(self, receiver: ReceiverTarget) -> str:
        """Where the handing-over to this centre stands."""
        return next(one.state.value for one in self.incident.forwards if one.receiver == receiver.receiver)

    @property
    def withdrawn(self) -> list[set[str] | None]:
        """Whose notices the last decision stops; None for everybody's."""
        return [
            None if one.persons is None else {NAMES[person_id] for person_id in one.persons}
            for one in self.last.effects
            if isinstance(one, WithdrawNotices)
        ]

    @property
    def told(self) -> list[EntryKind]:
        """What the last decision wrote down, but for the notices."""
        return [one.kind for one in self.last.entries if one.kind is not EntryKind.NOTICE_FILED]

    def _file(self, decision: Decision) -> None:
        fresh = [one for one in decision.effects if isinstance(one, Notify)]
        check_order(decision)
        for effect in decision.effects:
            apply(self.armed, effect)
        self.notices += fresh
        self.every_fault += [one.fault for one in decision.effects if isinstance(one, RaiseSystemAlarm)]
        self.entries += decision.entries
        assert len({one.id for one in self.notices}) == len(self.notices), "two notices share a name"
        assert [one.kind for one in decision.entries].count(EntryKind.NOTICE_FILED) == len(fresh)
        assert invariants(decision.incident, self.armed.values()) == []
        assert replay(self.entries) is decision.incident.state


def apply(armed: dict[tuple[TimerKind, PersonId | None], ArmTimer], effect: object) -> None:
    """Do to the armed timers what the store does."""
    match effect:
        case ArmTimer():
            armed[effect.kind, effect.person_id] = effect
        case DropTimer(kind, None):
            for key in [key for key in armed if key[0] is kind]:
                del armed[key]
        case DropTimer(kind, person_id):
            del armed[kind, person_id]


def check_order(decision: Decision) -> None:
    """A withdrawal behind a new notice would stop that one as well."""
    notices = [place for place, one in enumerate(decision.effects) if isinstance(one, Notify)]
    withdrawals = [place for place, one in enumerate(decision.effects) if isinstance(one, WithdrawNotices)]
    assert not notices or not withdrawals or max(withdrawals) < min(notices)


def rung(decision: Decision) -> list[str]:
    """Who is called by what, in order: "anna fcm", "desk", "centre nord". News calls nobody."""
    return [_called(one) for one in decision.effects if isinstance(one, Notify) and one.about is About.ALARM]


def _called(notice: Notify) -> str:
    if isinstance(notice, ForwardNotice):
        return f"centre {notice.receiver}"
    return "desk" if notice.person_id is None else f"{NAMES[notice.person_id]} {notice.channel.value}"


def _of(notice: ForwardNotice, receiver: ReceiverTarget) -> bool:
    return notice.receiver == receiver.receiver


def _timer_name(timer: ArmTimer) -> str:
    return timer.kind.value if timer.person_id is None else f"{timer.kind.value} {NAMES[timer.person_id]}"
