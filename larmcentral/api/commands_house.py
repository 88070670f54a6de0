"""What the desk, the pool and those who answer can make happen, and the question who would be called.

flows/desk.py, pool.py, answers.py and dry_run.py keep these. All but the answers raise escalation.incident.Refused,
domain.errors.NotFound and StoreUnavailable.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from escalation.alarm import AlarmKind
from escalation.events import Operator, Wearer
from escalation.ids import CommitteeId, PersonId, UnitId, UserId, VigilId
from larmcentral.api.commands import Sight
from larmcentral.domain.desk import AtDesk
from larmcentral.domain.reach import HouseUnit, UnitReach
from larmcentral.domain.views_house import DryCall


class DeskCommands(Protocol):
    """The desk and its shift changes."""

    async def sit_down(self, at_desk: AtDesk) -> None:
        """An operator takes his place."""
        ...

    async def seen(self, user_id: UserId) -> None:
        """He gave a sign of life; nothing if he has no place."""
        ...

    async def leave(self, user_id: UserId) -> None:
        """He goes: what he has in hand goes to somebody else, or opens again."""
        ...

    async def make_handover(self, by: Operator, to: UserId | None, sight: Sight) -> VigilId:
        """List the open cases for whoever comes."""
        ...

    async def sign_handover(self, vigil_id: VigilId, by: Operator, sight: Sight) -> None:
        """Sign the list, leaving or coming."""
        ...


class PoolCommands(Protocol):
    """Devices that are lent out. by: who scans."""

    async def check_out(
        self, tag: str, person_id: PersonId, by: Operator | Wearer, due_back: datetime, sight: Sight
    ) -> VigilId:
        """Lend a device; a refusal names all that stands against it."""
        ...

    async def check_in(self, tag: str, by: Operator | Wearer, sight: Sight) -> None:
        """Take it back."""
        ...

    async def prolong(self, tag: str, until: datetime, by: Operator | Wearer, sight: Sight) -> None:
        """Lend it for longer."""
        ...


class AnswerCommands(Protocol):
    """Answers to notices by ways that know no log-in."""

    async def by_token(self, token: str, word: str) -> None:
        """Answer the notice that carried this token."""
        ...

    async def by_number(self, number: str, text: str) -> str | None:
        """Answer the newest notice to a telephone number; return words to send back, None for none."""
        ...

    async def by_key(self, number: str, digit: str) -> str | None:
        """The same by a key of the telephone."""
        ...


class ReachBoards(Protocol):
    """Whom a panic would tell through the next hours; flows/reach_board.py keeps it."""

    async def look(self, units: Sequence[HouseUnit], *, hours: int, sight: Sight) -> Sequence[UnitReach]:
        """Return it for each unit, in their order."""
        ...


class DryRuns(Protocol):
    """Who would be called."""

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
        """Return the calls of an alarm at that time that nobody answers, in order."""
        ...
