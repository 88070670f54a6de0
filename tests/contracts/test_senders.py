"""Who stands behind a signal: devices, apps, silent alarms, and whose positions are kept."""

from __future__ import annotations

from dataclasses import replace

from escalation.alarm import AlarmKind
from escalation.events import AlarmRaised
from escalation.ids import ChainId, IncidentId
from escalation.incident import Incident
from escalation.opening import open_incident
from larmcentral.domain.record import Change, NewSignal, Record, Subject
from larmcentral.domain.register import ChainChoice, Device
from larmcentral.domain.timeline import FIRST_HASH
from larmcentral.ports import Transaction
from protocols.signal import AccountId, SignalKind
from tests.contracts.conftest import Kept
from tests.world import ANNA, CARE, HOME, SOCIAL, T0, UNIT, an_id, chain, press


def from_app(kept: Kept, account: str, *, key: str = "app 1", kind: SignalKind = SignalKind.HEARTBEAT) -> NewSignal:
    made = press(kept.ids.new(), kind=kind, key=key)
    return replace(made, protocol="app", signal=replace(made.signal, device=AccountId(account)))


async def open_about(tx: Transaction, kept: Kept, subject: Subject) -> Incident:
    """An incident about somebody, with nobody behind its chain."""
    raised = AlarmRaised(
        signal_id=None,
        kind=AlarmKind.PANIC,
        silent=subject.covert,
        lateness=None,
        chain=chain(),
        roster=await tx.roster(subject.organisation_id, ()),
    )
    locked = await tx.lock_open([subject])
    decision = open_incident(
        IncidentId(kept.ids.new()),
        subject.purpose,
        raised,
        locked.now,
        None if subject.technical else subject.person_id,
    )
    record = Record(subject=subject, incident=decision.incident, version=1, entries=0, last_hash=FIRST_HASH)
    change = Change(before=None, after=record).then(replace(decision, effects=()))
    await tx.save([change], lease=kept.lease)
    return decision.incident


async def test_a_phones_app_sends_for_its_person(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        (filed,) = await tx.file_signals([from_app(kept, str(ANNA))])
    subject = filed.subject
    assert (subject.person_id, subject.device_id, subject.committee_id) == (ANNA, None, CARE)
    assert (subject.label, subject.unit_id, subject.protocol, subject.account) == ("Anna", UNIT, "app", str(ANNA))


async def test_an_app_with_an_id_that_is_none_or_nobodys_is_an_unknown_sender(kept: Kept) -> None:
    strange = [from_app(kept, "not an id", key="1"), from_app(kept, str(an_id("nobody")), key="2")]
    unproven = replace(from_app(kept, str(ANNA), key="3"), authentic=False)
    async with kept.store.transaction() as tx:
        filed = await tx.file_signals([*strange, unproven])
    assert [one.subject.known for one in filed] == [False, False, False]
    assert {one.subject.committee_id for one in filed} == {SOCIAL}


async def test_a_devices_options_come_with_its_signal_and_stay_with_its_incident(kept: Kept) -> None:
    options = {"cancel": "button"}
    await kept.register.device(
        HOME, Device(id=an_id("opt"), protocol="watch", account="8660000077", options=options), T0
    )
    async with kept.store.transaction() as tx:
        (filed,) = await tx.file_signals([press(kept.ids.new(), account="8660000077")])
        assert dict(filed.subject.device_options) == options
        incident = await open_about(tx, kept, filed.subject)
    async with kept.store.transaction() as tx:
        record = (await tx.lock([incident.id])).records[incident.id]
    assert dict(record.subject.device_options) == options


async def test_a_silent_alarm_and_a_devices_trouble_have_incidents_of_their_own(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        (filed,) = await tx.file_signals([press(kept.ids.new())])
        plain = filed.subject
        subjects = [plain, plain.as_covert(), plain.as_technical(), plain.as_drill(), plain.as_test()]
        made = [await open_about(tx, kept, subject) for subject in subjects]
    async with kept.store.transaction() as tx:
        for subject, incident in zip(subjects, made, strict=True):
            ((incident_id, record),) = (await tx.lock_open([subject])).records.items()
            assert incident_id == incident.id
            assert record.subject == subject
            assert record.subject.key == subject.key


async def test_positions_are_kept_of_whoever_raised_a_silent_alarm_by_watch_or_app(kept: Kept) -> None:
    watch, app = press(kept.ids.new(), key="p1", kind=SignalKind.POSITION), from_app(kept, str(ANNA))
    strange = from_app(kept, "nobody")
    async with kept.store.transaction() as tx:
        (filed,) = await tx.file_signals([press(kept.ids.new())])
        await open_about(tx, kept, filed.subject.as_technical())
        await open_about(tx, kept, filed.subject.as_drill())
        assert await tx.tracked([watch, app, strange]) == frozenset()
        await open_about(tx, kept, filed.subject.as_covert())
        assert await tx.tracked([watch, app, strange]) == {watch.id, app.id}
        assert await tx.tracked([replace(watch, authentic=False)]) == frozenset()


async def test_a_devices_trouble_takes_only_a_chain_that_was_chosen_for_it(kept: Kept) -> None:
    async with kept.store.transaction() as tx:
        subject = await tx.subject_of_person(ANNA)
        assert subject is not None
        assert await tx.chains([(subject, AlarmKind.LOW_BATTERY)]) == [None]
    quiet = replace(chain(), id=ChainId(an_id("batteries")), name="Batterier")
    await kept.register.chain(HOME, ChainChoice(id=an_id("c9"), chain=quiet, kind=AlarmKind.LOW_BATTERY), T0)
    async with kept.store.transaction() as tx:
        found = await tx.chains([(subject, AlarmKind.LOW_BATTERY), (subject, AlarmKind.TAMPER)])
    assert [one and one.name for one in found] == ["Batterier", None]
