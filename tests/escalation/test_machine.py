"""Any chain, any people, any order of events: what must hold of every incident holds."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from escalation.action_plan import ActionPlan, PlanStep, StepOutcome, StepRecord
from escalation.alarm import AlarmKind
from escalation.chain import (
    Channel,
    EscalationChain,
    Roster,
    Target,
)
from escalation.closing import asked
from escalation.decide import decide
from escalation.effects import (
    About,
    ArmTimer,
    ForwardNotice,
    InHouseNotice,
    Notify,
    OutwardNotice,
    RaiseSystemAlarm,
    TellWearer,
    TimerKind,
)
from escalation.events import (
    Absorbed,
    Acknowledged,
    Actor,
    Arrived,
    ClosingAnswer,
    Declined,
    DeliveryDelayed,
    DeliveryFailed,
    EscalatedNow,
    Event,
    ForwardFailed,
    ForwardTaken,
    HandedOver,
    JumpedTo,
    MergedInto,
    MessageSent,
    MessageTo,
    NoteAdded,
    OnTheWay,
    Operator,
    Outcome,
    OwnerLeft,
    PeopleAdded,
    PutBack,
    PutOnHold,
    Responder,
    SosCall,
    SosMoment,
    StepRecorded,
    StoodDown,
    System,
    Wearer,
    WearerSafe,
)
from escalation.ids import IncidentId, PersonId
from escalation.incident import Decision, ForwardState, Incident, Refused, State
from escalation.opening import open_incident
from escalation.purpose import Purpose
from escalation.reach import targets_of
from tests.escalation.arbitrary import PEOPLE, TARGETS, WEARER, chains, rosters
from tests.escalation.cast import (
    ANNA,
    EVA,
    FIA,
    GUN,
    INCIDENT,
    NAMES,
    Case,
    alarm,
)

OTHER = IncidentId(UUID(int=0xA2))
MOST_EFFECTS = 120
"""Far above what five people, ten channels and four steps can come to: a decision that loops passes it."""

MOST_TIMERS = 200
"""How many timers may fire in one rule, so that chains with waits of nothing do not take all day."""
REASONS = {
    "taken",
    "not_taken",
    "not_owner",
    "not_open",
    "own_alarm",
    "not_the_wearer",
    "no_such_step",
    "nobody_to_reach",
    "no_wearer",
    "silent",
    "closing",
    "held_enough",
    "only_a_person",
    "same_incident",
    "of_device",
    "outcome_of_real",
    "outcome_of_drill",
    "stood_down",
}

FALLEN = ActionPlan(id=UUID(int=0xB1), name="Fall", version=2, steps=(PlanStep("ring", "Ring upp"),))

people = st.sampled_from(PEOPLE)
operators = st.sampled_from([FIA, GUN])


class Incidents(RuleBasedStateMachine):
    """One incident, with a roster that changes under it. Case checks timers, names and timeline at every step."""

    case: Case

    @initialize(
        chain=chains,
        roster=rosters,
        purpose=st.sampled_from(Purpose),
        kind=st.sampled_from(AlarmKind),
        silent=st.booleans(),
        subject=st.sampled_from([WEARER, None]),
    )
    def opens(
        self,
        chain: EscalationChain,
        roster: Roster,
        purpose: Purpose,
        kind: AlarmKind,
        silent: bool,
        subject: PersonId | None,
    ) -> None:
        self.silent = silent
        self.wearer_told = 0
        self.case = Case(chain, roster, purpose=purpose, kind=kind, silent=silent, subject=subject)
        raised = alarm(chain, roster, kind, silent=silent)
        assert open_incident(INCIDENT, purpose, raised, self.case.now, subject) == self.case.last
        assert targets_of(chain) <= set(TARGETS)
        self.check(self.case.last)

    @rule(roster=rosters)
    def roster_changes(self, roster: Roster) -> None:
        self.case.roster = roster

    @rule(duration_s=st.sampled_from([1, 19, 30, 61, 119, 900]))
    def time_passes(self, duration_s: int) -> None:
        until = self.case.now + timedelta(seconds=duration_s)
        for _ in range(MOST_TIMERS):
            timer = min(self.case.armed.values(), key=lambda one: (one.due_at, one.fence), default=None)
            if timer is None or timer.due_at > until:
                break
            self.case.now = timer.due_at
            self.tell(self.case.due(timer))
            assert timer not in self.case.armed.values()
        else:
            return
        self.case.now = until

    @rule(kind=st.sampled_from(AlarmKind), silent=st.booleans(), anew=chains)
    def alarm_joins(self, kind: AlarmKind, silent: bool, anew: EscalationChain) -> None:
        if self.case.state == "stood_down":
            return
        gravest = min(self.case.incident.kind.gravity, kind.gravity)
        self.tell(alarm(anew, self.case.roster, kind, silent=silent, signal=2))
        assert self.case.incident.kind.gravity == gravest

    @rule(graver=st.one_of(st.none(), chains))
    def the_graver_kinds_chain_changes(self, graver: EscalationChain | None) -> None:
        self.case.graver = graver

    @rule(who=people, word=st.sampled_from([OnTheWay, Arrived, Acknowledged]))
    def says_yes(self, who: PersonId, word: type[OnTheWay | Arrived | Acknowledged]) -> None:
        self.tell(word(Responder(who), self.case.roster))
        self.repeat(word(Responder(who), self.case.roster))

    @rule(who=people)
    def says_no(self, who: PersonId) -> None:
        no = Declined(Responder(who), self.case.roster)
        self.tell(no)
        if self.case.states.get(NAMES[who]) == "declined":
            self.repeat(no)

    @rule(operator=operators)
    def operator_takes_it(self, operator: Operator) -> None:
        self.tell(Acknowledged(operator))
        self.repeat(Acknowledged(operator))

    @rule(operator=operators)
    def operator_will_not_wait(self, operator: Operator) -> None:
        before = self.case.state
        self.tell(EscalatedNow(operator, self.case.roster))
        assert self.case.state == before

    @rule(operator=operators, index=st.integers(-1, 4))
    def operator_jumps(self, operator: Operator, index: int) -> None:
        before = self.case.state
        self.tell(JumpedTo(operator, index, self.case.roster))
        assert self.case.state == before

    @rule(operator=operators, added=st.lists(st.sampled_from(TARGETS), min_size=1, max_size=3).map(tuple))
    def operator_adds_people(self, operator: Operator, added: tuple[Target, ...]) -> None:
        before, steps = self.case.state, self.case.incident.chain.steps
        self.tell(PeopleAdded(operator, added, self.case.roster))
        after = self.case.incident.chain.steps
        assert self.case.state == before
        assert after == steps or set(added) <= {target for step in after for target in step.targets}

    @rule(operator=operators, wait=st.sampled_from([1, 60, 300, 600]))
    def operator_holds(self, operator: Operator, wait: int) -> None:
        due_at = self.case.incident.step_due_at
        self.tell(PutOnHold(operator, timedelta(seconds=wait)))
        after = self.case.incident.step_due_at
        assert due_at is None or after is None or after >= due_at

    @rule(by=operators, to=operators)
    def hands_over(self, by: Operator, to: Operator) -> None:
        self.tell(HandedOver(by, to))
        self.repeat(HandedOver(by, to))

    @rule(by=operators)
    def puts_back(self, by: Operator) -> None:
        self.tell(PutBack(by, self.case.roster))
        self.repeat(PutBack(by, self.case.roster))

    @rule(to=st.sampled_from([None, FIA, GUN]))
    def owner_leaves(self, to: Operator | None) -> None:
        left = OwnerLeft(to, self.case.roster)
        self.tell(left)
        assert self.case.state != "acknowledged" or self.case.incident.owner == to or self.case.incident.owner is None
        self.repeat(left)

    @rule(into=st.sampled_from([OTHER, INCIDENT]))
    def merges(self, into: IncidentId) -> None:
        self.tell(MergedInto(FIA, into))

    @rule(
        other=st.sampled_from([OTHER, INCIDENT]),
        kind=st.sampled_from(AlarmKind),
        receivers=st.sampled_from([(), ("nord",), ("syd", "ost")]),
    )
    def absorbs(self, other: IncidentId, kind: AlarmKind, receivers: tuple[str, ...]) -> None:
        before = self.case.state
        self.tell(Absorbed(FIA, other, kind, receivers))
        assert self.case.state == before

    @rule(who=st.sampled_from([WEARER, ANNA]))
    def wearer_is_safe(self, who: PersonId) -> None:
        before = self.case.incident
        self.tell(WearerSafe(Wearer(who), "check_in", self.case.roster))
        ended = before.silence_only and who == before.subject
        assert self.case.incident.state is (State.STOOD_DOWN if ended else before.state)

    @rule(by=operators, what=st.sampled_from(SosMoment))
    def sos_call(self, by: Operator, what: SosMoment) -> None:
        self.tell(SosCall(by, what, "112-17"))

    @rule(by=operators, outcome=st.sampled_from(StepOutcome), newest=st.sampled_from([None, *StepOutcome]))
    def step_is_recorded(self, by: Operator, outcome: StepOutcome, newest: StepOutcome | None) -> None:
        before = self.case.incident
        stands = None if newest is None else StepRecord(newest)
        self.tell(StepRecorded(by, FALLEN, FALLEN.steps[0], StepRecord(outcome), stands))
        if outcome is newest:
            assert self.case.incident is before
        self.repeat(StepRecorded(by, FALLEN, FALLEN.steps[0], StepRecord(outcome), StepRecord(outcome)))

    @rule(by=operators, to=st.sampled_from(MessageTo))
    def message_is_sent(self, by: Operator, to: MessageTo) -> None:
        before = self.case.incident
        for notice in self.tell(MessageSent(by, to, "Porten är öppen", self.case.roster)):
            assert isinstance(notice, InHouseNotice | OutwardNotice)
            assert (notice.about, notice.words) == (About.MESSAGE, "Porten är öppen")
            assert (notice.person_id == before.subject) == (to is MessageTo.WEARER)
        assert self.case.incident.state is before.state

    @rule(by=st.sampled_from([FIA, Responder(ANNA), Responder(WEARER)]))
    def note(self, by: Operator | Responder) -> None:
        self.tell(NoteAdded(by, "words"))

    @precondition(lambda self: any(one.person_id for one in self.case.notices))
    @rule(data=st.data())
    def delivery_fails(self, data: st.DataObject) -> None:
        notice = data.draw(st.sampled_from([one for one in self.case.notices if one.person_id][-8:]))
        assert notice.person_id is not None
        failed = DeliveryFailed(notice.id, notice.person_id, self.case.roster)
        self.tell(failed)
        self.repeat(failed)

    @precondition(lambda self: any(one.person_id for one in self.case.notices))
    @rule(data=st.data())
    def delivery_is_delayed(self, data: st.DataObject) -> None:
        notice = data.draw(st.sampled_from([one for one in self.case.notices if one.person_id][-8:]))
        assert notice.person_id is not None
        delayed = DeliveryDelayed(notice.id, notice.person_id, self.case.roster)
        told = [one.person_id for one in self.tell(delayed) if one.about is About.ALARM]
        assert set(told) <= {notice.person_id}
        self.repeat(delayed)

    @precondition(lambda self: any(isinstance(one, ForwardNotice) for one in self.case.notices))
    @rule(data=st.data(), took=st.booleans(), hitch=st.booleans(), by_telephone=st.booleans())
    def centre_answers_or_is_not_reached(
        self, data: st.DataObject, took: bool, hitch: bool, by_telephone: bool
    ) -> None:
        handed = [one for one in self.case.notices if isinstance(one, ForwardNotice)]
        notice = data.draw(st.sampled_from(handed[-4:]))
        before = self.case.state
        event = (
            ForwardTaken(notice.id, notice.receiver, "primary", hitch, by_telephone)
            if took
            else ForwardFailed(notice.id, notice.receiver, hitch, self.case.roster)
        )
        self.tell(event)
        assert self.case.state == before, "nobody has read it by that"
        self.repeat(event)

    @rule(fence=st.integers(0, 100))
    def stale_timers_come(self, fence: int) -> None:
        for kind in TimerKind:
            for who in PEOPLE:
                stale = ArmTimer(kind, self.case.now, fence, who)
                if fence not in {one.fence for one in self.case.armed.values()}:
                    self.repeat(self.case.due(stale))

    @rule(
        by=st.sampled_from([FIA, Responder(ANNA), Responder(WEARER), Wearer(WEARER), System()]),
        outcome=st.sampled_from(Outcome),
    )
    def stands_down(self, by: Actor, outcome: Outcome) -> None:
        self.tell(StoodDown(by, outcome, "over", self.case.roster))

    @rule(outcome=st.sampled_from(Outcome), whole=st.booleans())
    def stands_down_with_answers(self, outcome: Outcome, whole: bool) -> None:
        before = self.case.incident
        wanted = asked(before.purpose, before.kind, outcome)
        answers = tuple(ClosingAnswer(one.key, one.choices[-1], "so it was") for one in wanted)
        given = answers if whole else answers[1:]
        self.tell(StoodDown(FIA, outcome, "over", self.case.roster, given))
        if not (whole or before.state is State.STOOD_DOWN) and wanted:
            assert self.case.incident is before
        elif self.case.incident is not before:
            assert self.case.incident.closing == given

    def tell(self, event: Event) -> list[Notify]:
        """Say it; return what it files. A refusal leaves all as it was; the same question has the same answer."""
        before = self.case.incident
        try:
            decision = self.case.happens(event)
        except Refused as refused:
            self.refused(refused, before)
            return []
        assert decide(before, event, self.case.now) == decision
        self.check(decision)
        self.check_centres(before, decision)
        return [one for one in decision.effects if isinstance(one, Notify)]

    def refused(self, refused: Refused, before: Incident) -> None:
        assert refused.reason in REASONS
        assert self.case.incident is before

    def repeat(self, event: Event) -> None:
        """What comes twice, as everything does on bad networks, does its work once."""
        before = self.case.incident
        try:
            decision = decide(before, event, self.case.now)
        except Refused:
            return
        assert decision == Decision(before)
        assert decision.incident is before

    def check(self, decision: Decision) -> None:
        incident = decision.incident
        assert len(decision.effects) <= MOST_EFFECTS
        assert len(decision.entries) <= MOST_EFFECTS
        notices = [one for one in decision.effects if isinstance(one, Notify)]
        assert incident.silent is self.silent
        if incident.state is State.STOOD_DOWN:
            assert {notice.about for notice in notices} <= {About.OVER}
        self.check_wearer(decision)
        for notice in notices:
            assert notice.purpose is incident.purpose
            to_wearer = notice.person_id is not None and notice.person_id == incident.subject
            assert not to_wearer or (notice.about is About.MESSAGE and not incident.silent)
            assert (notice.person_id is None) == (notice.channel in {Channel.CONSOLE, Channel.RECEIVER})
            assert isinstance(notice, ForwardNotice) == (notice.channel is Channel.RECEIVER)
            assert (notice.attempt == 0) == (notice.about is not About.ALARM)
            if incident.purpose is not Purpose.REAL:
                assert isinstance(notice, InHouseNotice)
                assert not notice.channel.outward
                assert notice.person_id != EVA
            if incident.purpose is Purpose.TEST:
                assert notice.person_id is None
        if incident.purpose is Purpose.TEST:
            assert not any(isinstance(one, RaiseSystemAlarm) for one in decision.effects)

    def check_centres(self, before: Incident, decision: Decision) -> None:
        """Each is told once a kind, unless it came to nothing; at the end each that may know is told, and once."""
        told = [one for one in decision.effects if isinstance(one, ForwardNotice)]
        stood = {one.receiver: one for one in before.forwards}
        assert len({one.receiver for one in told}) == len(told)
        for notice in told:
            former = stood.get(notice.receiver)
            if notice.about is About.OVER:
                assert former is None or former.may_be_known or notice.receiver in before.absorbed_receivers
            elif former is not None and former.state not in {
                ForwardState.FAILED,
                ForwardState.WITHDRAWN,
                ForwardState.IN_TEST,
            }:
                assert decision.incident.kind.gravity < former.kind.gravity
        ended = decision.incident.state is State.STOOD_DOWN and before.state is not State.STOOD_DOWN
        if ended and decision.incident.merged_into is None:
            known = {one.receiver for one in before.forwards if one.may_be_known} | {*before.absorbed_receivers}
            assert {one.receiver for one in told} == known
        else:
            assert About.OVER not in {one.about for one in told}

    def check_wearer(self, decision: Decision) -> None:
        """He is told once, without a sound where the alarm was silent, and never where it is covert."""
        told = [one for one in decision.effects if isinstance(one, TellWearer)]
        self.wearer_told += len(told)
        assert self.wearer_told == decision.incident.wearer_told
        for one in told:
            assert one.silent is self.silent
            assert decision.incident.kind is not AlarmKind.DURESS
            assert not decision.incident.kind.technical
            assert decision.incident.purpose is not Purpose.TEST


TestIncidents = Incidents.TestCase
TestIncidents.settings = settings(
    max_examples=80, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
