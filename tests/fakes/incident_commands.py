"""Commands that write down what they were asked, and refuse what they are told to refuse."""

from __future__ import annotations

from escalation.alarm import AlarmKind
from escalation.events import Operator, Outcome, Responder
from escalation.ids import IncidentId, PersonId
from larmcentral.api.commands import Sight


class WrittenCommands:
    """api.commands.IncidentCommands. asked: name of the command and what came with it, in order.

    failure: raised by every command while it is set. drill: the incident of every drill.
    """

    def __init__(self, drill: IncidentId) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.failure: Exception | None = None
        self.drill = drill

    def _ask(self, *what: object) -> None:
        self.asked.append(what)
        if self.failure is not None:
            raise self.failure

    async def acknowledge(self, incident_id: IncidentId, by: Operator | Responder, sight: Sight) -> None:
        self._ask("acknowledge", incident_id, by, sight)

    async def on_the_way(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        self._ask("on_the_way", incident_id, by, sight)

    async def arrived(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        self._ask("arrived", incident_id, by, sight)

    async def decline(self, incident_id: IncidentId, by: Responder, sight: Sight) -> None:
        self._ask("decline", incident_id, by, sight)

    async def note(self, incident_id: IncidentId, by: Operator | Responder, text: str, sight: Sight) -> None:
        self._ask("note", incident_id, by, text, sight)

    async def escalate_now(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        self._ask("escalate_now", incident_id, by, sight)

    async def stand_down(
        self, incident_id: IncidentId, by: Operator, outcome: Outcome, note: str, sight: Sight
    ) -> None:
        self._ask("stand_down", incident_id, by, outcome, note, sight)

    async def shown(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        self._ask("shown", incident_id, by, sight)

    async def start_drill(self, person_id: PersonId, kind: AlarmKind, by: Operator, sight: Sight) -> IncidentId:
        self._ask("start_drill", person_id, kind, by, sight)
        return self.drill
