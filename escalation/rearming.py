"""An open incident that nothing would wake: armed again, at once. For the auditor, should the engine ever fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from escalation.effects import ArmTimer, TimerKind
from escalation.incident import Decision, Incident, State


def rearmed(incident: Incident, now: datetime) -> Decision:
    """Arm what the incident's state needs, due now. Nothing for one that was stood down."""
    fence = incident.fence + 1
    match incident.state:
        case State.OPEN:
            armed = replace(incident, fence=fence, step_fence=fence)
            return Decision(armed, effects=(ArmTimer(TimerKind.NEXT_STEP, now, fence),))
        case State.ACKNOWLEDGED:
            armed = replace(incident, fence=fence, lapse_fence=fence, lapse_at=now)
            return Decision(armed, effects=(ArmTimer(TimerKind.LAPSE, now, fence),))
        case State.STOOD_DOWN:
            return Decision(incident)
