"""The end of a transaction about incidents: what is owed to the wearer is addressed, then all is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid5

from escalation.alarm import AlarmKind
from escalation.chain import Channel, PersonTarget
from escalation.effects import About, Effect, InHouseNotice, TellWearer
from escalation.ids import DeviceId, NoticeId
from escalation.reach import may_use
from larmcentral.domain.device import Downlink, DownlinkKind
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.record import Change, Subject
from larmcentral.flows.means import Means
from larmcentral.ports import Transaction

TAKEN_GOOD_FOR: Final = timedelta(minutes=10)
"""Told later than this, "a person has taken it" says nothing that the wearer does not see himself."""


async def save_changes(tx: Transaction, changes: Sequence[Change], means: Means) -> Sequence[OutgoingNotice]:
    """Save incidents; return the notices, leased to this process. Everybody who decides about incidents ends so."""
    addressed = [await _addressed(tx, change) if _owed(change) else change for change in changes]
    return await tx.save(addressed, lease=means.lease)


def _owed(change: Change) -> bool:
    return any(isinstance(effect, TellWearer) for effect in change.effects)


async def _addressed(tx: Transaction, change: Change) -> Change:
    """Put the wearer's own notices in the place of each wish to tell him, and file the words for his devices."""
    if change.after.incident.kind is AlarmKind.DURESS:
        raise AssertionError("whoever alarms under duress is told nothing")
    notices = await _to_his_app(tx, change)
    effects: list[Effect] = []
    for effect in change.effects:
        if isinstance(effect, TellWearer):
            effects += notices
            told_at = change.lines[-1].entry.at
            await tx.file_downlinks([_taken(change, device, effect, told_at) for device in await _devices(tx, change)])
        else:
            effects.append(effect)
    return replace(change, effects=tuple(effects))


async def _to_his_app(tx: Transaction, change: Change) -> list[InHouseNotice]:
    """His own app tells him, never a way that leaves the house. A silent one makes the channel send without words.

    A browser cannot: it shows every push, and a refusal would stand at his contact points for all who see his screen.
    """
    incident, subject = change.after.incident, change.after.subject
    if subject.person_id is None:
        return []
    target = PersonTarget(subject.person_id)
    contacts = (await tx.roster(subject.organisation_id, [target])).contacts.get(target, ())
    return [
        InHouseNotice(
            id=NoticeId(uuid5(incident.id, f"taken/{contact.point_id}")),
            purpose=incident.purpose,
            channel=contact.channel,
            person_id=contact.person_id,
            point_id=contact.point_id,
            round=incident.round,
            step=incident.next_step,
            attempt=0,
            about=About.TAKEN,
        )
        for contact in contacts
        if may_use(contact, incident.purpose) and not contact.channel.outward
        if not (incident.silent and contact.channel is Channel.WEB_PUSH)
    ]


async def _devices(tx: Transaction, change: Change) -> Sequence[Subject]:
    """The device that raised it; where none did, those that the person wears."""
    subject = change.after.subject
    if subject.device_id is not None:
        return [subject]
    return [] if subject.person_id is None else await tx.worn_by(subject.person_id)


def _taken(change: Change, device: Subject, wish: TellWearer, at: datetime) -> Downlink:
    if device.device_id is None:
        raise AssertionError("words go down to devices that are enrolled")
    incident_id = change.after.incident.id
    return Downlink(
        id=uuid5(incident_id, f"taken/{device.device_id}"),
        organisation_id=device.organisation_id,
        committee_id=device.committee_id,
        device_id=DeviceId(device.device_id),
        protocol=device.protocol,
        account=device.account,
        incident_id=incident_id,
        kind=DownlinkKind.TAKEN,
        silent=wish.silent,
        language=change.after.subject.language,
        filed_at=at,
        expires_at=at + TAKEN_GOOD_FOR,
    )
