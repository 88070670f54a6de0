"""An open incident that nothing would wake: armed again, at once. For the auditor, should the engine ever fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from escalation.effects import ArmTimer, DropTimer, Effect, TimerKind
from escalation.incident import Decision, Incident, State


def rearmed(incident: Incident, now: datetime) -> Decision:
    """Arm what the incident's state needs, due now. Nothing for one that was stood down.

    One in hand lapses, so its owner is not watched any more.
    """
    fence = incident.fence + 1
    match incident.state:
        case State.OPEN:
            armed = replace(incident, fence=fence, step_fence=fence, step_due_at=now)
            return Decision(armed, effects=(ArmTimer(TimerKind.NEXT_STEP, now, fence),))
        case State.ACKNOWLEDGED:
            armed = replace(incident, fence=fence, lapse_fence=fence, lapse_at=now, idle_fence=None)
            effects: tuple[Effect, ...] = (ArmTimer(TimerKind.LAPSE, now, fence),)
            if incident.idle_fence is not None:
                effects = (*effects, DropTimer(TimerKind.OWNER_IDLE))
            return Decision(armed, effects=effects)
        case State.STOOD_DOWN:
            return Decision(incident)
