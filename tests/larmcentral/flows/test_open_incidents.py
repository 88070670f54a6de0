"""What one transaction makes of open incidents: each locked once, opened or joined, and saved as it then stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from escalation.alarm import AlarmKind
from escalation.effects import Entry, EntryKind
from escalation.events import Acknowledged, System
from escalation.incident import State
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Subject
from larmcentral.flows.open_incidents import DESK_ALONE, NO_CHAIN, Call, OpenIncidents
from larmcentral.flows.saving import save_changes
from larmcentral.flows.transact import transact
from larmcentral.ports import Transaction
from tests.stories.world import KARIN, World
from tests.world import ANNA, BO, CARE, ORGANISATION, WATCH, an_id

T = TypeVar("T")
Decide = Callable[[Transaction, OpenIncidents], Awaitable[T]]

STRANGER = Subject(organisation_id=ORGANISATION, committee_id=CARE, protocol="watch", account="999", label="999")


def subject_of(world: World, person_id: object = ANNA) -> Subject:
    async def ask(tx: Transaction) -> tuple[Subject, Sequence[OutgoingNotice]]:
        found = await tx.subject_of_person(person_id)  # type: ignore[arg-type]
        assert found is not None
        return found, ()

    return world.do(transact(world.server.means, None, ask))


def watch_of(world: World) -> Subject:
    async def ask(tx: Transaction) -> tuple[Subject, Sequence[OutgoingNotice]]:
        (found,) = await tx.worn_by(ANNA)
        return found, ()

    return world.do(transact(world.server.means, None, ask))


def deciding(world: World, subjects: Sequence[Subject], decide: Decide[T]) -> T:
    """Lock, decide, save: one transaction."""
    means = world.server.means

    async def act(tx: Transaction) -> tuple[T, Sequence[OutgoingNotice]]:
        incidents = await OpenIncidents.lock(tx, subjects, means)
        result = await decide(tx, incidents)
        return result, await save_changes(tx, incidents.changes, means)

    return world.do(transact(means, None, act))


def raising(world: World, *calls: Call) -> int:
    """Raise them all in one transaction; return how many incidents they came to."""

    async def act(tx: Transaction, incidents: OpenIncidents) -> int:
        return len(await incidents.raise_all(calls))

    return deciding(world, [call.about for call in calls], act)


def test_many_calls_about_one_person_in_one_transaction_are_one_incident(world: World) -> None:
    anna = subject_of(world)
    calls = [Call(subject=anna, kind=kind) for kind in (AlarmKind.NO_MOTION, AlarmKind.FALL, AlarmKind.PANIC)]
    assert raising(world, *calls) == 1
    (record,) = world.incidents()
    assert record.incident.kind is AlarmKind.PANIC
    assert world.story.count("opened") == 1
    assert world.story.count("alarm_joined") == 2


def test_each_side_of_a_person_has_an_incident_of_its_own(world: World) -> None:
    anna, watch = subject_of(world), watch_of(world)
    calls = (
        Call(subject=anna, kind=AlarmKind.PANIC),
        Call(subject=anna, kind=AlarmKind.DURESS, silent=True),
        Call(subject=watch, kind=AlarmKind.LOW_BATTERY),
        Call(subject=anna.as_drill(), kind=AlarmKind.PANIC),
    )
    assert raising(world, *calls) == 4
    assert raising(world, *calls) == 4
    assert len(world.store.tables.incidents) == 4
    keys = {(record.subject.key, record.incident.purpose.value) for record in world.store.tables.incidents.values()}
    assert keys == {
        (f"person:{ANNA}", "real"),
        (f"covert/person:{ANNA}", "real"),
        (f"technical/device:{an_id('watch')}", "real"),
        (f"person:{ANNA}", "drill"),
    }


def test_a_call_joins_what_was_open_before_and_the_other_opens(world: World) -> None:
    world.press()
    first = world.incident_id
    anna, bo = subject_of(world), subject_of(world, BO)
    assert raising(world, Call(subject=anna, kind=AlarmKind.FALL), Call(subject=bo, kind=AlarmKind.FALL)) == 2
    assert {record.incident.subject: record.incident.id == first for record in world.incidents()} == {
        ANNA: True,
        BO: False,
    }


def test_no_call_asks_for_nothing_and_saves_nothing(world: World) -> None:
    assert raising(world) == 0
    assert not world.store.tables.incidents


@pytest.mark.parametrize("kind", [AlarmKind.PANIC, AlarmKind.LOW_BATTERY])
def test_whom_nobody_knows_and_what_a_device_suffers_from_is_for_the_desk_alone(world: World, kind: AlarmKind) -> None:
    subject = watch_of(world) if kind.technical else STRANGER
    raising(world, Call(subject=subject, kind=kind))
    assert world.incident.chain == DESK_ALONE
    assert set(world.called) == {"desk"}
    assert not world.store.tables.faults


def test_who_is_known_and_has_no_chain_rings_the_desk_and_the_fault_stands(world: World) -> None:
    for choice_id in list(world.store.tables.choices):
        del world.store.tables.choices[choice_id]
    raising(world, Call(subject=subject_of(world), kind=AlarmKind.PANIC))
    assert world.incident.chain == NO_CHAIN
    assert set(world.called) == {"desk"}
    assert {fault for _, fault, _, _ in world.store.tables.faults} == {"no_chain"}


def test_a_sign_of_life_ends_what_silence_raised_of_the_one_who_gave_it_and_no_call_for_help(world: World) -> None:
    anna, bo = subject_of(world), subject_of(world, BO)
    raising(world, Call(subject=anna, kind=AlarmKind.OVERDUE), Call(subject=bo, kind=AlarmKind.PANIC))

    async def safe(tx: Transaction, incidents: OpenIncidents) -> None:
        await incidents.report_safe([(anna, "pin"), (bo, "pin"), (STRANGER, "pin")])

    deciding(world, [anna, bo, STRANGER], safe)
    assert {record.incident.subject: record.incident.state for record in world.incidents()} == {
        ANNA: State.STOOD_DOWN,
        BO: State.OPEN,
    }


def test_of_whom_nothing_is_open_nothing_is_decided_and_nothing_written(world: World) -> None:
    anna = subject_of(world)

    async def act(tx: Transaction, incidents: OpenIncidents) -> bool:
        incidents.decide(anna, Acknowledged(KARIN))
        incidents.write(anna, Entry(EntryKind.CONTACT_LOST, incidents.now, System()))
        return incidents.of(anna) is None

    assert deciding(world, [anna], act)
    assert not world.store.tables.incidents


def test_what_is_decided_twice_in_a_transaction_is_saved_once_as_it_then_stands(world: World) -> None:
    world.press()
    anna = subject_of(world)

    async def act(tx: Transaction, incidents: OpenIncidents) -> None:
        await incidents.raise_all([Call(subject=anna, kind=AlarmKind.FALL)])
        incidents.decide(anna, Acknowledged(KARIN))
        incidents.write(anna, Entry(EntryKind.CONTACT_LOST, incidents.now, System(), (("device", WATCH),)))

    before = world.record.version
    deciding(world, [anna, replace(anna, label="again")], act)
    assert world.record.version == before + 1
    assert world.incident.owner == KARIN
    told = [kind for kind in world.story if kind in {"alarm_joined", "acknowledged", "contact_lost"}]
    assert told == ["alarm_joined", "acknowledged", "contact_lost"]
