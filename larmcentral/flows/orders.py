"""What people ask of devices: where are you, ring this number, take these settings. Filed, then said by Downlinks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from escalation.alarm import AlarmKind
from escalation.effects import EntryKind
from escalation.events import Operator
from escalation.ids import DeviceId, IncidentId, UserId
from escalation.incident import Decision, Refused, State
from larmcentral.domain.device import Downlink, DownlinkKind
from larmcentral.domain.errors import NotFound
from larmcentral.domain.notice import OutgoingNotice
from larmcentral.domain.order import GOOD_FOR, Sheet, asks_anything, complaint, dialled, locates_quietly, said_of
from larmcentral.domain.record import Record, Subject, unchanged
from larmcentral.flows.deciding import hold
from larmcentral.flows.means import Means
from larmcentral.flows.saving import save_changes
from larmcentral.flows.telling import entry
from larmcentral.flows.transact import Sight, store_now, transact
from larmcentral.ports import Transaction
from protocols.orders import CallBack, Commission


class DeviceOrders:
    """Every method raises Refused, NotFound for what the asker may not see, and StoreUnavailable."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def locate(self, incident_id: IncidentId, device_id: DeviceId, by: Operator, sight: Sight) -> UUID:
        """Ask a device of an incident where it is now; return the order's id, that of the one that waits already."""
        return await self._of_incident(incident_id, device_id, DownlinkKind.LOCATE, None, by, sight)

    async def call_back(
        self, incident_id: IncidentId, device_id: DeviceId, number: str, by: Operator, sight: Sight
    ) -> UUID:
        """Have a device of an incident ring a number, so that a person can speak with its wearer.

        Raises domain.order.NumberRefused besides.
        """
        content = CallBack(dialled(number))
        return await self._of_incident(incident_id, device_id, DownlinkKind.CALL_BACK, content, by, sight)

    async def keep_sheet(
        self, device_id: DeviceId, settings: Commission, note: str, by: UserId, sight: Sight, *, quiet_locate: bool
    ) -> None:
        """Write down how a device shall be set; nothing is said to it yet. Repeatable.

        quiet_locate: somebody has tried it: nothing shows at the device when it is asked where it is.
        Raises domain.order.NumberRefused besides.
        """
        numbers = settings.sos_numbers
        kept = Commission(
            sos_numbers=None if numbers is None else tuple(dialled(one) for one in numbers),
            fall_detection=settings.fall_detection,
            fall_calls=settings.fall_calls,
            in_utc=settings.in_utc,
            report_every_s=settings.report_every_s,
        )

        async def work(tx: Transaction) -> tuple[None, Sequence[OutgoingNotice]]:
            device = await _device(tx, device_id)
            await tx.keep_sheet(
                Sheet(
                    organisation_id=device.organisation_id,
                    committee_id=device.committee_id,
                    device_id=device_id,
                    settings=kept,
                    note=note,
                    changed_at=await store_now(tx),
                    changed_by=by,
                    quiet_locate=quiet_locate,
                )
            )
            return None, ()

        await transact(self._means, sight, work)

    async def send_sheet(
        self, device_id: DeviceId, by: UserId, sight: Sight, *, good_for: timedelta | None = None
    ) -> UUID:
        """Have a device told what its sheet says, as far as it can be; return the order's id.

        good_for: how long it may wait for the device, a week if it is not said. What the device cannot be told stays
        on the sheet, to be set by hand. One that waits with the same settings is not asked again.
        """
        order_id = self._means.ids.new()

        async def work(tx: Transaction) -> tuple[UUID, Sequence[OutgoingNotice]]:
            device = await _device(tx, device_id)
            sheet = await tx.sheet(device_id)
            if sheet is None or not asks_anything(sheet.settings):
                raise Refused("sheet_empty")
            settings = said_of(sheet.settings, device.protocol)
            if not asks_anything(settings):
                raise Refused("device_has_no_words")
            now = await store_now(tx)
            waits = await tx.standing_order(device_id, DownlinkKind.COMMISSION, None, now)
            if waits is not None and waits.content == settings:
                return waits.id, ()
            downlink = Downlink(
                id=order_id,
                organisation_id=device.organisation_id,
                committee_id=sheet.committee_id,
                device_id=device_id,
                protocol=device.protocol,
                account=device.account,
                incident_id=None,
                kind=DownlinkKind.COMMISSION,
                silent=False,
                language=device.language,
                filed_at=now,
                expires_at=now + (good_for or GOOD_FOR[DownlinkKind.COMMISSION]),
                content=settings,
                asked_by=by,
            )
            await tx.file_downlinks([downlink])
            return downlink.id, ()

        return await transact(self._means, sight, work)

    async def _of_incident(
        self,
        incident_id: IncidentId,
        device_id: DeviceId,
        kind: DownlinkKind,
        content: CallBack | None,
        by: Operator,
        sight: Sight,
    ) -> UUID:
        order_id = self._means.ids.new()

        async def work(tx: Transaction) -> tuple[UUID, Sequence[OutgoingNotice]]:
            held = await hold(tx, incident_id, self._means)
            record, now = held.record, held.now
            device = await _of(tx, record, device_id)
            if record.incident.state is State.STOOD_DOWN:
                raise Refused("stood_down")
            silent = record.incident.silent or record.incident.kind is AlarmKind.DURESS
            quiet = await _quiet(tx, device, device_id)
            refused = complaint(kind, device.protocol, silent=silent, quiet=quiet)
            if refused is not None:
                raise Refused(refused)
            waits = await tx.standing_order(device_id, kind, incident_id, now)
            if waits is not None and waits.content == content:
                return waits.id, ()
            downlink = Downlink(
                id=order_id,
                organisation_id=device.organisation_id,
                committee_id=record.subject.committee_id,
                device_id=device_id,
                protocol=device.protocol,
                account=device.account,
                incident_id=incident_id,
                kind=kind,
                silent=silent,
                language=device.language,
                filed_at=now,
                expires_at=now + GOOD_FOR[kind],
                content=content,
                asked_by=by.user_id,
                quiet=quiet,
            )
            await tx.file_downlinks([downlink])
            line = entry(EntryKind.DEVICE_ASKED, now, by, downlink)
            change = unchanged(record).then(Decision(record.incident, entries=(line,)))
            return downlink.id, await save_changes(tx, [change], self._means)

        return await transact(self._means, sight, work)


async def _device(tx: Transaction, device_id: DeviceId) -> Subject:
    found = await tx.subject_of_device(device_id)
    if found is None:
        raise NotFound("device")
    return found


async def _quiet(tx: Transaction, device: Subject, device_id: DeviceId) -> bool:
    sheet = await tx.sheet(device_id)
    tried = sheet is not None and sheet.quiet_locate
    return locates_quietly(device.protocol, device.device_options, tried=tried)


async def _of(tx: Transaction, record: Record, device_id: DeviceId) -> Subject:
    """Return the incident's own device, or one that its person wears now. Raises NotFound for any other."""
    subject = record.subject
    if subject.device_id == device_id:
        return subject
    worn = [] if subject.person_id is None else await tx.worn_by(subject.person_id)
    found = next((one for one in worn if one.device_id == device_id), None)
    if found is None:
        raise NotFound("device")
    return found
