"""Chains, rosters and plans of the memory store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from zoneinfo import ZoneInfo

from escalation.alarm import AlarmKind
from escalation.chain import Contact, EscalationChain, PersonTarget, Roster, Target, TeamTarget
from escalation.ids import CommitteeId, OrganisationId, PersonId, UnitId
from escalation.plan import SafetyPlan
from escalation.purpose import Purpose
from larmcentral.domain.record import Subject
from larmcentral.domain.register import ChainChoice, Home
from tests.fakes.memory_work import MemoryWork

_HOME = ZoneInfo("Europe/Stockholm")


class MemoryChains(MemoryWork):
    """Part of ports.Transaction."""

    async def chains(self, wanted: Sequence[tuple[Subject, AlarmKind]]) -> Sequence[EscalationChain | None]:
        return [self._chain(subject, kind) for subject, kind in wanted]

    async def roster(self, organisation_id: OrganisationId, targets: Collection[Target]) -> Roster:
        contacts: dict[Target, tuple[Contact, ...]] = {}
        for target in targets:
            people: Iterable[PersonId]
            match target:
                case PersonTarget(person_id):
                    people = [person_id] if person_id in self.tables.persons else []
                case TeamTarget(team_id):
                    people = self.tables.members.get(team_id, {})
                case _:
                    continue
            found = tuple(contact for person_id in sorted(people) for contact in self._contacts(person_id))
            if found:
                contacts[target] = found
        return Roster(contacts)

    async def subject_of_person(self, person_id: PersonId) -> Subject | None:
        found = self.tables.persons.get(person_id)
        if found is None or not self._may_see(found[0].committee_id):
            return None
        home, person = found
        return Subject(
            organisation_id=home.organisation_id,
            committee_id=home.committee_id,
            protocol="drill",
            account=str(person_id),
            person_id=person_id,
            unit_id=person.unit_id,
            label=person.name,
            language=person.language,
        )

    async def subject_of_house(self, committee_id: CommitteeId, unit_id: UnitId | None) -> Subject | None:
        found = self.tables.committees.get(committee_id)
        unit = self.tables.units.get(unit_id) if unit_id is not None else None
        if found is None or not self._may_see(committee_id):
            return None
        if unit_id is not None and (unit is None or unit[0].committee_id != committee_id):
            return None
        return Subject(
            organisation_id=found[0],
            committee_id=committee_id,
            protocol="house",
            account=str(unit_id or committee_id),
            unit_id=unit_id,
            label=unit[1] if unit else found[1],
        )

    async def plans(self, subjects: Sequence[Subject]) -> Sequence[SafetyPlan]:
        return [self._plan(subject) for subject in subjects]

    def _plan(self, subject: Subject) -> SafetyPlan:
        fitting = [
            choice
            for home, choice in self.tables.plans.values()
            if home.committee_id == subject.committee_id and choice.unit_id in (None, subject.unit_id)
        ]
        fitting.sort(key=lambda choice: choice.unit_id is None)
        return fitting[0].plan if fitting else SafetyPlan()

    def _chain(self, subject: Subject, kind: AlarmKind) -> EscalationChain | None:
        purpose = "test" if subject.purpose is Purpose.TEST else "real"
        fitting = [
            choice
            for home, choice in self.tables.choices.values()
            if home.committee_id == subject.committee_id
            and choice.purpose == purpose
            and choice.unit_id in (None, subject.unit_id)
            and (choice.kind is kind or (choice.kind is None and not kind.technical))
        ]
        fitting.sort(key=_generality)
        return fitting[0].chain if fitting else None

    def _contacts(self, person_id: PersonId) -> list[Contact]:
        _, person = self.tables.persons[person_id]
        if person.ends_on is not None and person.ends_on < self._clock.now().astimezone(_HOME).date():
            return []
        points = [self.tables.points[point_id] for point_id in self.tables.points_of.of(person_id)]
        usable = sorted((p for _, p, retired in points if not retired), key=lambda point: (point.rank, point.id))
        return [Contact(p.id, person_id, p.channel, external=person.external, rank=p.rank) for p in usable]


def _generality(choice: ChainChoice) -> tuple[bool, bool]:
    return choice.unit_id is None, choice.kind is None


def in_use(choices: Iterable[tuple[Home, ChainChoice]]) -> list[tuple[Home, ChainChoice]]:
    """Those that a real alarm could take."""
    return [(home, choice) for home, choice in choices if choice.purpose == "real"]
