"""Commands that write down what they were asked, and refuse what they are told to refuse."""

from __future__ import annotations

from datetime import timedelta

from escalation.action_plan import StepRecord
from escalation.alarm import AlarmKind
from escalation.chain import Target
from escalation.events import ClosingAnswer, MessageTo, Operator, Outcome, Responder
from escalation.ids import IncidentId, PersonId, UserId
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
        self,
        incident_id: IncidentId,
        by: Operator,
        outcome: Outcome,
        note: str,
        sight: Sight,
        closing: tuple[ClosingAnswer, ...],
    ) -> None:
        self._ask("stand_down", incident_id, by, outcome, note, sight, closing)

    async def record_step(
        self, incident_id: IncidentId, by: Operator, key: str, record: StepRecord, sight: Sight
    ) -> None:
        self._ask("record_step", incident_id, by, key, record, sight)

    async def send_message(self, incident_id: IncidentId, by: Operator, to: MessageTo, text: str, sight: Sight) -> None:
        self._ask("send_message", incident_id, by, to, text, sight)

    async def shown(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        self._ask("shown", incident_id, by, sight)

    async def start_drill(self, person_id: PersonId, kind: AlarmKind, by: Operator, sight: Sight) -> IncidentId:
        self._ask("start_drill", person_id, kind, by, sight)
        return self.drill

    async def jump(self, incident_id: IncidentId, by: Operator, step: int, sight: Sight) -> None:
        self._ask("jump", incident_id, by, step, sight)

    async def add_people(
        self, incident_id: IncidentId, by: Operator, targets: tuple[Target, ...], sight: Sight
    ) -> None:
        self._ask("add_people", incident_id, by, targets, sight)

    async def hold(self, incident_id: IncidentId, by: Operator, wait: timedelta, sight: Sight) -> None:
        self._ask("hold", incident_id, by, wait, sight)

    async def merge(self, incident_id: IncidentId, into: IncidentId, by: Operator, sight: Sight) -> None:
        self._ask("merge", incident_id, into, by, sight)

    async def hand_over(self, incident_id: IncidentId, by: Operator, to: UserId, sight: Sight) -> None:
        self._ask("hand_over", incident_id, by, to, sight)

    async def put_back(self, incident_id: IncidentId, by: Operator, sight: Sight) -> None:
        self._ask("put_back", incident_id, by, sight)

    async def stamp(self, incident_id: IncidentId, by: Operator, what: str, text: str, sight: Sight) -> None:
        self._ask("stamp", incident_id, by, what, text, sight)
