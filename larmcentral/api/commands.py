"""What people can make an incident do. flows/escalate keeps this; the API decides who may ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from escalation.action_plan import StepRecord
from escalation.alarm import AlarmKind
from escalation.chain import Target
from escalation.events import ClosingAnswer, MessageTo, Operator, Outcome, Responder
from escalation.ids import CommitteeId, IncidentId, PersonId, UserId

Sight = frozenset[CommitteeId]
"""The committees of the one who asks: a command on any other's incident raises NotFound."""


class IncidentCommands(Protocol):
    """Each is one transaction, safe to repeat.

    All raise escalation.incident.Refused (not allowed now), domain.errors.NotFound and StoreUnavailable (unknown
    whether it was done).
    """

    async def acknowledge(self, incident_id: IncidentId, by: Operator | Responder, sight: Sight) -> None:
        """Take charge."""
        ...

    async def on_the_way(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """A responder is going there."""
        ...

    async def arrived(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """A responder is on site."""
        ...

    async def decline(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        """A responder cannot."""
        ...

    async def note(self, incident_id: IncidentId, by: Operator | Responder, text: str, sight: Sight) -> None:
        """Write words into the account."""
        ...

    async def escalate_now(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        """Begin the next step at once."""
        ...

    async def stand_down(
        self,
        incident_id: IncidentId,
        by: Operator,
        outcome: Outcome,
        note: str,
        sight: Sight,
        closing: tuple[ClosingAnswer, ...],
    ) -> None:
        """End the response. Raises escalation.incident.Unanswered where the answers do not suffice."""
        ...

    async def record_step(
        self, incident_id: IncidentId, by: Operator, key: str, record: StepRecord, sight: Sight
    ) -> None:
        """Say what came of a step of the action plan."""
        ...

    async def send_message(self, incident_id: IncidentId, by: Operator, to: MessageTo, text: str, sight: Sight) -> None:
        """Send words to those who go there, or to the wearer."""
        ...

    async def shown(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        """It was drawn on an operator's screen; only the first time counts."""
        ...

    async def start_drill(self, person_id: PersonId, kind: AlarmKind, by: Operator, sight: Sight) -> IncidentId:
        """Open a drill about a person, on his own chain."""
        ...

    async def jump(self, incident_id: IncidentId, by: Operator, step: int, sight: Sight) -> None:
        """Begin a step out of turn. step: index in the incident's own chain."""
        ...

    async def add_people(
        self, incident_id: IncidentId, by: Operator, targets: tuple[Target, ...], sight: Sight
    ) -> None:
        """Tell further people at once."""
        ...

    async def hold(self, incident_id: IncidentId, by: Operator, wait: timedelta, sight: Sight) -> None:
        """Keep the next step waiting."""
        ...

    async def merge(self, incident_id: IncidentId, into: IncidentId, by: Operator, sight: Sight) -> None:
        """Say that it is the same matter as another incident of the same person; this one ends."""
        ...

    async def hand_over(self, incident_id: IncidentId, by: Operator, to: UserId, sight: Sight) -> None:
        """Give it to another operator."""
        ...

    async def put_back(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        """Return it to the queue."""
        ...

    async def stamp(self, incident_id: IncidentId, by: Operator, what: str, text: str, sight: Sight) -> None:
        """Write down a moment of an operator's own call to SOS. what: dialled, answered or case_number."""
        ...
