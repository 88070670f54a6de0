"""An alarm opens an incident, or joins the one that is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from escalation.draft import Draft
from escalation.effects import EntryKind, SystemFault
from escalation.events import AlarmRaised
from escalation.ids import IncidentId, PersonId
from escalation.incident import Decision, Incident, ResponderState, State
from escalation.purpose import Purpose
from escalation.walk import begin_next, ring_again


def open_incident(
    incident_id: IncidentId, purpose: Purpose, alarm: AlarmRaised, now: datetime, subject: PersonId | None = None
) -> Decision:
    """Open an incident with the chain the alarm brings, and begin its first step in the same decision.

    subject: the person the alarm is about, None where nobody wears the device.
    """
    incident = Incident(
        id=incident_id,
        purpose=purpose,
        kind=alarm.kind,
        silent=alarm.silent,
        state=State.OPEN,
        opened_at=now,
        chain=alarm.chain,
        subject=subject,
    )
    draft = Draft(incident, now)
    draft.write(EntryKind.OPENED, **_told(alarm), state=State.OPEN.value)
    begin_next(draft, alarm.roster)
    return draft.decision()


def join(draft: Draft, alarm: AlarmRaised) -> None:
    """A further alarm of the same subject. A graver one raises the kind and may start the chain anew."""
    graver = alarm.kind.gravity < draft.kind.gravity
    as_grave = alarm.kind.gravity <= draft.kind.gravity
    draft.silent = draft.silent or alarm.silent
    draft.write(EntryKind.ALARM_JOINED, **_told(alarm))
    if graver:
        draft.kind = alarm.kind
        if draft.chain.restart_on_graver:
            if alarm.chain.steps:
                _restart(draft, alarm)
                return
            draft.raise_alarm(SystemFault.NO_CHAIN)
    if graver or draft.state is State.ACKNOWLEDGED:
        draft.notify_desk()
    if as_grave and draft.state is State.ACKNOWLEDGED:
        draft.lapse_sooner(draft.chain.acknowledge_lapse)


def _restart(draft: Draft, alarm: AlarmRaised) -> None:
    """Begin the graver kind's chain. Who is under way stays so; who only said yes is asked again."""
    draft.hush()
    draft.reopen()
    draft.chain = alarm.chain
    draft.round += 1
    draft.next_step = 0
    draft.used_up = False
    for person_id, responder in draft.responders.items():
        state, since = responder.state, responder.since
        if state is ResponderState.ACKNOWLEDGED:
            state, since = ResponderState.NOTIFIED, draft.now
        draft.responders[person_id] = replace(responder, state=state, since=since, step=0, medium=0)
    draft.write(EntryKind.CHAIN_RESTARTED, kind=alarm.kind.value, round=draft.round, state=State.OPEN.value)
    begin_next(draft, alarm.roster)
    ring_again(draft, alarm.roster)


def _told(alarm: AlarmRaised) -> dict[str, str]:
    """What the timeline says of an alarm; lateness_s is absent where the device told no time."""
    said = {"signal": str(alarm.signal_id), "kind": alarm.kind.value, "silent": str(alarm.silent).lower()}
    if alarm.lateness is not None:
        said["lateness_s"] = f"{alarm.lateness.total_seconds():.3f}"
    return said
