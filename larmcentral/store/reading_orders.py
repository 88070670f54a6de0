"""Reading words down to devices and commissioning sheets for people."""

from __future__ import annotations

from typing import Any, Final

from escalation.alarm import AlarmKind
from escalation.ids import DeviceId, IncidentId
from larmcentral.domain.device import DownlinkKind
from larmcentral.domain.errors import NotFound
from larmcentral.domain.order import abilities_of, by_hand, complaint, locates_quietly, state_of
from larmcentral.domain.order_json import load_settings
from larmcentral.domain.roles import Scope
from larmcentral.domain.views_orders import DeviceOrdersView, DownlinkView, SheetView
from larmcentral.store.access import looking
from larmcentral.store.downlinks import KNOWN, downlink_of
from larmcentral.store.pool import Pool
from larmcentral.store.queries import load
from larmcentral.store.subjects import options_of
from protocols.orders import CallBack, Commission

_SQL: Final = load("reading_orders")

DEVICES_LIMIT: Final = 20
WORDS_LIMIT: Final = 100
"""Of one incident or one sheet; the oldest are on the timeline."""


class OrderReads:
    """api.asks_orders.OrderReads, read in the web's role."""

    def __init__(self, web: Pool) -> None:
        self._web = web

    async def of_incident(self, scope: Scope, incident_id: IncidentId) -> tuple[DeviceOrdersView, ...]:
        """Return the devices of an incident and what they were told. Raises NotFound."""
        async with looking(self._web, scope) as connection:
            incident = await connection.fetchrow(
                _SQL["incident"], scope.organisation_id, list(scope.committees), incident_id
            )
            if incident is None:
                raise NotFound("incident")
            devices = await connection.fetch(
                _SQL["devices"],
                scope.organisation_id,
                incident["device_id"],
                incident["person_id"],
                incident_id,
                DEVICES_LIMIT,
            )
            words = await connection.fetch(_SQL["words"], scope.organisation_id, incident_id, WORDS_LIMIT, KNOWN)
        return tuple(
            DeviceOrdersView(
                device_id=device["id"],
                label=device["label"],
                protocol=device["protocol"],
                locate_refused=_refused(DownlinkKind.LOCATE, device, incident),
                call_back_refused=_refused(DownlinkKind.CALL_BACK, device, incident),
                words=tuple(_view(word) for word in words if word["device_id"] == device["id"]),
            )
            for device in devices
        )

    async def sheet(self, scope: Scope, device_id: DeviceId) -> SheetView:
        """Return a device's commissioning sheet, empty where none was written. Raises NotFound."""
        async with looking(self._web, scope) as connection:
            row = await connection.fetchrow(_SQL["device"], scope.organisation_id, list(scope.committees), device_id)
            if row is None:
                raise NotFound("device")
            said = await connection.fetch(_SQL["commissioned"], scope.organisation_id, device_id, WORDS_LIMIT)
        settings = Commission() if row["settings"] is None else load_settings(row["settings"])
        return SheetView(
            device_id=row["id"],
            label=row["label"],
            protocol=row["protocol"],
            sos_numbers=settings.sos_numbers,
            fall_detection=settings.fall_detection,
            fall_calls=settings.fall_calls,
            in_utc=settings.in_utc,
            report_every_s=settings.report_every_s,
            note=row["note"] or "",
            quiet_locate=row["quiet_locate"] or False,
            changed_at=row["changed_at"],
            changed_by=row["changed_by"],
            can=tuple(sorted(abilities_of(row["protocol"]).commission)),
            by_hand=by_hand(settings, row["protocol"]),
            said=tuple(_view(one) for one in said),
        )


def _refused(kind: DownlinkKind, device: Any, incident: Any) -> str | None:
    if incident["state"] == "stood_down":
        return "stood_down"
    silent = incident["silent"] or incident["kind"] == AlarmKind.DURESS.value
    options = options_of(device["options"])
    quiet = locates_quietly(device["protocol"], options, tried=device["quiet_locate"])
    return complaint(kind, device["protocol"], silent=silent, quiet=quiet)


def _view(row: Any) -> DownlinkView:
    downlink = downlink_of(row)
    content = downlink.content
    return DownlinkView(
        id=downlink.id,
        kind=downlink.kind.value,
        state=state_of(downlink).value,
        filed_at=downlink.filed_at,
        expires_at=downlink.expires_at,
        sent_at=downlink.sent_at,
        answered_at=downlink.answered_at,
        answer=downlink.answer,
        placed_at=downlink.placed_at,
        unsaid=None if downlink.unsaid is None else downlink.unsaid.value,
        number=content.number if isinstance(content, CallBack) else None,
        by=row["asker"],
    )
