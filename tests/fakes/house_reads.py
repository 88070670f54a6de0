"""What the API reads about one committee, out of memory: everybody else finds nothing there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from escalation.chain import EscalationChain, Risk, Roster
from escalation.ids import ChainId, CommitteeId, PersonId, PlaceId, RotaId, UserId, VigilId
from escalation.rota import Rota
from larmcentral.domain.beacons import PlacedBeacon
from larmcentral.domain.errors import Collision, NotFound
from larmcentral.domain.place import Place
from larmcentral.domain.reach import HouseUnit
from larmcentral.domain.register import SitePlan
from larmcentral.domain.roles import Scope, Viewer
from larmcentral.domain.users import PinHashes
from larmcentral.domain.views_house import (
    ChainRow,
    ChainUse,
    DeskPicture,
    DeskSeat,
    HandoverView,
    LedgerRow,
    PoolRow,
    RotaRow,
)
from larmcentral.domain.views_places import PlaceChoice, PlaceView
from larmcentral.domain.views_work import OwnWork, SessionView

NOTHING = OwnWork(session=None, pre_alarm=None, alarms=(), shift_until=None, pin_set=False)


class _Home:
    def __init__(self, home: UUID) -> None:
        self.home = CommitteeId(home)
        self.written: list[tuple[object, ...]] = []

    def enter(self, scope: Scope) -> None:
        if self.home not in scope.committees:
            raise NotFound("elsewhere")


class KnownWork(_Home):
    """api.asks_work.Work and Recordings. looks: who was shown whose session. own: what each person's phone shows."""

    def __init__(self, home: UUID, *sessions: SessionView) -> None:
        super().__init__(home)
        self.running = {PersonId(one.person_id): one for one in sessions}
        self.own: dict[PersonId, OwnWork] = {}
        self.looks: list[tuple[UserId, UUID]] = []
        self.sound = ("audio/ogg", b"OggS here I go")

    async def sessions(self, scope: Scope, *, by: Viewer, now: datetime) -> tuple[SessionView, ...]:
        if self.home not in scope.committees:
            return ()
        self.looks += [(by.user_id, one.person_id) for one in self.running.values()]
        return tuple(self.running.values())

    async def session(self, scope: Scope, person_id: PersonId, *, by: Viewer, now: datetime) -> SessionView:
        self.enter(scope)
        if person_id not in self.running:
            raise NotFound("session")
        return self.running[person_id]

    async def mine(self, viewer: Viewer, *, now: datetime) -> OwnWork:
        assert viewer.person_id is not None
        return self.own.get(viewer.person_id, NOTHING)

    async def save(self, viewer: Viewer, media_type: str, content: bytes, now: datetime) -> None:
        self.written.append(("recording", viewer.person_id, media_type, content))

    async def load(self, scope: Scope, session_id: VigilId, *, by: Viewer, now: datetime) -> tuple[str, bytes]:
        self.enter(scope)
        return self.sound


class KnownPins:
    """api.asks_work.Pins: one pair and one password for everybody, until somebody chooses."""

    def __init__(self, hashes: PinHashes, password_hash: str) -> None:
        self.kept: dict[PersonId | None, PinHashes] = {}
        self.usual, self.password = hashes, password_hash

    async def hashes(self, viewer: Viewer) -> PinHashes:
        return self.kept.get(viewer.person_id, self.usual)

    async def save(self, viewer: Viewer, hashes: PinHashes) -> None:
        self.kept[viewer.person_id] = hashes

    async def password_hash(self, viewer: Viewer) -> str | None:
        return self.password


class KnownPlaces(_Home):
    """api.asks_places.Places: one place, whatever its id."""

    def __init__(self, home: UUID, choice: PlaceChoice, place: PlaceView) -> None:
        super().__init__(home)
        self.choice, self.whole = choice, place
        self.drawing = ("image/svg+xml", b"<svg/>")

    def _write(self, scope: Scope, *what: object) -> None:
        self.enter(scope)
        self.written.append(what)

    async def places(self, scope: Scope, *, part: str) -> tuple[PlaceChoice, ...]:
        return (self.choice,) if self.home in scope.committees and part in self.choice.name else ()

    async def place(self, scope: Scope, place_id: PlaceId, *, by: Viewer, now: datetime) -> PlaceView:
        self.enter(scope)
        return self.whole

    async def plan(self, scope: Scope, place_id: PlaceId) -> tuple[str, bytes]:
        self.enter(scope)
        return self.drawing

    async def save(self, scope: Scope, committee_id: CommitteeId, place: Place) -> None:
        self._write(scope, "save", committee_id, place)

    async def remove(self, scope: Scope, place_id: PlaceId) -> None:
        self._write(scope, "remove", place_id)

    async def save_plan(self, scope: Scope, plan: SitePlan, now: datetime) -> None:
        self._write(scope, "save_plan", plan)

    async def set_beacons(self, scope: Scope, place_id: PlaceId, hanging: Sequence[PlacedBeacon]) -> None:
        self._write(scope, "set_beacons", place_id, *hanging)

    async def remove_plan(self, scope: Scope, place_id: PlaceId) -> None:
        self._write(scope, "remove_plan", place_id)

    async def set_flag(
        self,
        scope: Scope,
        place_id: PlaceId,
        *,
        risk: Risk,
        owner_id: PersonId,
        ground: str,
        review_on: date,
        now: datetime,
    ) -> None:
        self._write(scope, "set_flag", place_id, risk, owner_id, ground, review_on)

    async def lift_flag(self, scope: Scope, place_id: PlaceId, now: datetime) -> None:
        self._write(scope, "lift_flag", place_id)

    async def report_coverage(self, scope: Scope, place_id: PlaceId, *, good: bool, now: datetime) -> None:
        self._write(scope, "report_coverage", place_id, good)


class KnownRotas(_Home):
    """api.asks_rotas.Rotas: one rota. first: somebody who saves his own version just before ours, so many times."""

    def __init__(self, home: UUID, rota: Rota, names: Mapping[PersonId, str]) -> None:
        super().__init__(home)
        self.standing, self.known = rota, dict(names)
        self.first = 0

    async def rotas(self, scope: Scope) -> tuple[RotaRow, ...]:
        one = self.standing
        row = RotaRow(id=one.id, committee_id=self.home, name=one.name, version=one.version)
        return (row,) if self.home in scope.committees else ()

    async def rota(self, scope: Scope, rota_id: RotaId) -> tuple[CommitteeId, Rota]:
        self.enter(scope)
        if rota_id != self.standing.id:
            raise NotFound("rota")
        return self.home, self.standing

    async def save(self, scope: Scope, committee_id: CommitteeId, rota: Rota, *, by: UserId, now: datetime) -> int:
        self.enter(scope)
        if self.first > 0:
            self.first -= 1
            self.standing = replace(self.standing, version=self.standing.version + 1)
        if rota.version != self.standing.version:
            raise Collision
        self.standing = replace(rota, version=rota.version + 1)
        self.written.append(("save", committee_id, by))
        return self.standing.version

    async def names(self, scope: Scope, person_ids: Collection[PersonId]) -> Mapping[PersonId, str]:
        if self.home not in scope.committees:
            return {}
        return {one: self.known[one] for one in person_ids if one in self.known}


class KnownChains(_Home):
    """api.asks_rotas.Chains: one chain, and who stands behind every target."""

    def __init__(self, home: UUID, chain: EscalationChain, roster: Roster) -> None:
        super().__init__(home)
        self.standing, self.roster = chain, roster
        self.collides = False

    async def chains(self, scope: Scope) -> tuple[ChainRow, ...]:
        one = self.standing
        row = ChainRow(id=one.id, committee_id=self.home, name=one.name, version=one.version, uses=())
        return (row,) if self.home in scope.committees else ()

    async def chain(self, scope: Scope, chain_id: ChainId) -> tuple[CommitteeId, EscalationChain]:
        self.enter(scope)
        return self.home, self.standing

    async def save(
        self,
        scope: Scope,
        committee_id: CommitteeId,
        chain: EscalationChain,
        uses: tuple[ChainUse, ...],
        *,
        by: UserId,
        now: datetime,
    ) -> int:
        self.enter(scope)
        if self.collides:
            raise Collision
        self.written.append((committee_id, chain, uses, by))
        return chain.version + 1

    async def usual_roster(self, scope: Scope, committee_id: CommitteeId, chain: EscalationChain) -> Roster:
        self.enter(scope)
        return self.roster


class KnownHouse(_Home):
    """api.asks_house.HouseReads."""

    seats: tuple[DeskSeat, ...] = ()
    lists: tuple[HandoverView, ...] = ()
    devices: tuple[PoolRow, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    pressure: DeskPicture | None = None
    known_units: tuple[HouseUnit, ...] = ()

    async def picture(self, scope: Scope, *, now: datetime) -> DeskPicture:
        nothing = DeskPicture(at=now, seats=(), opened_10_min=0, untaken=0, per_operator=0.0, flood=False)
        return self.pressure if self.pressure is not None and self.home in scope.committees else nothing

    async def units(self, scope: Scope) -> tuple[HouseUnit, ...]:
        return self.known_units if self.home in scope.committees else ()

    async def desk(self, scope: Scope) -> tuple[DeskSeat, ...]:
        return self.seats if self.home in scope.committees else ()

    async def handovers(self, scope: Scope) -> tuple[HandoverView, ...]:
        return self.lists if self.home in scope.committees else ()

    async def pool(self, scope: Scope) -> tuple[PoolRow, ...]:
        return self.devices if self.home in scope.committees else ()

    async def tests(self, scope: Scope) -> tuple[LedgerRow, ...]:
        return self.ledger if self.home in scope.committees else ()
