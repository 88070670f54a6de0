"""What people at work, and others for them, can make happen. flows/sessions.py keeps this."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from escalation.alarm import AlarmKind
from escalation.events import Operator, Responder, Wearer
from escalation.ids import PersonId, PlaceId, VigilId
from larmcentral.api.commands import Sight
from larmcentral.domain.session_start import SessionStart


class WorkCommands(Protocol):
    """Each is one transaction, safe to repeat. made_at: the phone's own time of it, which may be a while ago; the same
    said again with the same made_at changes nothing and is not refused.

    All raise escalation.incident.Refused, domain.errors.NotFound and StoreUnavailable. duress: he was made to say it;
    nothing that comes back may tell.
    """

    async def start(self, start: SessionStart, by: Wearer | Operator, sight: Sight) -> VigilId:
        """Begin a session, and those that are linked to it."""
        ...

    async def check_in(
        self, person_id: PersonId, *, how: str, duress: bool = False, made_at: datetime | None = None
    ) -> None:
        """Give a sign of life."""
        ...

    async def extend(
        self, person_id: PersonId, until: datetime, by: Wearer | Operator, *, made_at: datetime | None = None
    ) -> None:
        """Let a session last longer."""
        ...

    async def end(
        self,
        person_id: PersonId,
        by: Wearer | Operator,
        *,
        how: str,
        duress: bool = False,
        made_at: datetime | None = None,
    ) -> None:
        """End a session: safe arrival."""
        ...

    async def write_memo(self, person_id: PersonId, memo: str, *, made_at: datetime | None = None) -> None:
        """Put words about the visit behind those that are there."""
        ...

    async def ask_welfare(self, person_id: PersonId, by: Operator | Responder, sight: Sight) -> None:
        """Ask how somebody is; no answer calls for help."""
        ...

    async def answer_welfare(
        self, person_id: PersonId, *, fine: bool, duress: bool = False, made_at: datetime | None = None
    ) -> None:
        """Say how one is."""
        ...

    async def begin_pre_alarm(
        self, person_id: PersonId, kind: AlarmKind, *, event_at: datetime | None, silent: bool = False
    ) -> None:
        """Begin a countdown to an alarm."""
        ...

    async def cancel_pre_alarm(self, person_id: PersonId, *, how: str, duress: bool = False) -> None:
        """End the countdown without an alarm that anybody beside him could see."""
        ...

    async def confirm_pre_alarm(self, person_id: PersonId) -> None:
        """Do not wait for the countdown's end."""
        ...

    async def call_under_duress(self, person_id: PersonId) -> None:
        """Call for help, covertly; nothing that his phone shows is changed by it."""
        ...

    async def on_shift(self, person_id: PersonId, until: datetime, place_id: PlaceId | None) -> None:
        """Be there for others until then, and found by them."""
        ...

    async def off_shift(self, person_id: PersonId) -> None:
        """Be found no longer."""
        ...
