"""A decision in the making: the moving parts of an incident, what it asks for and what it writes down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid5

from escalation.chain import Channel, Contact
from escalation.effects import (
    About,
    ArmTimer,
    DropTimer,
    Effect,
    Entry,
    EntryKind,
    ForwardNotice,
    InHouseNotice,
    RaiseSystemAlarm,
    SystemFault,
    TellWearer,
    TimerKind,
    WithdrawNotices,
)
from escalation.events import Actor, System
from escalation.ids import IncidentId, NoticeId, PersonId
from escalation.incident import Decision, Forward, Incident, State
from escalation.notice import notice_to
from escalation.purpose import Purpose

SHORTEST_WAIT: Final = timedelta(seconds=1)
"""No timer is armed nearer than this, so that a chain with a wait of nothing cannot keep the server busy for ever."""


class Draft:
    """Lives inside one decide() and is thrown away; everything it is given and gives back is frozen.

    told: the persons who were sent notices in this decision already. forwards: by the centre's name.
    """

    def __init__(self, incident: Incident, now: datetime) -> None:
        self._before = incident
        self.now = now
        self.id: Final = incident.id
        self.purpose: Final = incident.purpose
        self.subject: Final = incident.subject
        self.silent: Final = incident.silent
        self.kind = incident.kind
        self.state = incident.state
        self.chain = incident.chain
        self.round = incident.round
        self.next_step = incident.next_step
        self.used_up = incident.used_up
        self.needed = incident.needed
        self.owner = incident.owner
        self.acknowledged_at = incident.acknowledged_at
        self.stood_down_at = incident.stood_down_at
        self.outcome = incident.outcome
        self.closing = incident.closing
        self.merged_into: IncidentId | None = incident.merged_into
        self.queue = incident.queue
        self.turn = incident.turn
        self.repeats_left = incident.repeats_left
        self.held_s = incident.held_s
        self.going_told = incident.going_told
        self.silence_only = incident.silence_only
        self.upgraded = incident.upgraded
        self.step_due_at = incident.step_due_at
        self.lapse_at = incident.lapse_at
        self.responders = {responder.person_id: responder for responder in incident.responders}
        self.forwards: dict[str, Forward] = {forward.receiver: forward for forward in incident.forwards}
        self.absorbed_receivers = incident.absorbed_receivers
        self.told: set[PersonId] = set()
        self._fence = incident.fence
        self._step_fence = incident.step_fence
        self._lapse_fence = incident.lapse_fence
        self._idle_fence = incident.idle_fence
        self._wearer_told = incident.wearer_told
        self._news = incident.news
        self._desk_attempts = incident.desk_attempts
        self._desk_told = False
        self._passed_over: set[PersonId] = set()
        self._effects: list[Effect] = []
        self._entries: list[Entry] = []

    @property
    def step(self) -> int:
        """Index of the step that began last; 0 where none did."""
        return max(self.next_step - 1, 0)

    @property
    def engaged(self) -> int:
        """How many have said yes and not taken it back."""
        return sum(responder.state.engaged for responder in self.responders.values())

    @property
    def upgrade_owed(self) -> bool:
        """True while the end of the step would still make it a graver kind: in the first round, and nobody answered.

        An incident that a person has had in hand keeps what that person made of it.
        """
        fresh = self.round == 1 and self.acknowledged_at is None and not self.upgraded
        return fresh and self.chain.upgrade_to is not None and not self.engaged

    def decision(self) -> Decision:
        """Return what was decided. Where nothing changed, the incident is the very one that came in."""
        after = Incident(
            id=self.id,
            purpose=self.purpose,
            kind=self.kind,
            silent=self.silent,
            state=self.state,
            opened_at=self._before.opened_at,
            chain=self.chain,
            round=self.round,
            next_step=self.next_step,
            fence=self._fence,
            needed=self.needed,
            desk_attempts=self._desk_attempts,
            responders=tuple(self.responders.values()),
            owner=self.owner,
            acknowledged_at=self.acknowledged_at,
            stood_down_at=self.stood_down_at,
            outcome=self.outcome,
            closing=self.closing,
            subject=self.subject,
            used_up=self.used_up,
            step_fence=self._step_fence,
            step_due_at=self.step_due_at,
            lapse_fence=self._lapse_fence,
            lapse_at=self.lapse_at,
            queue=self.queue,
            turn=self.turn,
            repeats_left=self.repeats_left,
            held_s=self.held_s,
            idle_fence=self._idle_fence,
            wearer_told=self._wearer_told,
            going_told=self.going_told,
            news=self._news,
            silence_only=self.silence_only,
            upgraded=self.upgraded,
            merged_into=self.merged_into,
            forwards=tuple(self.forwards.values()),
            absorbed_receivers=self.absorbed_receivers,
        )
        incident = self._before if after == self._before else after
        return Decision(incident, tuple(self._effects), tuple(self._entries))

    def write(self, kind: EntryKind, by: Actor | None = None, /, **detail: str | int) -> None:
        """Write a line of the timeline; by None is the server itself. A line that moves the state names it as state."""
        pairs = tuple((key, str(value)) for key, value in detail.items())
        self._entries.append(Entry(kind, self.now, by or System(), pairs))

    def raise_alarm(self, fault: SystemFault, step: int | None = None) -> None:
        """Tell those who mend the house; a test makes no noise and leaves its traces in the timeline alone."""
        if self.purpose is not Purpose.TEST:
            self._effects.append(RaiseSystemAlarm(fault, step))

    def notify(self, contact: Contact, step: int, attempt: int) -> NoticeId:
        """File an alarm to one contact point of a person."""
        name = f"{self.round}/{step}/{contact.person_id}/{contact.point_id}/{contact.channel.value}/{attempt}"
        return self._file(contact, name, step, attempt, About.ALARM)

    def tell(self, contact: Contact, about: About, words: str = "") -> None:
        """File what is no alarm: it asks nobody to answer, and nothing waits for it. words: of a MESSAGE alone."""
        self._news += 1
        name = f"{about.value}/{contact.person_id}/{contact.point_id}/{self._news}"
        self._file(contact, name, self.step, 0, about, words)

    def notify_desk(self) -> None:
        """Sound on the consoles, once a decision however many reasons there are."""
        if self._desk_told:
            return
        self._desk_told = True
        self._desk_attempts += 1
        attempt, channel = self._desk_attempts, Channel.CONSOLE
        notice_id = NoticeId(uuid5(self.id, f"{self.round}/{self.step}/desk/{channel.value}/{attempt}"))
        self._effects.append(
            InHouseNotice(
                id=notice_id,
                purpose=self.purpose,
                channel=channel,
                person_id=None,
                point_id=None,
                round=self.round,
                step=self.step,
                attempt=attempt,
            )
        )
        self.write(EntryKind.NOTICE_FILED, notice=str(notice_id), channel=channel.value, step=self.step)

    def tell_centre(self, receiver: str, attempt: int, about: About) -> NoticeId:
        """File an alarm, or its end, to an alarm receiving centre. attempt: 0 for what is no alarm, as for people."""
        assert self.purpose is Purpose.REAL, "a drill or a test cannot leave the house"
        name = f"{self.round}/{self.step}/receiver/{receiver}/{about.value}/{attempt}"
        notice_id, channel = NoticeId(uuid5(self.id, name)), Channel.RECEIVER
        self._effects.append(
            ForwardNotice(
                id=notice_id,
                purpose=self.purpose,
                receiver=receiver,
                round=self.round,
                step=self.step,
                attempt=attempt,
                about=about,
            )
        )
        what = {} if about is About.ALARM else {"about": about.value}
        self.write(
            EntryKind.NOTICE_FILED,
            notice=str(notice_id),
            channel=channel.value,
            receiver=receiver,
            step=self.step,
            **what,
        )
        return notice_id

    def pass_over(self, person_id: PersonId, channels: Sequence[Channel], step: int) -> None:
        """Write down which dead ways a person was spared, once a decision."""
        if channels and person_id not in self._passed_over:
            self._passed_over.add(person_id)
            words = " ".join(channel.value for channel in channels)
            self.write(EntryKind.WAY_PASSED_OVER, person=str(person_id), channels=words, step=step)

    def tell_wearer(self) -> None:
        """Tell the wearer that a person has taken it, the first time that one does."""
        if not self._wearer_told:
            self._wearer_told = True
            self._effects.append(TellWearer(self.silent))
            self.write(EntryKind.WEARER_TOLD)

    def withdraw(self, persons: frozenset[PersonId] | None) -> None:
        """Stop what is not out yet. Comes before new notices in a decision, or it would stop them too."""
        self._effects.append(WithdrawNotices(persons))

    def arm_step(self, wait: timedelta) -> None:
        """Begin the next step after wait."""
        self.step_due_at = self._after(wait)
        self._step_fence = self._arm(TimerKind.NEXT_STEP, self.step_due_at, None)

    def step_at_once(self) -> None:
        """Let the wait for the next step be over as soon as the clock comes round, and never later than it was."""
        if self.step_due_at is None or self.step_due_at > self._after(SHORTEST_WAIT):
            self.arm_step(SHORTEST_WAIT)

    def arm_medium(self, person_id: PersonId, wait: timedelta) -> int:
        """Try a person's next medium after wait; return the fence, which his responder's row keeps."""
        return self._arm(TimerKind.NEXT_MEDIUM, self._after(wait), person_id)

    def arm_idle(self) -> None:
        """Watch whether the owner does anything with what he took."""
        self._idle_fence = self._arm(TimerKind.OWNER_IDLE, self._after(self.chain.idle_after), None)

    def lapse_after(self, wait: timedelta) -> None:
        """Let the incident stay in hand for wait from now, and never less than it would have anyway."""
        due_at = self._after(wait)
        if self.lapse_at is None or due_at > self.lapse_at:
            self.lapse_at = due_at
            self._lapse_fence = self._arm(TimerKind.LAPSE, due_at, None)

    def lapse_sooner(self, wait: timedelta) -> None:
        """Let the incident stay in hand for no more than wait from now."""
        due_at = self._after(wait)
        if self.lapse_at is None or due_at < self.lapse_at:
            self.lapse_at = due_at
            self._lapse_fence = self._arm(TimerKind.LAPSE, due_at, None)

    def drop_step(self) -> None:
        """Wait for no next step."""
        self.step_due_at = None
        if self._step_fence is not None:
            self._step_fence = None
            self._effects.append(DropTimer(TimerKind.NEXT_STEP))

    def drop_lapse(self) -> None:
        """Wait for no lapse."""
        self.lapse_at = None
        if self._lapse_fence is not None:
            self._lapse_fence = None
            self._effects.append(DropTimer(TimerKind.LAPSE))

    def drop_idle(self) -> None:
        """Watch the owner no longer: he did something, or owns it no more."""
        if self._idle_fence is not None:
            self._idle_fence = None
            self._effects.append(DropTimer(TimerKind.OWNER_IDLE))

    def drop_medium(self, person_id: PersonId) -> None:
        """Wait for no further medium of this person."""
        responder = self.responders.get(person_id)
        if responder is not None and responder.medium_fence is not None:
            self.responders[person_id] = replace(responder, medium_fence=None)
            self._effects.append(DropTimer(TimerKind.NEXT_MEDIUM, person_id))

    def hush(self) -> None:
        """Nobody's phone rings any more, as far as we count, and nobody's next medium is waited for."""
        if any(responder.medium_fence is not None for responder in self.responders.values()):
            self._effects.append(DropTimer(TimerKind.NEXT_MEDIUM))
        for person_id, responder in self.responders.items():
            if responder.ringing or responder.waiting or responder.medium_fence is not None:
                self.responders[person_id] = replace(responder, ringing=(), waiting=(), medium_fence=None)

    def reopen(self) -> None:
        """Nobody has it in hand any more."""
        self.state = State.OPEN
        self.owner = None
        self.drop_idle()
        self.drop_lapse()

    def _file(self, contact: Contact, name: str, step: int, attempt: int, about: About, words: str = "") -> NoticeId:
        to_wearer = contact.person_id == self.subject
        assert not to_wearer or about is About.MESSAGE, "the wearer is never told of his own alarm"
        assert not (to_wearer and self.silent), "of a silent alarm the wearer's side hears nothing"
        notice_id = NoticeId(uuid5(self.id, name))
        self._effects.append(
            notice_to(
                contact,
                notice_id,
                self.purpose,
                round=self.round,
                step=step,
                attempt=attempt,
                about=about,
                words=words,
            )
        )
        what = {} if about is About.ALARM else {"about": about.value}
        self.write(
            EntryKind.NOTICE_FILED,
            notice=str(notice_id),
            channel=contact.channel.value,
            person=str(contact.person_id),
            point=str(contact.point_id),
            step=step,
            **what,
        )
        return notice_id

    def _after(self, wait: timedelta) -> datetime:
        return self.now + max(wait, SHORTEST_WAIT)

    def _arm(self, kind: TimerKind, due_at: datetime, person_id: PersonId | None) -> int:
        self._fence += 1
        self._effects.append(ArmTimer(kind, due_at, self._fence, person_id))
        return self._fence
