"""What was agreed with centres, as flows and people ask for it; and who says to them that we live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.ids import OrganisationId, UserId
from larmcentral.domain.forwarding import MappingRow
from larmcentral.domain.forwarding_tests import ForwarderPicture, RowTest, Signature
from larmcentral.domain.roles import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The last sign of life that we gave on a path, or the last look whether it answers.

    every: how often. heard_at: when it last answered, None if it never did. missed: in a row, 0 if it answers.
    """

    receiver: str
    path: str
    every: timedelta
    tried_at: datetime
    heard_at: datetime | None
    missed: int
    words: str


@dataclass(frozen=True, slots=True)
class BeatPlan:
    """A path that is to be looked after, and how often."""

    path: str
    every: timedelta


@dataclass(frozen=True, slots=True)
class Pulse:
    """What came of one beat."""

    heard: bool
    words: str


class Beats(Protocol):
    """A centre that wants to hear from us."""

    @property
    def name(self) -> str:
        """Return the forwarder's name."""
        ...

    def beats(self) -> Sequence[BeatPlan]:
        """Return the paths to look after."""
        ...

    async def beat(self, path: str) -> Pulse:
        """Say on a path that we live, or look whether it answers where no heartbeat was ordered. Never raises."""
        ...


class ForwarderStore(Protocol):
    """For the server's own work. All raise StoreUnavailable."""

    async def forwarder_picture(self, organisation_id: OrganisationId) -> ForwarderPicture:
        """Return rows and test states; signatures are left out, they bind people and not the server."""
        ...

    async def hold_beats(self, organisation_id: OrganisationId, owner: UUID, length: timedelta) -> bool:
        """Take or keep the duty to beat for this long; False while another process has it. length 0 gives it back."""
        ...

    async def keep_beat(self, organisation_id: OrganisationId, beat: Beat) -> None:
        """Write down what came of a beat, for people to see."""
        ...


class ForwarderDesk(Protocol):
    """For people, within their organisation. All raise StoreUnavailable."""

    async def picture(self, scope: Scope) -> ForwarderPicture:
        """Return rows, test states and the newest signature of each row and content."""
        ...

    async def beats(self, scope: Scope) -> Mapping[str, tuple[Beat, ...]]:
        """Return the last beats of each forwarder."""
        ...

    async def save_row(
        self, scope: Scope, receiver: str, row: MappingRow, *, version: int, by: UserId, now: datetime
    ) -> int:
        """Let a row hold from now on and return its version. version: the one it was made from, 0 for our proposal.

        Raises Collision if another was saved meanwhile.
        """
        ...

    async def remove_row(self, scope: Scope, receiver: str, kind: AlarmKind, silent: bool) -> None:
        """Let our proposal hold again; repeatable."""
        ...

    async def set_test_state(
        self, scope: Scope, receiver: str, until: datetime | None, *, by: UserId, now: datetime
    ) -> None:
        """Say that the centre has us in its test state until then, or no more."""
        ...

    async def row_test(self, scope: Scope, test_id: UUID) -> RowTest | None:
        """Return a row's test and what came of it; None where there is none."""
        ...

    async def sign(self, scope: Scope, signature: Signature) -> None:
        """Keep a signature; the same one again changes nothing."""
        ...
