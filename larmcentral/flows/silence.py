"""Silence, decided inside one transaction: whose device fell silent, which silences are one outage, who is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from escalation.alarm import AlarmKind
from escalation.effects import Entry, EntryKind, SystemFault
from escalation.events import System
from escalation.ids import CommitteeId, DeviceId, OrganisationId
from escalation.session import Session
from escalation.session_events import ContactLost, ContactRegained
from escalation.supervision import (
    OUTAGE_WITHIN,
    Looked,
    Supervision,
    SupervisionEvent,
    Withdrawn,
    decide_supervision,
    hushed,
    outage,
    outage_over,
)
from escalation.vigil import CallForHelp, VigilKind
from larmcentral.domain.device import Heard
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Subject
from larmcentral.domain.vigil import VigilChange, VigilRecord, undecided
from larmcentral.flows.carry import carry_out, touched_by
from larmcentral.flows.means import Means
from larmcentral.flows.open_incidents import OpenIncidents
from larmcentral.flows.vigils import of_session
from larmcentral.ports import Transaction

log = structlog.get_logger(__name__)

_Home = tuple[OrganisationId, CommitteeId]


@dataclass(frozen=True, slots=True)
class _Look:
    """One supervision before and after. heard: None where the device is supervised no more."""

    record: VigilRecord
    before: Supervision
    heard: Heard | None
    change: VigilChange

    @property
    def after(self) -> Supervision:
        return _core(self.change.after)

    @property
    def lost_now(self) -> bool:
        return self.before.lost_at is None and self.after.lost_at is not None

    @property
    def regained(self) -> bool:
        return self.before.lost_at is not None and self.after.lost_at is None

    @property
    def home(self) -> _Home:
        return self.record.subject.organisation_id, self.record.subject.committee_id

    @property
    def calls_in_session(self) -> bool:
        """True if it found the silence of somebody who works alone: his session calls for help, and knows more."""
        return any(isinstance(e, CallForHelp) and e.kind is AlarmKind.LOST_CONTACT for e in self.change.effects)


async def hold_devices_of(tx: Transaction, subjects: Iterable[Subject]) -> None:
    """Lock the supervisions that sessions which begin will look at, before any session of others is locked.

    Silence is looked after in that order; whoever held sessions first would wait for it while it waits for him.
    """
    people = [subject.person_id for subject in subjects if subject.person_id is not None]
    worn = [device for person_id in people for device in await tx.worn_by(person_id) if device.device_id is not None]
    if worn:
        await tx.lock_running([(VigilKind.SUPERVISION, device) for device in worn])


async def look_with_session(tx: Transaction, subject: Subject, now: datetime) -> list[VigilChange]:
    """A session begins: its wearer's devices are looked for more often from now on, and at once."""
    if subject.person_id is None:
        return []
    worn = [device for device in await tx.worn_by(subject.person_id) if device.device_id is not None]
    if not worn:
        return []
    locked = await tx.lock_running([(VigilKind.SUPERVISION, device) for device in worn])
    heard = await tx.heard([device_of(record.subject) for record in locked.records.values()])
    changes = []
    for record in locked.records.values():
        last = heard.get(device_of(record.subject))
        if last is not None and _core(record).lost_at is None:
            # One that is silent already is looked for every few seconds, and found to be in a session then.
            changes.append(_decided(record, Looked(last.at, in_session=True), now))
    return changes


async def look_after(
    tx: Transaction, records: Sequence[VigilRecord], means: Means, now: datetime
) -> list[OutgoingNotice]:
    """Decide about supervisions whose time has come, carry it out and save; return what is to be sent."""
    heard = await tx.heard([device_of(record.subject) for record in records])
    looks = [_look(record, heard.get(device_of(record.subject)), outage=False, now=now) for record in records]
    looks = [await _as_worn_now(tx, look) for look in await _with_outages(tx, looks, now)]
    sessions = await _sessions(tx, looks)
    changes: dict[str, VigilChange] = {}
    for look in looks:
        if look.record.subject.person_id is not None and look.record.subject.key in sessions:
            key = look.record.subject.key
            told = _told(changes.get(key, sessions[key]), look, now)
            changes[key] = told
            await _remember_coverage(tx, told, look)
    looked = [_left_to_session(look, sessions) for look in looks]
    everything = [*looked, *changes.values()]
    incidents = await OpenIncidents.lock(tx, [*touched_by(everything), *_sides(looks)], means)
    for look in looks:
        _write(incidents, look)
    return await carry_out(tx, everything, means, now, incidents)


async def _as_worn_now(tx: Transaction, look: _Look) -> _Look:
    """A device that changed hands since it is supervised speaks for whoever has it now."""
    if not (look.lost_now or look.regained or look.change.effects):
        return look
    subject = await tx.subject_of_device(device_of(look.record.subject))
    if subject is None:
        return look
    record = replace(look.record, subject=subject)
    return replace(look, record=record, change=replace(look.change, after=replace(look.change.after, subject=subject)))


def _look(record: VigilRecord, heard: Heard | None, *, outage: bool, now: datetime) -> _Look:
    event: SupervisionEvent = (
        Withdrawn(System()) if heard is None else Looked(heard.at, in_session=heard.in_session, outage=outage)
    )
    return _Look(record, _core(record), heard, _decided(record, event, now))


def _decided(record: VigilRecord, event: SupervisionEvent, now: datetime) -> VigilChange:
    decision = decide_supervision(_core(record), event, now)
    return undecided(record).then(decision.core, decision.effects, decision.entries)


async def _with_outages(tx: Transaction, looks: Sequence[_Look], now: datetime) -> list[_Look]:
    """Decide anew about those of a committee where many are silent together, and say that they are, or are no more."""
    concerned: dict[_Home, list[_Look]] = {}
    for look in looks:
        if look.lost_now or look.before.lost_at is not None:
            concerned.setdefault(look.home, []).append(look)
    out, begun = set(), set()
    for home, silent in concerned.items():
        standing = any(look.before.outage for look in silent)
        many_now, is_outage = await _is_outage(tx, home, silent, standing=standing, now=now)
        if many_now:
            begun.add(home)
        if is_outage:
            out.add(home)
            await tx.set_fault(*home, SystemFault.OUTAGE.value, raised=True)
            if not standing:
                log.warning("outage", committee_id=str(home[1]), devices=len(silent))
        elif standing:
            await tx.set_fault(*home, SystemFault.OUTAGE.value, raised=False)
    return [
        _look(look.record, look.heard, outage=True, now=now)
        if look.home in out and (look.home in begun or _belongs_to_standing(look))
        else look
        for look in looks
    ]


def _belongs_to_standing(look: _Look) -> bool:
    """Who works alone and falls silent hours after the others is missed: theirs may be devices in a drawer."""
    return look.before.outage or not look.after.in_session


async def _is_outage(
    tx: Transaction, home: _Home, silent: Sequence[_Look], *, standing: bool, now: datetime
) -> tuple[bool, bool]:
    """Say whether many fall silent just now, and whether there is an outage at all: that, or one that lasts."""
    # An outage that lasts is measured from where it began: who fell silent long before it is no part of it.
    began = [look.before.lost_at for look in silent if look.before.outage and look.before.lost_at is not None]
    since = min([now, *began]) - OUTAGE_WITHIN
    losses, supervised = await tx.losses(home[1], since)
    lost_now = [now for look in silent if look.lost_now]
    if outage([*losses, *lost_now], supervised, now) or await _is_hushed(tx, home, silent, now):
        return True, True
    back = sum(look.regained for look in silent)
    return False, standing and not outage_over(len(losses) + len(lost_now) - back, supervised)


async def _is_hushed(tx: Transaction, home: _Home, silent: Sequence[_Look], now: datetime) -> bool:
    """Say whether next to nobody is heard: the first of a town that our house is deaf to is missed by nobody alone."""
    lost_now = [look.after.window for look in silent if look.lost_now]
    return bool(lost_now) and hushed(*await tx.silences(home[1], max(lost_now), now - OUTAGE_WITHIN, now))


async def _sessions(tx: Transaction, looks: Iterable[_Look]) -> Mapping[str, VigilChange]:
    """The running sessions of wearers whose device fell silent or came back, by subject key."""
    wanted = {
        look.record.subject.key: look.record.subject
        for look in looks
        if look.record.subject.person_id is not None and (look.calls_in_session or look.lost_now or look.regained)
    }
    if not wanted:
        return {}
    locked = await tx.lock_running([(VigilKind.SESSION, subject) for subject in wanted.values()])
    return {record.subject.key: undecided(record) for record in locked.records.values()}


def _told(session: VigilChange, look: _Look, now: datetime) -> VigilChange:
    if look.calls_in_session:
        return of_session(session, ContactLost(look.after.counted_from), now)[0]
    return of_session(session, ContactRegained(), now)[0] if look.regained else session


def _left_to_session(look: _Look, sessions: Mapping[str, VigilChange]) -> VigilChange:
    """The supervision's change, without the call that its wearer's session makes in its stead."""
    if not look.calls_in_session or look.record.subject.key not in sessions:
        return look.change
    kept = tuple(
        effect
        for effect in look.change.effects
        if not (isinstance(effect, CallForHelp) and effect.kind is AlarmKind.LOST_CONTACT)
    )
    return replace(look.change, effects=kept)


async def _remember_coverage(tx: Transaction, session: VigilChange, look: _Look) -> None:
    core = session.after.core
    if isinstance(core, Session) and core.place_id is not None and look.lost_now and not look.after.outage:
        await tx.report_coverage(core.place_id, look.after.counted_from, good=False)


def _sides(looks: Iterable[_Look]) -> list[Subject]:
    """Every open incident that may be about a device that fell silent or came back, or about its wearer."""
    subjects = [look.record.subject for look in looks if look.lost_now or look.regained]
    return [side for subject in subjects for side in (subject, subject.as_covert(), subject.as_technical())]


def _write(incidents: OpenIncidents, look: _Look) -> None:
    """Whoever looks for a person must know whether his device is heard."""
    if not (look.lost_now or look.regained):
        return
    kind = EntryKind.CONTACT_LOST if look.lost_now else EntryKind.CONTACT_REGAINED
    detail = [("device", str(look.after.device_id))]
    if look.lost_now:
        detail.append(("silent_since", look.after.counted_from.isoformat()))
    entry = Entry(kind, incidents.now, System(), tuple(detail))
    for side in _sides([look]):
        incidents.write(side, entry)


def _core(record: VigilRecord) -> Supervision:
    if not isinstance(record.core, Supervision):
        raise AssertionError(f"{record.kind.value} is no supervision")
    return record.core


def device_of(subject: Subject) -> DeviceId:
    """Return the device that a supervision is about."""
    if subject.device_id is None:
        raise AssertionError("a supervision has a device")
    return DeviceId(subject.device_id)
