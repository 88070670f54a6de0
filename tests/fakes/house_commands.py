"""Commands about work, desk and pool that write down what they were asked, and refuse what they are told to refuse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.events import Operator, Responder, Wearer
from escalation.ids import CommitteeId, PersonId, PlaceId, UnitId, UserId, VigilId
from larmcentral.api.commands import Sight
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.errors import NotFound
from larmcentral.domain.reach import HouseUnit, Stretch, UnitReach
from larmcentral.domain.session_start import SessionStart
from larmcentral.domain.views_house import DryCall
from tests.builders import NOON


class Written:
    """asked: name of the command and what came with it, in order. failure: raised by every command while it is set.

    made: the id of whatever a command begins. home: the committee of everything that is not the asker's own.
    """

    def __init__(self, home: UUID, made: UUID) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.failure: Exception | None = None
        self.home = CommitteeId(home)
        self.made = VigilId(made)

    def ask(self, *what: object, sight: Sight | None = None) -> None:
        self.asked.append(what)
        if sight is not None and self.home not in sight:
            raise NotFound("elsewhere")
        if self.failure is not None:
            raise self.failure


class WrittenWork(Written):
    """api.commands_work.WorkCommands. made_at: at the end of what was asked, where one was said."""

    async def start(self, start: SessionStart, by: Wearer | Operator, sight: Sight) -> VigilId:
        self.ask("start", start, by)
        return self.made

    async def check_in(
        self, person_id: PersonId, *, how: str, duress: bool = False, made_at: datetime | None = None
    ) -> None:
        self.ask("check_in", person_id, how, duress, *_said(made_at))

    async def extend(
        self, person_id: PersonId, until: datetime, by: Wearer | Operator, *, made_at: datetime | None = None
    ) -> None:
        self.ask("extend", person_id, until, by, *_said(made_at))

    async def end(
        self,
        person_id: PersonId,
        by: Wearer | Operator,
        *,
        how: str,
        duress: bool = False,
        made_at: datetime | None = None,
    ) -> None:
        self.ask("end", person_id, by, how, duress, *_said(made_at))

    async def write_memo(self, person_id: PersonId, memo: str, *, made_at: datetime | None = None) -> None:
        self.ask("write_memo", person_id, memo, *_said(made_at))

    async def ask_welfare(self, person_id: PersonId, by: Operator | Responder, sight: Sight) -> None:
        self.ask("ask_welfare", person_id, by, sight=sight)

    async def answer_welfare(
        self, person_id: PersonId, *, fine: bool, duress: bool = False, made_at: datetime | None = None
    ) -> None:
        self.ask("answer_welfare", person_id, fine, duress, *_said(made_at))

    async def begin_pre_alarm(
        self, person_id: PersonId, kind: AlarmKind, *, event_at: datetime | None, silent: bool = False
    ) -> None:
        self.ask("begin_pre_alarm", person_id, kind, event_at, silent)

    async def cancel_pre_alarm(self, person_id: PersonId, *, how: str, duress: bool = False) -> None:
        self.ask("cancel_pre_alarm", person_id, how, duress)

    async def confirm_pre_alarm(self, person_id: PersonId) -> None:
        self.ask("confirm_pre_alarm", person_id)

    async def call_under_duress(self, person_id: PersonId) -> None:
        self.ask("call_under_duress", person_id)

    async def on_shift(self, person_id: PersonId, until: datetime, place_id: PlaceId | None) -> None:
        self.ask("on_shift", person_id, until, place_id)

    async def off_shift(self, person_id: PersonId) -> None:
        self.ask("off_shift", person_id)


def _said(made_at: datetime | None) -> tuple[datetime, ...]:
    return () if made_at is None else (made_at,)


class WrittenDesk(Written):
    """api.commands_house.DeskCommands."""

    async def sit_down(self, at_desk: AtDesk) -> None:
        self.ask("sit_down", at_desk)

    async def seen(self, user_id: UserId) -> None:
        self.ask("seen", user_id)

    async def leave(self, user_id: UserId) -> None:
        self.ask("leave", user_id)

    async def make_handover(self, by: Operator, to: UserId | None, sight: Sight) -> VigilId:
        self.ask("make_handover", by, to)
        return self.made

    async def sign_handover(self, vigil_id: VigilId, by: Operator, sight: Sight) -> None:
        self.ask("sign_handover", vigil_id, by, sight=sight)


class WrittenPool(Written):
    """api.commands_house.PoolCommands."""

    async def check_out(
        self, tag: str, person_id: PersonId, by: Operator | Wearer, due_back: datetime, sight: Sight
    ) -> VigilId:
        self.ask("check_out", tag, person_id, by, due_back, sight=sight)
        return self.made

    async def check_in(self, tag: str, by: Operator | Wearer, sight: Sight) -> None:
        self.ask("check_in", tag, by, sight=sight)

    async def prolong(self, tag: str, until: datetime, by: Operator | Wearer, sight: Sight) -> None:
        self.ask("prolong", tag, until, by, sight=sight)


class WrittenAnswers(Written):
    """api.commands_house.AnswerCommands. reply: what goes back to a telephone number."""

    reply: str | None = None

    async def by_token(self, token: str, word: str) -> None:
        self.ask("by_token", token, word)

    async def by_number(self, number: str, text: str) -> str | None:
        self.ask("by_number", number, text)
        return self.reply

    async def by_key(self, number: str, digit: str) -> str | None:
        self.ask("by_key", number, digit)
        return self.reply


class WrittenBoards(Written):
    """api.commands_house.ReachBoards. persons: who would be told in every unit, all day."""

    persons: tuple[PersonId, ...] = ()

    async def look(self, units: Sequence[HouseUnit], *, hours: int, sight: Sight) -> Sequence[UnitReach]:
        self.ask("look", tuple(units), hours)
        day = Stretch(NOON, NOON + timedelta(hours=hours), self.persons)
        return [UnitReach(unit=unit, chain="Natt", stretches=(day,)) for unit in units]


class WrittenDryRuns(Written):
    """api.commands_house.DryRuns. calls: what every dry run finds."""

    calls: tuple[DryCall, ...] = ()

    async def who_would_be_called(
        self,
        *,
        person_id: PersonId | None,
        unit_id: UnitId | None,
        committee_id: CommitteeId,
        kind: AlarmKind,
        silent: bool,
        at: datetime,
        sight: Sight,
    ) -> Sequence[DryCall]:
        self.ask("who_would_be_called", person_id, unit_id, committee_id, kind, silent, at, sight=sight)
        return self.calls
