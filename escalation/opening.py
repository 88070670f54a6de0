"""An alarm opens an incident, or joins the one that is open."""

from __future__ import annotations

from datetime import datetime

from escalation.draft import Draft
from escalation.effects import EntryKind, SystemFault
from escalation.ending import refuse_itself
from escalation.events import Absorbed, AlarmRaised
from escalation.hand import acted
from escalation.ids import IncidentId, PersonId
from escalation.incident import Decision, Incident, Refused, State
from escalation.purpose import Purpose
from escalation.restart import restart
from escalation.walk import begin_next


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
        silence_only=alarm.kind.from_silence,
    )
    draft = Draft(incident, now)
    draft.write(EntryKind.OPENED, alarm.by, **_told(alarm), state=State.OPEN.value)
    begin_next(draft, alarm.roster)
    return draft.decision()


def join(draft: Draft, alarm: AlarmRaised) -> None:
    """A further alarm of the same subject. A graver one raises the kind and may start the chain anew.

    What shows and what must not stays as it was at the opening.
    """
    graver = alarm.kind.gravity < draft.kind.gravity
    as_grave = alarm.kind.gravity <= draft.kind.gravity
    draft.silence_only = draft.silence_only and alarm.kind.from_silence
    draft.kind = draft.kind.graver(alarm.kind)
    draft.write(EntryKind.ALARM_JOINED, alarm.by, **_told(alarm))
    if graver and draft.chain.restart_on_graver:
        if alarm.chain.steps:
            restart(draft, alarm.chain, alarm.roster)
            return
        draft.raise_alarm(SystemFault.NO_CHAIN)
    # Where an operator keeps the chain waiting, nobody else would hear of a second press for minutes.
    on_hold = as_grave and draft.held_s > 0
    if graver or on_hold or draft.state is State.ACKNOWLEDGED:
        draft.notify_desk()
    if as_grave and draft.state is State.ACKNOWLEDGED:
        draft.lapse_sooner(draft.chain.acknowledge_lapse)


def absorb(draft: Draft, event: Absorbed) -> None:
    """Go on for another incident of the same person as well. People are at work on it: no chain starts anew.

    A device's own trouble does not go on for a person's call: other people mend devices, and its wearer is one of them.
    """
    refuse_itself(draft, event.other)
    if draft.kind.technical and not event.kind.technical:
        raise Refused("of_device")
    graver = event.kind.gravity < draft.kind.gravity
    draft.silence_only = draft.silence_only and event.kind.from_silence
    draft.kind = draft.kind.graver(event.kind)
    if draft.purpose is Purpose.REAL:
        draft.absorbed_receivers = tuple(dict.fromkeys((*draft.absorbed_receivers, *event.receivers)))
    draft.write(EntryKind.ABSORBED, event.by, incident=str(event.other), kind=event.kind.value)
    acted(draft, event.by)
    if draft.state is State.ACKNOWLEDGED:
        draft.lapse_after(draft.chain.acknowledge_lapse)
    if graver:
        draft.notify_desk()


def _told(alarm: AlarmRaised) -> dict[str, str]:
    """What the timeline says of an alarm.

    signal is absent where none was filed, why where the signal says it all, lateness_s where the device told no time.
    """
    said = {} if alarm.signal_id is None else {"signal": str(alarm.signal_id)}
    said |= {"kind": alarm.kind.value, "silent": str(alarm.silent).lower()}
    if alarm.why:
        said["why"] = alarm.why
    if alarm.lateness is not None:
        said["lateness_s"] = f"{alarm.lateness.total_seconds():.3f}"
    return said
